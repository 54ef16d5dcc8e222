import { startTestSandbox, type Finished, type TestSandbox } from '@amc-reports/test-support/sandbox/fixture.ts';

/** A week far from the generated events, so that only the rows put there count. */
const WEEK = { from: '2025-10-06', to: '2025-10-13' };
const PHONE = 0;
const PC = 1 << 7;

let test: TestSandbox;
beforeAll(async () => {
  test = await startTestSandbox({ historyDays: 3 });
  // The example of Amazon's page (reference/amc.md §4.2), rows of (impressions, cost, device, postal code, people / of them with cost).
  await group({ campaign: 12, impressions: 1100, cost: 300, draw: PHONE, postal: 1, people: 50, paying: 50 });
  await group({ campaign: 12, impressions: 200, cost: 100, draw: PC, postal: 2, people: 30, paying: 30 });
  await group({ campaign: 12, impressions: 1300, cost: 500, draw: PC, postal: 3, people: 133, paying: 87 });
  await group({ campaign: 12, impressions: 1700, cost: 700, draw: PC, postal: 4, people: 359, paying: 108 });
  // Thin campaigns: one person, two people, two people of whom one has cost, nobody known.
  await group({ campaign: 13, impressions: 10, cost: 4, draw: PHONE, postal: 5, people: 1, paying: 1 });
  await group({ campaign: 14, impressions: 20, cost: 8, draw: PHONE, postal: 6, people: 2, paying: 2 });
  await group({ campaign: 15, impressions: 30, cost: 6, draw: PHONE, postal: 7, people: 2, paying: 1 });
  await test.owner.query(
    `INSERT INTO sandbox.dsp_traffic VALUES ('2025-10-07 12:00', 0, NULL, 5, 32, 40, 0), ('2025-10-07 13:00', 0, NULL, 5, 32, 40, 0)`,
  );
});
afterAll(() => test.stop());

/** People of one postal code (10001 + postal), the first of whom takes what does not divide. */
async function group(rows: {
  campaign: number;
  impressions: number;
  cost: number;
  draw: number;
  postal: number;
  people: number;
  paying: number;
}) {
  await test.owner.query(
    `INSERT INTO sandbox.dsp_traffic (hour, draw, user_id, cost, campaign, impressions, clicks)
     SELECT '2025-10-07 10:00', $1, $2 + 9973 * person,
       CASE WHEN person > $6 THEN 0 WHEN person = 1 THEN $4 - ($6 - 1) ELSE 1 END,
       $3, CASE WHEN person = 1 THEN $5 - ($7 - 1) ELSE 1 END, 0
     FROM generate_series(1, $7::int) person`,
    [rows.draw, rows.postal, rows.campaign, rows.cost, rows.impressions, rows.paying, rows.people],
  );
}

const sorted = (result: Finished): string[] => result.rows.map((row) => row.join()).sort();
const run = (sql: string, workflow: object = {}, execution: object = {}) => test.sql(sql, { ...WEEK, workflow, execution });

