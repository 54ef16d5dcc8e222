import type pg from 'pg';
import { crashPoint } from '../../../ground/crash-point.ts';
import { addedColumns } from './added-columns.ts';
import { applyChange, insertWeek } from './apply.ts';
import { compareWithStored, findDuplicates } from './compare.ts';
import { assertFence, lockFence } from './fence.ts';
import { supersedeHeldRuns } from './hold.ts';
import type { MergeInput, StagedWeek, WeekChange } from './input.ts';
import { addedColumnsNote, judge } from './judge.ts';
import { collectMonthPieces } from './pieces.ts';
import { readQualityContext } from './quality-context.ts';
import { judgeValues } from './quality-values.ts';
import { isAboutTheFile, objectionOf, refusalError, type Finding, type Refusal } from './refusal.ts';
import { compressParts, dropStoredFiles } from './result-files.ts';
import { rollUpWeek } from './roll-up.ts';
import { checkHeaders, explainValues } from './schema-contract.ts';
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
  /** What a person should know of it: rules that only warn, objections that were waived or overruled. */
  notes: Finding[];
}

/**
 * Makes a finished result what is served of its week, or refuses it: see mergeOrRefuse.
 * @throws CollectorError result_header, result_value, result_duplicate_keys, result_empty (kind data) for a refused result, with
 *   every objection in details.objections; and what mergeOrRefuse throws
 */
export async function mergeWeek(tx: pg.PoolClient, input: MergeInput): Promise<MergeResult> {
  const outcome = await mergeOrRefuse(tx, input);
  if ('objections' in outcome) throw refusalError(outcome);
  return outcome;
}

/**
 * Makes a finished result what is served of its week: stage, check, compare, judge, write rows and roll-ups, keep the file. Only rows
 * that differ are written. A result that is not what the dataset says, or that contradicts what is served, is refused: nothing of it
 * stays in the transaction, which goes on, so that the run can be held in it (hold.ts). Everything happens in the caller's
 * transaction, so that the run's own state can change with it; when this throws, the transaction must be rolled back.
 * @throws CollectorError lost_fence; database errors arrive raw and are classified by Store.transaction
 */
export async function mergeOrRefuse(tx: pg.PoolClient, input: MergeInput): Promise<MergeResult | Refusal> {
  await prepareSession(tx);
  await assertFence(tx, input);
  const served = await lockWeek(tx, input);
  if (served.fileSha256 === filesHash(input.parts)) return keepWeek(tx, input, served);
  const unreadable = { acceptable: false, change: null, servedVersion: served.dataVersion };
  const drift = checkHeaders(input);
  if (drift.length > 0) return { ...unreadable, objections: drift };
  await tx.query('SAVEPOINT merging');
  try {
    const outcome = await mergeRows(tx, input, served);
    if ('objections' in outcome) await tx.query('ROLLBACK TO SAVEPOINT merging');
    return outcome;
  } catch (error) {
    if (!isAboutTheFile(error)) throw error;
    await tx.query('ROLLBACK TO SAVEPOINT merging');
    return { ...unreadable, objections: await explainValues(tx, input, error) };
  }
}

async function mergeRows(tx: pg.PoolClient, input: MergeInput, served: ServedWeek): Promise<MergeResult | Refusal> {
  await stage(tx, input);
  crashPoint('merge.afterStaging');
  await collectMonthPieces(tx, input);
  const staged = await summarise(tx, input);
  const isFirst = served.dataVersion === '0';
  if (!isFirst && served.rowCount === staged.rows && served.checksum === staged.checksum) return keepWeek(tx, input, served);

  const fresh = served.rowCount === 0;
  const compared = fresh ? newRows(staged) : await compareWithStored(tx, input, staged, served.rowCount).catch(asObjection);
  const change = 'rule' in compared ? undefined : compared;
  const { objections, notes } = judge({
    dataset: input.dataset,
    context: await readQualityContext(tx, input),
    values: await judgeValues(tx, input.dataset),
    added: addedColumns(input),
    totals: staged.totals,
    change: isFirst ? undefined : change,
    overrule: input.overrule ?? false,
  });
  if (change !== undefined && objections.length === 0) return { ...(await accept(tx, input, served, staged, change)), notes };

  // The insert of a new week finds duplicates by itself; when it is not reached, they are looked for.
  const twice =
    'rule' in compared ? compared : fresh ? await findDuplicates(tx, input).then((error) => error && objectionOf(error)) : undefined;
  return {
    objections: twice ? [twice, ...objections] : objections,
    acceptable: twice === undefined,
    change: twice === undefined ? (change ?? null) : null,
    servedVersion: served.dataVersion,
  };
}

