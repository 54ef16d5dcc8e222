import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, loadavg, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { benchDatasets } from './datasets.ts';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../src/data/store/embedded.ts';
import { migrate } from '../src/data/store/migrate.ts';
import { openStore } from '../src/data/store/store.ts';
import { benchBig } from './big.ts';
import { benchBloat } from './bloat.ts';
import { benchLoad } from './load.ts';
import { benchMakespan } from './makespan/makespan.ts';
import type { Bench, PartResult } from './part.ts';
import { benchPeers } from './peers/peers.ts';
import { queryPart } from './query-part.ts';
import { table } from './table.ts';

const HELP = `Measures the collector on this machine with its own PostgreSQL (durability as by default), and says which aims were reached.

  npm run bench -- [parts] [--rows N] [--weeks N] [--query-rows N] [--json FILE]

Parts, by default --load and --queries; they run one after the other:
  --load       backfill, unchanged, reordered and restated weeks beside raw COPY (3 min)
  --queries    latency of the questions that dashboards ask (3 min)
  --peers      the same files through dlt, beside ours; needs Python 3 and its package index (10 min)
  --makespan   52 weeks of five datasets over ten slots against an ideal executor (3 min)
  --bloat      a year of weekly restatement: tables and indexes against a fresh load (5 min)
  --big        memory for one week of 5,000,000 rows (5 min)
  --all        everything

  --rows N     rows in all weeks together (1040000)
  --weeks N    files, one per week (52)
  --query-rows N  rows that questions are asked over (1040000; the aims are for 10000000, made in under 6 min)
  --json FILE  writes the figures as JSON too`;

const PARTS: Record<string, (bench: Bench) => Promise<PartResult>> = {
  load: benchLoad,
  queries: queryPart,
  peers: benchPeers,
  makespan: benchMakespan,
  bloat: benchBloat,
  big: benchBig,
};
const BY_DEFAULT = ['load', 'queries'];

const flag = { type: 'boolean' } as const;
const { values } = parseArgs({
  options: {
    ...Object.fromEntries([...Object.keys(PARTS), 'all', 'help'].map((name) => [name, flag])),
    rows: { type: 'string' },
    'query-rows': { type: 'string' },
    weeks: { type: 'string' },
    json: { type: 'string' },
  },
});
const given = values as Record<string, string | boolean | undefined>;

async function run(): Promise<void> {
  const weeks = atLeastOne('weeks', '52');
  const rowsPerWeek = Math.ceil(atLeastOne('rows', '1040000') / weeks);
  const asked = Object.keys(PARTS).filter((name) => given.all || given[name]);
  const parts = asked.length > 0 ? asked : BY_DEFAULT;
  const datasets = await benchDatasets();
  const directory = await mkdtemp(join(tmpdir(), 'amc-reports-bench-'));
  const postgres = await startEmbeddedPostgres({ dataDir: join(directory, 'postgres') });
  const cleanUp = async (): Promise<void> => {
    await postgres.stop();
    await rm(postgres.directory, { recursive: true, force: true });
    await rm(directory, { recursive: true, force: true });
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void cleanUp().finally(() => process.exit(130)));
  try {
    const shared = {
      postgres,
      datasets,
      dataset: datasets.find((each) => each.dataset === 'campaign_performance')!,
      directory,
      weeks,
      rowsPerWeek,
      queryRows: atLeastOne('query-rows', '1040000'),
      openDatabase: (name: string) => openDatabase(postgres, datasets, name),
      log: (line: string) => console.error(line),
    } satisfies Bench;
    const machine = `${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GB, ${cpus()[0]?.model ?? ''}, load average ${loadavg()[0]!.toFixed(1)} before`;
    console.log(machine);
    const figures: Record<string, object> = {};
    // Each part is told, and written, when it ends: what was measured for minutes must not be lost with a later part.
    for (const name of parts) {
      const result = await PARTS[name]!(shared);
      console.log(`\n${table(result.lines)}`);
      figures[name] = result.figures;
      if (typeof given.json === 'string') await writeFile(given.json, `${JSON.stringify({ machine, ...figures }, null, 2)}\n`);
    }
  } finally {
    await cleanUp();
  }
}

async function openDatabase(postgres: EmbeddedPostgres, datasets: Bench['datasets'], name: string): ReturnType<Bench['openDatabase']> {
  const database = `bench_${name}`;
  const owner = await openStore(postgres.url, { maxConnections: 1 });
  await owner.pool.query(`CREATE DATABASE ${database}`);
  await owner.close();
  const url = new URL(postgres.url);
  url.pathname = `/${database}`;
  const store = await openStore(url.href, { maxConnections: 20 });
  await migrate(store, { datasets });
  return { store, url: url.href };
}

function atLeastOne(name: string, otherwise: string): number {
  const text = given[name] ?? otherwise;
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1) return value;
  console.error(`--${name} must be a whole number of at least 1, not '${text}'.`);
  process.exit(2);
}

if (given.help) {
  console.log(HELP);
} else {
  await run();
}
