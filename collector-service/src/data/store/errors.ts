import { CollectorError } from '../../contract/error.ts';

const DISK_FULL = '53100';
/** Serialization failure and deadlock: the same transaction may well succeed when run again. */
const RETRYABLE = new Set(['40001', '40P01']);
const UNREACHABLE_STATES = /^(08|57P0[1-5]$|53300$|53200$|53400$)/;
const UNREACHABLE_SYSTEM = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);
/** The driver reports a lost connection without a code. */
const LOST_CONNECTION =
  /^(Connection terminated|Client has encountered a connection error|Query read timeout|timeout expired|timeout exceeded when trying to connect)/;

/** Whether running the whole transaction again may help. */
export const isRetryable = (error: unknown): boolean => RETRYABLE.has(codeOf(error) ?? '');

/** Whether the server cannot be reached (now), as against having refused the statement. */
export function isUnreachable(error: unknown): boolean {
  const code = codeOf(error);
  // No such file is about the database only when it is its socket.
  if (code === 'ENOENT') return (error as { syscall?: unknown }).syscall === 'connect';
  if (code !== undefined) return UNREACHABLE_STATES.test(code) || UNREACHABLE_SYSTEM.has(code);
  return LOST_CONNECTION.test(messageOf(error));
}

/**
 * A database error as the CollectorError a caller can act on; anything else is returned as it is, since it is a bug
 * that its own text explains best.
 */
export function classify(error: unknown): unknown {
  if (error instanceof CollectorError) return error;
  const code = codeOf(error);
  if (code === DISK_FULL) {
    const message = `The database's disk is full. Nothing was changed; free some space and the work goes on by itself. (${messageOf(error)})`;
    return new CollectorError('disk_full', message, { cause: error });
  }
  if (isRetryable(error) || code === '55P03') {
    const message = 'Another transaction was in the way for too long. Nothing was changed; try again.';
    return new CollectorError('conflict', message, { kind: 'transient', cause: error });
  }
  if (code === '57014') {
    const message = 'The database gave up a statement that took too long. Ask for less, or allow more time.';
    return new CollectorError('timed_out', message, { cause: error });
  }
  if (code === '53300') {
    const message = 'The database has no free connection. Lower the number of collectors or raise max_connections.';
    return new CollectorError('database_unavailable', message, { cause: error });
  }
  if (isUnreachable(error)) {
    const message = `The database cannot be reached or closed the connection: ${messageOf(error)}.`;
    return new CollectorError('database_unavailable', message, { cause: error });
  }
  return error;
}

/** An SQLSTATE or the system's name of an error. Read without instanceof: errors of the system may come from another realm. */
function codeOf(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null | undefined)?.code;
  return typeof code === 'string' ? code : undefined;
}

/** Never empty. */
export function messageOf(error: unknown): string {
  const { message, code } = (error ?? {}) as { message?: string; code?: string };
  // A failure at several addresses of one host has an empty message.
  return message || code || String(error);
}
