import fc from 'fast-check';
import {
  campaignFile,
  campaignHeader,
  createMergeFixture,
  type FileRow,
  type MergeFixture,
  type TestInstance,
} from '@amc-reports/test-support/store/merge-fixture.ts';
import { mergeWeek } from './merge-week.ts';

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

const rows = (count: number): FileRow[] =>
  Array.from({ length: count }, (_, index) => ({ campaign_id: String(index), campaign: `Campaign ${index}` }));

/** Everything that is kept of the instance, with physical versions: equal before and after means untouched. */
async function everything(): Promise<string[]> {
  const tables = await fixture.store.pool.query<{ name: string }>(
    `SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND (relname ~ '^(fact|rollup)_' OR relname IN ('report_data_weeks', 'week_revisions', 'result_files')) ORDER BY 1`,
  );
  const kept = await Promise.all(
    tables.rows.map(({ name }) =>
      fixture.store.pool.query<{ at: string }>(`SELECT '${name} ' || ctid || xmin AS at FROM ${name} WHERE instance_id = $1 ORDER BY 1`, [
        instance.id,
      ]),
    ),
  );
  return kept.flatMap((result) => result.rows.map((row) => row.at));
}

test.each([
  ['a missing column', `${campaignHeader.replace(',clicks', '')}\n`, 'result_header', 'Column "clicks" (integer) is missing'],
  [
    'a word for a number',
    campaignFile([{}, { clicks: 'many' }]),
    'result_value',
    'line 3: column clicks holds "many", which is not a whole number',
  ],
  ['a fraction for a whole number', campaignFile([{ clicks: '1.5' }]), 'result_value', 'Column clicks holds 1.5'],
  [
    'a whole number of more than 64 bits',
    campaignFile([{ impressions: '9223372036854775808' }]),
    'result_value',
    'Column impressions holds 9223372036854775808',
  ],
  ['NaN for a whole number', campaignFile([{ clicks: 'NaN' }]), 'result_value', 'Column clicks holds NaN'],
  ['NaN for money', campaignFile([{ sales: 'NaN' }]), 'result_value', 'Column sales holds NaN, which is not a finite number'],
  [
    'Infinity for money',
    campaignFile([{ sales: '1' }, { campaign: 'B', cost_millicents: '-Infinity' }]),
    'result_value',
    'Column cost_millicents holds -Infinity',
  ],
  [
    'two infinities that cancel out',
    campaignFile([{ sales: 'Infinity' }, { campaign: 'B', sales: '-Infinity' }]),
    'result_value',
    'which is not a finite number',
  ],
  [
    'a day that is no date',
    campaignFile([{ event_date: '2026-13-01' }]),
    'result_value',
    'column event_date holds "2026-13-01", which is not a date',
  ],
  ['a day of another week', campaignFile([{}, { event_date: '2026-01-12' }]), 'result_value', '2026-01-12'],
  ['a day without end', campaignFile([{ event_date: '-infinity' }]), 'result_value', 'infinit'],
  [
    'a flag that is neither true nor false',
    campaignFile([{ filtered: 'maybe' }]),
    'result_value',
    'column filtered holds "maybe", which is not true or false',
  ],
  ['a row with too few fields', `${campaignHeader}\nsponsored_ads,2026-01-06\n`, 'result_value', 'line 2'],
  ['a row with too many fields', campaignFile([{ add_to_carts: '1,2' }]), 'result_value', 'line 2'],
  [
    'an end-of-data mark between rows',
    campaignFile([{}]) + '\\.\n' + campaignFile([{ campaign: 'B' }]).split('\n')[1] + '\n',
    'result_value',
    'refused',
  ],
  [
    'bytes that are no UTF-8',
    Buffer.concat([Buffer.from(campaignFile([{ campaign: 'X' }]).slice(0, -1)), Buffer.from([0xff, 0x0a])]),
    'result_value',
    'refused',
  ],
  ['a zero byte', campaignFile([{ campaign: 'X\0Y' }]), 'result_value', 'refused'],
  [
    'two rows with one key',
    campaignFile([{ campaign: 'Twice' }, { campaign: 'Twice', clicks: '11' }]),
    'result_duplicate_keys',
    'campaign="Twice"',
  ],
])('%s is refused with its place, and nothing is kept of it', async (_name, file, code, says) => {
  await expect(instance.merge(WEEK, file)).rejects.toMatchObject({ code, kind: 'data', message: expect.stringContaining(says) });
  expect(await everything()).toEqual([]);

  await instance.merge(WEEK, campaignFile(rows(5)));
  const before = await everything();
  await expect(instance.merge(WEEK, file)).rejects.toMatchObject({ code, kind: 'data' });
  expect(await everything()).toEqual(before);
});

test.each<[string, FileRow[]]>([
  ['a served row twice', [...rows(5), ...rows(1)]],
  ['a served row twice where another is gone, as many rows as before', [...rows(4), ...rows(1)]],
  ['a new row twice', [...rows(6), ...rows(6).slice(5)]],
  ['a new row twice in the place of a served one', [...rows(4), { campaign: 'New' }, { campaign: 'New', clicks: '12' }]],
])('%s is refused in a restated week', async (_name, restated) => {
  await instance.merge(WEEK, campaignFile(rows(5)));
  const before = await everything();
  await expect(instance.merge(WEEK, campaignFile(restated))).rejects.toMatchObject({ code: 'result_duplicate_keys' });
  expect(await everything()).toEqual(before);
});

