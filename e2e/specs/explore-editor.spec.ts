import { expect, test } from '@grafana/plugin-e2e';
import type { Page } from '@playwright/test';
import { selectors } from '../../datasource-plugin/src/selectors.ts';
import { openExplore } from './open-explore.ts';

/** With the mouse, slowly enough for whatever opens under it to open. */
async function choose(page: Page, box: string, option: string): Promise<void> {
  const input = page.getByTestId(box);
  await input.hover();
  await input.click();
  // A long list draws only what is in sight.
  await page.keyboard.type(option, { delay: 60 });
  const entry = page.getByRole('option', { name: new RegExp(`^${option}`) }).first();
  await entry.hover();
  await entry.click();
  await expect(page.getByTestId(selectors.query.editor)).toBeVisible();
}

// Each choice asks the collector and draws a graph.
test.setTimeout(240_000);

test('every single-choice box of the editor can be used with the mouse in Explore', async ({ page }) => {
  const broken: string[] = [];
  page.on('pageerror', (error) => broken.push(error.message));
  await openExplore(page);
  await expect(page.locator('input[value="Campaign performance"]')).toBeVisible();
  await page.getByTestId(selectors.query.comparisonSection).click();
  await page.getByTestId(selectors.query.orderSection).click();
  for (const [box, option] of [
    [selectors.query.compare, 'Period before'],
    [selectors.query.orderBy, 'Clicks'],
    [selectors.query.orderDirection, 'Lowest first'],
    [selectors.query.compare, 'Nothing'],
    [selectors.query.dataset, 'Reach and frequency'],
    [selectors.query.dataset, 'Campaign performance'],
    [selectors.query.currency, 'USD'],
    [selectors.query.transform, 'Cumulative'],
    [selectors.query.queryType, 'Freshness'],
    [selectors.query.queryType, 'Metrics'],
  ] as const) {
    await choose(page, box, option);
  }
  await expect(page.getByText('An unexpected error happened')).toBeHidden();
  expect(broken).toEqual([]);
});
