import type { Tx } from '../../../ground/database.ts';

/** Further ahead than any clock that is believed. */
const FUTURE = "now() + interval '1 hour'";

/**
 * Brings what a database clock that was ahead has dated into the future back to now: waits, leases and records of what works on. A wait
 * that was meant to be long was written at a time that is past, which tells the two apart. SKIP LOCKED: what is being worked on is
 * written anew anyway. @returns how many rows
 */
export async function mendDates(tx: Tx): Promise<number> {
  let mended = 0;
  for (const statement of [
    // An attempt dated ahead would be looked for among executions yet to come, and bought again: it was at some time of this last day.
    `UPDATE week_runs r SET updated_at = now(), not_before = least(not_before, now()),
       lease_until = CASE WHEN lease_until > ${FUTURE} THEN now() ELSE lease_until END,
       create_attempted_at = CASE WHEN create_attempted_at > ${FUTURE} THEN least(greatest(created_at, now() - interval '1 day'), now()) ELSE create_attempted_at END,
       failing_since = CASE WHEN failing_since > ${FUTURE} THEN now() ELSE failing_since END,
       error_at = CASE WHEN error_at > ${FUTURE} THEN now() ELSE error_at END
     WHERE r.id IN (SELECT id FROM week_runs
       WHERE state IN ('planned', 'creating', 'running', 'downloading', 'merging')
         AND (updated_at > ${FUTURE} OR lease_until > ${FUTURE} OR create_attempted_at > ${FUTURE})
       ORDER BY id FOR UPDATE SKIP LOCKED)`,
    `UPDATE report_data_collections SET validate_after = '-infinity' WHERE state = 'running' AND validate_after > now() + interval '3 days'`,
    `UPDATE collection_refusals SET since = least(since, now()), next_try_at = now() WHERE next_try_at > now() + interval '1 day'`,
    `UPDATE connections SET bucket_rests_until = NULL WHERE bucket_rests_until > now() + interval '61 minutes'`,
    `UPDATE report_data_weeks SET collected_at = now() WHERE collected_at > ${FUTURE}`,
  ])
    mended += (await tx.query(statement)).rowCount ?? 0;
  return mended;
}
