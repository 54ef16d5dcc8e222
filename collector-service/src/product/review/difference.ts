import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Dataset } from '../../data/catalogue/dataset.ts';
import type { ScannedPart } from '../../data/resultfile/spool.ts';
import { compareWithStored } from '../../data/store/merge/compare.ts';
import type { WeekChange } from '../../data/store/merge/input.ts';
import { prepareSession } from '../../data/store/merge/merge-week.ts';
import { collectMonthPieces } from '../../data/store/merge/pieces.ts';
import { stage } from '../../data/store/merge/stage.ts';
import { summarise } from '../../data/store/merge/summary.ts';
import type { ReviewContext } from './context.ts';
import { spoolKeptFile } from './kept-file.ts';
import { conflict, noHeldRun } from './refusals.ts';
import {
  claimDifference,
  deleteDifference,
  isUndecided,
  selectDifference,
  writeChange,
  writeRows,
  type Difference,
} from './statements/difference.ts';
import { selectHeldRun, type HeldRow } from './statements/held-runs.ts';
import type { Tx } from '../../ground/database.ts';

export interface HeldDifference extends Difference {
  dataset: Dataset;
}

/**
 * The difference between a held result and what is served now, with its rows on record for paging. Made at the first request by
 * staging the kept file once more, through the very steps of a merge; made anew when another version is served meanwhile.
 * @throws CollectorError not_found; conflict when the run is decided about, could not be read as rows, or its file is gone
 */
export async function ensureDifference(ctx: ReviewContext, runId: string): Promise<HeldDifference> {
  await mkdir(ctx.spoolDirectory, { recursive: true, mode: 0o700 });
  const directory = await mkdtemp(join(ctx.spoolDirectory, 'held-'));
  try {
    return await ctx.store.transaction((tx) => make(tx, ctx, runId, directory), {
      // One version of what is served throughout, whatever is merged meanwhile.
      isolation: 'repeatable read',
      signal: ctx.signal,
    });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function make(tx: Tx, { catalogue, scope, signal }: ReviewContext, runId: string, directory: string): Promise<HeldDifference> {
  const held = await selectHeldRun(tx, scope, runId);
  if (!held) throw noHeldRun(runId);
  assertComparable(held);
  const dataset = catalogue.findDataset(held.dataset, held.datasetVersion);
  const known = await selectDifference(tx, runId);
  if (known?.servedVersion === held.servedVersion) return { ...known, dataset };
  await deleteDifference(tx, runId);
  await claimDifference(tx, runId, held.instanceId, held.servedVersion);
  const parts = await spoolKeptFile(tx, held, directory, signal);
  const change = await compare(tx, dataset, held, parts);
  await writeChange(tx, runId, change);
  if (!(await isUndecided(tx, runId))) throw decidedMeanwhile(runId);
  return { servedVersion: held.servedVersion, change, dataset };
}

async function compare(tx: Tx, dataset: Dataset, held: HeldRow, parts: ScannedPart[]): Promise<WeekChange> {
  const { runId, instanceId, week } = held;
  // Nothing is accepted here, so no fence is needed.
  const input = { dataset, instanceId, week, runId, fence: '0', parts };
  await prepareSession(tx);
  await stage(tx, input);
  await collectMonthPieces(tx, input);
  const staged = await summarise(tx, input);
  const change = await compareWithStored(tx, input, staged, held.servedRows);
  await writeRows(tx, runId, dataset, instanceId, week);
  return change;
}

export function assertComparable({ runId, decision, acceptable }: HeldRow): void {
  if (decision !== null) throw decidedMeanwhile(runId);
  if (!acceptable)
    throw conflict(
      `The result of run ${runId} could not be read as rows, so there are none to compare. Keep what is served, or run the week again.`,
    );
}

const decidedMeanwhile = (runId: string) =>
  conflict(`Run ${runId} is decided about; its rows are kept only until then. Its summary and the week's revisions stay.`);
