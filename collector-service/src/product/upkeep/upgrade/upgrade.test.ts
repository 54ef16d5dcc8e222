import { readdir } from 'node:fs/promises';
import { createUpkeepWorld, type TestInstance, type UpkeepWorld } from '@amc-reports/test-support/upkeep/world.ts';
import { rebuild } from '../rebuild.ts';
import { shop, shopFile, shopTwo } from '@amc-reports/test-support/upkeep/shop.ts';
import { upgradeDataset, type UpgradeRequest } from './upgrade.ts';

let world: UpkeepWorld;
let instance: TestInstance;

beforeAll(async () => {
  world = await createUpkeepWorld([
    shop(),
    shopTwo(),
    shopTwo({ version: 3, columns: [...shopTwo().columns, { name: 'basket', type: 'integer', role: 'measure' }] }),
    shopTwo({ version: 4, columns: shopTwo().columns.filter(({ name }) => name !== 'campaign'), dimensions: [], rollups: [] }),
    shopTwo({ version: 5, sql: { ...shop().sql!, template: 'SELECT * FROM ({{parts.rows}})' } }),
  ]);
});
afterAll(() => world.close());
beforeEach(async () => {
  instance = await world.newInstance();
});

const WEEKS = ['2026-01-05', '2026-01-12', '2026-01-19'] as const;
const load = (week: string, factor = 1, more: { header?: string; value?: string } = {}, version = 1) =>
  instance.load('shop', shopFile(week, factor, more), undefined, version);
const run = (more: Partial<UpgradeRequest> = {}) =>
  upgradeDataset(world.context(), {
    dataset: 'shop',
    to: 2,
    instances: [instance.amc],
    trustFiles: false,
    collectMissing: false,
    dryRun: false,
    ...more,
  });
const collections = () =>
  world.query<{ version: number; workflow: string; validated: boolean }>(
    `SELECT dataset_version AS version, workflow_id AS workflow, validated_at IS NOT NULL AS validated FROM report_data_collections WHERE instance_id = $1 ORDER BY id`,
    instance.id,
  );
const rows = (table: string, columns: string) =>
  world.query<Record<string, string>>(`SELECT ${columns} FROM ${table} WHERE instance_id = $1 ORDER BY ${columns}`, instance.id);
const OLD = ['fact_shop_v1', 'rollup_shop_v1_total_week'];

test('a new version is filled from the stored files of the old one, and both are there side by side', async () => {
  for (const week of WEEKS) await load(week, 2);
  await world.query(`UPDATE report_data_collections SET validated_at = now() WHERE instance_id = $1`, instance.id);
  await world.query(`UPDATE report_data_weeks SET collected_at = '2026-02-01T00:00:00Z' WHERE instance_id = $1`, instance.id);
  const old = await world.dump(...OLD);
  const [upgraded] = await run();
  expect(upgraded).toMatchObject({ instance: instance.amc, from: 1, blocked: null, moved: { planned: [], lost: [] } });
  expect(upgraded!.weeks.map(({ week, outcome, rows: n }) => [week, outcome, n])).toEqual(WEEKS.map((week) => [week, 'filled', 3]));
  expect(await world.dump(...OLD)).toEqual(old);
  expect((await rows('fact_shop_v2', 'week::text, campaign, shown::text')).slice(0, 3)).toEqual([
    { week: WEEKS[0], campaign: '\u0001unknown', shown: '202' },
    { week: WEEKS[0], campaign: 'Boots', shown: '200' },
    { week: WEEKS[0], campaign: 'Socks, "warm"\nand dry', shown: '201' },
  ]);
  expect(await rows('rollup_shop_v2_campaign_month', 'week::text, shown::text')).toHaveLength(9);
  expect(await rows('rollup_shop_v2_total_week', 'week::text, shown::text')).toEqual(WEEKS.map((week) => ({ week, shown: '603' })));
  expect(await rows('fact_shop_v2', 'extra')).toEqual(Array.from({ length: 9 }, () => ({ extra: null })));
  const moved = { version: 2, workflow: expect.stringContaining('amcreports_shop_v2_'), validated: false };
  expect(await collections()).toEqual([moved, moved, moved]);
  expect(
    await world.query(
      `SELECT data_version::text AS v, collected_at = '2026-02-01T00:00:00Z' AS "as old as the file" FROM report_data_weeks WHERE instance_id = $1 AND dataset_version = 2`,
      instance.id,
    ),
  ).toEqual(WEEKS.map(() => ({ v: '1', 'as old as the file': true })));
  expect(await readdir(world.deps.spoolDirectory)).toEqual([]);
});

test('either version can be rebuilt from files of its own afterwards', async () => {
  for (const week of WEEKS) await load(week);
  await run();
  const rebuilt = await rebuild(world.context(), { instance: instance.amc, verify: false });
  expect(rebuilt.map(({ outcome }) => outcome)).toEqual(Array(6).fill('same'));
});

test('a dry run tries every week and leaves no trace', async () => {
  for (const week of WEEKS) await load(week);
  const before = await world.counts();
  expect((await run({ dryRun: true }))[0]).toMatchObject({
    moved: null,
    blocked: null,
    weeks: WEEKS.map(() => ({ outcome: 'filled', rows: 3 })),
  });
  expect(await world.counts()).toEqual(before);
  expect((await collections())[0]!.version).toBe(1);
});

