import type { Dataset } from './dataset.ts';
import { loadDatasets, loadRetired, SHIPPED_DATASETS } from './load.ts';
import { datasetSql, type SqlSettings } from './sql.ts';

let campaign: Dataset;
let reach: Dataset;
let levels: Dataset;
beforeAll(async () => {
  const shipped = await loadDatasets([SHIPPED_DATASETS]);
  levels = shipped.find(({ dataset }) => dataset === 'campaign_performance')!;
  reach = shipped.find(({ dataset }) => dataset === 'reach_frequency')!;
  [campaign] = (await loadRetired()) as [Dataset];
});

const settings: SqlSettings = { timeZone: 'Europe/Berlin', advertiserTypes: ['SPONSORED_ADS', 'DISPLAY'], currencies: ['USD', 'EUR'] };
const selects = (sql: string) => sql.split(' UNION ALL ');
const withPart = (sql: string, extra: object = {}): Dataset => ({
  ...campaign,
  sql: { template: '{{parts.rows}}', parts: { rows: [{ name: 'one', sql, ...extra }] } },
});

test('a part is repeated for each currency with a literal, and once for the rest by its column', () => {
  const parts = selects(datasetSql(campaign, settings)).filter((part) => part.includes("'sponsored_ads' AS source"));
  expect(parts).toHaveLength(3);
  expect(parts[0]).toContain(", 'EUR' AS currency, ");
  expect(parts[0]).toContain(" WHERE currency_iso_code = 'EUR' GROUP BY ");
  expect(parts[0]!.endsWith('campaign_id_string, campaign')).toBe(true);
  expect(parts[1]).toContain(", 'USD' AS currency, ");
  expect(parts[2]).toContain(', currency_iso_code AS currency, ');
  expect(parts[2]).toContain(" WHERE (currency_iso_code IS NULL OR currency_iso_code NOT IN ('EUR', 'USD')) GROUP BY ");
  expect(parts[2]!.endsWith('campaign, currency_iso_code')).toBe(true);
});

test('without known currencies everything is the rest', () => {
  const parts = selects(datasetSql(campaign, { ...settings, currencies: [], advertiserTypes: ['SPONSORED_ADS'] }));
  expect(parts).toHaveLength(2);
  expect(parts[0]).toContain(' WHERE (currency_iso_code IS NULL OR currency_iso_code IS NOT NULL) GROUP BY ');
});

test('a part with the columns of a level is repeated for each level, which holds NULL in the columns it is not added up by', () => {
  const sql = datasetSql(levels, { ...settings, currencies: ['EUR'] });
  const purchases = selects(sql).filter((part) => part.includes("'purchases' AS family"));
  expect(purchases).toHaveLength(5 * 2);
  expect(purchases[0]).toContain(
    "'total_day' AS level, event_date, CAST(NULL AS VARCHAR) AS advertiser, CAST(NULL AS VARCHAR) AS ad_product, CAST(NULL AS VARCHAR) AS campaign_id, CAST(NULL AS VARCHAR) AS campaign, 'EUR' AS currency,",
  );
  expect(purchases[0]!.endsWith(' GROUP BY event_date')).toBe(true);
  const product = purchases.find((part) => part.includes("'product' AS level") && !part.includes("'EUR' AS currency"))!;
  expect(product).toContain(
    "'product' AS level, CAST(NULL AS DATE) AS event_date, advertiser, ad_product, CAST(NULL AS VARCHAR) AS campaign_id",
  );
  expect(product.endsWith(' GROUP BY advertiser, ad_product, currency')).toBe(true);
});

test('the SQL is one line and the same whatever order the settings come in', () => {
  const sql = datasetSql(campaign, settings);
  expect(sql).not.toMatch(/[\t\n\r]| {2}|\{\{|--/);
  expect(datasetSql(campaign, { ...settings, currencies: ['EUR', 'USD', 'EUR'], advertiserTypes: ['DISPLAY', 'SPONSORED_ADS'] })).toBe(sql);
});

test('parts of advertiser types that the instance lacks are left out', () => {
  const sql = datasetSql(campaign, { ...settings, advertiserTypes: ['SPONSORED_ADS'] });
  expect(sql).not.toContain('dsp_impressions');
  expect(sql).toContain('sponsored_ads_traffic');
  expect(sql).toContain('amazon_attributed_events_by_traffic_time');
  expect(datasetSql(reach, { ...settings, advertiserTypes: ['DISPLAY'] })).toContain(
    "WITH exposure AS (SELECT user_id, advertiser, 'amazon_dsp' AS ad_product",
  );
});

test('a dataset of which nothing applies is refused with the types it needs', () => {
  expect(() => datasetSql(reach, { ...settings, advertiserTypes: ['SAS'] })).toThrow(
    'needs an instance with advertisers of type SPONSORED_ADS or DISPLAY, and this one has SAS',
  );
});

test('an instance whose advertiser types are unknown is refused rather than collected in part', () => {
  expect(() => datasetSql(campaign, { ...settings, advertiserTypes: [] })).toThrow('collector check');
});

test.each(["Europe/Berlin'; DROP TABLE x", 'Mars/Base', '+01:00', '', "'", 'Europe/Berlin\n'])('%j is no time zone', (timeZone) => {
  expect(() => datasetSql(campaign, { ...settings, timeZone })).toThrow('is no IANA time zone');
});

test('a time zone in the wrong case is written as the tz database writes it', () => {
  expect(datasetSql(campaign, { ...settings, timeZone: 'europe/berlin' })).toBe(datasetSql(campaign, settings));
});

test.each(['usd', "US'", 'USDX'])('%j is no currency', (currency) => {
  expect(() => datasetSql(campaign, { ...settings, currencies: [currency] })).toThrow('is no currency code');
});

test('quoted text keeps its blanks, doubled quotes, dashes and semicolons', () => {
  const sql = datasetSql(withPart(`SELECT  'a  b''  -- ; /*'  AS x,\n\t"odd  name"\nFROM t`), settings);
  expect(sql).toBe(`SELECT 'a  b''  -- ; /*' AS x, "odd  name" FROM t`);
});

test.each([
  ['a comment', 'SELECT 1 -- x', 'holds a comment'],
  ['a block comment', 'SELECT 1 /* x */', 'holds a comment'],
  ['a semicolon', 'SELECT 1;', 'holds a semicolon'],
  ['an open quote', "SELECT 'x", 'never closed'],
  ['a line break in quotes', "SELECT 'a\nb'", 'line break or tab inside quotes'],
])('%s is refused', (_, sql, message) => {
  expect(() => datasetSql(withPart(sql), settings)).toThrow(message);
});

test('dollar signs in a column name or SQL are not taken for replacement patterns', () => {
  expect(datasetSql(withPart("SELECT '$&' AS a, '$1' AS b FROM t"), settings)).toBe("SELECT '$&' AS a, '$1' AS b FROM t");
});