test('a name of any length is stored where nothing is looked up by it, and refused where an index could not hold it', async () => {
  const endless = Array.from({ length: 1000 }, Math.random).join('');
  await instance.merge(WEEK, campaignFile([{ advertiser: endless }]));
  const { rows: stored } = await fixture.store.pool.query('SELECT advertiser FROM fact_campaign_performance_v1 WHERE instance_id = $1', [
    instance.id,
  ]);
  expect(stored).toEqual([{ advertiser: endless }]);
  const before = await everything();
  await expect(instance.merge(WEEK, campaignFile([{ advertiser: endless }, { campaign: endless }]))).rejects.toMatchObject({
    code: 'result_value',
    message: expect.stringContaining('campaign of more than 2,000 bytes'),
  });
  expect(await everything()).toEqual(before);
});

test('a refused part refuses the parts before it', async () => {
  await expect(instance.merge(WEEK, campaignFile(rows(3)), campaignFile([{ clicks: 'many' }]))).rejects.toMatchObject({
    code: 'result_value',
  });
  await expect(instance.merge(WEEK, campaignFile(rows(3)), campaignFile(rows(1)))).rejects.toMatchObject({ code: 'result_duplicate_keys' });
  expect(await everything()).toEqual([]);
});

test('whole numbers written with a point or an exponent are whole numbers', async () => {
  await instance.merge(WEEK, campaignFile([{ impressions: '1.2E3', clicks: '10.0' }]));
  const { rows: stored } = await fixture.store.pool.query(
    'SELECT impressions::text, clicks::text FROM fact_campaign_performance_v1 WHERE instance_id = $1',
    [instance.id],
  );
  expect(stored).toEqual([{ impressions: '1200', clicks: '10' }]);
  expect(await instance.merge(WEEK, campaignFile([{ impressions: '1200', clicks: '10' }]))).toMatchObject({ changed: false });
});

test('columns are read by name, in any case and order', async () => {
  const names = campaignHeader.split(',');
  const values = campaignFile([{}]).split('\n')[1]!.split(',');
  const reversed = `${names.toReversed().join(',').toUpperCase()}\n${values.toReversed().join(',')}\n`;
  await instance.merge(WEEK, campaignFile([{}]));
  expect(await instance.merge(WEEK, reversed)).toMatchObject({ changed: false, rowsTotal: 1 });
});

test.each([
  ['no rows at all', campaignFile([]), 'result_empty'],
  ['less than half of the rows', campaignFile(rows(4)), 'result_value'],
  ['a total that fell to nothing', campaignFile(rows(10).map((row) => ({ ...row, clicks: '0' }))), 'result_value'],
  ['money of one currency gone', campaignFile(rows(10).map((row) => ({ ...row, currency: 'EUR' }))), 'result_value'],
])('%s, where a week is served, is for a person to judge; the week stays', async (_name, file, code) => {
  await instance.merge(WEEK, campaignFile(rows(10)));
  const before = await everything();
  await expect(instance.merge(WEEK, file)).rejects.toMatchObject({
    code,
    kind: 'data',
    message: expect.stringContaining('stays as it was'),
  });
  expect(await everything()).toEqual(before);

  const overruled = await instance.input(WEEK, [await fixture.part(file)], { overrule: true });
  expect(await fixture.store.transaction((tx) => mergeWeek(tx, overruled))).toMatchObject({ changed: true, dataVersion: '2' });
});

test('whatever text a campaign is called arrives as it is, in either escape and line end', async () => {
  const name = fc.string({
    unit: fc.constantFrom('a', '"', ',', '\\', '\n', '\r', 'ü', '🏔', ' ', "'", '.', '\u001f'),
    minLength: 1,
    maxLength: 12,
  });
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(name, { minLength: 1, maxLength: 8 }),
      fc.constantFrom('doubled', 'backslash'),
      fc.constantFrom('\n', '\r\n'),
      async (names, escape, lineEnd) => {
        const own = await fixture.newInstance();
        const quote = (text: string): string =>
          escape === 'doubled' ? `"${text.replaceAll('"', '""')}"` : `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
        const part = await fixture.part(
          campaignFile(
            names.map((campaign, index) => ({ campaign: quote(campaign), campaign_id: String(index) })),
            { lineEnd },
          ),
          {
            escape: escape as 'doubled' | 'backslash',
          },
        );
        await own.merge(WEEK, part);
        const { rows: stored } = await fixture.store.pool.query<{ campaign: string }>(
          'SELECT campaign FROM fact_campaign_performance_v1 WHERE instance_id = $1 ORDER BY campaign_id::int',
          [own.id],
        );
        expect(stored.map((row) => row.campaign)).toEqual(names);
      },
    ),
    { numRuns: 40 },
  );
});
