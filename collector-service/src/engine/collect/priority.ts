/**
 * Whose runs are claimed first: smaller numbers before larger ones (week_runs.priority). Backfills begin at theirs and go up, one after
 * the other (statements/collections.ts).
 */
export const PRIORITY = { person: 10, schedule: 50, backfill: 100 } as const;
