import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Papa from 'papaparse';
import { parse } from 'yaml';
import { datasetSchema } from '@amc-reports/collector-service/data/catalogue/dataset.ts';
import { datasetSql } from '@amc-reports/collector-service/data/catalogue/sql.ts';
import { SANDBOX_SPONSORED_INSTANCE_ID } from './account.ts';
import { startTestSandbox, type TestSandbox } from '@amc-reports/test-support/sandbox/fixture.ts';
import { openTruth, type ReachLevel, type Truth } from '@amc-reports/test-support/sandbox/truth.ts';

/** The SQL that is shipped, as the collector would send it: the sandbox must run it and arrive at the truth. */
const ZONE = 'America/Los_Angeles';
const WEEKS = ['2026-02-23', '2026-03-02', '2026-03-09'];
const END = '2026-03-16';

const dataset = (name: string) =>
  datasetSchema.parse(parse(readFileSync(join(__dirname, '../../collector-service/src/data/catalogue/datasets', `${name}.yaml`), 'utf8')));
const workflow = (name: string, advertiserTypes: string[], currencies: string[]) => {
  const definition = dataset(name);
  return {
    workflowId: name,
    sqlQuery: datasetSql(definition, { timeZone: ZONE, advertiserTypes, currencies }),
    ...(definition.sql?.filtered_column && { filteredMetricsDiscriminatorColumn: definition.sql.filtered_column }),
    outputFormat: { separatorCharacter: ',', quoteCharacter: '"', escapeCharacter: '"' },
  };
};

type Row = Record<string, string>;

let test: TestSandbox;
let truth: Truth;
beforeAll(async () => {
  test = await startTestSandbox({ historyDays: 40 });
  truth = openTruth(test.adminUrl, test.databaseName);
});
afterAll(async () => {
  await truth.close();
  await test.stop();
});

async function collect(
  definition: { workflowId: string },
  instanceId?: string,
): Promise<{ rows: (Row & { week: string })[]; executions: Record<string, unknown>[] }> {
  await test.call('POST', `/amc/reporting/${instanceId ?? 'amcsandbox1'}/workflows`, definition);
  const rows: (Row & { week: string })[] = [];
  const executions: Record<string, unknown>[] = [];
  for (const [index, week] of WEEKS.entries()) {
    const result = await test.execute(
      {
        workflowId: definition.workflowId,
        timeWindowType: 'EXPLICIT',
        timeWindowStart: `${week}T00:00:00`,
        timeWindowEnd: `${WEEKS[index + 1] ?? END}T00:00:00`,
        timeWindowTimeZone: ZONE,
      },
      instanceId,
    );
    expect(result.statusReason).toBeUndefined();
    for (const file of result.files)
      rows.push(
        ...Papa.parse<Row>(file, { header: true, skipEmptyLines: true }).data.map((row): Row & { week: string } => ({ ...row, week })),
      );
    executions.push(result.execution);
  }
  return { rows, executions };
}

/** Exact sums of decimal text. */
const sum = (rows: Row[], column: string, scale: number): bigint =>
  rows.reduce((total, row) => {
    const [whole = '0', fraction = ''] = (row[column] ?? '').split('.');
    return total + BigInt(whole === '' ? '0' : whole) * 10n ** BigInt(scale) + BigInt(fraction.padEnd(scale, '0').slice(0, scale) || '0');
  }, 0n);
const units = (text: string, scale: number): bigint => sum([{ x: text }], 'x', scale);