function asObjection(error: unknown): Finding {
  if (!isAboutTheFile(error)) throw error;
  return objectionOf(error);
}

const newRows = ({ rows, totals }: StagedWeek): WeekChange => ({
  rowsBefore: 0,
  rowsTotal: rows,
  rowsAdded: rows,
  rowsChanged: 0,
  rowsVanished: 0,
  totalsBefore: {},
  totalsAfter: totals,
});

async function accept(
  tx: pg.PoolClient,
  input: MergeInput,
  served: ServedWeek,
  staged: StagedWeek,
  change: WeekChange,
): Promise<Omit<MergeResult, 'notes'>> {
  const files = input.stored ? undefined : compressParts(input.parts);
  try {
    await (served.rowCount === 0 ? insertWeek(tx, input) : applyChange(tx, input, change));
    await rollUpWeek(tx, input, change);
    crashPoint('merge.afterRollUp');
    if (served.acceptedRunId !== null && served.acceptedRunId !== input.runId)
      await dropStoredFiles(tx, input.instanceId, served.acceptedRunId);
    crashPoint('merge.beforeFile');
    await files?.store(tx, input);
    crashPoint('merge.afterFile');
  } finally {
    files?.stop();
  }
  const dataVersion = await acceptWeek(tx, input, staged);
  await writeRevision(tx, input, dataVersion, change, served.dataVersion === '0');
  await supersedeHeldRuns(tx, input, ACCEPTED_LATER);
  await lockFence(tx, input);
  const { rowsTotal, rowsAdded, rowsChanged, rowsVanished } = change;
  return { rowsTotal, rowsAdded, rowsChanged, rowsVanished, changed: true, checksum: staged.checksum, dataVersion };
}

const ACCEPTED_LATER = 'A later result of the week was accepted.';

/** The same rows again: what is served is as fresh as this run and otherwise untouched; its file stays the accepted run's. */
async function keepWeek(tx: pg.PoolClient, input: MergeInput, served: ServedWeek): Promise<MergeResult> {
  await confirmWeek(tx, input);
  if (input.stored && served.acceptedRunId !== input.runId) await dropStoredFiles(tx, input.instanceId, input.runId);
  await supersedeHeldRuns(tx, input, ACCEPTED_LATER);
  await lockFence(tx, input);
  const { rowCount: rowsTotal, checksum, dataVersion } = served;
  const { quality } = input.dataset;
  const added = quality.added_columns.severity === 'off' ? [] : addedColumns(input);
  return {
    rowsTotal,
    rowsAdded: 0,
    rowsChanged: 0,
    rowsVanished: 0,
    changed: false,
    checksum: checksum ?? '0',
    dataVersion,
    notes: added.length > 0 ? [addedColumnsNote(added)] : [],
  };
}

/**
 * For this transaction alone. Fresh temporary tables have no statistics, and a nested loop chosen in ignorance turns
 * milliseconds into minutes; every join here is an equality that a hash join serves. Dates are read year first.
 */
export const prepareSession = (tx: pg.PoolClient) =>
  tx.query(
    `SET LOCAL lock_timeout = '10s'; SET LOCAL enable_nestloop = off; SET LOCAL jit = off; SET LOCAL work_mem = '64MB'; SET LOCAL datestyle = 'ISO, YMD'`,
  );
