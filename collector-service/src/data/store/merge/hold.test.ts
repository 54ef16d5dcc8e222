import { text } from 'node:stream/consumers';
import {
  campaignFile,
  createMergeFixture,
  type FileRow,
  type MergeFixture,
  type TestInstance,
} from '@amc-reports/test-support/store/merge-fixture.ts';
import { holdWeek } from './hold.ts';
import type { MergeInput } from './input.ts';
import { mergeOrRefuse, mergeWeek } from './merge-week.ts';
import type { Refusal } from './refusal.ts';
import { storedFiles } from './result-files.ts';

const WEEK = '2026-01-05';
let fixture: MergeFixture;
let instance: TestInstance;

beforeAll(async () => {
  fixture = await createMergeFixture();
});
afterAll(() => fixture.close());
beforeEach(async () => {
  instance = await fixture.newInstance();
});

const rows = (count: number, more: FileRow = {}): FileRow[] =>
  Array.from({ length: count }, (_, index) => ({ campaign_id: String(index), campaign: `Campaign ${index}`, ...more }));
const query = async <T extends object>(sql: string, ...values: unknown[]): Promise<T[]> =>
  (await fixture.store.pool.query<T>(sql, values)).rows;

/** Everything that answers come from, with the physical version of each row: equal before and after means untouched. */
async function served(): Promise<string[]> {
  const tables = await query<{ name: string }>(
    `SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND (relname ~ '^(fact|rollup)_' OR relname IN ('report_data_weeks', 'week_revisions')) ORDER BY 1`,
  );
  const kept = await Promise.all(
    tables.map(({ name }) =>
      query<{ at: string }>(`SELECT '${name} ' || ctid || xmin AS at FROM ${name} WHERE instance_id = $1 ORDER BY 1`, instance.id),
    ),
  );
  return kept.flat().map(({ at }) => at);
}

interface HeldRow {
  run_id: string;
  decision: string | null;
  decided_by: string | null;
  acceptable: boolean;
  served_version: string;
  change: object | null;
  objections: { rule: string }[];
}
const heldRuns = () => query<HeldRow>('SELECT * FROM held_runs WHERE instance_id = $1 ORDER BY run_id', instance.id);
const keptRuns = async (): Promise<string[]> =>
  (
    await query<{ run: string }>('SELECT DISTINCT run_id::text AS run FROM result_files WHERE instance_id = $1 ORDER BY 1', instance.id)
  ).map(({ run }) => run);

const fileOf = async (file: string, more?: Partial<MergeInput>): Promise<MergeInput> =>
  instance.input(WEEK, [await fixture.part(file)], more);

/** Merges as a worker does: a refused result is held in the same transaction. */
const mergeOrHold = (input: MergeInput): Promise<unknown> =>
  fixture.store.transaction(async (tx) => {
    const outcome = await mergeOrRefuse(tx, input);
    if ('objections' in outcome) await holdWeek(tx, input, outcome, input.parts);
    return outcome;
  });

test('a held run keeps what is served untouched and remembers objections, difference and file', async () => {
  await instance.merge(WEEK, campaignFile(rows(10)));
  const before = await served();
  const file = campaignFile(rows(4, { clicks: '0' }));
  const input = await fileOf(file);
  await mergeOrHold(input);
  expect(await served()).toEqual(before);
  expect(await heldRuns()).toMatchObject([
    {
      run_id: input.runId,
      decision: null,
      acceptable: true,
      served_version: '1',
      objections: [{ rule: 'vanished_rows' }, { rule: 'lost_total' }],
      change: {
        rowsBefore: 10,
        rowsTotal: 4,
        rowsChanged: 4,
        rowsVanished: 6,
        totalsBefore: { clicks: '100', spend: { USD: '12.3456789' } },
        totalsAfter: { clicks: '0', impressions: '4000' },
      },
    },
  ]);
  const stored = await fixture.store.transaction(async (tx) => text((await storedFiles(tx, instance.id, input.runId))[0]!.open()));
  expect(stored).toBe(file);
});

