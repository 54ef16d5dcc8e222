import { rm } from 'node:fs/promises';
import type { Dataset } from '../../../data/catalogue/dataset.ts';
import { describeFiles } from '../../../engine/collect/merge.ts';
import { CollectorError } from '../../../contract/error.ts';
import type { ScannedPart } from '../../../data/resultfile/spool.ts';
import { mergeWeek } from '../../../data/store/merge/merge-week.ts';
import type { UpkeepContext } from '../context.ts';
import type { ServedWeek } from '../statements/served-weeks.ts';
import { lockWeekRecord } from '../statements/week-records.ts';
import { spoolStoredFile, upkeepFolder } from '../stored-file.ts';
import { missingColumns, surplusColumns } from './columns.ts';
import { projectPart } from './project.ts';
import { describeFillRun, insertFillRun, keepCollectedAt, recordFill } from './statements.ts';

export interface FilledWeek {
  rows: number;
  /** Columns of the new version that the week's file lacks; nothing was filled then. */
  missing: string[];
}

/**
 * Makes a week of a newer version from the old one's stored file, in one transaction: rows, roll-ups, a stored file and a run of its own,
 * so that either version can be rebuilt or removed without the other. The old version's week is locked meanwhile, so that what was
 * filled is what it serves.
 * @throws CollectorError not_found (no file), conflict (another run was accepted meanwhile), result_* (not readable as the new version)
 */
export async function fillWeek(
  ctx: UpkeepContext,
  week: ServedWeek,
  { from, to, dryRun }: { from: Dataset; to: Dataset; dryRun: boolean },
): Promise<FilledWeek> {
  const { signal } = ctx;
  const directory = upkeepFolder(ctx, week);
  try {
    // Ours ask for doubled quotes; an imported file tells by itself, or a person has to import it for the new version.
    const parts = await spoolStoredFile(ctx, week, directory, week.bought ? 'doubled' : undefined);
    const missing = [...new Set(parts.flatMap((part) => missingColumns(to, part.header)))];
    if (missing.length > 0) return { rows: 0, missing };
    return await ctx.store.transaction(
      async (tx) => {
        const record = await lockWeekRecord(tx, week, ctx.lockWaitMs);
        if (record?.runId !== week.runId || week.collectionId === null) throw overtaken(week);
        const projected: ScannedPart[] = [];
        for (const part of parts) {
          const without = surplusColumns(from, to, part.header);
          projected.push(without.length === 0 ? part : await projectPart(tx, part, without, directory, signal));
        }
        const run = await insertFillRun(tx, week);
        const { instanceId } = week;
        const input = { dataset: to, instanceId, week: week.week, runId: run.id, fence: run.fence, parts: projected, overrule: true };
        const merged = await mergeWeek(tx, input);
        await describeFillRun(tx, run.id, { ...merged, ...describeFiles(projected) });
        await keepCollectedAt(tx, week, from.version, to.version);
        await recordFill(tx, week, from.version, to.version);
        const filled = { rows: merged.rowsTotal, missing };
        if (dryRun) throw new Undo(filled);
        return filled;
      },
      { signal },
    );
  } catch (error) {
    if (error instanceof Undo) return error.filled;
    throw error;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Takes the transaction back without being a failure. */
class Undo extends Error {
  readonly filled: FilledWeek;
  constructor(filled: FilledWeek) {
    super();
    this.filled = filled;
  }
}

const overtaken = ({ week }: ServedWeek): CollectorError =>
  new CollectorError('conflict', `Week ${week} was collected again just now; run the command again to fill it from the new file.`, {
    kind: 'transient',
  });
