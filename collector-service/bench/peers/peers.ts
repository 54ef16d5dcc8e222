import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { IsoDate } from '../../src/ground/calendar/week.ts';
import { RESTATED_WEEKS } from '../load-run.ts';
import { writeFiles } from '../load.ts';
import type { Bench, PartResult } from '../part.ts';
import { atLeast, times, whole, type Line } from '../table.ts';
import { lastWeeks } from '../weeks.ts';
import { loadWithDlt, VARIANTS, type Variant } from './dlt.ts';
import { preparePython } from './python.ts';

/** Rows per second. */
interface Speeds {
  first: number;
  restated: number;
  identical: number;
}

/** Weeks of the variant that starts a process for each: enough to know its pace. */
const PROCESS_WEEKS = 8;

/** The same files through ours and through dlt's best ways, into the same server, one after the other. */
export async function benchPeers(bench: Bench): Promise<PartResult> {
  bench.log('Installing dlt in a folder of its own …');
  const python = await preparePython(bench.directory);
  if ('missing' in python)
    return { lines: [{ what: 'Beside dlt', reached: `skipped: ${python.missing}` }], figures: { skipped: python.missing } };
  const weeks = lastWeeks(bench.weeks);
  await writeFiles(bench, weeks);
  bench.log('Collecting with ours …');
  const ours = await runOurs(bench, weeks);
  const { store, url } = await bench.openDatabase('peers');
  await store.close();
  const dlt: (Speeds & Variant)[] = [];
  for (const [index, variant] of VARIANTS.entries()) {
    bench.log(`Loading with dlt: ${variant.name} …`);
    const chosen = variant.runs === 'process' ? weeks.slice(-PROCESS_WEEKS) : weeks;
    const load = { python, variant, index, databaseUrl: url, directory: bench.directory };
    dlt.push({ ...variant, ...(await runDlt(bench, load, chosen)) });
  }
  return { lines: lines(ours, dlt), figures: { python: python.version, ours, dlt } };
}

async function runOurs({ directory, rowsPerWeek, openDatabase }: Bench, weeks: readonly IsoDate[]): Promise<Speeds> {
  const { store, url } = await openDatabase('ours_beside_peers');
  await store.close();
  const program = [...process.execArgv, join(import.meta.dirname, 'ours.ts'), directory, String(rowsPerWeek), ...weeks];
  const { stdout } = await promisify(execFile)(process.execPath, program, { env: { ...process.env, BENCH_DATABASE_URL: url } });
  return JSON.parse(stdout) as Speeds;
}

async function runDlt(bench: Bench, load: Parameters<typeof loadWithDlt>[0], weeks: readonly IsoDate[]): Promise<Speeds> {
  const filesOf = (kind: string, some: readonly IsoDate[]): string[] => some.map((week) => join(bench.directory, `${kind}-${week}.csv`));
  const late = weeks.slice(-RESTATED_WEEKS);
  const first = await loadWithDlt(load, filesOf('week', weeks), true);
  const expected = weeks.length * bench.rowsPerWeek;
  if (first.rows !== expected) throw new Error(`dlt (${load.variant.name}) stored ${first.rows} rows of ${expected}.`);
  const identical = await loadWithDlt(load, filesOf('week', late), false);
  const restated = await loadWithDlt(load, filesOf('restated', late), false);
  if (restated.rows !== expected)
    throw new Error(`dlt (${load.variant.name}) has ${restated.rows} rows of ${expected} after a restatement.`);
  const repeated = late.length * bench.rowsPerWeek;
  return {
    first: expected / first.seconds,
    identical: repeated / identical.seconds,
    restated: repeated / restated.seconds,
  };
}

function lines(ours: Speeds, dlt: readonly (Speeds & Variant)[]): Line[] {
  const best = (phase: 'first' | 'restated' | 'identical', of = dlt): number => Math.max(...of.map((each) => each[phase]));
  const perWeek = dlt.filter(({ runs }) => runs !== 'once');
  const show = ({ first, restated, identical }: Speeds): string => [first, restated, identical].map(whole).join(' / ');
  return [
    { what: 'Rows/s of a first load / restated weeks / identical weeks: ours', reached: show(ours) },
    ...dlt.map((each) => ({ what: `  dlt, ${each.name}`, reached: show(each) })),
    atLeast('First load against dlt, best with a run per week', ours.first / best('first', perWeek), 2, times),
    { what: 'First load against dlt, one run of all weeks without a commit per week', reached: times(ours.first / best('first')) },
    atLeast('Restated weeks against dlt, best of any kind', ours.restated / best('restated'), 1.5, times),
    atLeast('Identical weeks against dlt, best of any kind', ours.identical / best('identical'), 10, times),
  ];
}
