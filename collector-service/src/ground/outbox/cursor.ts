/** One look at the table: ids above the cursor's low mark in rising order, and the snapshot they were seen in (transaction ids). */
export interface Look {
  readonly ids: readonly number[];
  /** Every transaction below has ended. */
  readonly xmin: bigint;
  /** No transaction at or above had begun. */
  readonly xmax: bigint;
}

/**
 * Where a reader of the outbox stands. Ids are given out before their transactions commit, so a lower one may become
 * visible after a higher one; a plain "id greater than the last" would lose it. The low mark rises only over ids that were seen
 * or can no longer come: once every transaction that was open when a gap was noticed has ended, the gap stays empty (a rollback).
 */
export class EventCursor {
  #low: number;
  readonly #seen = new Set<number>();
  #gap: { readonly upTo: number; readonly xmax: bigint } | undefined;

  constructor(low: number) {
    this.#low = low;
  }

  /** All ids up to here were handed out or will never come: what a client may resume from. */
  get low(): number {
    return this.#low;
  }

  isFresh(id: number): boolean {
    return id > this.#low && !this.#seen.has(id);
  }

  /** Takes the ids of a look as handed out. */
  advance({ ids, xmin, xmax }: Look): void {
    for (const id of ids) if (id > this.#low) this.#seen.add(id);
    if (this.#gap && xmin >= this.#gap.xmax) this.#low = Math.max(this.#low, this.#gap.upTo);
    while (this.#seen.has(this.#low + 1)) this.#low++;
    for (const id of this.#seen) if (id <= this.#low) this.#seen.delete(id);
    if (this.#gap && this.#low >= this.#gap.upTo) this.#gap = undefined;
    if (this.#seen.size > 0) this.#gap ??= { upTo: Math.max(...this.#seen), xmax };
  }
}
