/** SQLSTATE of a lost or refused connection, a shutdown, a crash, a server that is starting up; then the system's names. */
const AWAY_CODE = /^(08|57P0[1-5]$|53300$|ECONNREFUSED$|ECONNRESET$|EPIPE$|ETIMEDOUT$)/;
/** The driver reports a connection that broke under a statement without a code. */
const AWAY_WORDS = /^(Connection terminated|Client has encountered a connection error|timeout e)/;

/** Whether the sandbox's database does not answer now, as against having refused the statement. */
export function isAway(error: unknown): boolean {
  const { code, message = '' } = (error ?? {}) as { code?: unknown; message?: string };
  return typeof code === 'string' ? AWAY_CODE.test(code) : AWAY_WORDS.test(message);
}

/** Whether it went down while it worked on the statement, as against having been down before. */
export function brokeOff(error: unknown): boolean {
  const { code, message = '' } = (error ?? {}) as { code?: unknown; message?: string };
  return code === 'ECONNRESET' || code === '57P02' || /^Connection terminated/.test(message);
}
