import type { Dataset } from '../../../data/catalogue/dataset.ts';
import { findInstance, type InstanceRow } from '../../../engine/collect/instance.ts';
import { isRegistered } from '../../../data/store/registered.ts';
import { CollectorError } from '../../../contract/error.ts';
import { narrowed, type UpkeepContext } from '../context.ts';
import { selectServedWeeks, type ServedWeek } from '../statements/served-weeks.ts';
import { oldestCollectableAnchor } from '../../../ground/calendar/window.ts';
import { whyUnfillable } from './columns.ts';
import { fillWeek } from './fill-week.ts';
import { moveCollections, type Moved, type MoveRequest } from './move.ts';
import { amcInstancesOf, boughtWeeks, filledWeeks, findOldVersion } from './statements.ts';

export interface UpgradeRequest {
  dataset: string;
  to: number;
  /** AMC instance ids; every instance of the scope that has an older version when left out. */
  instances: readonly string[];
  /** A person says that files made by the old SQL mean the same under the new one. */
  trustFiles: boolean;
  /** Buy the weeks that stored files cannot give. */
  collectMissing: boolean;
  /** Fill every week, undo it, move nothing. */
  dryRun: boolean;
}

export interface UpgradedWeek {
  week: string;
  /** there: filled before, or bought for the new version. */
  outcome: 'filled' | 'there' | 'lacks_columns' | 'no_file' | 'failed';
  rows: number;
  note: string | null;
}

export interface UpgradedInstance {
  instance: string;
  from: number;
  weeks: UpgradedWeek[];
  /** What Amazon has to compute: as many paid executions; and the weeks that it no longer has, which stay in the old version only. */
  toCollect: { executions: number; outOfReach: string[] };
  /** Null in a dry run, or when the collections could not be moved. */
  moved: Moved | null;
  /** Why they could not. */
  blocked: string | null;
}

/**
 * Brings a dataset's newer version to life from what is stored: fills its tables week by week from the old version's files, without
 * asking Amazon, then moves the collections. Interrupted or blocked, it goes on where it stopped when repeated.
 * Where no file can give the new version, every week is Amazon's to compute: said by a dry run, done with collectMissing.
 * @throws CollectorError unknown_dataset (a version is not loaded, or has no tables), not_found, conflict (the files cannot give it, and
 *   nobody said that Amazon shall)
 */
export async function upgradeDataset(
  ctx: UpkeepContext,
  request: UpgradeRequest,
  onProgress: (instance: string, week: UpgradedWeek, through: number, total: number) => void = () => undefined,
): Promise<UpgradedInstance[]> {
  const { store, catalogue } = ctx;
  const to = catalogue.findDataset(request.dataset, request.to);
  if (!(await store.transaction((tx) => isRegistered(tx, to.dataset, to.version)))) throw noTables(to);
  const plans: { instance: InstanceRow; from: Dataset; unfillable: string | null }[] = [];
  for (const instance of await findInstances(ctx, request)) {
    const version = await findOldVersion(store.pool, instance.id, to.dataset, to.version);
    if (version === undefined) continue;
    const from = catalogue.findDataset(to.dataset, version);
    const unfillable = whyUnfillable(from, to, request.trustFiles);
    if (unfillable !== null && !request.collectMissing && !request.dryRun) throw cannotFill(unfillable);
    plans.push({ instance, from, unfillable });
  }
  const upgraded: UpgradedInstance[] = [];
  for (const { instance, from, unfillable } of plans) {
    const weeks = await fillWeeks(ctx, { instance, from, to, unfillable, dryRun: request.dryRun }, onProgress);
    const outcome = request.dryRun ? { moved: null, blocked: null } : await move(ctx, { ...request, instance, from, to });
    upgraded.push({ instance: instance.amcInstanceId, from: from.version, weeks, toCollect: costOf(weeks, to, instance, ctx), ...outcome });
  }
  return upgraded;
}

