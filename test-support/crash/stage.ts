import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import Papa from 'papaparse';
import { storedFiles } from '@amc-reports/collector-service/data/store/merge/result-files.ts';
import { retryWeek } from '@amc-reports/collector-service/engine/collect/collections/retry-week.ts';
import { importFiles, type ImportRequest } from '@amc-reports/collector-service/engine/collect/import/import.ts';
import { acceptHeldRun, type HeldRequest } from './accept-held-run.ts';
import { createTestBench, SETTLED_HISTORY_DAYS, settledWeek, type TestBench } from '../collect/bench.ts';
import { startTestSandbox, type TestSandbox } from '../collect/sandbox.ts';
import { upkeepContext } from '../upkeep/context.ts';

export const WEEKS = 2;

/** What an undisturbed worker made of the weeks, once for all tests of a file. */
export interface Play {
  sandbox: TestSandbox;
  totals: unknown[];
  /** Paths of the weeks' result files as the sandbox sent them, altered a little, and with many more rows than will come. */
  files: { real: string[]; altered: string[]; longer: string[] };
}

/** One test's collector and what is played on it. */
export interface Stage {
  play: Play;
  bench: TestBench;
  import(files: readonly string[]): Promise<void>;
  /** Accepts every held run. */
  acceptHeld(): Promise<void>;
  /** Asks for every week again. */
  again(id: string): Promise<void>;
}

export async function rehearse(): Promise<Play> {
  const sandbox = await startTestSandbox({ historyDays: SETTLED_HISTORY_DAYS });
  const bench = await createTestBench(sandbox);
  const { id } = await bench.collect(WEEKS);
  await bench.work(async () => (await bench.detail(id)).state === 'complete');
  const results = await resultFiles(bench);
  const folder = await mkdtemp(join(tmpdir(), 'crash-'));
  const write = (name: string, change: (csv: string) => string): Promise<string[]> =>
    Promise.all(
      results.map(async (csv, index) => {
        const path = join(folder, `${name}-${index}.csv`);
        await writeFile(path, change(csv));
        return path;
      }),
    );
  const play = {
    sandbox,
    totals: await bench.totals(),
    files: { real: await write('real', (csv) => csv), altered: await write('altered', alter), longer: await write('longer', lengthen) },
  };
  await bench.drop();
  return play;
}

export async function openStage(play: Play): Promise<Stage> {
  const bench = await createTestBench(play.sandbox);
  return {
    play,
    bench,
    import: async (files) => void (await importFiles(upkeepContext(bench.database), importRequest(files))),
    acceptHeld: async () => {
      for (let held = await firstHeld(bench); held; held = await firstHeld(bench)) await acceptHeldRun(bench.database, held);
    },
    again: async (id) => {
      for (let week = 0; week < WEEKS; week++) await retryWeek(bench.ctx, { id, week: settledWeek(week) });
    },
  };
}

/** What a person says about the oldest held run; undefined when there is none. */
export async function firstHeld(bench: TestBench): Promise<HeldRequest | undefined> {
  const [run] = await bench.query<{ run: string; instance: string }>(
    `SELECT id AS run, instance_id AS instance FROM week_runs WHERE state = 'held' ORDER BY id LIMIT 1`,
  );
  return run && { run: run.run, instance: run.instance, workspaceId: bench.database.workspaceId };
}

export const importRequest = (files: readonly string[]): ImportRequest => ({
  instance: 'amcsandbox1',
  dataset: 'campaign_performance',
  files,
  dryRun: false,
});

async function resultFiles(bench: TestBench): Promise<string[]> {
  const { store } = bench.database;
  const runs = await bench.query<{ id: string; instance: string }>('SELECT id, instance_id AS instance FROM week_runs ORDER BY week');
  return store.transaction(async (tx) => {
    const texts: string[] = [];
    for (const run of runs) for (const file of await storedFiles(tx, run.instance, run.id)) texts.push(await text(file.open()));
    return texts;
  });
}

/** Three rows gone, three that the real result will not have, and one with another number: every way in which a week can change. */
function alter(csv: string): string {
  const { data, unparse } = rowsOf(csv);
  const others = data.slice(3);
  // Of a row that has impressions: one of clicks alone would then have more clicks than impressions, to which the judge objects.
  const [seen] = others.splice(
    others.findIndex(({ impressions }) => Number(impressions) > 0),
    1,
  );
  const strangers = data.slice(0, 3).map((row) => ({ ...row, family: `stranger_${row.family}` }));
  return unparse([...others.reverse(), ...strangers, { ...seen, impressions: String(Number(seen!.impressions) + 1) }]);
}

/** The real rows would be less than half of these, to which the judge objects. */
function lengthen(csv: string): string {
  const { data, unparse } = rowsOf(csv);
  const strangers = ['one', 'two'].flatMap((name) => data.map((row) => ({ ...row, family: `${name}_${row.family}` })));
  return unparse([...data, ...strangers]);
}

type Row = Record<string, string>;

function rowsOf(csv: string): { data: Row[]; unparse(rows: Row[]): string } {
  const { data, meta } = Papa.parse<Row>(csv, { header: true, skipEmptyLines: true });
  return { data, unparse: (rows) => `${Papa.unparse(rows, { columns: meta.fields!, newline: '\n' })}\n` };
}
