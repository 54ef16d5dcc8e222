import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, loadavg, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { loadDatasets, SHIPPED_DATASETS } from '../src/catalogue/load.ts';
import { startEmbeddedPostgres } from '../src/store/embedded.ts';
import { migrate } from '../src/store/migrate.ts';
import { openStore } from '../src/store/store.ts';
import { benchLoad, type LoadFigures } from './load.ts';
import { benchQueries } from './query.ts';
import { table, type Line } from './table.ts';

const HELP = `Measures the collector on this machine, against raw COPY and with its own PostgreSQL (durability as by default).

  npm run bench -- [--rows N] [--weeks N] [--json FILE]

  --rows N     rows in all weeks together (1040000)
  --weeks N    files, one per week (52)
  --json FILE  writes the figures as JSON too`;

const { values } = parseArgs({
  options: { rows: { type: 'string' }, weeks: { type: 'string' }, json: { type: 'string' }, help: { type: 'boolean' } },
});
async function run(): Promise<void> {
  const weeks = atLeastOne('weeks', values.weeks ?? '52');
  const rowsPerWeek = Math.ceil(atLeastOne('rows', values.rows ?? '1040000') / weeks);
  const directory = await mkdtemp(join(tmpdir(), 'amc-reports-bench-'));
  const log = (line: string): void => console.error(line);
  const postgres = await startEmbeddedPostgres({ dataDir: join(directory, 'postgres') });
  try {
    const store = await openStore(postgres.url, { maxConnections: 20 });
    try {
      const datasets = await loadDatasets([SHIPPED_DATASETS]);
      await migrate(store, { datasets });
      const dataset = datasets.find((each) => each.dataset === 'campaign_performance')!;
      const { figures } = await benchLoad({ store, dataset, directory, weeks, rowsPerWeek, log });
      const queries = await benchQueries(store, { rows: weeks * rowsPerWeek, progress: log });
      const queryLines = queries.rows.map(({ what, p50Ms, p95Ms }) => ({
        what,
        reached: `p50 ${p50Ms.toFixed(1)} ms, p95 ${p95Ms.toFixed(1)} ms`,
      }));
      const machine = `${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GB, ${cpus()[0]?.model ?? ''}, load average ${loadavg()[0]!.toFixed(1)}`;
      console.log(`${machine}\n\n${table([...loadLines(figures), ...queryLines])}`);
      if (values.json) await writeFile(values.json, `${JSON.stringify({ machine, ...figures, ...nested(queries.json) }, null, 2)}\n`);
    } finally {
      await store.close();
    }
  } finally {
    await postgres.stop();
    await rm(postgres.directory, { recursive: true, force: true });
    await rm(directory, { recursive: true, force: true });
  }
}

function atLeastOne(name: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1) return value;
  console.error(`--${name} must be a whole number of at least 1, not '${text}'.`);
  process.exit(2);
}

/** `query.kpi.p50Ms` as { query: { kpi: { p50Ms } } }, like the figures of the load. */
function nested(flat: Record<string, number>): Record<string, unknown> {
  const root: Record<string, unknown> = {};
  for (const [path, value] of Object.entries(flat)) {
    const names = path.split('.');
    let at = root;
    for (const name of names.slice(0, -1)) at = (at[name] ??= {}) as Record<string, unknown>;
    at[names.at(-1)!] = value;
  }
  return root;
}

const whole = (value: number): string => Math.round(value).toLocaleString('en-US');
const percent = (value: number): string => `${(value * 100).toFixed(value < 0.1 ? 2 : 0)} %`;

function loadLines({ load, sequential, unchanged, reordered, restated }: LoadFigures): Line[] {
  return [
    {
      what: `Backfill, ${whole(load.rows)} rows in ${load.weeks} files (${whole(load.fileMb)} MB)`,
      reached: `${whole(load.rowsPerSecond)} rows/s`,
    },
    { what: 'Raw COPY of the same rows into the same indexed table', reached: `${whole(load.copyRowsPerSecond)} rows/s` },
    { what: 'Backfill against raw COPY, two merges at once as the collector does', reached: percent(load.ratioToCopy), aim: '≥ 75 %' },
    { what: 'Backfill against raw COPY, one week after the other', reached: percent(sequential.ratioToCopy) },
    { what: 'Memory of the process, peak', reached: `${whole(load.peakMb)} MB`, aim: '≤ 300 MB' },
    { what: 'Unchanged week, identical bytes', reached: `${unchanged.msPerWeek.toFixed(1)} ms`, aim: '≤ 50 ms' },
    { what: '  rows written', reached: whole(unchanged.rowsWritten), aim: '0' },
    { what: '  write-ahead log against the load of a week', reached: percent(unchanged.walShare), aim: '≤ 1 %' },
    { what: 'Unchanged week, rows in another order', reached: `${reordered.msPerWeek.toFixed(1)} ms` },
    { what: '  rows written', reached: whole(reordered.rowsWritten), aim: '0' },
    { what: '  write-ahead log against the load of a week', reached: percent(reordered.walShare) },
    { what: 'Restated week, 10 % of campaign days changed', reached: `${restated.msPerWeek.toFixed(1)} ms` },
    { what: '  rows/s against raw COPY', reached: percent(restated.ratioToCopy) },
  ];
}

if (values.help) {
  console.log(HELP);
} else {
  await run();
}