describe.each([
  ['both kinds of advertisers', undefined, ['DISPLAY', 'SPONSORED_ADS'], ['EUR', 'USD']],
  ['sponsored ads only', SANDBOX_SPONSORED_INSTANCE_ID, ['SPONSORED_ADS'], ['USD']],
  ['currencies that nobody announced', undefined, ['DISPLAY', 'SPONSORED_ADS'], []],
])('campaign_performance with %s', (what, instanceId, types, currencies) => {
  it('gives the truth to the cent on every level, although rows are suppressed', async () => {
    const { rows: all } = await collect(workflow('campaign_performance', types, currencies), instanceId);
    const weeks = await truth.weeks({
      instanceId: instanceId ?? 'amcsandbox1',
      timeZone: ZONE,
      fromWeek: WEEKS[0] ?? '',
      toWeek: END,
      asOf: new Date('2026-03-20T12:00:00Z'),
    });
    const hidden = all.filter((row) => row.filtered === 'TRUE');
    expect(hidden.length).toBeGreaterThan(0);
    expect(hidden.every((row) => row.campaign === '' && row.event_date === '' && row.family !== '' && row.level !== '')).toBe(true);
    expect(all.length).toBeGreaterThan(hidden.length * 20);
    expect(weeks.length).toBe(instanceId ? 3 : 6);
    expect(new Set(all.map((row) => row.level))).toEqual(new Set(['total_day', 'product_day', 'product', 'campaign', 'campaign_day']));
    for (const [level, week] of [...new Set(all.map((row) => row.level))].flatMap((name) => weeks.map((each) => [name, each] as const))) {
      const rows = all.filter((row) => row.level === level);
      // Where no currency was a literal, hidden rows lost theirs: the totals then hold over all currencies only.
      const announced = currencies.length > 0;
      if (!announced && week.currency !== 'USD') continue;
      const mine = rows.filter((row) => row.week === week.week && (!announced || row.currency === week.currency));
      const expected = announced ? [week] : weeks.filter((other) => other.week === week.week);
      const total = (field: keyof typeof week, scale: number): bigint =>
        expected.reduce((sum, one) => sum + units(String(one[field]), scale), 0n);
      const actual = {
        impressions: sum(mine, 'impressions', 0),
        clicks: sum(mine, 'clicks', 0),
        spend: sum(mine, 'spend_microcents', 0) + sum(mine, 'cost_millicents', 3),
        purchases: sum(mine, 'purchases', 0),
        sales: sum(mine, 'sales', 4),
        units: sum(mine, 'units', 0),
        ntb_purchases: sum(mine, 'ntb_purchases', 0),
        ntb_sales: sum(mine, 'ntb_sales', 4),
        detail_page_views: sum(mine, 'detail_page_views', 0),
        add_to_carts: sum(mine, 'add_to_carts', 0),
      };
      expect([what, level, week.week, actual]).toEqual([
        what,
        level,
        week.week,
        {
          impressions: total('impressions', 0),
          clicks: total('clicks', 0),
          spend: total('spend', 8),
          purchases: total('purchases', 0),
          sales: total('sales', 4),
          units: total('units', 0),
          ntb_purchases: total('ntb_purchases', 0),
          ntb_sales: total('ntb_sales', 4),
          detail_page_views: total('detail_page_views', 0),
          add_to_carts: total('add_to_carts', 0),
        },
      ]);
    }
  });
});

it('hides the less the coarser the level and the fewer metrics share a row', async () => {
  const { rows } = await collect(workflow('campaign_performance', ['DISPLAY', 'SPONSORED_ADS'], ['EUR', 'USD']));
  const share = (level: string, metric: string): number => {
    const mine = rows.filter((row) => row.level === level);
    const total = (some: Row[]) => some.reduce((all, row) => all + Number(row[metric] ?? 0), 0);
    return total(mine.filter(({ filtered }) => filtered === 'TRUE')) / total(mine);
  };
  expect(share('total_day', 'purchases')).toBeLessThan(0.001);
  expect(share('product', 'sales')).toBeLessThan(0.005);
  expect(share('campaign', 'sales')).toBeLessThan(0.01);
  expect(share('campaign_day', 'sales')).toBeLessThan(0.15);
  expect(share('campaign_day', 'spend_microcents')).toBeLessThan(0.02);
  expect(share('campaign_day', 'cost_millicents')).toBeLessThan(0.01);
});

it('suppresses at least the groups that are thin by the truth, and says how many rows', async () => {
  const { executions } = (await test.control('GET', '/executions')) as {
    executions: { instanceId: string; workflowId: string; suppressedRows: number; totalRows: number }[];
  };
  const mine = executions
    .filter((execution) => execution.instanceId === 'amcsandbox1' && execution.workflowId === 'campaign_performance')
    .slice(0, WEEKS.length);
  const suppressed = mine.reduce((all, execution) => all + execution.suppressedRows, 0);
  const thin = await truth.thinTrafficGroups({
    instanceId: 'amcsandbox1',
    timeZone: ZONE,
    fromWeek: WEEKS[0] ?? '',
    toWeek: END,
    asOf: new Date('2026-03-20T12:00:00Z'),
  });
  expect(thin).toBeGreaterThan(20);
  expect(suppressed).toBeGreaterThanOrEqual(thin);
  expect(suppressed).toBeLessThan(mine.reduce((all, execution) => all + execution.totalRows, 0) / 2);
});

