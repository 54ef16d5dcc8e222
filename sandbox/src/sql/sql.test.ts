import pg from 'pg';
import { SANDBOX_SPONSORED_INSTANCE_ID } from '../account.ts';
import { startTestSandbox, type TestSandbox } from '@amc-reports/test-support/sandbox/fixture.ts';

let test: TestSandbox;
beforeAll(async () => {
  test = await startTestSandbox();
});
afterAll(() => test.stop());

describe('SQL that Amazon accepts', () => {
  // prettier-ignore
  const accepted: [what: string, sql: string][] = [
    ['a plain aggregate', `SELECT campaign, SUM(impressions) AS impressions FROM sponsored_ads_traffic GROUP BY campaign`],
    ['the sandbox schema', `SELECT campaign, SUM(impressions) AS impressions FROM sandbox.dsp_impressions GROUP BY campaign`],
    ['GROUP BY a position', `SELECT ad_product_type, SUM(clicks) AS clicks FROM sponsored_ads_traffic GROUP BY 1`],
    ['CTEs and a full outer join of aggregated sides', `WITH t AS (SELECT campaign, SUM(spend) AS spend FROM sponsored_ads_traffic GROUP BY campaign), c AS (SELECT campaign, SUM(total_purchases) AS purchases FROM amazon_attributed_events_by_traffic_time GROUP BY campaign) SELECT COALESCE(t.campaign, c.campaign) AS campaign, t.spend, c.purchases FROM t FULL OUTER JOIN c ON t.campaign = c.campaign`],
    ['a wider window', `SELECT campaign, SUM(impressions) AS impressions FROM TABLE(EXTEND_TIME_WINDOW('dsp_impressions','P14D','P1D')) GROUP BY campaign`],
    ['window functions over people', `WITH r AS (SELECT user_id, campaign, ROW_NUMBER() OVER (PARTITION BY user_id ORDER BY impression_dt_utc) AS n FROM dsp_impressions) SELECT campaign, COUNT(DISTINCT user_id) AS people FROM r WHERE n = 1 GROUP BY campaign`],
    ['today', `SELECT SUM(impressions) AS impressions FROM sponsored_ads_traffic WHERE event_date < CAST('today' AS DATE)`],
    ['IF, SIMILAR TO, CONCAT and casts', `SELECT IF(campaign SIMILAR TO '%(SP|SB)%', CONCAT('a', 'b'), CAST(1 AS STRING)) AS kind, SUM(CAST(spend AS DOUBLE)) / 100000000 AS spend FROM sponsored_ads_traffic GROUP BY 1`],
    ['SECONDS_BETWEEN and a HAVING', `SELECT ad_product_type, MAX(SECONDS_BETWEEN(traffic_event_dt_utc, conversion_event_dt_utc)) AS slowest FROM amazon_attributed_events_by_traffic_time GROUP BY ad_product_type HAVING COUNT(*) > 3`],
    ['a sub-query in IN', `SELECT campaign, SUM(impressions) AS n FROM sponsored_ads_traffic WHERE user_id IN (SELECT user_id FROM dsp_impressions) GROUP BY campaign`],
    ['UNION without ALL', `WITH u AS (SELECT user_id FROM sponsored_ads_traffic UNION SELECT user_id FROM dsp_impressions) SELECT COUNT(DISTINCT user_id) AS people FROM u`],
    ['BUILT_IN_PARAMETER', `SELECT BUILT_IN_PARAMETER('TIME_WINDOW_START') AS starts, BUILT_IN_PARAMETER('TIME_WINDOW_END') AS ends, SUM(clicks) AS clicks FROM sponsored_ads_traffic`],
    ['a comment', `SELECT SUM(clicks) AS clicks /* all of them */ FROM sponsored_ads_traffic -- the end`],
  ];

  it.each(accepted)('runs %s', async (_what, sql) => {
    const result = await test.sql(sql);
    expect(result.statusReason).toBeUndefined();
    expect(result.status).toBe('SUCCEEDED');
    expect(result.rows.length).toBeGreaterThan(0);
  });

  it('gives the path to conversion as Amazon writes it', async () => {
    const result = await test.sql(
      `WITH hits AS (SELECT user_id, ad_product_type, MIN(event_dt_hour_utc) AS seen FROM sponsored_ads_traffic WHERE user_id IS NOT NULL GROUP BY user_id, ad_product_type),
       ranked AS (SELECT NAMED_ROW('order', ROW_NUMBER() OVER (PARTITION BY user_id ORDER BY seen), 'product', ad_product_type) AS step, user_id FROM hits),
       paths AS (SELECT ARRAY_SORT(COLLECT(DISTINCT step)) AS path, user_id FROM ranked GROUP BY user_id)
       SELECT path, CARDINALITY(path) AS steps, COUNT(DISTINCT user_id) AS path_occurrences FROM paths GROUP BY path`,
    );
    expect(result.statusReason).toBeUndefined();
    expect(result.files[0]).toContain('"[[1, sponsored_brands], [2, sponsored_products]]",2,');
  });

  it('has the window that was asked for, and the wider one only where asked', async () => {
    const days = async (from: string): Promise<string[]> =>
      (
        await test.sql(`SELECT event_date_utc AS day, SUM(impressions) AS n FROM ${from} GROUP BY event_date_utc`, {
          from: '2026-03-02',
          to: '2026-03-04',
        })
      ).rows
        .map(([day = '']) => day)
        .sort();
    expect(await days('sponsored_ads_traffic')).toEqual(['2026-03-02', '2026-03-03']);
    expect(await days(`TABLE(EXTEND_TIME_WINDOW('sponsored_ads_traffic','P2D','P1D'))`)).toEqual([
      '2026-02-28',
      '2026-03-01',
      '2026-03-02',
      '2026-03-03',
      '2026-03-04',
    ]);
  });

  it('reads declared parameters, lists too', async () => {
    const workflow = {
      inputParameters: [
        { name: 'products', dataType: { type: 'ARRAY', elementDataType: 'STRING' } },
        { name: 'least', dataType: 'LONG', defaultValue: 0 },
      ],
    };
    const sql = `SELECT ad_product_type, SUM(clicks) AS clicks FROM sponsored_ads_traffic WHERE ARRAY_CONTAINS(CUSTOM_PARAMETER('products'), ad_product_type) AND clicks >= CUSTOM_PARAMETER('least') GROUP BY 1`;
    const result = await test.sql(sql, {
      workflow,
      execution: { parameterValues: { products: ['sponsored_brands', 'sponsored_display'] } },
    });
    expect(result.rows.map(([product]) => product).sort()).toEqual(['sponsored_brands', 'sponsored_display']);
  });
});

