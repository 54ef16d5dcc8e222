import type { Store } from '../../data/store/store.ts';
import { EVENTS_HOURS, type Retention } from './retention.ts';
import { removeSpoolLeftovers } from './spool-leftovers.ts';
import { removeFiles, removeRecords, type Removed } from './statements/clean-up.ts';
import { writeAudit } from '../../ground/audit.ts';

/** What can be cleaned up, in the order it is done: files before the records that tell what they are. */
export const CLEAN_UPS = ['spool', 'orphan-files', 'held-files', 'old-files', 'runs', 'schedule-history', 'events', 'audit'] as const;
export type CleanUpName = (typeof CLEAN_UPS)[number];

/** What each removes, in a sentence for people. */
export const describeCleanUp = (name: CleanUpName, { resultFilesWeeks, heldFilesDays, runsDays, auditDays }: Retention): string =>
  ({
    spool: 'folders that dead processes left in the spool folder of this machine',
    'orphan-files': 'stored files that no week and no held run refers to',
    'held-files': `files of held runs decided more than ${heldFilesDays} days ago`,
    'old-files': resultFilesWeeks === undefined ? 'files of served weeks: all kept' : `files of weeks older than ${resultFilesWeeks} weeks`,
    runs: `finished runs older than ${runsDays} days, other than the newest of a week and those that changed it`,
    'schedule-history': `ticks of schedules older than ${runsDays} days, other than the newest`,
    events: `events older than ${EVENTS_HOURS} hours`,
    audit: auditDays === undefined ? 'audit log: all kept' : `audit log older than ${auditDays} days`,
  })[name];

export interface CleanUpDeps {
  store: Store;
  spoolDirectory: string;
  retention: Retention;
}

export interface CleanUpRequest {
  workspaceId: string;
  only?: readonly CleanUpName[] | undefined;
  /** Count what would go and touch nothing. */
  dryRun: boolean;
  person: string;
}

export interface CleanedUp extends Removed {
  what: CleanUpName;
}

/** Removes what has outlived its use. Each kind is one transaction with its entry in the audit log; none when nothing went. */
export async function cleanUp(deps: CleanUpDeps, request: CleanUpRequest, signal: AbortSignal): Promise<CleanedUp[]> {
  const results: CleanedUp[] = [];
  for (const what of CLEAN_UPS) {
    if (request.only !== undefined && !request.only.includes(what)) continue;
    signal.throwIfAborted();
    const removed = what === 'spool' ? await spool(deps, request) : await records(deps, request, what, signal);
    results.push({ what, ...removed });
  }
  return results;
}

/** Files on disk are no part of a transaction; the record of their removal follows it. */
async function spool({ store, spoolDirectory }: CleanUpDeps, request: CleanUpRequest): Promise<Removed> {
  const removed = await removeSpoolLeftovers(store.pool, spoolDirectory, request.dryRun);
  if (!request.dryRun && removed.rows > 0) await store.transaction((tx) => audit(tx, request, 'spool', removed));
  return removed;
}

const records = (
  { store, retention }: CleanUpDeps,
  request: CleanUpRequest,
  what: Exclude<CleanUpName, 'spool'>,
  signal: AbortSignal,
): Promise<Removed> =>
  store.transaction(
    async (tx) => {
      const removed = await remove(tx, request, what, retention);
      if (!request.dryRun && removed.rows > 0) await audit(tx, request, what, removed);
      return removed;
    },
    { signal },
  );

type Tx = Parameters<typeof removeFiles>[0];
const NOTHING: Removed = { rows: 0, bytes: null };

function remove(
  tx: Tx,
  { workspaceId, dryRun }: CleanUpRequest,
  what: Exclude<CleanUpName, 'spool'>,
  { resultFilesWeeks, heldFilesDays, runsDays, auditDays }: Retention,
): Promise<Removed> | Removed {
  switch (what) {
    case 'orphan-files':
      return removeFiles(tx, workspaceId, 'orphan', 0, dryRun);
    case 'held-files':
      return removeFiles(tx, workspaceId, 'held', heldFilesDays, dryRun);
    case 'old-files':
      return resultFilesWeeks === undefined ? NOTHING : removeFiles(tx, workspaceId, 'old', resultFilesWeeks, dryRun);
    case 'runs':
      return removeRecords(tx, workspaceId, 'week_runs', runsDays, dryRun);
    case 'schedule-history':
      return removeRecords(tx, workspaceId, 'schedule_ticks', runsDays, dryRun);
    case 'events':
      return removeRecords(tx, workspaceId, 'outbox', EVENTS_HOURS, dryRun);
    case 'audit':
      return auditDays === undefined ? NOTHING : removeRecords(tx, workspaceId, 'audit_log', auditDays, dryRun);
  }
}

const audit = (tx: Tx, { workspaceId, person }: CleanUpRequest, what: CleanUpName, removed: Removed): Promise<void> =>
  writeAudit(tx, { workspaceId, person, action: 'clean-up', subject: what, details: { ...removed } });
