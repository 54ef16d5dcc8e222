import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { IsoDate } from '../src/ground/calendar/week.ts';
import type { Store } from '../src/data/store/store.ts';
import { createAccount } from './account.ts';
import { LoadRun } from './load-run.ts';
import type { Bench, PartResult } from './part.ts';
import { fileOf, weekLines } from './rows.ts';
import { atMost, megabytes, times, whole } from './table.ts';
import { lastWeeks } from './weeks.ts';

const WEEKS = 52;
const ROWS = 4_000;
/** Past weeks that each tick of the schedule asks for again. */
const AGAIN = 6;
/** Each version of a week differs in this share from the first one, so from the version before in about 10 %. */
const CHANGED = 0.05;
/** Autovacuum has a week between two ticks; here it gets the time it needs, up to this. */
const VACUUM_MS = 30_000;

const TABLES = `c.relkind = 'r' AND (c.relname ~ '^(fact_|rollup_)' OR c.relname IN ('result_files', 'report_data_weeks', 'week_revisions'))`;

/** A year of a weekly schedule that restates the last six weeks at each tick, against a load of the same data into empty tables. */
export async function benchBloat(bench: Bench): Promise<PartResult> {
  const weeks = lastWeeks(WEEKS + AGAIN);
  const admin = new pg.Client(bench.postgres.adminUrl);
  await admin.connect();
  try {
    // Everything else about autovacuum stays as PostgreSQL has it; a year takes minutes here, so it looks every second.
    await admin.query('ALTER SYSTEM SET autovacuum_naptime = 1');
    await admin.query('SELECT pg_reload_conf()');
    bench.log(`A year of weekly restatement, ${whole(ROWS)} rows a week …`);
    const year = await bench.openDatabase('year');
    const versions = await restateForAYear(bench, year.store, weeks);
    bench.log('The same data into empty tables …');
    const fresh = await bench.openDatabase('fresh');
    await loadVersions(bench, fresh.store, weeks, versions);
    const [grown, small] = [await sizeOf(year.store), await sizeOf(fresh.store)];
    await year.store.close();
    await fresh.store.close();
    const worst = Object.entries(grown.tables)
      .map(([name, bytes]) => ({ name, ratio: bytes / small.tables[name]! }))
      .filter(({ name }) => small.tables[name]! > 1e6)
      .sort((left, right) => right.ratio - left.ratio)[0];
    return {
      lines: [
        atMost('Tables and indexes after a year of weekly restatement, against a fresh load', grown.bytes / small.bytes, 1.5, times),
        { what: '  megabytes', reached: `${megabytes(grown.bytes / 1e6)} against ${megabytes(small.bytes / 1e6)}` },
        ...(worst ? [{ what: `  worst table over 1 MB: ${worst.name}`, reached: times(worst.ratio) }] : []),
      ],
      figures: { ratio: grown.bytes / small.bytes, grown, fresh: small },
    };
  } finally {
    await admin.query('ALTER SYSTEM RESET autovacuum_naptime');
    await admin.query('SELECT pg_reload_conf()');
    await admin.end();
  }
}

type Versions = Map<IsoDate, number>;

async function restateForAYear(bench: Bench, store: Store, weeks: readonly IsoDate[]): Promise<Versions> {
  const collect = await collector(bench, store, weeks);
  const versions: Versions = new Map();
  for (const [tick, newest] of weeks.entries()) {
    for (const week of [newest, ...weeks.slice(Math.max(0, tick - AGAIN), tick)]) {
      const version = (versions.get(week) ?? -1) + 1;
      versions.set(week, version);
      await collect(week, version);
    }
    await vacuumed(store);
  }
  return versions;
}

async function loadVersions(bench: Bench, store: Store, weeks: readonly IsoDate[], versions: Versions): Promise<void> {
  const collect = await collector(bench, store, weeks);
  for (const week of weeks) await collect(week, versions.get(week)!);
}

/** Collects a version of a week: 0 is the first one. */
async function collector(
  bench: Bench,
  store: Store,
  weeks: readonly IsoDate[],
): Promise<(week: IsoDate, version: number) => Promise<void>> {
  const account = await createAccount(store, bench.dataset, weeks[0]!, weeks.at(-1)!);
  const run = new LoadRun({ ...bench, rowsPerWeek: ROWS, store, account });
  return async (week, version) => {
    await writeFile(join(bench.directory, 'version.csv'), fileOf(weekLines(week, ROWS, version === 0 ? 0 : CHANGED, version)));
    const [held] = await account.claimRuns([week]);
    await run.collect(week, held!, 'version.csv');
  };
}

/** Waits until autovacuum has nothing to do by its own rule, as it would long before the next tick. */
async function vacuumed(store: Store): Promise<void> {
  for (const end = Date.now() + VACUUM_MS; Date.now() < end; await sleep(200)) {
    await store.pool.query('SELECT pg_stat_force_next_flush()');
    const { rowCount } = await store.pool.query(
      `SELECT FROM pg_stat_user_tables s JOIN pg_class c ON c.oid = s.relid
        WHERE ${TABLES}
          AND s.n_dead_tup > current_setting('autovacuum_vacuum_threshold')::int + current_setting('autovacuum_vacuum_scale_factor')::float8 * greatest(c.reltuples, 0)`,
    );
    if (rowCount === 0) return;
  }
}

async function sizeOf(store: Store): Promise<{ bytes: number; tables: Record<string, number> }> {
  const { rows } = await store.pool.query<{ name: string; bytes: string }>(
    `SELECT c.relname AS name, pg_total_relation_size(c.oid)::text AS bytes FROM pg_class c WHERE ${TABLES}`,
  );
  const tables = Object.fromEntries(rows.map(({ name, bytes }) => [name, Number(bytes)]));
  return { bytes: Object.values(tables).reduce((sum, bytes) => sum + bytes, 0), tables };
}
