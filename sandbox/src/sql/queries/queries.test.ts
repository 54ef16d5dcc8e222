import { startTestSandbox, type TestSandbox } from '@amc-reports/test-support/sandbox/fixture.ts';

/** Constructs of whole queries over a week of events; what is right comes from the base tables, in SQL of its own. */
let test: TestSandbox;
beforeAll(async () => {
  test = await startTestSandbox();
});
afterAll(() => test.stop());

const WEEK = `t.hour >= '2026-03-02' AND t.hour < '2026-03-09'`;
const SPONSORED = `FROM sandbox.sponsored_traffic t JOIN sandbox.campaign c ON c.key = t.campaign WHERE ${WEEK}`;
const DSP = `FROM sandbox.dsp_traffic t JOIN sandbox.campaign c ON c.key = t.campaign WHERE ${WEEK}`;

// prettier-ignore
const QUERIES: [what: string, amc: string, base: string][] = [
  ['VALUES in a CTE, joined',
    `WITH wanted(product) AS (VALUES ('sponsored_brands'), ('sponsored_display')) SELECT w.product, SUM(t.clicks) AS clicks FROM wanted w JOIN sponsored_ads_traffic t ON t.ad_product_type = w.product GROUP BY w.product`,
    `SELECT c.product, sum(t.clicks) ${SPONSORED} AND c.product IN ('sponsored_brands', 'sponsored_display') GROUP BY 1`],
  ['VALUES with numbers for a text column',
    `WITH wanted(id) AS (VALUES (280001234567891), (280002469135782)) SELECT campaign_id_string, SUM(impressions) AS n FROM sponsored_ads_traffic WHERE campaign_id_string IN (SELECT id FROM wanted) GROUP BY 1`,
    `SELECT c.campaign_id_string, sum(t.impressions) ${SPONSORED} AND c.campaign_id_string IN ('280001234567891', '280002469135782') GROUP BY 1`],
  ['numbers in a list for a text column',
    `SELECT campaign_id_string, SUM(impressions) AS n FROM sponsored_ads_traffic WHERE campaign_id_string IN (280001234567891, '280002469135782') GROUP BY 1`,
    `SELECT c.campaign_id_string, sum(t.impressions) ${SPONSORED} AND c.campaign_id_string IN ('280001234567891', '280002469135782') GROUP BY 1`],
  ['GROUP BY 1 without an aggregate', `SELECT ad_product_type FROM sponsored_ads_traffic GROUP BY 1`, `SELECT DISTINCT c.product ${SPONSORED}`],
  ['SELECT DISTINCT', `SELECT DISTINCT ad_product_type, currency_iso_code FROM sponsored_ads_traffic`, `SELECT DISTINCT c.product, c.currency ${SPONSORED}`],
  ['SELECT DISTINCT in a CTE, persons kept',
    `WITH p AS (SELECT DISTINCT user_id, ad_product_type FROM sponsored_ads_traffic) SELECT ad_product_type, COUNT(user_id) AS people FROM p GROUP BY 1`,
    `SELECT c.product, count(DISTINCT t.user_id) ${SPONSORED} GROUP BY 1`],
  ['ORDER BY in a sub-query and in a CTE',
    `WITH a AS (SELECT ad_product_type, clicks FROM sponsored_ads_traffic ORDER BY clicks DESC) SELECT x.ad_product_type, SUM(x.clicks) AS n FROM (SELECT ad_product_type, clicks FROM a ORDER BY 1) x GROUP BY 1`,
    `SELECT c.product, sum(t.clicks) ${SPONSORED} GROUP BY 1`],
  ['JOIN USING',
    `WITH a AS (SELECT campaign_id_string, SUM(clicks) AS clicks FROM sponsored_ads_traffic GROUP BY 1), b AS (SELECT campaign_id_string, SUM(impressions) AS impressions FROM sponsored_ads_traffic GROUP BY 1) SELECT SUM(clicks) AS clicks, SUM(impressions) AS impressions FROM a JOIN b USING (campaign_id_string)`,
    `SELECT sum(t.clicks), sum(t.impressions) ${SPONSORED}`],
  ['FULL JOIN USING a person',
    `WITH a AS (SELECT user_id, SUM(clicks) AS clicks FROM sponsored_ads_traffic WHERE user_id IS NOT NULL GROUP BY 1), b AS (SELECT user_id, SUM(impressions) AS seen FROM dsp_impressions WHERE user_id IS NOT NULL GROUP BY 1) SELECT COUNT(DISTINCT user_id) AS people FROM a FULL OUTER JOIN b USING (user_id)`,
    `SELECT count(DISTINCT user_id) FROM (SELECT t.user_id ${SPONSORED} UNION SELECT t.user_id ${DSP}) AS u`],
  ['window functions beside DISTINCT',
    `WITH p AS (SELECT DISTINCT ad_product_type, SUM(clicks) OVER (PARTITION BY ad_product_type) AS clicks FROM sponsored_ads_traffic) SELECT ad_product_type, MAX(clicks) AS clicks FROM p GROUP BY 1`,
    `SELECT c.product, sum(t.clicks) ${SPONSORED} GROUP BY 1`],
  ['a window over aggregates',
    `SELECT ad_product_type, SUM(clicks) AS clicks, SUM(SUM(clicks)) OVER () AS all_clicks FROM sponsored_ads_traffic GROUP BY 1`,
    `SELECT c.product, sum(t.clicks), (SELECT sum(t.clicks) ${SPONSORED}) ${SPONSORED} GROUP BY 1`],
  ['a rank of the group, chosen outside',
    `WITH r AS (SELECT ad_product_type, SUM(clicks) AS clicks, RANK() OVER (ORDER BY SUM(clicks) DESC) AS place FROM sponsored_ads_traffic GROUP BY 1) SELECT ad_product_type, clicks FROM r WHERE place = 1`,
    `SELECT c.product, sum(t.clicks) ${SPONSORED} GROUP BY 1 ORDER BY 2 DESC LIMIT 1`],
  ['GROUP BY an alias that is a column too',
    `SELECT UPPER(ad_product_type) AS ad_product_type, SUM(clicks) AS clicks FROM sponsored_ads_traffic GROUP BY ad_product_type`,
    `SELECT upper(c.product), sum(t.clicks) ${SPONSORED} GROUP BY 1`],
  ['HAVING by an alias',
    `SELECT ad_product_type, SUM(clicks) AS total FROM sponsored_ads_traffic GROUP BY 1 HAVING total > 500`,
    `SELECT c.product, sum(t.clicks) ${SPONSORED} GROUP BY 1 HAVING sum(t.clicks) > 500`],
  ['GROUP BY an expression',
    `SELECT DATE_TRUNC('DAY', event_dt_hour_utc) AS d, SUM(clicks) AS n FROM sponsored_ads_traffic GROUP BY DATE_TRUNC('DAY', event_dt_hour_utc)`,
    `SELECT to_char(t.hour, 'YYYY-MM-DD"T00:00:00.000"'), sum(t.clicks) ${SPONSORED} GROUP BY 1`],
  ['GROUPING SETS',
    `SELECT ad_product_type, currency_iso_code, SUM(clicks) AS n FROM sponsored_ads_traffic GROUP BY GROUPING SETS ((ad_product_type), (currency_iso_code))`,
    `SELECT c.product, c.currency, sum(t.clicks) ${SPONSORED} GROUP BY GROUPING SETS ((1), (2))`],
  ['UNION ALL of texts and numbers',
    `SELECT ad_product_type AS what, SUM(clicks) AS n FROM sponsored_ads_traffic GROUP BY 1 UNION ALL SELECT 1 AS what, SUM(clicks) AS n FROM sponsored_ads_traffic`,
    `SELECT c.product, sum(t.clicks) ${SPONSORED} GROUP BY 1 UNION ALL SELECT '1', sum(t.clicks) ${SPONSORED}`],
  ['UNION keeps equal rows once',
    `WITH u AS (SELECT ad_product_type FROM sponsored_ads_traffic UNION SELECT ad_product_type FROM sponsored_ads_traffic) SELECT COUNT(*) AS n FROM u`,
    `SELECT count(DISTINCT c.product) ${SPONSORED}`],
  ['comments anywhere, apostrophes in them',
    `SELECT /* it's */ ad_product_type, -- don't count "these"\n SUM(clicks) AS n FROM TABLE( /* the table's window */ EXTEND_TIME_WINDOW('sponsored_ads_traffic', 'P0D', 'P0D')) // end\n GROUP BY 1`,
    `SELECT c.product, sum(t.clicks) ${SPONSORED} GROUP BY 1`],
  ['periods in lower case',
    `SELECT SUM(clicks) AS n FROM TABLE(EXTEND_TIME_WINDOW('sponsored_ads_traffic', 'p2d', 'p1d'))`,
    `SELECT sum(t.clicks) FROM sandbox.sponsored_traffic t WHERE t.hour >= '2026-02-28' AND t.hour < '2026-03-10'`],
  ['a sub-query as a value',
    `SELECT ad_product_type, SUM(clicks) / (SELECT SUM(clicks) FROM sponsored_ads_traffic) > 0.5 AS most FROM sponsored_ads_traffic GROUP BY 1`,
    `SELECT c.product, CASE WHEN sum(t.clicks)::numeric / (SELECT sum(t.clicks) ${SPONSORED}) > 0.5 THEN 'TRUE' ELSE 'FALSE' END ${SPONSORED} GROUP BY 1`],
  ['EXISTS',
    `SELECT ad_product_type, COUNT(DISTINCT user_id) AS n FROM sponsored_ads_traffic s WHERE EXISTS (SELECT 1 FROM dsp_impressions d WHERE d.user_id = s.user_id) GROUP BY 1`,
    `SELECT c.product, count(DISTINCT t.user_id) ${SPONSORED} AND t.user_id IN (SELECT t.user_id ${DSP} AND t.user_id IS NOT NULL) GROUP BY 1`],
  ['NOT IN a sub-query',
    `SELECT COUNT(DISTINCT user_id) AS n FROM sponsored_ads_traffic WHERE user_id NOT IN (SELECT user_id FROM dsp_impressions WHERE user_id IS NOT NULL)`,
    `SELECT count(DISTINCT t.user_id) ${SPONSORED} AND t.user_id NOT IN (SELECT t.user_id ${DSP} AND t.user_id IS NOT NULL)`],
  ['a CROSS JOIN with one row', `WITH one(f) AS (VALUES (2)) SELECT ad_product_type, SUM(clicks * f) AS n FROM sponsored_ads_traffic CROSS JOIN one GROUP BY 1`, `SELECT c.product, 2 * sum(t.clicks) ${SPONSORED} GROUP BY 1`],
  ['EXPLODE', `WITH e AS (SELECT ad_product_type, EXPLODE(ARRAY['a', 'b']) AS letter FROM sponsored_ads_traffic) SELECT letter, ad_product_type, COUNT(*) AS n FROM e GROUP BY 1, 2`, `SELECT letter, c.product, count(*) FROM (VALUES ('a'), ('b')) AS l(letter), sandbox.sponsored_traffic t JOIN sandbox.campaign c ON c.key = t.campaign WHERE ${WEEK} GROUP BY 1, 2`],
  ['UNNEST in FROM', `SELECT letter, SUM(s.clicks) AS n FROM sponsored_ads_traffic s, UNNEST(ARRAY['a', 'b']) AS l(letter) GROUP BY 1`, `SELECT letter, sum(t.clicks) FROM (VALUES ('a'), ('b')) AS l(letter), sandbox.sponsored_traffic t WHERE ${WEEK} GROUP BY 1`],
  ['COUNT(DISTINCT) of two columns', `SELECT COUNT(DISTINCT ad_product_type, currency_iso_code) AS n FROM sponsored_ads_traffic`, `SELECT count(DISTINCT (c.product, c.currency)) ${SPONSORED}`],
  ['LAG, LEAD and FIRST_VALUE', `WITH d AS (SELECT event_date_utc AS day, SUM(clicks) AS n FROM sponsored_ads_traffic GROUP BY 1), w AS (SELECT day, n, LAG(n, 1, 0) OVER (ORDER BY day) AS before, LEAD(n) OVER (ORDER BY day) AS after, FIRST_VALUE(n) OVER (ORDER BY day) AS first FROM d) SELECT day, before, after, first FROM w`,
    `WITH d AS (SELECT t.hour::date AS day, sum(t.clicks) AS n ${SPONSORED} GROUP BY 1) SELECT day::text, lag(n, 1, 0) OVER w, lead(n) OVER w, first_value(n) OVER w FROM d WINDOW w AS (ORDER BY day)`],
  ['the shares of a window', `WITH d AS (SELECT ad_product_type, SUM(clicks) AS n FROM sponsored_ads_traffic GROUP BY 1) SELECT ad_product_type, ROUND(n / SUM(n) OVER (), 4) AS share, NTILE(2) OVER (ORDER BY n) AS half, DENSE_RANK() OVER (ORDER BY n) AS place, ROUND(PERCENT_RANK() OVER (ORDER BY n), 2) AS pr, ROUND(CUME_DIST() OVER (ORDER BY n), 2) AS cd, ROW_NUMBER() OVER (ORDER BY n) AS rn, NTH_VALUE(n, 1) OVER (ORDER BY n) AS least, LAST_VALUE(n) OVER (ORDER BY n) AS own FROM d`,
    `WITH d AS (SELECT c.product, sum(t.clicks) AS n ${SPONSORED} GROUP BY 1) SELECT product, round(n / sum(n) OVER (), 4), ntile(2) OVER w, dense_rank() OVER w, round((percent_rank() OVER w)::numeric, 2), round((cume_dist() OVER w)::numeric, 2), row_number() OVER w, nth_value(n, 1) OVER w, last_value(n) OVER w FROM d WINDOW w AS (ORDER BY n)`],
];
it.each(QUERIES)('%s', async (_what, amc, base) => {
  const result = await test.sql(amc);
  expect(result.statusReason).toBeUndefined();
  const right = await test.owner.query<(string | null)[]>({ text: base, rowMode: 'array' });
  expect(result.rows.map((row) => row.join()).sort()).toEqual(right.rows.map((row) => row.map((value) => value ?? '').join()).sort());
  expect(result.rows.length).toBeGreaterThan(0);
});

