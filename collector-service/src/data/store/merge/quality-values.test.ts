import { qualitySchema } from '../../catalogue/quality.ts';
import type { Dataset } from '../../catalogue/dataset.ts';
import {
  campaignFile,
  createMergeFixture,
  type FileRow,
  type MergeFixture,
  type TestInstance,
} from '@amc-reports/test-support/store/merge-fixture.ts';

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

const withQuality = (quality: object): Dataset => ({ ...fixture.campaigns, quality: qualitySchema.parse(quality) });

async function rules(rows: FileRow[], dataset: Dataset = fixture.campaigns): Promise<string[]> {
  const own = await fixture.newInstance();
  const outcome = await own.attempt(WEEK, campaignFile(rows), { dataset });
  return 'objections' in outcome ? outcome.objections.map(({ rule }) => rule) : [];
}

test('numbers below 0 are named with their columns, rows and least value; 0 is none', async () => {
  const outcome = await instance.attempt(
    WEEK,
    campaignFile([{ spend_microcents: '-1' }, { campaign: 'B', spend_microcents: '-300', impressions: '-1', clicks: '' }]),
  );
  expect(outcome).toMatchObject({
    acceptable: true,
    objections: [
      {
        rule: 'negative_values',
        details: {
          columns: [
            { column: 'impressions', rows: 1, least: '-1' },
            { column: 'spend_microcents', rows: 2, least: '-300' },
          ],
        },
      },
    ],
  });
  expect(await rules([{ spend_microcents: '0', clicks: '0' }])).toEqual([]);
});

test('a dataset may let a column be negative, or all of them', async () => {
  const negative = [{ spend_microcents: '-1' }];
  expect(await rules(negative, withQuality({ negative_values: { except: ['sponsored_ads_spend'] } }))).toEqual([]);
  expect(await rules([{ clicks: '-1' }], withQuality({ negative_values: { except: ['sponsored_ads_spend'] } }))).toEqual([
    'negative_values',
  ]);
  expect(await rules(negative, withQuality({ negative_values: 'off' }))).toEqual([]);
});

test('more clicks than impressions in the week contradict each other; the edge of a week does not', async () => {
  expect(await rules([{ impressions: '100', clicks: '111' }])).toEqual(['impossible_values']);
  expect(await rules([{ impressions: '100', clicks: '110' }])).toEqual([]);
  expect(await rules([{ impressions: '100', clicks: '111' }], withQuality({ impossible_values: 'off' }))).toEqual([]);
  expect(await rules([{ impressions: '100', clicks: '111' }], withQuality({}))).toEqual([]);
});

test('one row may have more clicks than impressions when the week of its source has not', async () => {
  expect(
    await rules([
      { impressions: '0', clicks: '50' },
      { campaign: 'B', impressions: '1000', clicks: '10' },
    ]),
  ).toEqual([]);
});

test('sources are judged apart, and rows that hold only one of the two never', async () => {
  const clicksOfDsp: FileRow = { source: 'dsp_clicks', ad_product: 'amazon_dsp', impressions: '', clicks: '5000', spend_microcents: '' };
  expect(await rules([{ impressions: '1000', clicks: '10' }, clicksOfDsp])).toEqual([]);
  expect(
    await rules([
      { impressions: '1000', clicks: '10' },
      { campaign: 'B', impressions: '', clicks: '5000' },
    ]),
  ).toEqual([]);
  expect(
    await rules([
      { impressions: '100000', clicks: '10' },
      { source: 'other', impressions: '5', clicks: '500' },
    ]),
  ).toEqual(['impossible_values']);
});

test('what Amazon hides raises no alarm: hidden rows count with their source, and traffic may be hidden whole', async () => {
  const hidden: FileRow = { campaign: '', campaign_id: '', advertiser: '', event_date: '', filtered: 'true' };
  expect(
    await rules([
      { impressions: '10', clicks: '30' },
      { ...hidden, impressions: '90000', clicks: '40' },
    ]),
  ).toEqual([]);
  const conversions: FileRow = { source: 'conversions', impressions: '', clicks: '', spend_microcents: '', purchases: '40', sales: '100' };
  expect(await rules([conversions, { ...hidden, impressions: '90000', clicks: '' }])).toEqual([]);
});

test('purchases in a week without impressions from any source contradict each other', async () => {
  const conversions = (purchases: string): FileRow => ({
    source: 'conversions',
    impressions: '',
    clicks: '',
    spend_microcents: '',
    purchases,
  });
  expect(await rules([conversions('11')])).toEqual(['impossible_values']);
  expect(await rules([conversions('10')])).toEqual([]);
  expect(await rules([conversions('11'), { impressions: '1', clicks: '0' }])).toEqual([]);
});

test('money is compared in the units it is stored in', async () => {
  const dataset = withQuality({ impossible_values: { at_most: [['sponsored_ads_spend', 'sales']] } });
  expect(await rules([{ spend_microcents: '10000000000', sales: '100' }], dataset)).toEqual([]);
  expect(await rules([{ spend_microcents: '11100000000', sales: '100' }], dataset)).toEqual(['impossible_values']);
});

test('duplicate keys are said beside what else is wrong, in a new week and in a served one, and nobody can take them', async () => {
  const file = campaignFile([{ clicks: '-1' }, { clicks: '-2' }]);
  const both = { acceptable: false, change: null, objections: [{ rule: 'duplicate_keys' }, { rule: 'negative_values' }] };
  expect(await instance.attempt(WEEK, file)).toMatchObject(both);
  await instance.merge(WEEK, campaignFile([{}]));
  expect(await instance.attempt(WEEK, file)).toMatchObject(both);
  expect(await instance.attempt(WEEK, file, { overrule: true })).toMatchObject({
    acceptable: false,
    objections: [{ rule: 'duplicate_keys' }],
  });
});

test('levels of distinct counts are judged apart', async () => {
  const header = 'level,advertiser,ad_product,campaign_id,campaign,frequency_bucket,reach,impressions';
  const attempt = async (reach: number) =>
    (await fixture.newInstance()).attempt(WEEK, `${header}\nall,,,,,,${reach},5000\nadvertiser,Acme,,,,,900,4000\n`, {
      dataset: fixture.reach,
    });
  expect(await attempt(5000)).toMatchObject({ changed: true });
  expect(await attempt(5011)).toMatchObject({ objections: [{ rule: 'impossible_values', details: { key: 'all' } }] });
});
