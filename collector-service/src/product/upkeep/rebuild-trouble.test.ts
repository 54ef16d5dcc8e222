import { writeFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { EMPTY_DAYS } from '@amc-reports/test-support/import/import-fixture.ts';
import { importFiles } from '../../engine/collect/import/import.ts';
import { spool } from '../../data/resultfile/spool.ts';
import { mergeWeek } from '../../data/store/merge/merge-week.ts';
import { campaignFile, campaignHeader } from '@amc-reports/test-support/store/merge-fixture.ts';
import { rebuild, type RebuildRequest } from './rebuild.ts';
import { createUpkeepWorld, type TestInstance, type UpkeepWorld } from '@amc-reports/test-support/upkeep/world.ts';

let world: UpkeepWorld;
let instance: TestInstance;

beforeAll(async () => {
  world = await createUpkeepWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  instance = await world.newInstance();
});

const FACTS = 'fact_campaign_performance_v1';
const WEEKS = ['2026-01-05', '2026-01-12', '2026-01-19', '2026-01-26'] as const;
const week = (monday: string, impressions = 1000) =>
  campaignFile(['1', '2', '3'].map((campaign_id) => ({ campaign_id, event_date: monday, impressions: String(impressions) })));
const run = (more: Partial<RebuildRequest> = {}) =>
  rebuild(world.context({ lockWaitMs: 500 }), { instance: instance.amc, verify: false, ...more });
const outcomes = async (more: Partial<RebuildRequest> = {}) =>
  (await run(more)).map(({ week: { week: monday }, outcome }) => [monday, outcome]);
const runOf = async (monday: string) =>
  (
    await world.query<{ id: string }>(
      'SELECT accepted_run_id::text AS id FROM report_data_weeks WHERE instance_id = $1 AND week = $2',
      instance.id,
      monday,
    )
  )[0]!.id;
const lose = () => world.query(`DELETE FROM ${FACTS} WHERE instance_id = $1 AND campaign_id = '2'`, instance.id);
const rows = async () =>
  (await world.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${FACTS} WHERE instance_id = $1`, instance.id))[0]!.n;

test('a week without a file, a damaged file and a file that is no result are named and passed by; the others are rebuilt', async () => {
  for (const monday of WEEKS) await instance.load('campaign_performance', week(monday));
  await world.query('DELETE FROM result_files WHERE run_id = $1', await runOf(WEEKS[0]));
  await world.query(`UPDATE week_runs SET file_sha256 = 'another' WHERE id = $1`, await runOf(WEEKS[1]));
  await world.query(`UPDATE result_files SET packed = '\\x00'::bytea WHERE run_id = $1`, await runOf(WEEKS[2]));
  await lose();
  const heard: number[] = [];
  const request = { instance: instance.amc, verify: false };
  const results = await rebuild(world.context(), request, (_, through) => heard.push(through));
  expect(results.map(({ outcome, note }) => [outcome, note])).toEqual([
    ['no_file', expect.stringContaining('No result file is stored for week 2026-01-05')],
    ['failed', expect.stringContaining('not the one that was accepted')],
    ['failed', expect.any(String)],
    ['rebuilt', expect.stringContaining('1 missing')],
  ]);
  expect(heard).toEqual([1, 2, 3, 4]);
  expect(await rows()).toBe(3 * 2 + 3);
  expect(await world.query('SELECT week::text, outcome FROM week_checks WHERE instance_id = $1 ORDER BY week', instance.id)).toEqual(
    results.map(({ week: { week: monday }, outcome }) => ({ week: monday, outcome })),
  );
});

test('a run that was interrupted is resumed where it stopped, unless a week changed since', async () => {
  for (const monday of WEEKS) await instance.load('campaign_performance', week(monday));
  const stop = new AbortController();
  const stopped = rebuild(world.context({ signal: stop.signal }), { instance: instance.amc, verify: false }, (_, through) => {
    if (through === 2) stop.abort(new Error('stopped'));
  });
  await expect(stopped).rejects.toThrow('stopped');
  await instance.load('campaign_performance', week(WEEKS[1], 2000));
  expect(await outcomes({ resumeWithinHours: 24 })).toEqual([
    [WEEKS[0], 'skipped'],
    [WEEKS[1], 'same'],
    [WEEKS[2], 'same'],
    [WEEKS[3], 'same'],
  ]);
  expect(new Set((await run({ resumeWithinHours: 24 })).map(({ outcome }) => outcome))).toEqual(new Set(['skipped']));
  await world.query(`UPDATE week_checks SET checked_at = now() - interval '25 hours' WHERE instance_id = $1`, instance.id);
  expect((await outcomes({ resumeWithinHours: 24 }))[0]).toEqual([WEEKS[0], 'same']);
});

test('a range of weeks, a dataset and an instance narrow it; what is unknown is refused', async () => {
  for (const monday of WEEKS) await instance.load('campaign_performance', week(monday));
  expect((await outcomes({ firstWeek: WEEKS[1], lastWeek: WEEKS[2] })).map(([monday]) => monday)).toEqual([WEEKS[1], WEEKS[2]]);
  expect(await outcomes({ dataset: 'reach_frequency' })).toEqual([]);
  await expect(run({ dataset: 'campaign_perfomance' })).rejects.toMatchObject({ code: 'unknown_dataset' });
  await expect(run({ instance: 'nobody' })).rejects.toMatchObject({ code: 'not_found' });
});

test('it waits for a merge of the same week and rebuilds from the file that the merge accepted', async () => {
  await instance.load('campaign_performance', week(WEEKS[0]));
  await lose();
  const worker = await world.store.pool.connect();
  let rebuilt: ReturnType<typeof run>;
  try {
    await worker.query('BEGIN');
    const [old] = await world.query<{ collection: string }>(
      'SELECT collection_id::text AS collection FROM week_runs WHERE id = $1',
      await runOf(WEEKS[0]),
    );
    const { rows: runs } = await worker.query<{ id: string }>(
      `INSERT INTO week_runs (collection_id, instance_id, week, state, fence) VALUES ($1, $2, $3, 'done', 1) RETURNING id::text`,
      [old!.collection, instance.id, WEEKS[0]],
    );
    const text = week(WEEKS[0], 5000);
    const target = { directory: world.folder, name: `restated-${instance.id}.csv` };
    const part = await spool(Readable.from([Buffer.from(text)]), target, {}, AbortSignal.timeout(60_000));
    await mergeWeek(worker, {
      dataset: world.catalogue.findDataset('campaign_performance'),
      instanceId: instance.id,
      week: WEEKS[0],
      runId: runs[0]!.id,
      fence: '1',
      parts: [part],
      overrule: true,
    });
    await worker.query('UPDATE week_runs SET file_sha256 = $2 WHERE id = $1', [runs[0]!.id, part.sha256]);
    rebuilt = rebuild(world.context(), { instance: instance.amc, verify: false });
    await untilSomebodyWaits();
    await worker.query('COMMIT');
  } finally {
    worker.release();
  }
  // The merge trusted the count of its predecessor; the rebuild looks at the rows.
  expect((await rebuilt).map(({ outcome }) => outcome)).toEqual(['same']);
  const impressions = await world.query(`SELECT DISTINCT impressions::int AS n FROM ${FACTS} WHERE instance_id = $1`, instance.id);
  expect(impressions).toEqual([{ n: 5000 }]);
  expect(await rows()).toBe(3);
});

test('a merge that holds the week for too long costs that week alone', async () => {
  await instance.load('campaign_performance', week(WEEKS[0]));
  await instance.load('campaign_performance', week(WEEKS[1]));
  const worker = await world.store.pool.connect();
  try {
    await worker.query('BEGIN');
    await worker.query('SELECT FROM report_data_weeks WHERE instance_id = $1 AND week = $2 FOR UPDATE', [instance.id, WEEKS[0]]);
    expect(await outcomes()).toEqual([
      [WEEKS[0], 'failed'],
      [WEEKS[1], 'same'],
    ]);
  } finally {
    await worker.query('ROLLBACK');
    worker.release();
  }
});

test.each(['doubled', 'backslash'] as const)(
  'an imported file that leaves its escape open is read as it was accepted: %s',
  async (escape) => {
    const path = `${world.folder}/open-${escape}.csv`;
    await writeFile(path, `${campaignHeader}\nsponsored_ads,2026-01-05,Acme,sponsored_products,1,"a \\\\ b",USD,false,10,1,100,,,,,,,,\n`);
    const request = { instance: instance.amc, dataset: 'campaign_performance', files: [path], emptyDays: EMPTY_DAYS, dryRun: false };
    await expect(importFiles(world.context(), request)).rejects.toThrow('which escape');
    await importFiles(world.context(), { ...request, escape });
    expect((await run()).map(({ outcome, note }) => [outcome, note])).toEqual([['same', null]]);
    expect(await world.query(`SELECT campaign FROM ${FACTS} WHERE instance_id = $1`, instance.id)).toEqual([
      { campaign: escape === 'doubled' ? 'a \\\\ b' : 'a \\ b' },
    ]);
  },
);

async function untilSomebodyWaits(): Promise<void> {
  for (;;) {
    const waiting = await world.query(
      `SELECT FROM pg_locks WHERE NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    );
    if (waiting.length > 0) return;
    const [{ n } = { n: 0 }] = await world.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`,
    );
    if (n > 0) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
