/** How long things are kept; days and weeks of the database's clock. */
export interface Retention {
  /** Stored files of served weeks older than this many weeks; undefined keeps all, so that every week can be rebuilt. */
  resultFilesWeeks: number | undefined;
  /** Files of held runs that a person has decided about and no week serves. */
  heldFilesDays: number;
  /** Records of finished runs that are neither the newest of their week nor ever changed what is served, and of schedules' ticks. */
  runsDays: number;
  /** Entries of the audit log; undefined keeps all. */
  auditDays: number | undefined;
}

/** Hours for which server-sent events can be replayed. */
export const EVENTS_HOURS = 72;