describe('SQL that Amazon rejects', () => {
  const G = 'FROM sponsored_ads_traffic GROUP BY campaign';
  // prettier-ignore
  const rejected: [sql: string, reason: RegExp][] = [
    [`SELECT * FROM sponsored_ads_traffic`, /SELECT \* is not supported/],
    [`SELECT COUNT(*) AS n FROM nowhere`, /Object 'nowhere' not found/],
    [`SELECT nothing, COUNT(*) AS n FROM sponsored_ads_traffic GROUP BY nothing`, /From line 1, column 8 to line 1, column 14: Column 'nothing' not found in any table/],
    [`SELECT t.nothing, COUNT(*) AS n FROM sponsored_ads_traffic t GROUP BY 1`, /Column 'nothing' not found in table 't'/],
    [`SELECT x.campaign, COUNT(*) AS n FROM sponsored_ads_traffic t GROUP BY 1`, /Table 'x' not found/],
    [`SELECT campaign, SUM(clicks) AS n ${G} LIMIT 5`, /LIMIT is not supported/],
    [`SELECT campaign, SUM(clicks) AS n ${G} ORDER BY 2`, /ORDER BY outside of window functions/],
    [`SELECT a.campaign, COUNT(*) AS n FROM sponsored_ads_traffic a RIGHT JOIN dsp_clicks b ON a.user_id = b.user_id GROUP BY 1`, /RIGHT JOIN/],
    [`SELECT campaign || 'x' AS c, SUM(clicks) AS n FROM sponsored_ads_traffic GROUP BY 1`, /^Unsupported scalar operation type \|\|$/],
    [`SELECT campaign FROM sponsored_ads_traffic`, /at least one aggregate/],
    [`SELECT user_id, SUM(clicks) AS n FROM sponsored_ads_traffic GROUP BY user_id`, /VERY_HIGH/],
    [`SELECT MAX(user_id) AS someone FROM sponsored_ads_traffic`, /VERY_HIGH/],
    [`SELECT u AS someone, COUNT(*) AS n FROM (SELECT user_id AS u FROM dsp_clicks) x GROUP BY u`, /VERY_HIGH/],
    [`SELECT SUM(clicks) AS n FROM sponsored_ads_traffic WHERE user_id = 5`, /cannot be compared with literal/],
    [`SELECT SUM(impressions) AS n FROM dsp_impressions WHERE postal_code IN ('10001')`, /cannot be compared with literal/],
    [`SELECT GETDATE() AS d, SUM(clicks) AS n FROM sponsored_ads_traffic`, /No match found for function signature GETDATE/],
    [`SELECT SUM(clicks) AS n FROM sponsored_ads_traffic WHERE campaign = CUSTOM_PARAMETER('nobody')`, /parameter 'nobody' is not declared/],
    [`SELEC SUM(clicks) FROM sponsored_ads_traffic`, /Encountered "SELEC" at line 1, column 1/],
    [`SELECT campaign, SUM(clicks) AS n FROM sponsored_ads_traffic`, /Expression 'campaign' is not being grouped/],
    [`SELECT campaign, SUM(campaign) AS n ${G}`, /Cannot apply 'SUM' to arguments of type 'SUM\(<VARCHAR>\)'/],
    [`SELECT 1 AS a, SUM(clicks) AS n FROM sponsored_ads_traffic UNION ALL SELECT SUM(clicks) AS n FROM sponsored_ads_traffic`, /Column count mismatch/],
    [``.padEnd(3), /sqlQuery/],
  ];

  it.each(rejected)('%s', async (sql, reason) => {
    const result = await test.sql(sql).catch((error: Error) => ({ status: 'REFUSED', statusReason: error.message }));
    expect(['REJECTED', 'REFUSED']).toContain(result.status);
    expect(result.statusReason).toMatch(reason);
  });

  it('knows no DSP tables where there are no display advertisers', async () => {
    const sql = 'SELECT SUM(impressions) AS n FROM dsp_impressions';
    expect((await test.sql(sql)).status).toBe('SUCCEEDED');
    expect((await test.sql(sql, { instanceId: SANDBOX_SPONSORED_INSTANCE_ID })).statusReason).toMatch(/Object 'dsp_impressions' not found/);
  });

  it('answers 400 at once when validation is synchronous', async () => {
    await test.control('POST', '/behaviour', { syncValidation: true });
    const answer = await test.reporting('POST', '/workflowExecutions', { workflow: { sqlQuery: 'SELECT COUNT(*) AS n FROM nowhere' } });
    await test.control('POST', '/behaviour', { syncValidation: false });
    expect(answer.status).toBe(400);
    expect(answer.body.details).toMatch(/SQL query was invalid.*Object 'nowhere' not found/);
  });
});