it('constants alone need neither an aggregate nor people', async () => {
  const result = await test.sql(`WITH t(a, b) AS (VALUES (1, 'x'), (2.5, 'y'), (NULL, 3)) SELECT a, b FROM t`);
  expect(result.rows.map(String).sort()).toEqual([',3', '1,x', '2.5,y']);
});

it('events leave one by one where Amazon’s sandbox lets them, persons too', async () => {
  const open = { execution: { disableAggregationControls: true, requireSyntheticData: true } };
  const sql = `SELECT user_id, campaign_id_string, impressions FROM sponsored_ads_traffic WHERE event_hour_utc = 3`;
  const result = await test.sql(sql, open);
  const right = await test.owner.query<{ n: string }>(`SELECT count(*) AS n ${SPONSORED} AND extract(hour FROM t.hour) = 3`);
  expect(result.rows).toHaveLength(Number(right.rows[0]?.n));
  expect((await test.sql(sql)).statusReason).toBe('SQL query was invalid. The query must contain at least one aggregate function.');
});

it.each([
  ['conversions_all', 'the paid table conversions_all'],
  ['dsp_impressions_for_audiences', 'the audience table dsp_impressions_for_audiences'],
])('a table that Amazon has and the sandbox has not: %s', async (table, what) => {
  expect((await test.sql(`SELECT COUNT(*) AS n FROM ${table}`)).statusReason).toBe(`The sandbox lacks ${what}. Amazon may run this query.`);
});

