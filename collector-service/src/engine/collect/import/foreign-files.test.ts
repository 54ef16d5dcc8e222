import { gzipSync } from 'node:zlib';
import { datasetSchema } from '../../../data/catalogue/dataset.ts';
import { createImportFixture, csv, days, type ImportFixture } from '@amc-reports/test-support/import/import-fixture.ts';
import { createCollection } from '../collections/create.ts';
import { retryWeek } from '../collections/retry-week.ts';
import { listCollections } from '../collections/read.ts';
import { testContext } from '@amc-reports/test-support/collect/context.ts';

/** What an agency's weekly report looks like: a Monday a row, headers for people, whole numbers as large as they come. */
const agency = datasetSchema.parse({
  dataset: 'agency_weekly',
  version: 1,
  title: 'Agency report',
  description: 'Weekly numbers from an agency’s report.',
  window: 'week',
  attribution: 'none',
  columns: [
    { name: 'week', header: 'Week Starting', type: 'date', role: 'week' },
    { name: 'channel', header: 'Channel Name', type: 'string', role: 'dimension' },
    { name: 'currency', header: 'Curr.', type: 'string', role: 'currency' },
    { name: 'spend', header: ['Ad Spend (net)', 'Cost'], type: 'decimal', role: 'measure', unit: 'currency' },
    { name: 'clicks', type: 'integer', role: 'measure' },
  ],
  dimensions: [{ name: 'channel', title: 'Channel', description: 'The channel' }],
  metrics: [
    { name: 'spend', title: 'Spend', description: 'Spend', kind: 'additive', sum: ['spend'], unit: 'currency', better: 'down' },
    { name: 'clicks', title: 'Clicks', description: 'Clicks', kind: 'additive', sum: ['clicks'], unit: 'count', better: 'up' },
  ],
  rollups: [{ name: 'total', dimensions: [], grains: ['week'] }],
});
const HEADER = 'Week Starting,Channel Name,Curr.,Ad Spend (net),Clicks';

/** The same without a column for the currency, which stands in a header for people to read. */
const shop = datasetSchema.parse({
  ...agency,
  dataset: 'shop_weekly',
  columns: agency.columns.map((column) =>
    column.role === 'currency' ? { name: 'currency', type: 'string', role: 'currency', value: 'EUR' } : column,
  ),
});

let fixture: ImportFixture;
beforeAll(async () => {
  fixture = await createImportFixture([agency, shop]);
});
afterAll(() => fixture.close());
beforeEach(() => fixture.newInstance());

const OWN = { dataset: 'agency_weekly' };
const lines = (...rows: string[]) => [HEADER, ...rows].map((line) => `${line}\n`).join('');
const load = async (text: string | Buffer, more = {}) => fixture.load([await fixture.file('agency.csv', text)], { ...OWN, ...more });
const stored = () =>
  fixture.query(
    'SELECT week::text AS week, channel, spend::text AS spend, clicks::text AS clicks FROM fact_agency_weekly_v1 WHERE instance_id = $1 ORDER BY 1, 2',
    fixture.instanceId,
  );

test('a file of weeks with headers of its own goes into a dataset without SQL', async () => {
  const result = await load(lines('2026-03-02,Search,EUR,12.50,3', '2026-02-23,Search,EUR,7,1', '2026-03-02,"Display, video",EUR,1,'));
  expect(result.weeks.map(({ week, outcome, rows }) => [week, outcome, rows])).toEqual([
    ['2026-02-23', 'new', 1],
    ['2026-03-02', 'new', 2],
  ]);
  expect(await stored()).toEqual([
    { week: '2026-02-23', channel: 'Search', spend: '7', clicks: '1' },
    { week: '2026-03-02', channel: 'Display, video', spend: '1', clicks: null },
    { week: '2026-03-02', channel: 'Search', spend: '12.50', clicks: '3' },
  ]);
  const renamed = lines('2026-03-02,Search,EUR,9,3').replace('Ad Spend (net)', 'cost').replace('Clicks', 'CLICKS');
  expect((await load(renamed, { overrule: true })).weeks).toMatchObject([{ outcome: 'restated' }]);
});

