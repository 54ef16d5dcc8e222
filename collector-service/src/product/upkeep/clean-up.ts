import { writeAudit } from '../../ground/audit.ts';
import type { Tx } from '../../ground/database.ts';
import type { UpkeepContext } from './context.ts';
import { EVENTS_HOURS, type Retention } from './retention.ts';
import { removeSpoolLeftovers } from './spool-leftovers.ts';
import { removeFiles, removeRecords, type Removed } from './statements/clean-up.ts';

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

export interface CleanUpRequest {
  only?: readonly CleanUpName[] | undefined;
  /** Count what would go and touch nothing. */
  dryRun: boolean;
}

export interface CleanedUp extends Removed {
  what: CleanUpName;
}

/** Removes what has outlived its use. Each kind is one transaction with its entry in the audit log; none when nothing went. */
export async function cleanUp(ctx: UpkeepContext, request: CleanUpRequest): Promise<CleanedUp[]> {
  const results: CleanedUp[] = [];
  for (const what of CLEAN_UPS) {
    if (request.only !== undefined && !request.only.includes(what)) continue;
    ctx.signal.throwIfAborted();
    const removed = what === 'spool' ? await spool(ctx, request) : await records(ctx, request, what);
    results.push({ what, ...removed });
  }
  return results;
}

/** Files on disk are no part of a transaction; the record of their removal follows it. */
async function spool(ctx: UpkeepContext, { dryRun }: CleanUpRequest): Promise<Removed> {
  const removed = await removeSpoolLeftovers(ctx.store.pool, ctx.spoolDirectory, dryRun);
  if (!dryRun && removed.rows > 0) await ctx.store.transaction((tx) => audit(tx, ctx, 'spool', removed));
  return removed;
}

const records = (ctx: UpkeepContext, { dryRun }: CleanUpRequest, what: Exclude<CleanUpName, 'spool'>): Promise<Removed> =>
  ctx.store.transaction(
    async (tx) => {
      const removed = await remove(tx, ctx, what, dryRun);
      if (!dryRun && removed.rows > 0) await audit(tx, ctx, what, removed);
      return removed;
    },
    { signal: ctx.signal },
  );

const NOTHING: Removed = { rows: 0, bytes: null };

function remove(
  tx: Tx,
  { scope, retention }: UpkeepContext,
  what: Exclude<CleanUpName, 'spool'>,
  dryRun: boolean,
): Promise<Removed> | Removed {
  const { resultFilesWeeks, heldFilesDays, runsDays, auditDays } = retention;
  switch (what) {
    case 'orphan-files':
      return removeFiles(tx, scope, 'orphan', 0, dryRun);
    case 'held-files':
      return removeFiles(tx, scope, 'held', heldFilesDays, dryRun);
    case 'old-files':
      return resultFilesWeeks === undefined ? NOTHING : removeFiles(tx, scope, 'old', resultFilesWeeks, dryRun);
    case 'runs':
      return removeRecords(tx, scope, 'week_runs', runsDays, dryRun);
    case 'schedule-history':
      return removeRecords(tx, scope, 'schedule_ticks', runsDays, dryRun);
    case 'events':
      return removeRecords(tx, scope, 'outbox', EVENTS_HOURS, dryRun);
    case 'audit':
      return auditDays === undefined ? NOTHING : removeRecords(tx, scope, 'audit_log', auditDays, dryRun);
  }
}

const audit = (tx: Tx, { scope, actor }: UpkeepContext, what: CleanUpName, removed: Removed): Promise<void> =>
  writeAudit(tx, { workspaceId: scope.workspaceId, person: actor, action: 'clean-up', subject: what, details: { ...removed } });
