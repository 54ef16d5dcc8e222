import Papa from 'papaparse';
import pg from 'pg';
import type { Column, Dataset } from '../../src/data/catalogue/dataset.ts';
import { factTable, storedName, SUPPRESSED, UNKNOWN, unitDivisor } from '../../src/data/catalogue/tables.ts';
import { addDays } from '../../src/ground/calendar/week.ts';
import { openTruth, type WeekTruth } from '@amc-reports/test-support/sandbox/truth.ts';
import { Violation } from './violation.ts';
import { TIME_ZONE, type World, type WorldCollection } from './world.ts';

/** An execution as the sandbox tells of it. */
export interface Sold {
  workflowExecutionId: string;
  workflowId: string;
  instanceId: string;
  status: string;
  dryRun: boolean;
  /** Instant whose knowledge the result has. */
  asOf: string;
  createTime: string;
}

/** The newest run that brought data of a week, and how many rows are served. */
interface ServedWeek {
  run_id: string;
  week: string;
  execution: string;
  rows: string;
}

/**
 * I1: what is served of every week is what the sandbox said in the newest execution that was accepted: row by row against the file
 * the sandbox keeps, and in sum against its base events, which our SQL, its engine and its privacy filter never touched.
 * @returns weeks compared
 */
export async function compareWithTruth(world: World, sold: ReadonlyMap<string, Sold>): Promise<number> {
  const url = new URL(world.sandbox.adminUrl);
  url.pathname = '/amc_sandbox';
  const sandbox = new pg.Pool({ connectionString: url.href, max: 2 });
  const truth = openTruth(world.sandbox.adminUrl);
  let compared = 0;
  try {
    for (const collection of world.collections) {
      const weeks = await servedWeeks(world, collection);
      for (const week of weeks) await compareRows(world, sandbox, collection, week);
      const asOf = new Map(weeks.map((week) => [week.week, new Date(sold.get(week.execution)!.asOf)]));
      for (const stretch of stretches(weeks)) {
        const [fromWeek, last] = [stretch[0]!.week, stretch.at(-1)!.week];
        const query = { instanceId: collection.instance.amcInstanceId, timeZone: TIME_ZONE, fromWeek, toWeek: addDays(last, 7), asOf };
        await compareTotals(world, collection, stretch, await truth.weeks(query));
      }
      compared += weeks.length;
    }
  } finally {
    await sandbox.end();
    await truth.close();
  }
  return compared;
}

async function servedWeeks(world: World, { id, instance, dataset }: WorldCollection): Promise<ServedWeek[]> {
  const { rows } = await world.store.pool.query<ServedWeek>(
    `SELECT DISTINCT ON (r.week) r.id AS run_id, r.week::text, r.execution_id AS execution,
       (SELECT count(*) FROM ${factTable(dataset)} f WHERE f.instance_id = $2 AND f.week = r.week)::text AS rows
     FROM week_runs r WHERE r.collection_id = $1 AND r.state = 'done' ORDER BY r.week, r.id DESC`,
    [id, instance.id],
  );
  return rows;
}

/** Weeks without a gap, as the truth wants them. */
function stretches(weeks: readonly ServedWeek[]): ServedWeek[][] {
  const found: ServedWeek[][] = [];
  for (const week of weeks) {
    const last = found.at(-1);
    if (last && addDays(last.at(-1)!.week, 7) === week.week) last.push(week);
    else found.push([week]);
  }
  return found;
}