test('what every row has and no file tells is the dataset’s word', async () => {
  const file = await fixture.file('shop.csv', 'week,channel,cost,clicks\n2026-03-02,Search,12.5,3\n');
  expect((await fixture.load([file], { dataset: 'shop_weekly' })).weeks).toMatchObject([{ outcome: 'new' }]);
  expect(
    await fixture.query(
      'SELECT currency, spend::text AS spend FROM rollup_shop_weekly_v1_total_week WHERE instance_id = $1',
      fixture.instanceId,
    ),
  ).toEqual([{ currency: 'EUR', spend: '12.5' }]);
});

test.each([
  ['a Sunday', '2026-03-01,Search,EUR,1,1', /row 2: column week holds 2026-03-01, which is no Monday/],
  ['a line of totals', '2026-03-02,Search,EUR,1,1\nTotal,,,1,1', /row 3: column week holds 'Total'.*line of totals/],
  ['a line without a week', '2026-03-02,Search,EUR,1,1\n,,,1,1', /row 3: column week is empty/],
  ['a comma in a bare value', '2026-03-02,Search,EUR,1,234,1', /line 2.*more values than the header has columns.*in quotes/],
  ['a value too few', '2026-03-02,Search,EUR,1', /line 2.*fewer values/],
])('%s is refused with its place', async (_name, rows, says) => {
  await expect(load(lines(rows))).rejects.toMatchObject({ message: expect.stringMatching(new RegExp(says.source, 's')) });
  expect(await stored()).toEqual([]);
});

test('lines above the header are found, and so is a file of another dataset', async () => {
  await expect(load(`Weekly report\n"2 March 2026 – 8 March 2026"\n${lines('2026-03-02,Search,EUR,1,1')}`)).rejects.toMatchObject({
    code: 'result_header',
    message: expect.stringMatching(/header seems to be line 3.*Delete the 2 lines above it/),
  });
  await expect(load('Day,Thing\n1,2\n')).rejects.toMatchObject({
    code: 'result_header',
    message: expect.stringMatching(/missing: "week"/),
  });
});

test('Amazon cannot be asked for a dataset without SQL, and says so wherever somebody tries', async () => {
  await load(lines('2026-03-02,Search,EUR,1,1'));
  const ctx = testContext(fixture.database);
  const says = { message: expect.stringContaining('only imported') };
  await expect(createCollection(ctx, { instance: fixture.instance, dataset: 'agency_weekly', weeks: 4 })).rejects.toMatchObject(says);
  const [collection] = await listCollections(testContext(fixture.database, { instanceIds: [fixture.instanceId] }));
  expect(collection).toMatchObject({ state: 'complete' });
  await expect(retryWeek(ctx, { id: collection!.id, week: '2026-03-02' })).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringContaining('was imported'),
  });
});

const WEEK = csv(...days('2026-03-02', '2026-03-08'));
const DAY = days('2026-03-02', '2026-03-02')[0]!;
const utf16 = (text: string) => Buffer.from(text, 'utf16le');

test.each([
  ['gzip', gzipSync(WEEK)],
  ['UTF-16 with its mark', utf16(`\ufeff${WEEK}`)],
  ['UTF-16 without', utf16(WEEK)],
  ['UTF-16 the other way round, in gzip', gzipSync(utf16(`\ufeff${WEEK}`).swap16())],
  ['a byte order mark and CRLF', `\ufeff${WEEK.replaceAll('\n', '\r\n')}`],
])('%s is read as what it holds, and its text is what is kept', async (_name, content) => {
  const result = await fixture.load([await fixture.file('week.csv', content)]);
  expect(result.weeks).toMatchObject([{ outcome: 'new', rows: 7 }]);
  expect(await fixture.load([await fixture.file('again.csv', WEEK)])).toMatchObject({ weeks: [{ outcome: 'unchanged' }] });
});

