import { rm } from 'node:fs/promises';
import type { Dataset } from '../../data/catalogue/dataset.ts';
import { CollectorError } from '../../contract/error.ts';
import { crashPoint } from '../../ground/crash-point.ts';
import type { Escape } from '../../data/resultfile/scan.ts';
import type { ScannedPart } from '../../data/resultfile/spool.ts';
import { mergeWeek } from '../../data/store/merge/merge-week.ts';
import { narrowed, type UpkeepContext } from './context.ts';
import { findDrift, repair, type TableDrift } from './drift.ts';
import { dataTables, raiseShadows, SHADOW_FENCE } from './shadow.ts';
import { selectServedWeeks, type ServedWeek } from './statements/served-weeks.ts';
import { correctWeekRecord, lockWeekRecord, recordCheck, type WeekRecord } from './statements/week-records.ts';
import { spoolStoredFile, upkeepFolder } from './stored-file.ts';
import type { Tx } from '../../ground/database.ts';
import { writeAudit } from '../../ground/audit.ts';
import { announce } from '../../ground/outbox/announce.ts';
import { weekChanged } from '../../engine/collect/events.ts';

export interface RebuildOptions {
  dataset: Dataset;
  /** Compare and report, write nothing but the record of the check. */
  verify: boolean;
}

export interface RebuiltWeek {
  outcome: 'same' | 'rebuilt' | 'drift';
  /** Tables with rows that differ. */
  drift: TableDrift[];
  rows: number;
  dataVersion: string;
}

/** A worker accepted another run between reading the file and locking the week. */
class Overtaken extends Error {}
const TRIES = 3;

/**
 * Makes a week's facts and roll-ups what its stored file gives, in one transaction that takes the week as a merge does. The file is
 * merged beside the served rows (shadow.ts) and only rows that differ are written, so a week that is right costs no write.
 * @throws CollectorError not_found (no file), result_* (the file cannot be read as the dataset), timed_out (a worker holds the week)
 */
export async function rebuildWeek(ctx: UpkeepContext, found: ServedWeek, options: RebuildOptions): Promise<RebuiltWeek> {
  let week = found;
  for (let attempt = 1; ; attempt++) {
    try {
      return await rebuildFrom(ctx, week, options);
    } catch (error) {
      if (!(error instanceof Overtaken) || attempt >= TRIES) throw error instanceof Overtaken ? busy(week) : error;
      week = (await again(ctx, week)) ?? week;
    }
  }
}

async function rebuildFrom(ctx: UpkeepContext, week: ServedWeek, options: RebuildOptions): Promise<RebuiltWeek> {
  const directory = upkeepFolder(ctx, week);
  try {
    const { parts, sure } = await readStored(ctx, week, directory);
    const readings = sure ? [parts] : [parts, await spoolStoredFile(ctx, week, `${directory}-b`, 'backslash')];
    for (const [index, reading] of readings.entries()) {
      const mustMatch = index < readings.length - 1;
      const done = await ctx.store.transaction((tx) => replace(tx, ctx, week, reading, { ...options, mustMatch }), { signal: ctx.signal });
      if (done) return done;
    }
    throw busy(week);
  } finally {
    await rm(directory, { recursive: true, force: true });
    await rm(`${directory}-b`, { recursive: true, force: true });
  }
}

/**
 * Our own workflows ask Amazon for doubled quotes. An imported file usually tells by itself; where it does not, a person said it at the
 * import, and the rows' checksum shows which reading that was.
 */
async function readStored(ctx: UpkeepContext, week: ServedWeek, directory: string): Promise<{ parts: ScannedPart[]; sure: boolean }> {
  const read = (escape: Escape | undefined) => spoolStoredFile(ctx, week, directory, escape);
  if (week.bought) return { parts: await read('doubled'), sure: true };
  try {
    return { parts: await read(undefined), sure: true };
  } catch (error) {
    if (!(error instanceof CollectorError) || error.code !== 'result_value') throw error;
    return { parts: await read('doubled'), sure: false };
  }
}

/** @returns undefined when the rows had to match the recorded checksum and do not */
async function replace(
  tx: Tx,
  { actor, lockWaitMs }: UpkeepContext,
  week: ServedWeek,
  parts: readonly ScannedPart[],
  { dataset, verify, mustMatch }: RebuildOptions & { mustMatch: boolean },
): Promise<RebuiltWeek | undefined> {
  const record = await lockWeekRecord(tx, week, lockWaitMs);
  if (record?.runId !== week.runId) throw new Overtaken();
  const schema = await raiseShadows(tx, dataset, week);
  const { instanceId, runId } = week;
  const merged = await mergeWeek(tx, { dataset, instanceId, week: week.week, runId, fence: SHADOW_FENCE, parts, overrule: true });
  if (mustMatch && merged.checksum !== record.rowsChecksum) return undefined;
  const drift: TableDrift[] = [];
  const tables = dataTables(dataset);
  for (const [index, table] of tables.entries()) {
    const found = await findDrift(tx, schema, table, index, week);
    if (found.missing + found.changed + found.surplus === 0) continue;
    drift.push(found);
    if (!verify) await repair(tx, schema, table, index, week);
  }
  const right: WeekRecord = { ...record, rowCount: String(merged.rowsTotal), rowsChecksum: merged.checksum };
  const recorded = record.rowCount === right.rowCount && record.rowsChecksum === right.rowsChecksum;
  if (!recorded) drift.push({ table: 'report_data_weeks', missing: 0, changed: 1, surplus: 0 });
  const outcome = drift.length === 0 ? 'same' : verify ? 'drift' : 'rebuilt';
  let { dataVersion } = record;
  if (outcome === 'rebuilt') {
    dataVersion = await correctWeekRecord(tx, schema, week, right);
    await writeAudit(tx, {
      workspaceId: week.workspaceId,
      person: actor,
      action: 'week.rebuild',
      subject: `${week.dataset} v${week.datasetVersion}, instance ${week.instance}, week ${week.week}`,
      details: { drift, dataVersion },
    });
    if (week.collectionId !== null) await announce(tx, [weekChanged({ ...week, collectionId: week.collectionId })]);
  }
  await recordCheck(tx, week, { outcome, dataVersion: outcome === 'drift' ? null : dataVersion, note: describeDrift(drift) });
  crashPoint('rebuild.beforeCommit');
  return { outcome, drift, rows: merged.rowsTotal, dataVersion };
}

/** "fact_x_v1: 2 missing, 1 changed; …", or null when nothing differs. */
export const describeDrift = (drift: readonly TableDrift[]): string | null =>
  drift
    .map(({ table, ...counts }) => {
      const told = Object.entries(counts).filter(([, count]) => count > 0);
      return `${table}: ${told.map(([what, count]) => `${count} ${what}`).join(', ')}`;
    })
    .join('; ') || null;

async function again({ store, scope }: UpkeepContext, week: ServedWeek): Promise<ServedWeek | undefined> {
  const { dataset, datasetVersion } = week;
  const filter = { dataset, datasetVersion, firstWeek: week.week, lastWeek: week.week };
  return (await selectServedWeeks(store.pool, narrowed(scope, week.instanceId), filter))[0];
}

const busy = ({ week }: ServedWeek): CollectorError =>
  new CollectorError('conflict', `Week ${week} is being collected again and again; run this again when its collection is at rest.`, {
    kind: 'transient',
  });