test('a file that is not what the dataset says is kept as it came, and cannot be accepted', async () => {
  const file = campaignFile(rows(3)).replace('clicks', 'klicks');
  const input = await fileOf(file);
  await mergeOrHold(input);
  expect(await heldRuns()).toMatchObject([
    { acceptable: false, change: null, served_version: '0', objections: [{ rule: 'renamed_column', details: { found: 'klicks' } }] },
  ]);
  expect(await fixture.store.transaction(async (tx) => text((await storedFiles(tx, instance.id, input.runId))[0]!.open()))).toBe(file);
  expect(await query('SELECT FROM fact_campaign_performance_v1 WHERE instance_id = $1', instance.id)).toEqual([]);
});

test('a later accepted result settles the question, and the file goes with it', async () => {
  await instance.merge(WEEK, campaignFile(rows(10)));
  const [accepted] = await keptRuns();
  const held = await fileOf(campaignFile(rows(2)));
  await mergeOrHold(held);
  expect(await keptRuns()).toEqual([accepted, held.runId]);
  const later = await fileOf(campaignFile(rows(11)));
  await mergeOrHold(later);
  expect(await heldRuns()).toMatchObject([{ run_id: held.runId, decision: 'superseded', decided_by: 'collector' }]);
  expect(await keptRuns()).toEqual([later.runId]);
});

test('a later result that is what is served settles it too, and the served file stays', async () => {
  await instance.merge(WEEK, campaignFile(rows(10)));
  const before = await keptRuns();
  await mergeOrHold(await fileOf(campaignFile(rows(2))));
  await mergeOrHold(await fileOf(campaignFile(rows(10))));
  expect(await heldRuns()).toMatchObject([{ decision: 'superseded' }]);
  expect(await keptRuns()).toEqual(before);
});

test('there is one question per week: a later held run takes the place of the earlier, and other weeks keep theirs', async () => {
  await instance.merge(WEEK, campaignFile(rows(10)));
  const first = await fileOf(campaignFile(rows(2)));
  await mergeOrHold(first);
  const other = await instance.input('2026-01-12', [await fixture.part(campaignFile([{ event_date: '2026-01-13', clicks: '-5' }]))]);
  await mergeOrHold(other);
  const second = await fileOf(campaignFile(rows(3)));
  await mergeOrHold(second);
  expect((await heldRuns()).map(({ run_id: run, decision }) => [run, decision])).toEqual([
    [first.runId, 'superseded'],
    [other.runId, null],
    [second.runId, null],
  ]);
  expect(await keptRuns()).toEqual(expect.not.arrayContaining([first.runId]));
});

test('what a person decided stays decided', async () => {
  await instance.merge(WEEK, campaignFile(rows(10)));
  const held = await fileOf(campaignFile(rows(2)));
  await mergeOrHold(held);
  await query(`UPDATE held_runs SET decision = 'kept', decided_by = 'ada', decided_at = now() WHERE run_id = $1`, held.runId);
  await instance.merge(WEEK, campaignFile(rows(12)));
  expect(await heldRuns()).toMatchObject([{ decision: 'kept', decided_by: 'ada' }]);
});

test('an accepted held result is served from its kept file, which stays once, and says what it overruled', async () => {
  await instance.merge(WEEK, campaignFile(rows(10)));
  const held = await fileOf(campaignFile(rows(2)));
  await mergeOrHold(held);
  await query(`UPDATE held_runs SET decision = 'accepted', decided_by = 'ada', decided_at = now() WHERE run_id = $1`, held.runId);
  const result = await fixture.store.transaction((tx) => mergeWeek(tx, { ...held, stored: true, overrule: true }));
  expect(result).toMatchObject({
    changed: true,
    dataVersion: '2',
    rowsTotal: 2,
    notes: [{ rule: 'vanished_rows', details: { overruled: true } }],
  });
  expect(await keptRuns()).toEqual([held.runId]);
  expect(await query('SELECT accepted_run_id::text AS run FROM report_data_weeks WHERE instance_id = $1', instance.id)).toEqual([
    { run: held.runId },
  ]);
  expect(await heldRuns()).toMatchObject([{ decision: 'accepted', decided_by: 'ada' }]);

  await instance.merge(WEEK, campaignFile(rows(3)));
  expect(await keptRuns()).toEqual(expect.not.arrayContaining([held.runId]));
});