const HOSTILE = [
  `SELECT pg_sleep(3600), COUNT(*) AS n FROM sponsored_ads_traffic`,
  `SELECT pg_catalog.pg_sleep(3600), COUNT(*) AS n FROM sponsored_ads_traffic`,
  `SELECT COUNT(*) AS n FROM sponsored_ads_traffic WHERE pg_sleep(3600) IS NULL`,
  `SELECT pg_read_file('/etc/passwd') AS f, COUNT(*) AS n FROM sponsored_ads_traffic`,
  `SELECT set_config('amc.window_start', '2000-01-01', false) AS f, COUNT(*) AS n FROM sponsored_ads_traffic`,
  `SELECT COUNT(*) AS n FROM sponsored_ads_traffic; DROP TABLE sandbox.campaign`,
  `SELECT COUNT(*) AS n FROM sponsored_ads_traffic; SELECT 1`,
  `SET ROLE postgres`,
  `DO $$ BEGIN PERFORM 1; END $$`,
  `COPY (SELECT 1) TO PROGRAM 'id'`,
  `DELETE FROM sandbox.sponsored_traffic`,
  `WITH gone AS (DELETE FROM sponsored_ads_traffic RETURNING 1) SELECT COUNT(*) AS n FROM gone`,
  `SELECT COUNT(*) AS n FROM pg_catalog.pg_authid`,
  `SELECT COUNT(*) AS n FROM pg_class`,
  `SELECT COUNT(*) AS n FROM information_schema.tables`,
  `SELECT COUNT(*) AS n FROM sandbox.sponsored_traffic`,
  `SELECT COUNT(*) AS n FROM sandbox.result_file`,
  `SELECT COUNT(*) AS n FROM amc.sponsored_ads_traffic`,
  `SELECT COUNT(*) AS n FROM dblink('dbname=postgres', 'SELECT 1') AS t(a int)`,
  `SELECT COUNT(*) AS n FROM generate_series(1, 1000000000)`,
  `SELECT COUNT(*) AS n FROM sponsored_ads_traffic WHERE campaign = (SELECT rolpassword FROM pg_authid)`,
  `SELECT 'pg_authid'::regclass AS c, COUNT(*) AS n FROM sponsored_ads_traffic`,
  `SELECT current_user AS me, COUNT(*) AS n FROM sponsored_ads_traffic`,
  `SELECT COUNT(*) AS n FROM sponsored_ads_traffic /* */ ; DROP SCHEMA amc CASCADE -- */`,
  `SELECT COUNT(*) AS n INTO TEMP x FROM sponsored_ads_traffic`,
  `SELECT COUNT(*) AS n FROM sponsored_ads_traffic FOR UPDATE`,
  `SELECT COUNT(*) AS n FROM sponsored_ads_traffic TABLESAMPLE SYSTEM (1)`,
  `WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r) SELECT COUNT(*) AS n FROM r`,
  `SELECT COUNT(*) AS n FROM EXTEND_TIME_WINDOW('sandbox.campaign','P1D','P1D')`,
  `SELECT COUNT(*) AS n FROM TABLE(EXTEND_TIME_WINDOW('dsp_clicks','P1D''; DROP SCHEMA amc; --','P1D'))`,
  `SELECT query_to_xml('SELECT 1', true, true, '') AS x, COUNT(*) AS n FROM sponsored_ads_traffic`,
  `SELECT lo_import('/etc/passwd') AS x, COUNT(*) AS n FROM sponsored_ads_traffic`,
  `EXPLAIN ANALYZE SELECT COUNT(*) AS n FROM sponsored_ads_traffic`,
  `SELECT campaign ~ '(a+)+$' AS x, COUNT(*) AS n FROM sponsored_ads_traffic GROUP BY 1`,
  `SELECT amc_users, COUNT(*) AS n FROM (SELECT campaign, SUM(clicks) AS c FROM sponsored_ads_traffic GROUP BY campaign) x GROUP BY 1`,
];