function costOf(
  weeks: readonly UpgradedWeek[],
  { window }: Dataset,
  { timeZone }: InstanceRow,
  { clock }: UpkeepContext,
): UpgradedInstance['toCollect'] {
  const oldest = oldestCollectableAnchor(window, clock(), timeZone);
  const missing = weeks.filter(({ outcome }) => outcome !== 'filled' && outcome !== 'there').map(({ week }) => week);
  const outOfReach = missing.filter((week) => week < oldest);
  return { executions: missing.length - outOfReach.length, outOfReach };
}

async function findInstances({ store, scope }: UpkeepContext, { instances }: UpgradeRequest): Promise<InstanceRow[]> {
  const wanted = instances.length > 0 ? instances : await amcInstancesOf(store.pool, scope);
  return store.transaction(async (tx) => {
    const found: InstanceRow[] = [];
    for (const name of wanted) found.push(await findInstance(tx, scope, name));
    return found;
  });
}

async function fillWeeks(
  ctx: UpkeepContext,
  {
    instance,
    from,
    to,
    unfillable,
    dryRun,
  }: { instance: InstanceRow; from: Dataset; to: Dataset; unfillable: string | null; dryRun: boolean },
  onProgress: (instance: string, week: UpgradedWeek, through: number, total: number) => void,
): Promise<UpgradedWeek[]> {
  const { pool } = ctx.store;
  const filter = { dataset: from.dataset, datasetVersion: from.version };
  const served = await selectServedWeeks(pool, narrowed(ctx.scope, instance.id), filter);
  const filled = await filledWeeks(pool, instance.id, from.dataset, from.version, to.version);
  const bought = await boughtWeeks(pool, instance.id, to.dataset, to.version);
  const weeks: UpgradedWeek[] = [];
  for (const week of served) {
    ctx.signal.throwIfAborted();
    const isThere = filled.has(week.week) || bought.has(week.week);
    if (isThere) weeks.push({ week: week.week, outcome: 'there', rows: 0, note: null });
    else if (unfillable !== null) weeks.push({ week: week.week, outcome: 'lacks_columns', rows: 0, note: null });
    else weeks.push(await fill(ctx, week, { from, to, dryRun }));
    onProgress(instance.amcInstanceId, weeks.at(-1)!, weeks.length, served.length);
  }
  return weeks;
}

async function fill(ctx: UpkeepContext, week: ServedWeek, options: { from: Dataset; to: Dataset; dryRun: boolean }): Promise<UpgradedWeek> {
  try {
    const { rows, missing } = await fillWeek(ctx, week, options);
    if (missing.length === 0) return { week: week.week, outcome: 'filled', rows, note: null };
    const note = `The file lacks ${missing.join(', ')}: Amazon has to compute the week again.`;
    return { week: week.week, outcome: 'lacks_columns', rows: 0, note };
  } catch (error) {
    ctx.signal.throwIfAborted();
    const told = error instanceof CollectorError;
    if (told && error.code === 'database_unavailable') throw error;
    if (!told) ctx.logger.error({ err: error, week: week.week }, 'A week could not be filled.');
    const note = error instanceof Error ? error.message : String(error);
    return { week: week.week, outcome: told && error.code === 'not_found' ? 'no_file' : 'failed', rows: 0, note };
  }
}

async function move(ctx: UpkeepContext, request: MoveRequest): Promise<Pick<UpgradedInstance, 'moved' | 'blocked'>> {
  try {
    return { moved: await moveCollections(ctx, request), blocked: null };
  } catch (error) {
    if (!(error instanceof CollectorError) || error.code !== 'conflict') throw error;
    return { moved: null, blocked: error.message };
  }
}

const noTables = ({ dataset, version }: Dataset): CollectorError =>
  new CollectorError('unknown_dataset', `Dataset ${dataset} version ${version} has no tables yet; run collector migrate and try again.`, {
    status: 409,
  });

const cannotFill = (reason: string): CollectorError =>
  new CollectorError(
    'conflict',
    `${reason} --collect-missing moves the collections and has Amazon compute the weeks again, which is paid for; with --dry-run first it says how many. Until then the old version answers.`,
  );
