import { startTestSandbox, type TestSandbox } from '@amc-reports/test-support/sandbox/fixture.ts';

/** Who stands behind a row of a join, a window, a sub-query: a week with few people, known one by one. */
const WEEK = { from: '2025-10-06', to: '2025-10-13' };
let test: TestSandbox;
beforeAll(async () => {
  test = await startTestSandbox({ historyDays: 3 });
  // Postal code 10002 has one person, 10003 has 99, 10004 has 100, 10005 has 300; campaign 13 is the one person's alone.
  const groups = [
    [13, 1, 1],
    [14, 2, 99],
    [14, 3, 100],
    [14, 4, 300],
  ];
  for (const [campaign, postal, people] of groups) {
    await test.owner.query(
      `INSERT INTO sandbox.dsp_traffic (hour, draw, user_id, cost, campaign, impressions, clicks)
       SELECT '2025-10-07 10:00', 0, $2 + 9973 * person, 1, $1, 1, 0 FROM generate_series(1, $3::int) person`,
      [campaign, postal, people],
    );
  }
  // Half of the people of 10005 saw sponsored ads too.
  await test.owner.query(
    `INSERT INTO sandbox.sponsored_traffic (hour, draw, user_id, cost, campaign, impressions, clicks)
     SELECT '2025-10-07 11:00', 0, 4 + 9973 * person, 0, 1, 1, 0 FROM generate_series(1, 150) person`,
  );
});
afterAll(() => test.stop());

const run = (sql: string, workflow: object = {}) => test.sql(sql, { ...WEEK, workflow });
const rows = async (sql: string) => {
  const result = await run(sql);
  expect(result.statusReason).toBeUndefined();
  return result.rows.map((row) => row.join()).sort();
};
const THIN = ['280016049382583', '10002', '10003'];

describe('people are found', () => {
  const A = 'a AS (SELECT user_id FROM dsp_impressions WHERE user_id IS NOT NULL GROUP BY 1)';
  const B = 'b AS (SELECT user_id FROM sponsored_ads_traffic WHERE user_id IS NOT NULL GROUP BY 1)';

  it('on both sides of a LEFT JOIN: who matched and who did not', async () => {
    const sql = `WITH ${A}, ${B} SELECT (b.user_id IS NOT NULL) AS both, COUNT(DISTINCT a.user_id) AS people, COUNT(*) AS n FROM a LEFT JOIN b ON a.user_id = b.user_id GROUP BY 1`;
    expect(await rows(sql)).toEqual(['FALSE,350,350', 'TRUE,150,150']);
  });

  it('in all three groups of a FULL JOIN', async () => {
    await test.owner.query(`INSERT INTO sandbox.sponsored_traffic (hour, draw, user_id, cost, campaign, impressions, clicks)
      SELECT '2025-10-07 11:00', 0, 8000000 + person, 0, 1, 1, 0 FROM generate_series(1, 20) person`);
    const sql = `WITH ${A}, ${B} SELECT CASE WHEN b.user_id IS NULL THEN 'a' WHEN a.user_id IS NULL THEN 'b' ELSE 'both' END AS g, COUNT(DISTINCT COALESCE(a.user_id, b.user_id)) AS people FROM a FULL OUTER JOIN b ON a.user_id = b.user_id GROUP BY 1`;
    expect(await rows(sql)).toEqual(['a,350', 'b,20', 'both,150']);
  });

  it('behind metrics of a joined table that most rows lack', async () => {
    const sql = `WITH a AS (SELECT user_id, campaign_id_string, SUM(impressions) AS i FROM dsp_impressions GROUP BY 1, 2), c AS (SELECT user_id, SUM(impressions) AS p FROM sponsored_ads_traffic GROUP BY 1)
      SELECT campaign_id_string, SUM(i) AS i, SUM(p) AS p, COUNT(DISTINCT c.user_id) AS buyers FROM a LEFT JOIN c ON a.user_id = c.user_id GROUP BY 1`;
    expect(await rows(sql)).toEqual(['280017283950474,499,150,150']);
  });

  it('where the person is grouped by as a text', async () => {
    const sql = `SELECT c, COUNT(DISTINCT u) AS n FROM (SELECT campaign_id_string AS c, CAST(user_id AS STRING) AS u, COUNT(*) AS k FROM dsp_impressions GROUP BY 1, 2) s GROUP BY 1`;
    expect(await rows(sql)).toEqual(['280017283950474,499']);
  });

  it('over constants alone nobody is looked for', async () => {
    expect(await rows(`WITH t(g, c) AS (VALUES ('1', 'a'), ('2', 'b')) SELECT g, c, ROW_NUMBER() OVER (ORDER BY c) AS r FROM t`)).toEqual([
      '1,a,1',
      '2,b,2',
    ]);
  });
});