it.each([
  ['SELECT COUNT(*) AS n FROM sponsored_ads_traffic INTERSECT SELECT COUNT(*) AS n FROM dsp_clicks', 'INTERSECT'],
  ['WITH RECURSIVE r AS (SELECT 1 AS n) SELECT COUNT(*) AS n FROM r', 'recursive WITH'],
  ['SELECT COUNT(*) AS n FROM sponsored_ads_traffic NATURAL JOIN dsp_clicks', 'NATURAL JOIN'],
])('%s is lacking', async (sql, what) => {
  expect((await test.sql(sql)).statusReason).toBe(`The sandbox lacks ${what}. Amazon may run this query.`);
});

it('a dry run refuses what would fail', async () => {
  const answer = await test.sql(`SELECT SUM(clicks) AS n FROM sponsored_ads_traffic WHERE event_date_utc = 'tomorrowish'`, {
    execution: { dryRun: true },
  });
  expect([answer.status, answer.statusReason]).toEqual(['REJECTED', "SQL query was invalid. Invalid literal 'tomorrowish'"]);
});

it('a row that cannot be computed ends the execution in words of its own', async () => {
  const result = await test.sql(
    `SELECT SUM(CAST(9223372036854775807 AS LONG) * clicks * clicks) AS n FROM sponsored_ads_traffic WHERE clicks > 1`,
  );
  expect([result.status, result.statusReason]).toEqual(['FAILED', 'Execution failed: a value is out of the range of its type']);
});

