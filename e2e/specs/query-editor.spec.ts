import { expect, test } from '@grafana/plugin-e2e';
import type { Locator, Page } from '@playwright/test';
import { selectors } from '../../datasource-plugin/src/selectors.ts';
import { CLICKS, openExplore } from './open-explore.ts';

const { query: editor } = selectors;
/** The query as the address has it: what was asked last. */
async function asked(page: Page): Promise<Record<string, unknown>> {
  const panes = JSON.parse(new URL(page.url()).searchParams.get('panes') ?? '{}') as Record<
    string,
    { queries: Array<Record<string, unknown>> }
  >;
  return Object.values(panes)[0]?.queries[0] ?? {};
}

/** Opens a section with the keyboard and waits for what is in it. */
async function openByKeyboard(page: Page, section: string): Promise<void> {
  const head = page.getByTestId(section);
  await head.focus();
  await page.keyboard.press('Enter');
  await expect(head).toHaveAttribute('aria-expanded', 'true');
}

async function chooseByKeyboard(page: Page, box: Locator, text: string): Promise<void> {
  await box.focus();
  // Opens the list, and empties a box that shows its choice.
  await page.keyboard.press('ArrowDown');
  // As fast as a person: Grafana's box of several values loses letters of a burst.
  await page.keyboard.type(text, { delay: 120 });
  await expect(page.getByRole('option', { name: new RegExp(`^${text}`) }).first()).toBeVisible();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
}

// Each change asks the collector and draws a graph.
test.setTimeout(240_000);

test('Explore begins with an hour, and one click asks for 13 weeks', async ({ page }) => {
  await openExplore(page, { from: 'now-1h', to: 'now' });
  const offer = page.getByRole('button', { name: 'Last 13 weeks', exact: true });
  await offer.click();
  await expect(page.getByRole('button', { name: 'Clicks' }).first()).toBeVisible();
  await expect(page).toHaveURL(/now-13w/);
  await expect(offer).toBeHidden();
});

test('a query is written with the keyboard alone', async ({ page }) => {
  await openExplore(page);
  await chooseByKeyboard(page, page.getByTestId(editor.dimensions), 'Ad product');
  await expect.poll(async () => (await asked(page)).dimensions).toEqual(['ad_product']);
  await page.keyboard.press('Escape');
  await openByKeyboard(page, editor.orderSection);
  await page.getByTestId(editor.limit).focus();
  await page.keyboard.type('2');
  await page.keyboard.press('Enter');
  await expect.poll(async () => (await asked(page)).limit).toBe(2);
  await openByKeyboard(page, editor.comparisonSection);
  await chooseByKeyboard(page, page.getByTestId(editor.compare), 'Period before');
  await expect.poll(async () => (await asked(page)).compare).toBe('previous_period');
});

test('the whole range is shown as a table', async ({ page }) => {
  await openExplore(page);
  await page.getByLabel('Whole range').click({ force: true });
  await expect.poll(async () => (await asked(page)).format).toBe('table');
});

test('builder, code and builder again lose nothing; a text that is no JSON is kept and said', async ({ page }) => {
  await openExplore(page, undefined, { ...CLICKS, filters: [{ dimension: 'ad_product', operator: 'in', values: ['sponsored_products'] }] });
  await page.getByLabel('Code', { exact: true }).click({ force: true });
  const code = page.getByTestId(editor.code);
  await expect(code.locator('.view-lines')).toContainText('campaign_performance');

  const write = async (text: string) => {
    await code.locator('.view-lines').click();
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.press('Delete');
    // In one piece: Monaco closes brackets and quotes that are typed one by one.
    await page.keyboard.insertText(text);
    await page.keyboard.press('ControlOrMeta+S');
  };
  await write('{ "metrics": ["spend",,] }');
  await expect(page.getByTestId(editor.codeMistake)).toContainText('line 1, column 23');
  await expect(code.locator('.view-lines')).toContainText('"metrics"');

  await write('{ "dataset": "campaign_performance", "metrics": ["spend"], "grain": "month", "limit": 3 }');
  await expect(page.getByTestId(editor.codeMistake)).toBeHidden();
  await expect.poll(async () => (await asked(page)).metrics).toEqual(['spend']);
  await page.getByLabel('Builder', { exact: true }).click({ force: true });
  await expect(page.getByLabel('Month', { exact: true })).toBeChecked();
  await expect(page.getByTestId(editor.limit)).toHaveValue('3');
  await expect.poll(() => asked(page)).toMatchObject({ dataset: 'campaign_performance', metrics: ['spend'], grain: 'month', limit: 3 });
});

test('an answer is explained, with its SQL', async ({ page }) => {
  await openExplore(page);
  await expect(page.getByRole('button', { name: 'Clicks' }).first()).toBeVisible();
  await openByKeyboard(page, editor.explain);
  await expect(page.getByTestId(editor.explainText)).toContainText('Campaign performance, version 2');
  await expect(page.getByTestId(editor.explainText)).toContainText(/SELECT/i);
  await expect(page.getByTestId(editor.copySql)).toBeVisible();
});

test('a calculated metric, a filter on a metric and a share are drawn', async ({ page }) => {
  await openExplore(page);
  await page.getByTestId(editor.calculatedSection).click();
  await page.getByTestId(editor.addCalculated).click();
  await page.getByTestId(editor.calculatedName(0)).fill('Cost per click');
  await page.getByTestId(editor.calculatedExpression(0)).fill('spend / click');
  await expect(page.getByText('Did you mean clicks')).toBeVisible();
  await page.getByTestId(editor.calculatedExpression(0)).fill('spend / clicks');
  await page.getByTestId(editor.calculatedExpression(0)).press('Enter');
  await expect(page.getByRole('button', { name: /Cost per click/ }).first()).toBeVisible();
});
