import { startTestSandbox, type TestSandbox } from '@amc-reports/test-support/sandbox/fixture.ts';

/** Queries that would keep the sandbox busy for long, or bring it down: each ends with a reason, and the next one runs. */
let test: TestSandbox;
beforeAll(async () => {
  test = await startTestSandbox({ historyDays: 3 });
});
afterAll(() => test.stop());

const chain = (length: number, step: string) =>
  `WITH x0 AS (SELECT campaign AS a FROM dsp_impressions)${Array.from({ length }, (_, index) => `, x${index + 1} AS (SELECT ${step} AS a FROM x${index})`).join('')} SELECT MAX(LENGTH(a)) AS n FROM x${length}`;
const nested = (times: number, open: string, close: string) =>
  `SELECT ${open.repeat(times)}impressions${close.repeat(times)} AS n, COUNT(*) AS k FROM dsp_impressions GROUP BY 1`;

it.each([
  [
    'an expression that doubles from step to step',
    chain(20, 'CONCAT(a, a, a, a)'),
    /^The sandbox lacks room for an expression of more than 10000 parts/,
  ],
  ['a sum of thousands', `SELECT SUM(${'impressions + '.repeat(12_000)}1) AS n FROM dsp_impressions`, /^The sandbox lacks room/],
  ['an expression nested without end', nested(20_000, '(1 + ', ')'), /^The sandbox lacks room|^SQL query was invalid/],
  ['hundreds of sub-queries', chain(600, 'a'), /^The sandbox lacks room for more than 500 tables/],
])('%s is refused', async (_what, sql, reason) => {
  const result = await test.sql(sql);
  expect([result.status, result.statusReason]).toEqual(['REJECTED', expect.stringMatching(reason)]);
});

it.each([
  ['GREATEST', nested(60, 'GREATEST(', ', 1)')],
  ['LN', nested(60, 'LN(', ')')],
  ['SQRT', nested(60, 'SQRT(', ')')],
  ['POWER', nested(60, 'POWER(', ', 1)')],
])('%s within itself sixty times grows no more than it is long', async (_name, sql) => {
  expect((await test.sql(sql)).statusReason).toBeUndefined();
});

it.each([
  ['EXP(impressions * 10000)'],
  ['POWER(10, impressions * 100000)'],
  ["FROM_VARBINARY(TO_VARBINARY(MD5(campaign), 'hex'), 'utf-8')"],
  ['ARRAY_CONTAINS(ARRAY[1], campaign)'],
  ['CONVERT_TIME_ZONE_FROM_UTC(CURRENT_TIMESTAMP, campaign)'],
  ['CAST(campaign AS DECIMAL(5, 2))'],
])('%s ends no query, whatever stands in the rows', async (expression) => {
  const result = await test.sql(`SELECT ${expression} AS x, COUNT(*) AS n FROM dsp_impressions GROUP BY 1`);
  expect([result.status, result.statusReason]).toEqual(['SUCCEEDED', undefined]);
});

it.each([
  ['CAST(campaign AS text[])', /Unknown datatype/],
  ["CAST('NaN' AS DOUBLE)", /Invalid literal 'NaN'/],
  ["CAST('infinity' AS DATE)", /Invalid literal 'infinity'/],
])('%s is none of Amazon’s', async (expression, reason) => {
  expect((await test.sql(`SELECT ${expression} AS x, COUNT(*) AS n FROM dsp_impressions GROUP BY 1`)).statusReason).toMatch(reason);
});