// prettier-ignore
const NOBODY_ALONE: [what: string, sql: string][] = [
  ['an event beside anything counted', `WITH big AS (SELECT COUNT(*) AS n FROM dsp_impressions) SELECT i.postal_code AS pc, i.campaign_id_string AS c, i.impressions AS im FROM dsp_impressions i CROSS JOIN big`],
  ['people counted on the other side of a join', `SELECT i.postal_code AS pc, COUNT(j.user_id) AS n FROM dsp_impressions i CROSS JOIN dsp_impressions j GROUP BY 1`],
  ['a metric of a counted relation', `WITH big AS (SELECT device_type, COUNT(*) AS t FROM dsp_impressions GROUP BY 1) SELECT i.postal_code AS pc, SUM(big.t) AS n FROM dsp_impressions i JOIN big USING (device_type) GROUP BY 1`],
  ['the other person of a joined row', `SELECT pc, COUNT(*) AS n FROM (SELECT i.postal_code AS pc FROM dsp_impressions j CROSS JOIN dsp_impressions i) s GROUP BY 1`],
  ['a group by one of two persons', `SELECT pc, COUNT(*) AS n FROM (SELECT j.user_id, i.postal_code AS pc FROM dsp_impressions j CROSS JOIN dsp_impressions i GROUP BY 1, 2) s GROUP BY 1`],
  ['two persons through a union', `SELECT pc, COUNT(*) AS n FROM (SELECT i.postal_code AS pc FROM dsp_impressions j CROSS JOIN dsp_impressions i UNION ALL SELECT postal_code AS pc FROM dsp_clicks) s GROUP BY 1`],
  ['a value of a sub-query', `SELECT (SELECT MAX(campaign_id_string) FROM dsp_impressions WHERE campaign = 'nothing') AS c, (SELECT campaign_id_string FROM dsp_impressions WHERE campaign_id_string = '280016049382583') AS d, COUNT(*) AS n FROM dsp_impressions`],
  ['a literal that was joined', `WITH v AS (SELECT '280016049382583' AS c FROM dsp_impressions GROUP BY 1) SELECT v.c, COUNT(*) AS n FROM v JOIN dsp_impressions i ON v.c = i.campaign_id_string GROUP BY v.c`],
  ['literals that were exploded', `SELECT c, COUNT(*) AS n FROM (SELECT EXPLODE(ARRAY['280016049382583', '280017283950474']) AS c, campaign_id_string AS k FROM dsp_impressions) s WHERE c = k GROUP BY 1`],
  ['DISTINCT over a join', `SELECT DISTINCT i.postal_code AS pc FROM dsp_impressions j CROSS JOIN dsp_impressions i`],
  ['GROUP BY without an aggregate', `SELECT postal_code, campaign_id_string FROM dsp_impressions GROUP BY 1, 2`],
  ['grouping sets', `SELECT postal_code, campaign_id_string, COUNT(*) AS n FROM dsp_impressions GROUP BY GROUPING SETS ((1), (2))`],
];
it.each(NOBODY_ALONE)('nobody is shown alone by %s', async (_what, sql) => {
  for (const workflow of [{}, { privacyFilteringBehavior: 'REMOVE_VALUES' }, { filteredMetricsDiscriminatorColumn: 'filtered' }]) {
    const result = await run(sql, workflow);
    expect(result.statusReason).toBeUndefined();
    for (const thin of THIN) expect(result.files.join()).not.toContain(thin);
  }
});