describe("Amazon's postal code example", () => {
  const sql = `SELECT device_type, postal_code, SUM(impressions) AS impressions, SUM(total_cost) AS cost FROM dsp_impressions WHERE campaign_id_string = '280014814814692' GROUP BY device_type, postal_code`;

  it('with filteredMetricsDiscriminatorColumn sums the hidden rows that became alike', async () => {
    const result = await run(sql, { filteredMetricsDiscriminatorColumn: 'filtered' });
    expect(result.header).toEqual(['device_type', 'postal_code', 'impressions', 'cost', 'filtered']);
    expect(sorted(result)).toEqual(['PC,,1500,600,TRUE', 'PC,10005,1700,700,FALSE', 'Phone,,1100,300,TRUE']);
  });

  it('with REMOVE_VALUES keeps several rows without a postal code', async () => {
    const result = await run(sql, { privacyFilteringBehavior: 'REMOVE_VALUES' });
    expect(sorted(result)).toEqual(['PC,,1300,500', 'PC,,200,100', 'PC,10005,1700,700', 'Phone,,1100,300']);
  });

  it('by default drops the rows', async () => {
    expect(sorted(await run(sql))).toEqual(['PC,10005,1700,700']);
  });

  it('tells numbers and reasons where asked', async () => {
    const result = await run(sql, {
      privacyFilteringBehavior: 'REMOVE_VALUES',
      distinctUserCountColumn: 'people',
      filteredReasonColumn: 'reason',
    });
    expect(result.header.slice(4)).toEqual(['people', 'reason']);
    expect(sorted(result)).toEqual([
      `PC,,1300,500,87,87 'dsp_impressions' users < 100 required`,
      `PC,,200,100,30,30 'dsp_impressions' users < 100 required`,
      'PC,10005,1700,700,100,',
      `Phone,,1100,300,50,50 'dsp_impressions' users < 100 required`,
    ]);
  });

  it('hides nothing when controls are off for synthetic data, and gives nothing when they are off without it', async () => {
    const open = await run(
      sql,
      { filteredMetricsDiscriminatorColumn: 'filtered' },
      { disableAggregationControls: true, requireSyntheticData: 'true' },
    );
    expect(sorted(open)).toEqual([
      'PC,10003,200,100,FALSE',
      'PC,10004,1300,500,FALSE',
      'PC,10005,1700,700,FALSE',
      'Phone,10002,1100,300,FALSE',
    ]);
    const dry = await run(sql, {}, { disableAggregationControls: true });
    expect(dry.status).toBe('SUCCEEDED');
    expect(dry.files).toEqual([]);
  });

  it('is the same when the rows come out of a sub-query with the people still in it, or as numbers only', async () => {
    const wanted = ['PC,,1500,600,TRUE', 'PC,10005,1700,700,FALSE', 'Phone,,1100,300,TRUE'];
    const from = `FROM dsp_impressions WHERE campaign_id_string = '280014814814692'`;
    const perPerson = `WITH p AS (SELECT user_id, device_type, postal_code, SUM(impressions) AS i, SUM(total_cost) AS c ${from} GROUP BY user_id, device_type, postal_code) SELECT device_type, postal_code, SUM(i) AS impressions, SUM(c) AS cost FROM p GROUP BY device_type, postal_code`;
    const numbers = `WITH p AS (SELECT device_type, postal_code, SUM(impressions) AS i, SUM(total_cost) AS c ${from} GROUP BY device_type, postal_code) SELECT device_type, postal_code, i AS impressions, c AS cost FROM p`;
    const summedAgain = `WITH p AS (SELECT device_type, postal_code, SUM(impressions) AS i, SUM(total_cost) AS c ${from} GROUP BY device_type, postal_code) SELECT device_type, postal_code, SUM(i) AS impressions, SUM(c) AS cost FROM p GROUP BY device_type, postal_code`;
    const union = `WITH p AS (SELECT user_id, device_type, postal_code, impressions, CAST(NULL AS DOUBLE) AS total_cost ${from} UNION ALL SELECT user_id, device_type, postal_code, CAST(NULL AS BIGINT) AS impressions, total_cost ${from}) SELECT device_type, postal_code, SUM(impressions) AS impressions, SUM(total_cost) AS cost FROM p GROUP BY device_type, postal_code`;
    for (const sql of [perPerson, numbers, summedAgain, union]) {
      expect(sorted(await run(sql, { filteredMetricsDiscriminatorColumn: 'filtered' }))).toEqual(wanted);
    }
  });
});

