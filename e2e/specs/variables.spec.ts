import { expect, test } from '@grafana/plugin-e2e';
import type { APIRequestContext, Page } from '@playwright/test';

const datasource = { type: 'amcreports-amc-datasource', uid: 'amc-reports' };
const values = (dimension: string, filters: object[] = []) => ({ refId: 'V', version: 2, kind: 'values', dimension, filters });
const variable = (name: string, query: object) => ({
  type: 'query',
  name,
  datasource,
  query,
  refresh: 1,
  multi: true,
  includeAll: true,
  current: { text: ['All'], value: ['$__all'] },
});

/** A dashboard whose second variable follows the first, with ad hoc filters and an annotation. */
const DASHBOARD = {
  uid: 'e2e-variables',
  title: 'Variables of the data source',
  timezone: 'utc',
  time: { from: 'now-26w', to: 'now' },
  templating: {
    list: [
      variable('product', values('ad_product')),
      variable('campaign', values('campaign', [{ dimension: 'ad_product', operator: 'in', values: ['$product'] }])),
      { type: 'adhoc', name: 'filters', datasource, filters: [] },
    ],
  },
  annotations: {
    list: [
      {
        name: 'Restatements',
        enable: true,
        iconColor: 'red',
        datasource,
        target: { refId: 'Anno', version: 2, queryType: 'restatements', dataset: 'campaign_performance', instances: [] },
      },
    ],
  },
  panels: [
    {
      id: 1,
      type: 'table',
      title: 'Products',
      gridPos: { x: 0, y: 0, w: 24, h: 12 },
      datasource,
      targets: [
        {
          refId: 'A',
          version: 2,
          datasource,
          dataset: 'campaign_performance',
          metrics: ['spend'],
          dimensions: ['ad_product'],
          grain: 'total',
          format: 'table',
          rest: 'hide',
          filters: [{ dimension: 'ad_product', operator: 'in', values: ['$product'] }],
        },
      ],
    },
  ],
};

async function save(request: APIRequestContext): Promise<void> {
  const saved = await request.post('/api/dashboards/db', { data: { dashboard: DASHBOARD, overwrite: true } });
  expect(saved.ok()).toBe(true);
}

/** What the browser asked Grafana for, after something was done. */
const nextQuery = (page: Page) =>
  page.waitForRequest((request) => request.url().includes('/api/ds/query') && (request.postData() ?? '').includes('"ad_product"'));
const bodyOf = (text: string | null) =>
  (JSON.parse(text ?? '{}') as { queries: Array<{ filters: Array<{ dimension: string; values: string[] }> }> }).queries[0];

test.setTimeout(240_000);

test('variables fill the panel, follow each other, and All filters nothing', async ({ page }) => {
  await save(page.request);
  const first = nextQuery(page);
  await page.goto('/d/e2e-variables');
  expect(bodyOf((await first).postData())?.filters).toEqual([]);

  const followed = page.waitForRequest(
    (request) => /dimensions\/campaign\/values/.test(request.url()) && request.url().includes('sponsored_brands'),
  );
  const chosen = nextQuery(page);
  await page.goto('/d/e2e-variables?var-product=sponsored_brands');
  await followed;
  expect(bodyOf((await chosen).postData())?.filters).toEqual([{ dimension: 'ad_product', operator: 'in', values: ['sponsored_brands'] }]);
  await expect(page.getByRole('gridcell', { name: 'Sponsored Brands' }).first()).toBeVisible();
  await expect(page.getByRole('gridcell', { name: 'Amazon DSP' })).toHaveCount(0);
});

test('an ad hoc filter reaches the collector, and one that cannot work says what to choose', async ({ page }) => {
  await save(page.request);
  const filtered = nextQuery(page);
  await page.goto('/d/e2e-variables?var-filters=ad_product%7C%3D%7Camazon_dsp');
  expect(bodyOf((await filtered).postData())?.filters.map(({ dimension, values: chosen }) => [dimension, chosen])).toEqual([
    ['ad_product', ['amazon_dsp']],
  ]);
  await expect(page.getByRole('gridcell', { name: 'Amazon DSP' }).first()).toBeVisible();
  await expect(page.getByRole('gridcell', { name: 'Sponsored Brands' })).toHaveCount(0);
});

test('annotations ask for restatements', async ({ page }) => {
  await save(page.request);
  const asked = page.waitForRequest(
    (request) => request.url().includes('/api/ds/query') && (request.postData() ?? '').includes('restatements'),
  );
  await page.goto('/d/e2e-variables');
  const answer = await (await asked).response();
  expect(answer?.status()).toBe(200);
});
