import {
  campaignFile,
  campaignHeader,
  createMergeFixture,
  type MergeFixture,
  type TestInstance,
} from '@amc-reports/test-support/store/merge-fixture.ts';
import type { Refusal } from './refusal.ts';

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

const refused = async (file: string): Promise<Refusal> => (await instance.attempt(WEEK, file)) as Refusal;

test('a missing and a renamed column are both named, with the type that is expected and the likely new name', async () => {
  const file = campaignFile([{}], { header: campaignHeader.replace('units', 'x_y_z_w').replace(',sales', ',sale') });
  expect(await refused(file)).toMatchObject({
    acceptable: false,
    change: null,
    servedVersion: '0',
    objections: [
      {
        rule: 'missing_column',
        message: expect.stringContaining('"units" (integer) is missing'),
        details: { column: 'units', expected: 'integer' },
      },
      {
        rule: 'renamed_column',
        message: expect.stringContaining('"sale" may be its new name'),
        details: { column: 'sales', expected: 'decimal', found: 'sale' },
      },
    ],
  });
});

test('every column of another type is named, with its type, a sample and how many values are odd', async () => {
  const file = campaignFile([
    { clicks: 'many', sales: '1' },
    { campaign: 'B', clicks: '3', sales: 'NaN', purchases: '1.5' },
    { campaign: 'C', clicks: '', filtered: 'perhaps', event_date: '06.01.2026x' },
  ]);
  const { objections, acceptable } = await refused(file);
  expect(acceptable).toBe(false);
  expect(
    objections.map(({ rule, details }) => [rule, details?.column, details?.expected, details?.found, details?.bad, details?.values]),
  ).toEqual([
    ['retyped_column', 'event_date', 'date', '06.01.2026x', 1, 3],
    ['retyped_column', 'filtered', 'boolean', 'perhaps', 1, 3],
    ['retyped_column', 'clicks', 'integer', 'many', 1, 2],
    ['retyped_column', 'purchases', 'integer', '1.5', 1, 1],
    ['retyped_column', 'sales', 'decimal', 'NaN', 1, 2],
  ]);
  expect(objections[2]!.message).toContain('line 2: column clicks holds "many", which is not a whole number');
});

test('an odd value is told with its part and line, also where the number is one and only not whole, and lines are those of the file', async () => {
  const odd = campaignFile([{ campaign: '"two\nlines"' }, { campaign: 'B' }, { campaign: 'C', clicks: '10.5' }]);
  const { objections } = await refused(odd);
  expect(objections).toMatchObject([{ details: { column: 'clicks', line: 5, found: '10.5' } }]);
  expect(objections[0]!.message).toMatch(/^Column clicks holds 10\.5, which is not a whole number.* \(part-\d+\.csv, line 5\)\.$/);
  const parts = [
    await fixture.part(campaignFile([{}])),
    await fixture.part(campaignFile([{ campaign: 'B' }, { campaign: 'C', clicks: '10.5' }])),
  ];
  await expect(instance.merge(WEEK, ...parts)).rejects.toMatchObject({
    details: { objections: [{ details: { part: parts[1]!.name, line: 3 } }] },
  });
});

test('a retyped column is found beside added ones and in any part', async () => {
  const header = `new_one,${campaignHeader}`;
  const line = campaignFile([{ clicks: 'many' }]).split('\n')[1]!;
  expect(await refused(`${header}\nx,${line}\n`)).toMatchObject({
    objections: [{ rule: 'retyped_column', details: { column: 'clicks' } }],
  });
  await expect(instance.merge(WEEK, campaignFile([{}]), campaignFile([{ campaign: 'B', clicks: 'many' }]))).rejects.toMatchObject({
    details: { objections: [{ details: { column: 'clicks', bad: 1, values: 2 } }] },
  });
});

test('columns that cannot be told apart, days of another week and rows with too few fields are objections too', async () => {
  expect(await refused(campaignFile([{}], { header: campaignHeader.replace('units', 'clicks') }))).toMatchObject({
    objections: [{ rule: 'missing_column' }, { rule: 'unusable_column', details: { columns: ['clicks'] } }],
  });
  expect(await refused(campaignFile([{ event_date: '2026-02-01' }]))).toMatchObject({
    objections: [{ rule: 'wrong_week', details: { days: ['2026-02-01'] } }],
  });
  expect(await refused(`${campaignHeader}\nsponsored_ads,2026-01-06\n`)).toMatchObject({
    objections: [{ rule: 'unreadable_file' }],
    acceptable: false,
  });
});

test('reordered columns are no drift', async () => {
  const names = campaignHeader.split(',');
  const values = campaignFile([{}]).split('\n')[1]!.split(',');
  expect(await instance.attempt(WEEK, `${names.toReversed().join(',')}\n${values.toReversed().join(',')}\n`)).toMatchObject({
    changed: true,
    notes: [],
  });
});

test('the same drift in every part is said once', async () => {
  const file = campaignFile([{}], { header: campaignHeader.replace('clicks', 'x_y_z_w') });
  const parts = [await fixture.part(file), await fixture.part(file)];
  await expect(instance.merge(WEEK, ...parts)).rejects.toMatchObject({ code: 'result_header', details: { objections: { length: 1 } } });
});
