import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { IsoDate } from '../../../ground/calendar/week.ts';
import { newestCompleteAnchor } from '../../../ground/calendar/window.ts';
import type { Catalogue } from '../../../data/catalogue/catalogue.ts';
import type { Dataset } from '../../../data/catalogue/dataset.ts';
import { CollectorError } from '../../../contract/error.ts';
import type { Escape } from '../../../data/resultfile/scan.ts';
import type { ScannedPart } from '../../../data/resultfile/spool.ts';
import { isRegistered } from '../../../data/store/registered.ts';
import { writeAudit } from '../../../ground/audit.ts';
import type { Context } from '../../../ground/context.ts';
import { crashPoint } from '../../../ground/crash-point.ts';
import type { Tx } from '../../../ground/database.ts';
import { announce } from '../../../ground/outbox/announce.ts';
import { notRegistered } from '../collections/plan.ts';
import { findInstance } from '../instance.ts';
import { importWeek, type ImportedWeek, type WeekContext } from './import-week.ts';
import { openFile } from './open-file.ts';
import { collectionsFor } from './place.ts';
import { assertAnchor, refusedError, type RefusedWeek } from './refusals.ts';
import { splitByWeek, type Piece } from './split.ts';
import type { EmptyDays } from './whole-week.ts';

export interface ImportContext extends Context {
  readonly catalogue: Catalogue;
  /** Folder for the pieces of files that hold several weeks; made when it is not there. */
  readonly spoolDirectory: string;
}

export interface ImportRequest {
  /** AMC instance id. */
  instance: string;
  dataset: string;
  /** Paths of result files; several may belong to one week, and one may hold several weeks. */
  files: readonly string[];
  /** The Monday of all files; needed when they do not tell their week. */
  week?: IsoDate | undefined;
  /** How the files write a quotation mark inside quotes; found out from the files unless they leave it open. */
  escape?: Escape | undefined;
  /** Take the files even where quality rules object, or where a spreadsheet may have changed ids: what rules say becomes a note of the week. */
  overrule?: boolean | undefined;
  /** Days without rows on which nothing happened; all others are missing. */
  emptyDays?: EmptyDays | undefined;
  /** Do everything, then undo it: the preview. */
  dryRun: boolean;
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
 * of them or none. A planned run of a week is finished by the import and need not be bought any more. Weeks that no collection holds
 * get one named 'Imported files'; nothing in it is planned, so it is complete and buys nothing unless a person retries a week.
 * A week whose days are not all there is joined with what is kept of it, or kept until the rest comes (whole-week.ts).
 * @throws CollectorError unknown_dataset, not_found, invalid_request (no CSV; which week?), week_out_of_range (not complete yet), conflict
 *   (a week is being collected), result_* when the files are not what the dataset says or contradict what is served
 */
export async function importFiles(ctx: ImportContext, request: ImportRequest): Promise<ImportResult> {
  const { signal } = ctx;
  const dataset = ctx.catalogue.findDataset(request.dataset);
  if (request.week !== undefined) assertAnchor(dataset, request.week);
  if (request.files.length === 0) throw new CollectorError('invalid_request', 'Name at least one file to import.');
  const spoolDirectory = join(ctx.spoolDirectory, `import-${process.pid}-${Date.now()}`);
  let weeks: ImportedWeek[] = [];
  try {
    const parts: ScannedPart[] = [];
    for (const [index, file] of request.files.entries())
      parts.push(await openFile(file, { escape: request.escape, spoolDirectory: join(spoolDirectory, `file-${index}`) }, signal));
    await ctx.store.transaction(
      async (tx) => {
        weeks = await importAll(tx, { ...ctx, spoolDirectory }, request, dataset, parts);
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

async function importAll(
  tx: Tx,
  ctx: ImportContext,
  request: ImportRequest,
  dataset: Dataset,
  parts: readonly ScannedPart[],
): Promise<ImportedWeek[]> {
  const instance = await findInstance(tx, ctx.scope, request.instance);
  if (!(await isRegistered(tx, dataset.dataset, dataset.version))) throw notRegistered(dataset);
  const { spoolDirectory } = ctx;
  const overrule = request.overrule ?? false;
  const options = { dataset, instanceId: instance.id, week: request.week, overrule, spoolDirectory };
  const pieces: Piece[] = [];
  for (const part of parts) pieces.push(...(await splitByWeek(tx, part, options, ctx.signal)));
  const weeks = [...new Set(pieces.map(({ week }) => week))].sort();
  const collections = await collectionsFor(tx, dataset, instance, weeks, ctx.actor);
  const newest = newestCompleteAnchor(dataset.window, ctx.clock(), instance.timeZone);
  const week: WeekContext = { ...ctx, instance, dataset, overrule, newest, isEmptyDay: emptyDays(request.emptyDays, pieces) };
  const imported: ImportedWeek[] = [];
  const refused: RefusedWeek[] = [];
  for (const monday of weeks) {
    const own = pieces.filter((piece) => piece.week === monday);
    const outcome = await importWeek(tx, week, monday, collections.get(monday)!, own);
    if ('refusal' in outcome) refused.push(outcome);
    else imported.push(outcome);
  }
  const files = parts.map(({ name, sha256 }) => ({ name, sha256 }));
  if (refused.length > 0)
    throw refusedError(
      refused,
      files.map(({ name }) => name),
    );
  await writeAudit(tx, {
    workspaceId: instance.workspaceId,
    person: ctx.actor,
    action: 'import',
    subject: `instance ${instance.amcInstanceId}`,
    details: { dataset: dataset.dataset, weeks, files },
  });
  await announce(
    tx,
    imported.flatMap(({ changes }) => changes),
  );
  return imported;
}

function emptyDays(said: EmptyDays | undefined, pieces: readonly Piece[]): (day: IsoDate) => boolean {
  if (said === undefined) return () => false;
  if (said !== 'between') return (day) => said.some(({ from, to }) => day >= from && day <= to);
  const days = pieces.flatMap((piece) => (piece.days === 'all' ? [] : [...piece.days])).sort();
  return (day) => days.length > 0 && day > days[0]! && day < days.at(-1)!;
}
