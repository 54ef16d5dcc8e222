import { expect, type Page } from '@playwright/test';
import { selectors } from '../../datasource-plugin/src/selectors.ts';

/** Clicks by week, as somebody saved it. */
export const CLICKS = {
  refId: 'A',
  version: 2,
  datasource: { type: 'amcreports-amc-datasource', uid: 'amc-reports' },
  dataset: 'campaign_performance',
  metrics: ['clicks'],
  grain: 'week',
  format: 'timeseries',
};

/** Explore with one query, as a person who came by a link has it. */
export async function openExplore(page: Page, range = { from: 'now-26w', to: 'now' }, query: object = CLICKS): Promise<void> {
  const panes = { a: { datasource: 'amc-reports', queries: [query], range } };
  await page.goto(`/explore?schemaVersion=1&orgId=1&panes=${encodeURIComponent(JSON.stringify(panes))}`);
  await expect(page.getByTestId(selectors.query.queryType)).toBeVisible();
}