test('an accepted result that is served already needs its file no more', async () => {
  const held = await fileOf(campaignFile(rows(2, { clicks: '-1' })));
  await mergeOrHold(held);
  const same = await fileOf(campaignFile(rows(2, { clicks: '-1' })), { overrule: true });
  await mergeOrHold(same);
  await fixture.store.transaction((tx) => mergeWeek(tx, { ...held, stored: true, overrule: true }));
  expect(await keptRuns()).toEqual([same.runId]);
});

test('a refused result leaves nothing in the transaction, which goes on', async () => {
  await instance.merge(WEEK, campaignFile(rows(10)));
  const [refused, drifted, good] = [campaignFile(rows(2)), campaignFile([{ clicks: 'many' }]), campaignFile(rows(11))];
  const inputs = [await fileOf(refused), await fileOf(drifted), await fileOf(good)];
  const outcomes = await fixture.store.transaction(async (tx) => {
    const all: unknown[] = [];
    for (const input of inputs) all.push(await mergeOrRefuse(tx, input));
    return all;
  });
  expect(outcomes).toMatchObject([{ acceptable: true }, { acceptable: false }, { rowsAdded: 1, dataVersion: '2' }]);
});

test('a worker whose run was taken over holds nothing', async () => {
  const input = await fileOf(campaignFile(rows(2)).replace('clicks', 'klicks'));
  const refusal = (await fixture.store.transaction((tx) => mergeOrRefuse(tx, input))) as Refusal;
  await query('UPDATE week_runs SET fence = fence + 1 WHERE id = $1', input.runId);
  await expect(fixture.store.transaction((tx) => holdWeek(tx, input, refusal, input.parts))).rejects.toMatchObject({ code: 'lost_fence' });
  expect(await heldRuns()).toEqual([]);
  expect(await keptRuns()).toEqual([]);
});

test('holding is all or nothing: whichever statement fails, nothing of it stays', async () => {
  await instance.merge(WEEK, campaignFile(rows(10)));
  await mergeOrHold(await fileOf(campaignFile(rows(2))));
  const before = { served: await served(), held: await heldRuns(), kept: await keptRuns() };
  let statements = 0;
  for (let failing = 1; ; failing++) {
    const input = await fileOf(campaignFile(rows(3, { clicks: '-1' })));
    let count = 0;
    const run = fixture.store.transaction(async (tx) => {
      const query = tx.query.bind(tx) as (...args: unknown[]) => Promise<unknown>;
      const counted = Object.create(tx, {
        query: {
          value: (...args: unknown[]) => {
            if (++count === failing) throw new Error('pulled the plug');
            return query(...args);
          },
        },
      }) as typeof tx;
      const outcome = (await mergeOrRefuse(counted, input)) as Refusal;
      await holdWeek(counted, input, outcome, input.parts);
      statements = count;
    });
    if (
      await run.then(
        () => true,
        (error: Error) => error.message !== 'pulled the plug',
      )
    )
      break;
    expect({ served: await served(), held: await heldRuns(), kept: await keptRuns() }).toEqual(before);
  }
  expect(statements).toBeGreaterThan(15);
  expect((await heldRuns()).map(({ decision }) => decision)).toEqual(['superseded', null]);
});

test('every accepted run leaves a revision, also the first, whose week had nothing before', async () => {
  await instance.merge(WEEK, campaignFile(rows(2)));
  await instance.merge(WEEK, campaignFile(rows(2)));
  await instance.merge(WEEK, campaignFile(rows(3)));
  expect(
    await query(
      'SELECT data_version::int AS v, rows_added::int AS added, totals_before, totals_after FROM week_revisions WHERE instance_id = $1 ORDER BY 1',
      instance.id,
    ),
  ).toMatchObject([
    { v: 1, added: 2, totals_before: null, totals_after: { clicks: '20' } },
    { v: 2, added: 1, totals_before: { clicks: '20' }, totals_after: { clicks: '30' } },
  ]);
});