it('reach_frequency gives distinct people that cannot be added, on every level', async () => {
  const { rows } = await collect(workflow('reach_frequency', ['DISPLAY', 'SPONSORED_ADS'], ['EUR', 'USD']));
  const query = {
    instanceId: 'amcsandbox1',
    timeZone: ZONE,
    fromWeek: WEEKS[0] ?? '',
    toWeek: END,
    asOf: new Date('2026-03-20T12:00:00Z'),
  };
  for (const level of ['all', 'advertiser', 'ad_product', 'advertiser_ad_product', 'campaign'] satisfies ReachLevel[]) {
    const key = (row: {
      week: string;
      advertiser?: string | null;
      ad_product?: string | null;
      campaign_id?: string | null;
      reach: string | number;
      impressions: string | number;
    }) => [row.week, row.advertiser ?? '', row.ad_product ?? '', row.campaign_id ?? '', row.reach, row.impressions].join('|');
    const actual = rows
      .filter((row) => row.level === level)
      .map((row) => key(row as never))
      .sort();
    const expected = (await truth.reach(query, level))
      .filter((row) => level === 'all' || row.reach >= 2)
      .map(key)
      .sort();
    expect([level, actual]).toEqual([level, expected]);
  }
  const week = rows.filter((row) => row.week === WEEKS[1]);
  const reach = (level: string) => week.filter((row) => row.level === level).reduce((all, row) => all + Number(row.reach), 0);
  expect(reach('advertiser')).toBeGreaterThan(reach('all'));
  expect(reach('frequency')).toBe(reach('all'));
  expect(new Set(week.filter((row) => row.level === 'frequency').map((row) => row.frequency_bucket))).toContain('10+');
});

it('search_terms adds up in one row the terms that nobody clicked, and loses none of their impressions', async () => {
  // Over a week every term of the sandbox is clicked, over a day many are not.
  const day = { start: '2026-03-03', end: '2026-03-04' };
  const definition = workflow('search_terms', ['DISPLAY', 'SPONSORED_ADS'], ['EUR', 'USD']);
  const { statusReason, files } = await test.execute({
    workflow: { ...definition, workflowId: undefined },
    timeWindowType: 'EXPLICIT',
    timeWindowStart: `${day.start}T00:00:00`,
    timeWindowEnd: `${day.end}T00:00:00`,
    timeWindowTimeZone: ZONE,
  });
  expect(statusReason).toBeUndefined();
  const rows = files
    .flatMap((file) => Papa.parse<Row>(file, { header: true, skipEmptyLines: true }).data)
    .filter((row) => row.level === 'term');
  const shown = rows.filter((row) => row.search_term === '(not clicked)');
  expect(shown.every((row) => row.filtered === 'FALSE' && Number(row.clicks ?? 0) === 0)).toBe(true);

  const query = {
    instanceId: 'amcsandbox1',
    timeZone: ZONE,
    fromWeek: '',
    toWeek: '',
    windows: [day],
    asOf: new Date('2026-03-20T12:00:00Z'),
  };
  // A term is one of six words with one of eight endings, by the row's random number.
  const term = `((draw >> 50) & 7) % 6 * 8 + ((draw >> 53) & 7)`;
  const unclicked = await truth.rows<{ advertiser: string; ad_product: string; impressions: number }>(
    query,
    `searched AS (SELECT *, ${term} AS term FROM traffic WHERE product IN ('sponsored_products', 'sponsored_brands')),
     unclicked AS (SELECT advertiser, term FROM searched GROUP BY 1, 2 HAVING sum(clicks) = 0)
     SELECT advertiser, product AS ad_product, sum(impressions)::int AS impressions FROM searched JOIN unclicked USING (advertiser, term) GROUP BY 1, 2`,
  );
  const keyed = shown
    .filter((row) => row.family === 'impressions')
    .map((row) => ({ advertiser: row.advertiser, ad_product: row.ad_product, impressions: Number(row.impressions) }));
  expect(keyed.length).toBeGreaterThan(3);
  expect(unclicked).toEqual(expect.arrayContaining(keyed));
  const total = (of: { impressions: number }[]) => of.reduce((sum, row) => sum + row.impressions, 0);
  expect(total(keyed)).toBeGreaterThan(total(unclicked) * 0.9);
});
