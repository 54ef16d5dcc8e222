import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Papa from 'papaparse';
import { SANDBOX_SPONSORED_INSTANCE_ID } from '../account.ts';
import { openViews, type Views } from '@amc-reports/test-support/sandbox/views.ts';
import { AMC_TABLES } from './all.ts';
import { documentedColumns } from './documented.ts';

/** Amazon's free tables, and of how many columns its pages tell: a line lost from the data would otherwise be missed by nobody. */
const TABLES: Record<string, number> = {
  sponsored_ads_traffic: 73,
  dsp_impressions: 98,
  dsp_clicks: 97,
  dsp_views: 66,
  dsp_video_events_feed: 98 + 15,
  dsp_impressions_by_user_segments: 98 + 4,
  dsp_impressions_by_matched_segments: 98 + 4,
  amazon_attributed_events_by_traffic_time: 217,
  amazon_attributed_events_by_conversion_time: 217,
  conversions: 29,
  conversions_with_relevance: 52,
  adserver_traffic: 129,
  adserver_traffic_by_user_segments: 129 + 3,
  adserver_conversions: 41,
  adserver_conversions_with_brand: 42,
};

interface Fact {
  name: string;
  type: string;
  kind: string;
  threshold: string;
}

/** The person's id is documented as text; the sandbox keeps a number, which never leaves and counts four times as quickly. */
const KEPT: Fact = { name: 'user_id', type: 'LONG', kind: 'DIMENSION', threshold: 'VERY_HIGH' };

const factsOf = (table: string): Fact[] =>
  Papa.parse<Fact>(readFileSync(join(__dirname, 'documented', `${table}.tsv`), 'utf8'), {
    header: true,
    delimiter: '\t',
    skipEmptyLines: true,
  }).data;

/** How PostgreSQL calls what each type is kept as. */
const KEPT_AS: Record<string, string> = {
  BOOLEAN: 'boolean',
  DATE: 'date',
  DECIMAL: 'numeric',
  DOUBLE: 'numeric',
  INTEGER: 'integer',
  LONG: 'bigint',
  STRING: 'text',
  TIMESTAMP: 'timestamp without time zone',
  'ARRAY<INTEGER>': 'integer[]',
  'ARRAY<LONG>': 'bigint[]',
};

/** Metrics that not every row has: what Amazon DSP costs, beside conversions that sponsored ads earned. */
const ONLY_OF_DSP = new Set(['audience_fee', 'platform_fee', 'supply_cost']);

let views: Views;
beforeAll(async () => {
  views = await openViews();
});
afterAll(() => views.close());

it('the sandbox has every free table of Amazon’s and no other', () => {
  expect(Object.fromEntries(AMC_TABLES.map((table) => [table.name, table.columns.length]))).toEqual(TABLES);
});

describe.each(AMC_TABLES.map((table) => [table.name, table] as const))('%s', (name, table) => {
  const facts = factsOf(name);

  it('has the documented columns with their types, kinds and thresholds', () => {
    expect(table.columns.map(({ sql: _, ...column }) => column)).toEqual(
      facts.map((fact): Fact => (fact.name === KEPT.name ? KEPT : fact)),
    );
  });

  it('gives each column in its type, with a narrow window and a wide one', async () => {
    for (const view of [name, `extended_${name}`]) {
      const columns = await views.rows<{ name: string; type: string }>(
        `SELECT attname AS name, format_type(atttypid, atttypmod) AS type FROM pg_attribute WHERE attrelid = 'amc.${view}'::regclass ORDER BY attnum`,
      );
      expect(columns).toEqual(table.columns.map((column) => ({ name: column.name, type: KEPT_AS[column.type] })));
    }
  });

  it('has rows in a week, and every column of them can be computed', async () => {
    const counts = table.columns.map((column) => `count(${column.name})::int AS ${column.name}`);
    const { rows, ...filled } = await views.one<Record<string, number>>(`SELECT count(*)::int AS rows, ${counts.join()} FROM amc.${name}`);
    expect(rows).toBeGreaterThan(100);
    for (const metric of table.columns.filter((column) => column.kind === 'METRIC' && column.threshold === 'NONE'))
      if (!ONLY_OF_DSP.has(metric.name)) expect([metric.name, filled[metric.name]]).toEqual([metric.name, rows]);
  });

  it('answers to every column by name over the API', async () => {
    for (let first = 0; first < table.columns.length; first += 45) {
      const some = table.columns.slice(first, first + 45);
      const result = await views.sandbox.sql(
        `SELECT ${some.map((column) => `COUNT(DISTINCT ${column.name}) AS ${column.name}`).join()} FROM ${name}`,
      );
      expect([result.status, result.statusReason]).toEqual(['SUCCEEDED', undefined]);
      expect(result.header).toEqual(some.map((column) => column.name));
    }
  });
});

it('a column without a value is an error and not a table that lacks it', () => {
  expect(() => documentedColumns('conversions', { user_id: 't.user_id' })).toThrow('Column combined_sales of conversions has no value');
});

it('without display advertisers there is neither Amazon DSP nor the ad server', async () => {
  const { body } = await views.sandbox.call('GET', `/amc/reporting/${SANDBOX_SPONSORED_INSTANCE_ID}/dataSources`);
  expect((body.dataSources as { dataSourceId: string }[]).map((source) => source.dataSourceId)).toEqual(
    Object.keys(TABLES).filter((name) => !/^(dsp|adserver)_/.test(name)),
  );
});

it('data sources tell the kind of each column, its type and its threshold', async () => {
  const { body } = await views.sandbox.reporting('GET', '/dataSources');
  const sources = body.dataSources as { dataSourceId: string; columns: { name: string; columnType: string; description: string }[] }[];
  expect(sources).toHaveLength(AMC_TABLES.length);
  for (const source of sources) {
    expect(source.columns).toEqual(
      factsOf(source.dataSourceId).map(({ name, kind, type, threshold }) => ({
        name,
        columnType: kind,
        description: `${type}, aggregation threshold ${threshold}`,
      })),
    );
  }
});
