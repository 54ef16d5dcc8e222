import type { Dataset } from '@amc-reports/collector-service/data/catalogue/dataset.ts';
import { storedName } from '@amc-reports/collector-service/data/catalogue/tables.ts';
import { levelRows } from '../query/level-rows.ts';
import type { FactRow } from '../query/query-fixture.ts';
import { ROW, type FileRow } from './merge-fixture.ts';

/** Metrics that have rows of their own in campaign_performance, by the file's names. */
const FAMILIES: Record<string, (keyof FileRow)[]> = {
  impressions: ['impressions', 'cost_millicents'],
  clicks: ['clicks', 'spend_microcents'],
  purchases: ['purchases', 'sales', 'units'],
  new_to_brand: ['ntb_purchases', 'ntb_sales'],
  engagement: ['detail_page_views', 'add_to_carts'],
};

/** A result file of campaign_performance with all its levels, out of rows of campaigns and days as campaignFile() takes them. */
export function levelFile(dataset: Dataset, rows: FileRow[]): string {
  const days = rows.map((row) => ({ ...ROW, ...row })).flatMap((row) => familiesOf(dataset, row));
  const lines = levelRows(dataset, days).map((row) =>
    dataset.columns.map((column) => {
      const value = row[column.role === 'day' ? 'day' : storedName(column)] ?? '';
      return String(value).startsWith('\u0001') ? '' : String(value);
    }),
  );
  return [dataset.columns.map(({ name }) => name), ...lines].map((line) => `${line.join(',')}\n`).join('');
}

function familiesOf({ columns }: Dataset, row: Required<FileRow>): FactRow[] {
  const { source: _, event_date: day, filtered, advertiser, ad_product, campaign_id, campaign, currency } = row;
  const names = { day, filtered: filtered === 'true', advertiser, ad_product, campaign_id, campaign, currency };
  return Object.entries(FAMILIES).flatMap(([family, metrics]): FactRow[] => {
    const given = metrics.filter((name) => row[name] !== '');
    if (given.length === 0) return [];
    const numbers = given.map((name) => [storedName(columns.find((column) => column.name === name)!), Number(row[name])]);
    return [{ ...names, source: family, ...(Object.fromEntries(numbers) as FactRow) }];
  });
}