async function compareRows(world: World, sandbox: pg.Pool, collection: WorldCollection, served: ServedWeek): Promise<void> {
  const { dataset, instance } = collection;
  const { rows: files } = await sandbox.query<{ body: string }>(
    'SELECT body FROM sandbox.result_file WHERE execution_id = $1 ORDER BY part',
    [served.execution],
  );
  if (files.length === 0) throw new Violation('I1', `the sandbox keeps no file of execution ${served.execution}`, [served.run_id]);
  const expected = files.flatMap(({ body }) => rowsOfFile(dataset, body)).sort();
  const columns = dataset.columns.map((column) => `${storedName(column)}::text AS ${storedName(column)}`);
  const { rows } = await world.store.pool.query<Record<string, string | null>>(
    `SELECT ${columns.join(', ')} FROM ${factTable(dataset)} WHERE instance_id = $1 AND week = $2`,
    [instance.id, served.week],
  );
  const actual = rows.map((row) => JSON.stringify(dataset.columns.map((column) => plain(column, row[storedName(column)] ?? null)))).sort();
  const missing = expected.filter((row) => !actual.includes(row));
  if (missing.length === 0 && actual.length === expected.length) return;
  const extra = actual.filter((row) => !expected.includes(row));
  const what = `${actual.length} rows are served and ${expected.length} were sent; missing ${missing.slice(0, 2).join(' ')}, not sent ${extra.slice(0, 2).join(' ')}`;
  throw new Violation('I1', `week ${served.week} of ${dataset.dataset}, ${instance.amcInstanceId}: ${what}`, [served.run_id]);
}

/** The file's rows as the fact table should hold them, each as text. */
function rowsOfFile(dataset: Dataset, body: string): string[] {
  const { data } = Papa.parse<Record<string, string>>(body, { header: true, skipEmptyLines: true });
  return data.map((row) => {
    const filtered = row.filtered?.toUpperCase() === 'TRUE';
    return JSON.stringify(
      dataset.columns.map((column) => {
        const value = row[column.name] ?? '';
        if (column.type === 'string') return value === '' ? (filtered ? SUPPRESSED : UNKNOWN) : value;
        if (value === '') return null;
        if (column.type === 'boolean') return value.toLowerCase();
        return column.type === 'date' ? value : plain(column, String(Number(value) / unitDivisor(column)));
      }),
    );
  });
}

/** Numbers without their accidents of writing; 8 digits are more than any unit needs. */
const plain = (column: Column, value: string | null): string | null =>
  value === null || !['integer', 'decimal'].includes(column.type) ? value : String(Math.round(Number(value) * 1e8) / 1e8);

const SUMS: Record<string, Record<string, keyof WeekTruth>> = {
  crash_traffic: { impressions: 'impressions', 'coalesce(sponsored_ads_spend, 0) + coalesce(dsp_cost, 0)': 'spend' },
  crash_clicks: { clicks: 'clicks' },
  crash_sales: { purchases: 'purchases', sales: 'sales', units: 'units' },
  crash_interest: { detail_page_views: 'detail_page_views', add_to_carts: 'add_to_carts', ntb_purchases: 'ntb_purchases' },
};

async function compareTotals(
  world: World,
  collection: WorldCollection,
  stretch: readonly ServedWeek[],
  truth: readonly WeekTruth[],
): Promise<void> {
  const { dataset, instance } = collection;
  const sums = Object.entries(SUMS[dataset.dataset]!);
  const { rows } = await world.store.pool.query<Record<string, string>>(
    `SELECT week::text, ${sums.map(([sql], index) => `coalesce(sum(${sql}), 0)::text AS s${index}`).join(', ')}
     FROM ${factTable(dataset)} WHERE instance_id = $1 GROUP BY week`,
    [instance.id],
  );
  const served = new Map(rows.map((row) => [row.week, row]));
  for (const { week, run_id } of stretch) {
    const known = truth.filter((row) => row.week === week);
    for (const [index, [, name]] of sums.entries()) {
      const expected = known.reduce((sum, row) => sum + Number(row[name]), 0);
      const actual = Number(served.get(week)?.[`s${index}`] ?? 0);
      if (Math.abs(actual - expected) < 0.005) continue;
      const message = `week ${week} of ${dataset.dataset}, ${instance.amcInstanceId}: ${name} is ${actual}, the events add up to ${expected}`;
      throw new Violation('I1', message, [run_id]);
    }
  }
}
