import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { addDays, type IsoDate } from '../../../ground/calendar/week.ts';
import { isAnchor, newestCompleteAnchor, windowTitle } from '../../../ground/calendar/window.ts';
import type { Dataset } from '../../../data/catalogue/dataset.ts';
import { CollectorError } from '../../../contract/error.ts';
import { crashPoint } from '../../../ground/crash-point.ts';
import type { Escape } from '../../../data/resultfile/scan.ts';
import { scanFile, type ScannedPart } from '../../../data/resultfile/spool.ts';
import { mergeWeek } from '../../../data/store/merge/merge-week.ts';
import type { Catalogue } from '../../../data/catalogue/catalogue.ts';
import { findInstance, type InstanceRow } from '../instance.ts';
import { describeFiles } from '../merge.ts';
import { collectionFor } from '../collections/row.ts';
import { assertMonday } from '../range.ts';
import { insertCollection } from '../statements/collections.ts';
import { markDone } from '../statements/transitions.ts';
import { splitByWeek } from './split.ts';
import { coveringCollection, discardTemporaryTables, takeRun } from './statements.ts';
import type { Context } from '../../../ground/context.ts';
import type { Tx } from '../../../ground/database.ts';
import { writeAudit } from '../../../ground/audit.ts';
import { announce } from '../../../ground/outbox/announce.ts';
import { weekChanged, type ChangedWeek } from '../events.ts';

export interface ImportContext extends Context {
  readonly catalogue: Catalogue;
  /** Folder for the pieces of files that hold several weeks; made when it is not there. */
  readonly spoolDirectory: string;
}

export interface ImportRequest {
  /** AMC instance id. */
  instance: string;
  dataset: string;
  /** Paths of AMC result files; several may belong to one week, and one may hold several weeks. */
  files: readonly string[];
  /** The Monday of all files; needed when they do not tell their week. */
  week?: IsoDate | undefined;
  /** How the files write a quotation mark inside quotes; found out from the files unless they leave it open. */
  escape?: Escape | undefined;
  /** Take the files even where quality rules object: what they say becomes a note of the week. */
  overrule?: boolean | undefined;
  /** Do everything, then undo it: the preview. */
  dryRun: boolean;
}

export interface ImportedWeek {
  week: IsoDate;
  rows: number;
  rowsAdded: number;
  rowsChanged: number;
  rowsVanished: number;
  /** Nothing was served of the week before. */
  isNew: boolean;
  /** Not a single row differs from what is served. */
  unchanged: boolean;
}

export interface ImportResult {
  dataset: string;
  instance: string;
  dryRun: boolean;
  /** Oldest first. */
  weeks: ImportedWeek[];
}

/**
 * Loads result files that a user already has, through the same checks and the same merge as collected ones, in one transaction: all
 * weeks or none. A planned run of a week is finished by the import and need not be bought any more. Weeks that no collection holds
 * get one named 'Imported files'; nothing in it is planned, so it is complete and buys nothing unless a person retries a week.
 * @throws CollectorError unknown_dataset, not_found, invalid_request (which week?), week_out_of_range (not complete yet), conflict
 *   (a week is being collected), result_* when the files are not what the dataset says or contradict what is served
 */
export async function importFiles(ctx: ImportContext, request: ImportRequest): Promise<ImportResult> {
  const { signal } = ctx;
  const dataset = ctx.catalogue.findDataset(request.dataset);
  if (request.week !== undefined) assertAnchor(dataset, request.week);
  if (request.files.length === 0) throw new CollectorError('invalid_request', 'Name at least one file to import.');
  const parts: ScannedPart[] = [];
  for (const file of request.files) parts.push(await scan(file, request.escape, signal));
  const spoolDirectory = join(ctx.spoolDirectory, `import-${process.pid}-${Date.now()}`);
  let weeks: ImportedWeek[] = [];
  try {
    await ctx.store.transaction(
      async (tx) => {
        weeks = await mergeAll(tx, { ...ctx, spoolDirectory }, request, dataset, parts);
        if (request.dryRun) throw new Undo();
        crashPoint('import.beforeCommit');
      },
      { signal },
    );
  } catch (error) {
    if (!(error instanceof Undo)) throw error;
  } finally {
    await rm(spoolDirectory, { recursive: true, force: true });
  }
  return { dataset: dataset.dataset, instance: request.instance, dryRun: request.dryRun, weeks };
}

/** Takes the transaction back without being a failure. */
class Undo extends Error {}

