/** Whose runs are claimed first: smaller numbers before larger ones (week_runs.priority; the backfill has the table's default, 100). */
export const PRIORITY = { person: 10, schedule: 50 } as const;
