import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EMPTY_DAYS } from '@amc-reports/test-support/import/import-fixture.ts';
import { importFiles } from '../../engine/collect/import/import.ts';
import { campaignFile, campaignHeader } from '@amc-reports/test-support/store/merge-fixture.ts';
import { exportFiles } from './export-files.ts';
import { readStorage, type Grouping } from './storage.ts';
import { createUpkeepWorld, type TestInstance, type UpkeepWorld } from '@amc-reports/test-support/upkeep/world.ts';

let world: UpkeepWorld;
let instance: TestInstance;
let to: string;

beforeAll(async () => {
  world = await createUpkeepWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  instance = await world.newInstance();
  to = join(world.folder, `export-${instance.id}`);
});

const WEEKS = ['2026-01-05', '2026-01-12', '2026-01-19'] as const;
const week = (monday: string) =>
  Buffer.concat([
    Buffer.from([0xef, 0xbb, 0xbf]),
    Buffer.from(campaignFile([{ event_date: monday, campaign: '"Ünter, ""x"""' }], { lineEnd: '\r\n' })),
  ]);
const run = (more: { firstWeek?: string; lastWeek?: string } = {}) =>
  exportFiles(world.context(), { instance: instance.amc, dataset: 'campaign_performance', to, ...more });
const folder = () => join(to, instance.amc, 'campaign_performance_v1');

test('weeks come out as the bytes they came in, and an export that is repeated goes on where it stopped', async () => {
  for (const monday of WEEKS) await instance.load('campaign_performance', week(monday));
  expect((await run({ firstWeek: WEEKS[0], lastWeek: WEEKS[0] })).map(({ outcome }) => outcome)).toEqual(['written']);
  const written = await stat(join(folder(), `${WEEKS[0]}.csv`));
  expect((await run()).map(({ outcome }) => outcome)).toEqual(['there', 'written', 'written']);
  expect((await stat(join(folder(), `${WEEKS[0]}.csv`))).mtimeMs).toBe(written.mtimeMs);
  for (const monday of WEEKS) expect(await readFile(join(folder(), `${monday}.csv`))).toEqual(week(monday));
  expect((await readdir(folder())).sort()).toEqual(WEEKS.map((monday) => `${monday}.csv`));
});

test('a result of several parts comes out in parts, the second time finding those that an interruption left', async () => {
  const texts = ['1', '2'].map((campaign_id) => campaignFile([{ campaign_id }]));
  const files = texts.map((_, index) => join(world.folder, `parts-${index}.csv`));
  await Promise.all(files.map((file, index) => writeFile(file, texts[index]!)));
  const request = {
    instance: instance.amc,
    dataset: 'campaign_performance',
    files,
    emptyDays: EMPTY_DAYS,
    dryRun: false,
  };
  await importFiles(world.context(), request);
  await run();
  await rm(join(folder(), `${WEEKS[0]}-part-2.csv`));
  await writeFile(join(folder(), `${WEEKS[0]}-part-2.csv.partial`), 'half');
  expect((await run()).map(({ outcome }) => outcome)).toEqual(['written']);
  expect((await readdir(folder())).sort()).toEqual([`${WEEKS[0]}-part-1.csv`, `${WEEKS[0]}-part-2.csv`]);
  expect(await readFile(join(folder(), `${WEEKS[0]}-part-2.csv`), 'utf8')).toBe(texts[1]);
});

test('a file of the same name with other content is never overwritten, and a damaged one gets no name', async () => {
  for (const monday of WEEKS) await instance.load('campaign_performance', week(monday));
  await mkdir(folder(), { recursive: true });
  await writeFile(join(folder(), `${WEEKS[0]}.csv`), 'mine');
  await world.query(`UPDATE week_runs SET file_sha256 = 'x' WHERE instance_id = $1 AND week = $2`, instance.id, WEEKS[1]);
  await world.query(
    'DELETE FROM result_files WHERE run_id = (SELECT accepted_run_id FROM report_data_weeks WHERE instance_id = $1 AND week = $2)',
    instance.id,
    WEEKS[2],
  );
  expect((await run()).map(({ outcome, note }) => [outcome, note])).toEqual([
    ['failed', expect.stringContaining('exists and holds something else')],
    ['failed', expect.stringContaining('SHA-256')],
    ['no_file', null],
  ]);
  expect(await readdir(folder())).toEqual([`${WEEKS[0]}.csv`]);
  expect(await readFile(join(folder(), `${WEEKS[0]}.csv`), 'utf8')).toBe('mine');
});

test('what is stored is counted by workspace, instance, dataset and week', async () => {
  const many = (monday: string, count: number) =>
    campaignFile(Array.from({ length: count }, (_, index) => ({ event_date: monday, campaign_id: String(index) })));
  await instance.load('campaign_performance', many(WEEKS[0], 300));
  await instance.load('campaign_performance', many(WEEKS[1], 100));
  const [exact] = await world.query<{ bytes: number }>(
    'SELECT sum(octet_length(packed))::int AS bytes FROM result_files WHERE instance_id = $1',
    instance.id,
  );
  const stored = (by: Grouping) => readStorage(world.context(), { instance: instance.amc, by });
  const byWeek = await stored('week');
  expect(byWeek.lines).toEqual([
    {
      instance: instance.amc,
      dataset: 'campaign_performance v1',
      week: WEEKS[0],
      rows: 300,
      servedFiles: expect.any(Number),
      otherFiles: 0,
      factBytes: expect.any(Number),
      rollupBytes: expect.any(Number),
    },
    expect.objectContaining({ week: WEEKS[1], rows: 100 }),
  ]);
  expect(byWeek.lines[0]!.factBytes / byWeek.lines[1]!.factBytes).toBeCloseTo(3);
  const [line] = (await stored('instance')).lines;
  expect(line).toMatchObject({ instance: instance.amc, dataset: null, week: null, rows: 400, servedFiles: exact!.bytes });
  const whole = await readStorage(world.context(), { by: 'workspace' });
  expect(whole.lines).toHaveLength(1);
  const facts = whole.tables.find(({ table }) => table === 'fact_campaign_performance_v1')!;
  expect(whole.lines[0]!.factBytes).toBeGreaterThan(0.99 * Number(facts.bytes));
  await world.query(
    'INSERT INTO result_files (instance_id, run_id, part, chunk, packed) VALUES ($1, 98765, 0, 0, $2)',
    instance.id,
    Buffer.from(campaignHeader),
  );
  expect((await stored('instance')).lines[0]!.otherFiles).toBe(campaignHeader.length);
});
