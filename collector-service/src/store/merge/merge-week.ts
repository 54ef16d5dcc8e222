import type pg from 'pg';
import { applyChange, insertWeek } from './apply.ts';
import { compareWithStored } from './compare.ts';
import { assertFence, lockFence } from './fence.ts';
import type { MergeInput, WeekChange } from './input.ts';
import { judge } from './judge.ts';
import { collectMonthPieces } from './pieces.ts';
import { compressParts, dropStoredFiles } from './result-files.ts';
import { rollUpWeek } from './roll-up.ts';
import { acceptWeek, confirmWeek, filesHash, lockWeek, writeRevision, type ServedWeek } from './served-week.ts';
import { stage } from './stage.ts';
import { summarise } from './summary.ts';

export interface MergeResult {
  rowsTotal: number;
  rowsAdded: number;
  rowsChanged: number;
  rowsVanished: number;
  /** What is served became another; false when the result said the same again. */
  changed: boolean;
  /** Independent of row order. */
  checksum: string;
  dataVersion: string;
}

/**
 * Makes a finished result what is served of its week: stage, check, compare, judge, write rows and roll-ups, keep the file.
 * Everything happens in the caller's transaction, so that the run's own state can change with it; when this throws,
 * the transaction must be rolled back, and what was served stays as it was. Only rows that differ are written.
 * @throws CollectorError lost_fence; result_header, result_value, result_duplicate_keys, result_empty (kind data: hold the run);
 *   database errors arrive raw and are classified by Store.transaction
 */
export async function mergeWeek(tx: pg.PoolClient, input: MergeInput): Promise<MergeResult> {
  await prepareSession(tx);
  await assertFence(tx, input);
  const served = await lockWeek(tx, input);
  if (served.fileSha256 === filesHash(input.parts)) return keepWeek(tx, input, served);
  await stage(tx, input);
  await collectMonthPieces(tx, input);
  const staged = await summarise(tx, input);
  if (served.dataVersion !== '0' && served.rowCount === staged.rows && served.checksum === staged.checksum)
    return keepWeek(tx, input, served);

  const fresh = served.rowCount === 0;
  const change: WeekChange = fresh
    ? {
        rowsBefore: 0,
        rowsTotal: staged.rows,
        rowsAdded: staged.rows,
        rowsChanged: 0,
        rowsVanished: 0,
        totalsBefore: {},
        totalsAfter: staged.totals,
      }
    : await compareWithStored(tx, input, staged, served.rowCount);
  if (!input.overrule) judge(change, input);
  const files = compressParts(input.parts);
  try {
    await (fresh ? insertWeek(tx, input) : applyChange(tx, input, change));
    await rollUpWeek(tx, input, change);
    if (served.acceptedRunId !== null) await dropStoredFiles(tx, input.instanceId, served.acceptedRunId);
    await files.store(tx, input);
  } finally {
    files.stop();
  }
  const dataVersion = await acceptWeek(tx, input, staged);
  if (served.dataVersion !== '0') await writeRevision(tx, input, dataVersion, change);
  await lockFence(tx, input);
  const { rowsTotal, rowsAdded, rowsChanged, rowsVanished } = change;
  return { rowsTotal, rowsAdded, rowsChanged, rowsVanished, changed: true, checksum: staged.checksum, dataVersion };
}

/** The same rows again: what is served is as fresh as this run and otherwise untouched; its file stays the accepted run's. */
async function keepWeek(tx: pg.PoolClient, input: MergeInput, served: ServedWeek): Promise<MergeResult> {
  await confirmWeek(tx, input);
  await lockFence(tx, input);
  const { rowCount: rowsTotal, checksum, dataVersion } = served;
  return { rowsTotal, rowsAdded: 0, rowsChanged: 0, rowsVanished: 0, changed: false, checksum: checksum ?? '0', dataVersion };
}

/**
 * For this transaction alone. Fresh temporary tables have no statistics, and a nested loop chosen in ignorance turns
 * milliseconds into minutes; every join here is an equality that a hash join serves. Dates are read year first.
 */
const prepareSession = (tx: pg.PoolClient) =>
  tx.query(
    `SET LOCAL lock_timeout = '10s'; SET LOCAL enable_nestloop = off; SET LOCAL jit = off; SET LOCAL work_mem = '64MB'; SET LOCAL datestyle = 'ISO, YMD'`,
  );
