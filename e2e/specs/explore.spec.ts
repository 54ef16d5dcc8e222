import { expect, test } from '@grafana/plugin-e2e';
import { selectors } from '../../datasource-plugin/src/selectors.ts';

test('Explore offers the catalogue and draws what is chosen', async ({ page }, info) => {
  const panes = {
    a: {
      datasource: 'amc-reports',
      queries: [
        {
          refId: 'A',
          version: 2,
          datasource: { type: 'amcreports-amc-datasource', uid: 'amc-reports' },
          dataset: 'campaign_performance',
          metrics: ['clicks'],
          dimensions: ['ad_product'],
          grain: 'week',
          format: 'timeseries',
        },
      ],
      range: { from: 'now-26w', to: 'now' },
    },
  };
  await page.goto(`/explore?schemaVersion=1&orgId=1&panes=${encodeURIComponent(JSON.stringify(panes))}`);
  await expect(page.getByTestId(selectors.query.editor)).toBeVisible();
  await expect(page.locator('input[value="Campaign performance"]')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Amazon DSP' }).first()).toBeVisible();
  await page.screenshot({ path: info.outputPath('explore.png') });
});