describe('LOW columns', () => {
  const thin = `campaign_id_string IN ('280016049382583', '280017283950474', '280018518518365')`;

  it('need two people behind every metric; a metric of one person hides the row, a metric of nobody does not', async () => {
    const sql = `SELECT campaign_id_string, SUM(impressions) AS impressions, SUM(total_cost) AS cost FROM dsp_impressions WHERE ${thin} GROUP BY campaign_id_string`;
    expect(sorted(await run(sql, { filteredMetricsDiscriminatorColumn: 'f' }))).toEqual([',40,10,TRUE', '280017283950474,20,8,FALSE']);
    const withClicks = sql.replace('SUM(total_cost) AS cost', 'SUM(supply_cost - supply_cost) AS nothing');
    expect(sorted(await run(withClicks, { filteredMetricsDiscriminatorColumn: 'f' }))).toEqual([
      ',10,0,TRUE',
      '280017283950474,20,0,FALSE',
      '280018518518365,30,0,FALSE',
    ]);
  });

  it('leave literals and sums in place, branch by branch of a union', async () => {
    const branch = (literal: string, id: string) =>
      `SELECT '${literal}' AS source, 'USD' AS currency, campaign_id_string AS id, SUM(impressions) AS impressions FROM dsp_impressions WHERE campaign_id_string = '${id}' GROUP BY campaign_id_string`;
    const rest = `SELECT 'rest' AS source, currency_iso_code AS currency, campaign_id_string AS id, SUM(impressions) AS impressions FROM dsp_impressions WHERE campaign_id_string = '280016049382583' GROUP BY currency_iso_code, campaign_id_string`;
    const result = await run(`${branch('a', '280016049382583')} UNION ALL ${branch('b', '280017283950474')} UNION ALL ${rest}`, {
      filteredMetricsDiscriminatorColumn: 'filtered',
    });
    expect(sorted(result)).toEqual(['a,USD,,10,TRUE', 'b,USD,280017283950474,20,FALSE', 'rest,,,10,TRUE']);
  });

  it('an expression is as strict as its strictest column', async () => {
    const result = await run(
      `SELECT CONCAT('x', campaign_id_string) AS id, SUM(impressions) AS n FROM dsp_impressions WHERE ${thin} GROUP BY 1`,
      { privacyFilteringBehavior: 'REMOVE_VALUES' },
    );
    expect(sorted(result)).toEqual([',10', 'x280017283950474,20', 'x280018518518365,30']);
  });

  it('people nobody knows are nobody', async () => {
    const sql = `SELECT campaign_id_string, SUM(impressions) AS n FROM dsp_impressions WHERE user_id IS NULL GROUP BY campaign_id_string`;
    expect(sorted(await run(sql))).toEqual([]);
    expect(sorted(await run(sql, { filteredMetricsDiscriminatorColumn: 'f' }))).toEqual([',80,TRUE']);
  });

  it('distinct counts stay dimensions and are never summed', async () => {
    const sql = `SELECT campaign_id_string, COUNT(DISTINCT user_id) AS reach, SUM(impressions) AS n FROM dsp_impressions WHERE ${thin} GROUP BY campaign_id_string`;
    const result = await run(sql, { filteredMetricsDiscriminatorColumn: 'f' });
    expect(result.execution.outputColumns).toEqual([
      { columnType: 'DIMENSION', dataType: 'STRING', name: 'campaign_id_string' },
      { columnType: 'DIMENSION', dataType: 'LONG', name: 'reach' },
      { columnType: 'METRIC', dataType: 'LONG', name: 'n' },
      { columnType: 'DIMENSION', dataType: 'BOOLEAN', name: 'f' },
    ]);
    expect(sorted(result)).toEqual([',1,10,TRUE', '280017283950474,2,20,FALSE', '280018518518365,2,30,FALSE']);
  });
});

it('an empty window gives the header alone', async () => {
  for (const sql of [
    'SELECT SUM(impressions) AS n FROM dsp_impressions',
    'SELECT campaign, SUM(impressions) AS n FROM dsp_impressions GROUP BY campaign',
  ]) {
    const result = await test.sql(sql, { from: '2025-09-01', to: '2025-09-08', workflow: { filteredMetricsDiscriminatorColumn: 'f' } });
    expect(result.files).toEqual([`${result.header.join()}\n`]);
  }
});
