/** SQL that Amazon would refuse. The message is what a client finds in statusReason, in the words of Apache Calcite where known. */
export class SqlRejected extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'SqlRejected';
  }
}

/** SQL that Amazon may well run and the sandbox cannot: said in the sandbox's own voice, so that nobody mends what is right. */
export class SandboxLacks extends SqlRejected {
  constructor(what: string) {
    super(`The sandbox lacks ${what}. Amazon may run this query.`);
  }
}

export const invalid = (reason: string): SqlRejected => new SqlRejected(`SQL query was invalid. ${reason}`);

export const tooDeep = (): SandboxLacks => new SandboxLacks('room for a query nested this deep');

/** Calcite names a place by line and column, both from one; the parser counts bytes. */
export function placeOf(sql: string, byteOffset: number | undefined, length = 1): string {
  const before = Buffer.from(sql, 'utf8')
    .subarray(0, byteOffset ?? 0)
    .toString('utf8');
  const line = before.split('\n').length;
  const column = before.length - before.lastIndexOf('\n');
  return `From line ${line}, column ${column} to line ${line}, column ${column + length - 1}`;
}