describe('hostile SQL', () => {
  it.each(HOSTILE)('is refused: %s', async (sql) => {
    const result = await test.sql(sql);
    expect(result.status).toBe('REJECTED');
    // Refused as it stands, and not because it ran until it was cut off.
    expect(result.statusReason).not.toContain('Internal error');
  });

  it('leaves everything as it was', async () => {
    const { rows } = await test.owner.query('SELECT count(*)::int AS n FROM sandbox.campaign');
    expect(rows[0].n).toBeGreaterThan(50);
  });
});

describe('the reader login, past every check of the SQL', () => {
  let reader: pg.Client;
  beforeAll(async () => {
    // The password is the sandbox's secret; a superuser may set another one to stand in its shoes.
    const role = `${test.databaseName}_reader`;
    await test.owner.query(`ALTER ROLE ${role} PASSWORD 'known'`);
    const url = new URL(test.adminUrl);
    url.pathname = `/${test.databaseName}`;
    url.username = role;
    url.password = 'known';
    reader = new pg.Client({ connectionString: url.href });
    await reader.connect();
  });
  afterAll(() => reader.end());

  it('reads its views, which are empty without the settings of an execution', async () => {
    expect((await reader.query('SELECT count(*)::int AS n FROM sponsored_ads_traffic')).rows[0].n).toBe(0);
  });

  const forbidden = [
    'SELECT count(*) FROM sandbox.sponsored_traffic',
    'SELECT * FROM sandbox.result_file',
    'SELECT pg_sleep(0)',
    `SELECT set_config('amc.display', 'on', true)`,
    `SELECT pg_read_file('/etc/passwd')`,
    `SELECT lo_import('/etc/passwd')`,
    'SELECT * FROM pg_catalog.pg_class',
    'SELECT * FROM pg_catalog.pg_authid',
    'SELECT * FROM pg_catalog.pg_stat_activity',
    'SELECT * FROM information_schema.tables',
    'SELECT pg_advisory_lock(1)',
    `SELECT query_to_xml('SELECT 1', true, true, '')`,
    'SET ROLE postgres',
    'CREATE TABLE public.x (a int)',
    'CREATE TEMP TABLE x (a int)',
    'CREATE SCHEMA mine',
    'INSERT INTO amc.conversions DEFAULT VALUES',
    'DROP VIEW amc.conversions',
    'ALTER ROLE CURRENT_USER SUPERUSER',
    `COPY (SELECT 1) TO '/tmp/x'`,
    `COPY (SELECT 1) TO PROGRAM 'id'`,
    'DO $$ BEGIN PERFORM 1; END $$',
    'CREATE FUNCTION amc.mine() RETURNS int LANGUAGE sql AS $$SELECT 1$$',
  ];
  it.each(forbidden)('may not %s', async (sql) => {
    await expect(reader.query(sql)).rejects.toThrow(
      /permission denied|must be|read-only|denied|cannot execute|not permitted|Only roles|cannot insert/i,
    );
  });

  it('is read-only, out of time after a while and no superuser', async () => {
    const settings = await reader.query(
      `SELECT current_setting('default_transaction_read_only') AS ro, current_setting('statement_timeout') AS timeout, current_setting('is_superuser') AS super, current_setting('temp_file_limit') AS temp`,
    );
    expect(settings.rows[0]).toEqual({ ro: 'on', timeout: '1min', super: 'off', temp: '1GB' });
    await reader.query(`SET statement_timeout = '50ms'`);
    await expect(reader.query('SELECT count(*) FROM generate_series(1, 1000000000)')).rejects.toThrow(/statement timeout/);
  });
});
