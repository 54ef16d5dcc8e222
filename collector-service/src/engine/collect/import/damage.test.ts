import { createImportFixture, csv, header, type ImportFixture } from '@amc-reports/test-support/import/import-fixture.ts';
import { addDays } from '../../../ground/calendar/week.ts';

let fixture: ImportFixture;
beforeAll(async () => {
  fixture = await createImportFixture();
});
afterAll(() => fixture.close());
beforeEach(() => fixture.newInstance());

const WEEK = '2026-03-02';
const names = header.split(',');

/** A week's file, a row per day, whose columns hold the given values one after the other. */
const file = (columns: Record<string, string[]>): string => {
  const rows = Math.max(7, ...Object.values(columns).map((values) => values.length));
  const usual: Record<string, string> = {
    source: 'a',
    advertiser: 'Acme',
    ad_product: 'sp',
    campaign_id: '280001123456789123',
    campaign: 'Boots',
    currency: 'USD',
    filtered: 'false',
  };
  return csv(
    ...Array.from({ length: rows }, (_, index) =>
      names
        .map((name) => {
          const value =
            columns[name]?.[index] ??
            (name === 'event_date' ? addDays(WEEK, index % 7) : name === 'source' ? `s${index}` : (usual[name] ?? ''));
          return `"${value.replaceAll('"', '""')}"`;
        })
        .join(','),
    ),
  );
};
const load = async (columns: Record<string, string[]>, more = {}) => fixture.load([await fixture.file('export.csv', file(columns))], more);

test.each([
  [
    'ids in scientific notation',
    { campaign_id: ['280001123456789123', '2.80001E+14'] },
    /column campaign_id holds '2\.80001E\+14' \(row 3; .*last digits are lost.*as text.*--overrule/,
  ],
  ['the same with a decimal comma', { campaign_id: ['2,80001E+14'] }, /'2,80001E\+14'/],
  ['the same of a data frame', { campaign_id: ['2.8000112345e+17'] }, /campaign_id/],
  ['ids with decimals', { campaign_id: ['280001123456.0'] }, /took for a number with decimals/],
  [
    'all long ids ending in zeros',
    { campaign_id: ['280001123456789000', '180001123456780000'].flatMap((id) => [id, id, id, id]) },
    /campaign_id holds '280001123456789000' \(row 2 and 7 more.*15th digit/,
  ],
  ['a leading apostrophe', { campaign_id: [`'280001123456789123`] }, /campaign_id.*mark by which a spreadsheet keeps digits/],
  ['a formula around digits', { campaign_id: ['="280001123456789123"'] }, /mark by which a spreadsheet/],
  ['ids with thousands separators', { campaign_id: Array<string>(7).fill('280,001,123,456,789') }, /separators between its thousands/],
  ['a number in scientific notation', { impressions: ['1.23457E+06'] }, /impressions holds '1\.23457E\+06' \(row 2.*shortened/],
  [
    'thousands with commas',
    { impressions: ['1,234'], sales: ['9', '1,234.50'] },
    /impressions holds '1,234' \(row 2.*sales holds '1,234\.50' \(row 3.*plain numbers/,
  ],
  ['decimal commas', { sales: ['12,5'] }, /sales holds '12,5'.*comma/],
  ['thousands with points and decimal commas', { sales: ['1.234,50'] }, /sales holds '1\.234,50'/],
  ['thousands with blanks', { impressions: ['1 234'], clicks: ['1\u202f234'] }, /impressions.*clicks/],
  ['thousands with points in a whole number', { impressions: ['1.000'] }, /impressions holds '1\.000'.*between thousands/],
  ['thousands with points in money', { sales: ['1.234', '56', '12.345', '789', '2.001'] }, /sales holds '1\.234'.*between thousands/],
  ['money with its sign', { sales: ['$12.50'] }, /sales holds '\$12\.50'.*sign of its unit/],
  ['a share with its sign', { sales: ['12.5 %'] }, /sign of its unit/],
  [
    'a fraction for a whole number',
    { clicks: ['1', '10.5'] },
    /export\.csv: column clicks holds '10\.5' \(row 3; the header is row 1\), which is not a whole number/,
  ],
  ['no number', { clicks: ['--'] }, /clicks holds '--' \(row 2/],
  ['a month and a day', { event_date: ['3/4/2026'] }, /event_date holds '3\/4\/2026' \(row 2.*yyyy-mm-dd/],
  ['a date of another country', { event_date: ['04.03.2026'] }, /event_date holds '04\.03\.2026'/],
  ['a day as a spreadsheet counts it', { event_date: ['46084'] }, /event_date holds '46084' \(row 2.*counts days/],
  ['a day with its time', { event_date: ['2026-03-02 00:00:00'] }, /row 2: column event_date.*without a time/],
] as const)('%s are refused with column, row and how to export them', async (_name, columns, says) => {
  await expect(load(columns as unknown as Record<string, string[]>)).rejects.toMatchObject({
    code: 'result_value',
    message: expect.stringMatching(new RegExp(says.source, 's')),
  });
  expect(await fixture.query('SELECT FROM week_runs WHERE instance_id = $1', fixture.instanceId)).toEqual([]);
});

test('campaigns may be called anything that a spreadsheet does not write, and ids end as they like', async () => {
  const campaign = [
    '1E5 launch', '2E+', 'E+12', '3/4 off', '45321', "'90s", "'90", '007', '1,000 coupons', '1,000', '12.5', 'Mar-26', '2026-03-04',
    '1.5E3', 'Q1_2026', '=SUM', '50%', '1E+', '100000', 'B00E123456', '+1', '10.000 Schritte', '-', '0', 'x'.repeat(300),
  ]; // prettier-ignore
  const campaign_id = campaign.map((_, index) => String(280001123456789100n + BigInt(index) * 100n));
  const numbers = {
    impressions: ['12.0', '1.2E7', '1000000', '0'],
    sales: ['1.234', '0.5', '12.345', '9.001', '1234.5', '+4', '.5', '1e-7'],
  };
  const result = await load({ campaign, campaign_id, ...numbers });
  expect(result.weeks).toMatchObject([{ rows: campaign.length }]);
});

test('one id that ends in zeros by chance among others is no damage', async () => {
  const campaign_id = ['280001123456789000', '280001123456789123'];
  expect((await load({ campaign_id })).weeks).toMatchObject([{ outcome: 'new' }]);
});

test('what may be right all the same is taken when a person overrules, what can be no number is not', async () => {
  expect((await load({ campaign_id: ['2.80001E+14'] }, { overrule: true })).weeks).toMatchObject([{ outcome: 'new' }]);
  await expect(load({ clicks: ['1,234'] }, { overrule: true })).rejects.toMatchObject({ code: 'result_value' });
});

test('ids that lost the zeros before them are told by those that are stored', async () => {
  const ids = ['0012345', '0012345', '777'];
  await load({ campaign_id: ids });
  await expect(load({ campaign_id: ['12345', '12345', '777'] })).rejects.toMatchObject({
    code: 'result_value',
    message: expect.stringMatching(/campaign_id holds '12345' \(row 2 and 1 more.*known as '0012345'/),
  });
  expect((await load({ campaign_id: ids })).weeks).toMatchObject([{ outcome: 'unchanged' }]);
});

test('everything that a spreadsheet did to a file is said at once', async () => {
  const damaged = { campaign_id: ['2.80001E+14'], impressions: ['1,234'], event_date: ['3/2/2026'] };
  await expect(load(damaged)).rejects.toThrow(/event_date.*campaign_id.*impressions/s);
});
