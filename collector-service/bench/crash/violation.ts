/** An invariant of docs/operations.md, "Proof against crashes", that does not hold. */
export class Violation extends Error {
  readonly invariant: string;
  /** Whose history to show. */
  readonly runIds: readonly string[];

  constructor(invariant: string, message: string, runIds: readonly string[] = []) {
    super(`${invariant}: ${message}`);
    this.invariant = invariant;
    this.runIds = runIds;
  }
}

/** @param rows what must be none; the first are shown */
export function expectNone<T extends object>(invariant: string, what: string, rows: readonly T[]): void {
  if (rows.length === 0) return;
  const runIds = rows.flatMap((row) => ('run_id' in row ? [String(row.run_id)] : []));
  throw new Violation(invariant, `${rows.length} ${what}, such as ${JSON.stringify(rows.slice(0, 3))}`, runIds.slice(0, 3));
}