test('repeated, it goes on where it stopped and takes in what the old version collected meanwhile', async () => {
  for (const week of WEEKS) await load(week);
  const [collection] = await world.query<{ id: string }>('SELECT id FROM report_data_collections WHERE instance_id = $1', instance.id);
  await world.query(
    `INSERT INTO week_runs (collection_id, instance_id, week, state) VALUES ($1, $2, $3, 'running')`,
    collection!.id,
    instance.id,
    WEEKS[1],
  );
  const [blocked] = await run();
  expect(blocked).toMatchObject({ moved: null, blocked: expect.stringContaining(`${WEEKS[1]} (running)`) });
  await world.query(`UPDATE week_runs SET state = 'failed' WHERE instance_id = $1 AND state = 'running'`, instance.id);
  await load(WEEKS[2], 3);
  const [upgraded] = await run();
  expect(upgraded!.weeks.map(({ outcome }) => outcome)).toEqual(['there', 'there', 'filled']);
  expect(upgraded!.blocked).toBeNull();
  expect((await rows('rollup_shop_v2_total_week', 'week::text, shown::text')).at(-1)).toEqual({ week: WEEKS[2], shown: '903' });
});

test.each([
  [
    'a planned restatement',
    `INSERT INTO week_runs (collection_id, instance_id, week, state) SELECT id, instance_id, '${WEEKS[0]}', 'planned' FROM report_data_collections WHERE instance_id = $1`,
  ],
  [
    'a held run',
    `WITH r AS (INSERT INTO week_runs (collection_id, instance_id, week, state) SELECT id, instance_id, '${WEEKS[0]}', 'held' FROM report_data_collections WHERE instance_id = $1 RETURNING *)
     INSERT INTO held_runs (run_id, workspace_id, instance_id, dataset, dataset_version, week, objections, acceptable, served_version)
     SELECT r.id, i.workspace_id, i.id, 'shop', 1, r.week, '[]', true, 1 FROM r JOIN instances i ON i.id = r.instance_id`,
  ],
])('%s keeps the collection where it is', async (_, statement) => {
  await load(WEEKS[0]);
  await world.query(statement, instance.id);
  expect((await run())[0]).toMatchObject({ moved: null, blocked: expect.stringContaining(WEEKS[0]) });
  expect((await collections())[0]!.version).toBe(1);
});

test('weeks without the new column are named; with a person’s word the collection moves and Amazon is asked for them', async () => {
  await load(WEEKS[0], 1, { header: 'basket', value: '7' });
  await load(WEEKS[1]);
  const [blocked] = await run({ to: 3 });
  expect(blocked!.weeks).toEqual([
    { week: WEEKS[0], outcome: 'filled', rows: 3, note: null },
    { week: WEEKS[1], outcome: 'lacks_columns', rows: 0, note: expect.stringContaining('basket') },
  ]);
  expect(blocked!.blocked).toContain('--collect-missing');
  expect(await rows('fact_shop_v3', 'basket::text')).toEqual(Array.from({ length: 3 }, () => ({ basket: '7' })));
  const [moved] = await run({ to: 3, collectMissing: true });
  expect(moved).toMatchObject({ blocked: null, moved: { planned: [WEEKS[1]], lost: [] } });
  expect(await world.query(`SELECT week::text, state FROM week_runs WHERE instance_id = $1 AND state = 'planned'`, instance.id)).toEqual([
    { week: WEEKS[1], state: 'planned' },
  ]);
});

test('what no stored file can give is refused before anything is written', async () => {
  await load(WEEKS[0]);
  const before = await world.counts();
  await expect(run({ to: 4 })).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining('no column campaign') });
  await expect(run({ to: 5 })).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining('--trust-files') });
  await expect(run({ to: 9 })).rejects.toMatchObject({ code: 'unknown_dataset' });
  await expect(run({ instances: ['nobody'] })).rejects.toMatchObject({ code: 'not_found' });
  expect(await world.counts()).toEqual(before);
  expect((await run({ to: 5, trustFiles: true }))[0]).toMatchObject({ blocked: null });
});

test('a version that no file can give is Amazon’s to compute: a dry run says what that costs, a person’s word moves the collection', async () => {
  for (const week of WEEKS) await load(week);
  const before = await world.counts();
  const [tried] = await run({ to: 4, dryRun: true });
  expect(tried).toMatchObject({ moved: null, blocked: null, toCollect: { executions: 3, outOfReach: [] } });
  expect(tried!.weeks.map(({ outcome }) => outcome)).toEqual(Array(3).fill('lacks_columns'));
  expect(await world.counts()).toEqual(before);
  const [moved] = await run({ to: 4, collectMissing: true });
  expect(moved).toMatchObject({ blocked: null, moved: { planned: [...WEEKS], lost: [] } });
  expect((await collections()).map(({ version }) => version)).toEqual([4, 4, 4]);
});

test('a live collection of the new version is in the way, and said', async () => {
  await load(WEEKS[0]);
  await load(WEEKS[0], 1, {}, 2);
  expect((await run())[0]).toMatchObject({
    moved: null,
    blocked: expect.stringContaining('live collections'),
    weeks: [{ outcome: 'there' }],
  });
});

test('the move is in the audit log', async () => {
  await load(WEEKS[0]);
  await run();
  const [entry] = await world.query(
    `SELECT person, action, details FROM audit_log WHERE action = 'collection.upgrade' ORDER BY id DESC LIMIT 1`,
  );
  expect(entry).toEqual({ person: 'ada', action: 'collection.upgrade', details: { dataset: 'shop', from: 1, to: 2, collectedAgain: [] } });
});