describe('constants beside people', () => {
  /** A far week in which one campaign was seen by one person, and one by two. */
  const far = { from: '2025-10-06', to: '2025-10-13' };
  beforeAll(async () => {
    await test.owner.query(`INSERT INTO sandbox.dsp_traffic (hour, draw, user_id, cost, campaign, impressions, clicks) VALUES
      ('2025-10-07 10:00', 0, 7, 1, 13, 1, 0), ('2025-10-07 10:00', 0, 8, 1, 14, 1, 0), ('2025-10-07 10:00', 0, 9, 1, 14, 1, 0)`);
  });
  const IDS = `WITH t(id) AS (VALUES ('280016049382583'), ('280017283950474'), ('280099999999999'))`;
  const values = { workflow: { privacyFilteringBehavior: 'REMOVE_VALUES' }, ...far };

  it('need as many people as the column they meet', async () => {
    for (const from of [
      't JOIN dsp_impressions d ON d.campaign_id_string = t.id',
      't, dsp_impressions d WHERE d.campaign_id_string = t.id',
    ]) {
      const result = await test.sql(`${IDS} SELECT t.id, SUM(d.impressions) AS n FROM ${from} GROUP BY t.id`, values);
      expect(result.rows.map(String).sort()).toEqual([',1', '280017283950474,2']);
    }
    const using = await test.sql(
      `WITH t(campaign_id_string) AS (VALUES ('280016049382583')) SELECT campaign_id_string, SUM(d.impressions) AS n FROM t JOIN dsp_impressions d USING (campaign_id_string) GROUP BY 1`,
      values,
    );
    expect(using.rows.map(String)).toEqual([',1']);
  });

  it('are not chosen by a sub-query over people', async () => {
    for (const condition of [
      'id IN (SELECT campaign_id_string FROM dsp_impressions)',
      'EXISTS (SELECT 1 FROM dsp_impressions d WHERE d.campaign_id_string = t.id)',
    ]) {
      expect((await test.sql(`${IDS} SELECT id, COUNT(*) AS n FROM t WHERE ${condition} GROUP BY id`, far)).statusReason).toMatch(
        /^The sandbox lacks a sub-query beside nothing but constants/,
      );
    }
  });

  it.each([
    `WITH t(c) AS (VALUES ('10001')) SELECT COUNT(*) AS n FROM dsp_impressions d JOIN t ON t.c = d.postal_code`,
    `WITH t(postal_code) AS (VALUES ('10001')) SELECT COUNT(*) AS n FROM dsp_impressions JOIN t USING (postal_code)`,
    `SELECT COUNT(*) AS n FROM dsp_impressions WHERE postal_code IN (SELECT c FROM (VALUES ('10001')) AS t(c))`,
    `SELECT COUNT(*) AS n FROM dsp_impressions WHERE CASE postal_code WHEN '10001' THEN TRUE END`,
    `SELECT COUNT(*) AS n FROM dsp_impressions WHERE NULLIF(postal_code, '10001') IS NULL`,
    `SELECT COUNT(*) AS n FROM dsp_impressions WHERE postal_code LIKE '1%'`,
    `SELECT COUNT(*) AS n FROM dsp_impressions WHERE postal_code SIMILAR TO '^1'`,
    `SELECT COUNT(*) AS n FROM dsp_impressions WHERE LEFT(postal_code, 1) = '1'`,
    `SELECT COUNT(*) AS n FROM dsp_impressions WHERE INSTR(postal_code, '10001') > 0`,
    `SELECT COUNT(*) AS n FROM dsp_impressions WHERE CONTAINED_IN(postal_code, '10001')`,
    `SELECT COUNT(*) AS n FROM dsp_impressions WHERE ARRAY_CONTAINS(ARRAY['10001'], postal_code)`,
    `SELECT COUNT(*) AS n FROM dsp_impressions WHERE MOD(HASH64(user_id), 100) = 7`,
    `SELECT COUNT(*) AS n FROM dsp_impressions WHERE REGEXP_SUBSTR(postal_code, '^10001$') IS NOT NULL`,
    `SELECT COUNT(REGEXP_SUBSTR(postal_code, '^10001$')) AS n FROM dsp_impressions`,
    `SELECT COUNT(*) AS n FROM dsp_impressions GROUP BY REPLACE(postal_code, '10001', '')`,
    `SELECT COUNT(*) AS n FROM dsp_impressions WHERE CAST(INSTR(postal_code, campaign) AS BOOLEAN)`,
    `SELECT COUNT(*) AS n FROM dsp_impressions WHERE (STR_TO_MAP(postal_code, ',', ':'))['10001'] IS NULL`,
    `SELECT COUNT(*) AS n FROM dsp_impressions WHERE CARDINALITY(ARRAY_REMOVE(ARRAY[postal_code], '10001')) = 0`,
    `SELECT COUNT(*) AS n FROM dsp_impressions GROUP BY LEAST(postal_code, '10001')`,
    `WITH u AS (SELECT postal_code AS c, 0 AS mine FROM dsp_impressions UNION ALL SELECT '10001' AS c, 1 AS mine FROM dsp_clicks) SELECT COUNT(*) AS n FROM u GROUP BY c HAVING MAX(mine) = 1`,
    `SELECT COUNT(*) AS n FROM dsp_impressions WHERE postal_code = CONCAT('100', '01')`,
    `SELECT COUNT(*) AS n FROM dsp_impressions WHERE postal_code = CASE WHEN impressions > 0 THEN '10001' END`,
    `SELECT COUNT(*) AS n FROM dsp_impressions HAVING MAX(postal_code) = '10001'`,
    `SELECT COUNT(*) AS n FROM dsp_impressions WHERE postal_code = CUSTOM_PARAMETER('code')`,
  ])('ask a guarded column nothing: %s', async (sql) => {
    const workflow = { inputParameters: [{ name: 'code', dataType: 'STRING', defaultValue: '10001' }] };
    expect((await test.sql(sql, { workflow })).statusReason).toMatch(/aggregation threshold HIGH or VERY_HIGH/);
  });

  it.each([
    'MD5(user_id)',
    'SHA1(user_id)',
    'HASH64(user_id)',
    'LEFT(user_id, 3)',
    'CAST(user_id AS STRING)',
    'CONCAT(user_id)',
    'COLLECT(user_id)',
    'MAX(user_id)',
    'ARRAY_TO_STRING(COLLECT(DISTINCT user_id), 1)',
    'FIRST_VALUE(user_id) OVER (ORDER BY user_id)',
    'NVL2(user_id, user_id, 0)',
    'IF(TRUE, user_id, 0)',
    'COALESCE(user_id, 0)',
    "JSON_EXTRACT(CONCAT('{\"a\":', user_id, '}'), '$.a')",
    "(STR_TO_MAP(user_id, ',', ':'))['x']",
    'EXPLODE(ARRAY[user_id])',
    'MEDIAN(CAST(user_id AS LONG))',
    'NAMED_ROW(1, user_id)',
  ])('let no person out: %s', async (expression) => {
    const result = await test.sql(
      `SELECT ${expression} AS someone, COUNT(*) AS n FROM dsp_impressions GROUP BY ${/COLLECT|MAX|MEDIAN/.test(expression) ? 'campaign' : '1'}`,
    );
    expect(result.status).toBe('REJECTED');
  });
});