test.each([
  ['a cut gzip', gzipSync(WEEK).subarray(0, 100), 'result_truncated', /gzip and cut off/],
  ['no last line break', WEEK.slice(0, -1), 'result_truncated', /If that is all of it, add a line break/],
  [
    'bytes of another encoding far down',
    Buffer.concat([Buffer.from(csv(...Array<string>(1000).fill(DAY))), Buffer.from(`${DAY.replace('Boots', 'Schöne')}\n`, 'latin1')]),
    'result_value',
    /not written in UTF-8.*Line 1002 holds/,
  ],
])('%s is refused in words of its own', async (_name, content, code, says) => {
  await expect(fixture.load([await fixture.file('odd.csv', content)])).rejects.toMatchObject({
    code,
    message: expect.stringMatching(says),
  });
});

test('a hundred columns more are kept, and one more is too many', async () => {
  const wide = (count: number) =>
    WEEK.split('\n')
      .map((line, index) =>
        line === '' ? '' : `${line},${Array.from({ length: count }, (_, at) => (index === 0 ? `Extra column ${at}` : `v${at}`)).join(',')}`,
      )
      .join('\n');
  expect((await fixture.load([await fixture.file('wide.csv', wide(100))])).weeks).toMatchObject([{ outcome: 'new', rows: 7 }]);
  const [fact] = await fixture.query<{ extra: Record<string, string> }>(
    'SELECT extra FROM fact_ads_v1 WHERE instance_id = $1 LIMIT 1',
    fixture.instanceId,
  );
  expect(Object.keys(fact!.extra)).toHaveLength(100);
  await expect(fixture.load([await fixture.file('wider.csv', wide(101))])).rejects.toMatchObject({
    code: 'result_header',
    message: expect.stringMatching(/101 columns that the dataset does not know.*100 at most/),
  });
});

test('numbers near 2^63 that add up to more are refused with their column, and so are numbers of a hundred digits', async () => {
  const huge = '9223372036854775800';
  await expect(load(lines(`2026-03-02,Search,EUR,1,${huge}`, `2026-03-02,Video,EUR,1,${huge}`))).rejects.toMatchObject({
    code: 'result_value',
    message: expect.stringMatching(/Column clicks adds up to 18446744073709551600.*more than can be stored/),
  });
  await expect(load(lines(`2026-03-02,Search,EUR,${'9'.repeat(100)},1`))).rejects.toThrow(/Column spend adds up to 99999.*100 digits/);
  expect((await load(lines(`2026-03-02,Search,EUR,1,${huge}`))).weeks).toMatchObject([{ outcome: 'new' }]);
});

test('what rules object to is said week by week, with the way to overrule', async () => {
  const week = (monday: string, clicks: number) => `${monday},Search,EUR,1000,${clicks}`;
  const usual = ['2026-01-05', '2026-01-12', '2026-01-19', '2026-01-26', '2026-02-02'].map((monday) => week(monday, 1000));
  await load(lines(...usual));
  const odd = lines(week('2026-02-09', 90_000), week('2026-02-16', 1000), week('2026-02-23', -5));
  await expect(load(odd)).rejects.toMatchObject({
    code: 'result_value',
    message: expect.stringMatching(
      /Week 2026-02-09: Totals are far.*Week 2026-02-23: Numbers below 0.*Nothing of .*agency\.csv was imported.*--overrule/s,
    ),
    details: { weeks: [{ week: '2026-02-09' }, { week: '2026-02-23' }] },
  });
  expect(await stored()).toHaveLength(5);
  expect((await load(odd, { overrule: true })).weeks).toMatchObject([{ outcome: 'new' }, { outcome: 'new' }, { outcome: 'new' }]);
});