async function scan(file: string, escape: Escape | undefined, signal: AbortSignal): Promise<ScannedPart> {
  try {
    return await scanFile(file, basename(file), { escape }, signal);
  } catch (error) {
    if (!['ENOENT', 'EACCES', 'EISDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    throw new CollectorError(
      'invalid_request',
      `${file} cannot be read (${(error as NodeJS.ErrnoException).code}). Check the path and its permissions.`,
    );
  }
}

async function mergeAll(
  tx: Tx,
  { scope, clock, actor, spoolDirectory, signal }: ImportContext,
  request: ImportRequest,
  dataset: Dataset,
  parts: readonly ScannedPart[],
): Promise<ImportedWeek[]> {
  const instance = await findInstance(tx, scope, request.instance);
  const byWeek = new Map<IsoDate, ScannedPart[]>();
  for (const part of parts) {
    for (const [week, piece] of await splitByWeek(tx, part, { dataset, week: request.week, spoolDirectory }, signal))
      byWeek.set(week, [...(byWeek.get(week) ?? []), piece]);
  }
  const weeks = [...byWeek.keys()].sort();
  assertComplete(dataset, weeks, newestCompleteAnchor(dataset.window, clock(), instance.timeZone));
  const collections = await collectionsFor(tx, dataset, instance, weeks, actor);
  const imported: ImportedWeek[] = [];
  const changes: ChangedWeek[] = [];
  for (const week of weeks) {
    const collectionId = collections.get(week)!;
    imported.push(await mergeOne(tx, dataset, instance, collectionId, week, byWeek.get(week)!, request.overrule ?? false));
    changes.push({ workspaceId: instance.workspaceId, instanceId: instance.id, collectionId, week });
  }
  await writeAudit(tx, {
    workspaceId: instance.workspaceId,
    person: actor,
    action: 'import',
    subject: `instance ${instance.amcInstanceId}`,
    details: { dataset: dataset.dataset, weeks, files: parts.map(({ name, sha256 }) => ({ name, sha256 })) },
  });
  await announce(tx, changes.map(weekChanged));
  return imported;
}

async function mergeOne(
  tx: Tx,
  dataset: Dataset,
  instance: InstanceRow,
  collectionId: string,
  week: IsoDate,
  parts: ScannedPart[],
  overrule: boolean,
): Promise<ImportedWeek> {
  const run = await takeRun(tx, collectionId, instance.id, week);
  if (!run)
    throw new CollectorError('conflict', `Week ${week} is being collected right now. Wait until it is done, or cancel its collection.`);
  const merged = await mergeWeek(tx, { dataset, instanceId: instance.id, week, runId: run.id, fence: run.fence, parts, overrule });
  await discardTemporaryTables(tx);
  await markDone(tx, { ...run, week }, { ...merged, ...describeFiles(parts) });
  const { rowsAdded, rowsChanged, rowsVanished } = merged;
  return {
    week,
    rows: merged.rowsTotal,
    rowsAdded,
    rowsChanged,
    rowsVanished,
    isNew: merged.dataVersion === '1' && merged.changed,
    unchanged: !merged.changed,
  };
}

/** @throws CollectorError invalid_request for a day under which no window of the dataset is kept */
function assertAnchor({ window }: Dataset, week: IsoDate): void {
  assertMonday(week);
  if (isAnchor(window, week)) return;
  throw new CollectorError(
    'invalid_request',
    `No month begins in the week of ${week}. A month is named by the Monday whose week holds its first day.`,
  );
}

function assertComplete({ window }: Dataset, weeks: readonly IsoDate[], newest: IsoDate): void {
  const early = weeks.find((week) => week > newest);
  if (early === undefined) return;
  const what = window === 'week' ? `Week ${early}` : `The window of ${windowTitle(window)} kept under ${early}`;
  throw new CollectorError(
    'week_out_of_range',
    `${what} is not complete yet: it can be imported 48 hours after its end, the newest is ${newest}.`,
  );
}

/** The collection of every week; weeks without one get a new one per stretch, so that it holds no week that nobody asked for. */
async function collectionsFor(
  tx: Tx,
  dataset: Dataset,
  instance: InstanceRow,
  weeks: readonly IsoDate[],
  person: string,
): Promise<Map<IsoDate, string>> {
  const found = new Map<IsoDate, string>();
  let stretch: IsoDate[] = [];
  const close = async () => {
    if (stretch.length === 0) return;
    const row = { ...collectionFor(dataset, instance, 'Imported files', person), firstWeek: stretch[0]!, lastWeek: stretch.at(-1)! };
    const id = await insertCollection(tx, row);
    for (const week of stretch) found.set(week, id);
    stretch = [];
  };
  for (const week of weeks) {
    const id = await coveringCollection(tx, instance.id, dataset.dataset, dataset.version, week);
    if (id !== undefined || (stretch.length > 0 && addDays(stretch.at(-1)!, 7) !== week)) await close();
    if (id === undefined) stretch.push(week);
    else found.set(week, id);
  }
  await close();
  return found;
}
