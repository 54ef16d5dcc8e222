import { writeAudit } from '../../ground/audit.ts';
import type { IsoDate } from '../../ground/calendar/week.ts';
import { oldestCollectableAnchor, type WindowKind } from '../../ground/calendar/window.ts';
import type { Tx } from '../../ground/database.ts';
import type { CollectDeps } from './deps.ts';
import { PRIORITY } from './priority.ts';
import { insertRun } from './runs.ts';
import { claimAskingAgain, noteAskedAgain } from './statements/ask-again.ts';

/** A week of a collection whose first result is suspicious. */
export interface SuspiciousWeek {
  collectionId: string;
  workspaceId: string;
  instanceId: string;
  dataset: string;
  datasetVersion: number;
  timeZone: string;
  week: IsoDate;
}

/**
 * Plans one more execution of a week, which is paid for: once per week, ever, on record in the audit log. In the transaction that found
 * the week suspicious, so that a crash leaves both or neither.
 * @param rules what is suspicious about it
 * @returns whether it was planned: not when it was asked again before, has a run in line, or Amazon no longer has it
 */
export async function askAgain(
  tx: Tx,
  { clock }: Pick<CollectDeps, 'clock'>,
  window: WindowKind,
  suspicious: SuspiciousWeek,
  rules: readonly string[],
): Promise<boolean> {
  const { collectionId, workspaceId, instanceId, timeZone, week } = suspicious;
  if (week < oldestCollectableAnchor(window, clock(), timeZone)) return false;
  if (!(await claimAskingAgain(tx, suspicious))) return false;
  const runId = await insertRun(tx, collectionId, instanceId, week, PRIORITY.schedule);
  if (runId === undefined) return false;
  await noteAskedAgain(tx, suspicious, runId);
  const details = { week, run: runId, rules: [...new Set(rules)] };
  await writeAudit(tx, { workspaceId, person: 'collector', action: 'week.askAgain', subject: `collection ${collectionId}`, details });
  return true;
}
