import { join } from 'node:path';
import type { IsoDate } from '../../src/ground/calendar/week.ts';
import { RESTATED_WEEKS } from '../load-run.ts';
import { writeFiles } from '../load.ts';
import { runWatched } from '../memory.ts';
import type { Bench, PartResult } from '../part.ts';
import { atLeast, atMost, megabytes, times, whole, type Line } from '../table.ts';
import { lastWeeks } from '../weeks.ts';
import { loadWithDlt, VARIANTS, type Variant } from './dlt.ts';
import { preparePython } from './python.ts';

/** Rows per second. */
interface Speeds {
  first: number;
  restated: number;
  identical: number;
  /** Resident, with the files of the program, and without them (memory.ts). */
  peakMb: number;
  ownMb: number;
}

const WORKER_FLAG = '--max-semi-space-size=2';

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

/**
 * On the flags of a worker that serves no answers (docs/operations.md, "Sizing"). A start with one week comes first: Node keeps what it
 * makes of the sources then, as pip did with dlt's when it installed them, and every later start of a worker finds that.
 */
async function runOurs(bench: Bench, weeks: readonly IsoDate[]): Promise<Speeds> {
  await startOurs(bench, 'ours_compiled', weeks.slice(-1));
  const { stdout, ownMb } = await startOurs(bench, 'ours_beside_peers', weeks);
  return { ...(JSON.parse(stdout) as Omit<Speeds, 'ownMb'>), ownMb };
}

async function startOurs(
  { directory, rowsPerWeek, openDatabase }: Bench,
  name: string,
  weeks: readonly IsoDate[],
): ReturnType<typeof runWatched> {
  const { store, url } = await openDatabase(name);
  await store.close();
  const program = [WORKER_FLAG, join(import.meta.dirname, 'ours.ts'), directory, String(rowsPerWeek), ...weeks];
  return runWatched(process.execPath, program, { env: { ...process.env, BENCH_DATABASE_URL: url } });
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
    peakMb: Math.max(first.peakMb, identical.peakMb, restated.peakMb),
    ownMb: Math.max(first.ownMb, identical.ownMb, restated.ownMb),
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
    memoryLine(
      'Memory of the process, peak',
      ours.peakMb,
      dlt.map(({ peakMb }) => peakMb),
    ),
    memoryLine(
      '  without the files of the program',
      ours.ownMb,
      dlt.map(({ ownMb }) => ownMb),
    ),
  ];
}

/** The aim is to take less than the smallest of dlt's. */
const memoryLine = (what: string, ours: number, dlt: readonly number[]): Line =>
  atMost(`${what} (dlt's variants: ${megabytes(Math.min(...dlt))} to ${megabytes(Math.max(...dlt))})`, ours, Math.min(...dlt), megabytes);