// prettier-ignore
const REFUSED: [sql: string, reason: RegExp][] = [
  [`WITH p(a, amc_users, amc_user) AS (SELECT postal_code FROM dsp_impressions UNION ALL SELECT city_name FROM dsp_impressions GROUP BY 1) SELECT a, COUNT(*) AS n FROM p GROUP BY a`, /The sandbox lacks the name amc_users?, which it uses itself/],
  [`WITH p(a, b) AS (SELECT postal_code FROM dsp_impressions) SELECT a, COUNT(*) AS n FROM p GROUP BY a`, /Number of column aliases/],
  [`SELECT postal_code AS amc_users, COUNT(*) AS n FROM dsp_impressions GROUP BY 1`, /the name amc_users, which it uses itself/],
  [`SELECT postal_code, LAG(postal_code) OVER (ORDER BY postal_code) AS prev, SUM(impressions) AS n FROM dsp_impressions GROUP BY postal_code`, /The sandbox lacks LAG over rows of several people/],
  [`SELECT MIN(campaign_id_string) OVER () AS c, COUNT(*) AS n FROM dsp_impressions GROUP BY campaign_id_string`, /MIN over rows of several people/],
  [`SELECT (SELECT MAX(postal_code) FROM dsp_impressions) AS pc, COUNT(*) AS n FROM dsp_impressions`, /MAX of a column with aggregation threshold HIGH/],
  [`SELECT EXPLODE(COLLECT(DISTINCT postal_code)) AS pc FROM dsp_impressions`, /COLLECT of a column with aggregation threshold HIGH/],
  [`SELECT MIN(pc) AS m, COUNT(*) AS n FROM (SELECT postal_code AS pc, COUNT(*) AS k FROM dsp_impressions GROUP BY 1) s`, /MIN of a column with aggregation threshold HIGH/],
  [`WITH r AS (SELECT ROW_NUMBER() OVER (ORDER BY v) AS rn FROM (VALUES (1), (2)) AS t(v)) SELECT COUNT(*) AS n FROM dsp_impressions i JOIN r ON CAST(i.postal_code AS LONG) = r.rn`, /cannot be compared/],
  [`SELECT COUNT(*) AS n FROM dsp_impressions WHERE CAST(postal_code AS LONG) = SECONDS_BETWEEN(BUILT_IN_PARAMETER('TIME_WINDOW_START'), BUILT_IN_PARAMETER('TIME_WINDOW_END'))`, /cannot be compared/],
  [`SELECT COUNT(*) AS n FROM dsp_impressions WHERE postal_code IN (SELECT campaign FROM dsp_clicks)`, /cannot be compared/],
  [`SELECT CASE WHEN device_type = 'PC' THEN '10002' ELSE postal_code END AS pc, COUNT(*) AS n FROM dsp_impressions GROUP BY 1`, /CASE, COALESCE or an array of a literal/],
];
it.each(REFUSED)('is refused: %s', async (sql, reason) => {
  expect((await run(sql)).statusReason).toMatch(reason);
});

it("a person's own earlier rows are no secret's: windows over one person run", async () => {
  const sql = `WITH w AS (SELECT user_id, LAG(campaign_id_string) OVER (PARTITION BY user_id ORDER BY impression_dt_utc) AS before, campaign_id_string AS c FROM dsp_impressions) SELECT c, COUNT(before) AS n FROM w GROUP BY 1`;
  expect(await rows(sql)).toEqual(['280017283950474,0']);
});
