import { join } from 'node:path';
import { describeFiles } from '../../engine/collect/merge.ts';
import { CollectorError } from '../../contract/error.ts';
import type { Escape } from '../../data/resultfile/scan.ts';
import { spool, type ScannedPart } from '../../data/resultfile/spool.ts';
import { storedFiles } from '../../data/store/merge/result-files.ts';
import type { UpkeepContext } from './context.ts';
import type { ServedWeek } from './statements/served-weeks.ts';

type StoredWeek = Pick<ServedWeek, 'instanceId' | 'runId' | 'week' | 'fileSha256'>;

/**
 * Writes the stored result of a week to disk, part by part, as Amazon sent it, scanned for the merge.
 * @param escape how quotes are escaped, when it is known
 * @throws CollectorError not_found when nothing is stored, result_value when the bytes are not those that were accepted
 */
export async function spoolStoredFile(
  { store, signal }: UpkeepContext,
  week: StoredWeek,
  directory: string,
  escape: Escape | undefined,
): Promise<ScannedPart[]> {
  // One snapshot: a merge that replaces the file meanwhile must not leave us with half of each.
  const parts = await store.transaction(
    async (tx) => {
      const spooled: ScannedPart[] = [];
      for (const { part, open } of await storedFiles(tx, week.instanceId, week.runId)) {
        const target = { directory, name: `${week.week}-part-${part + 1}.csv` };
        spooled.push(await spool(open(), target, { escape }, signal));
      }
      return spooled;
    },
    { isolation: 'repeatable read', signal },
  );
  if (parts.length === 0) throw noFile(week);
  if (week.fileSha256 !== null && describeFiles(parts).fileSha256 !== week.fileSha256) throw damaged(week);
  return parts;
}

/** Where a piece of upkeep keeps the files of one week: a folder of this process and week, so that two at once do not meet. */
export const upkeepFolder = ({ spoolDirectory }: UpkeepContext, { instanceId, runId }: Pick<ServedWeek, 'instanceId' | 'runId'>): string =>
  join(spoolDirectory, `upkeep-${process.pid}-${instanceId}-${runId}`);

export const noFile = ({ week }: Pick<ServedWeek, 'week'>): CollectorError =>
  new CollectorError(
    'not_found',
    `No result file is stored for week ${week}. Collect the week again if Amazon still has it, or import its file.`,
  );

const damaged = ({ week }: StoredWeek): CollectorError =>
  new CollectorError(
    'result_value',
    `The stored file of week ${week} is not the one that was accepted (its SHA-256 differs). Restore the database from a back-up, or collect the week again.`,
  );
