import { expect, test } from '@grafana/plugin-e2e';
import { selectors } from '../../app-plugin/src/selectors.ts';
import { visitAs } from './visit-as.ts';

const APP = '/a/amcreports-reports-app';

test('the start page walks every hop from Grafana to the collections and finds the data ready', async ({ page }, info) => {
  await page.goto(APP);
  await expect(page.getByTestId(selectors.home.nextStep)).toContainText('Your data is ready');
  for (const hop of ['Collector', 'Database', 'Amazon Marketing Cloud', 'Datasets', 'Collections'])
    await expect(page.getByText(hop, { exact: true }).first()).toBeVisible();
  await expect(page.getByText('Admin as admin')).toBeVisible();
  await page.screenshot({ path: info.outputPath('home.png') });
});

test('the list of collections shows both, complete', async ({ page }, info) => {
  await page.goto(`${APP}/collections`);
  await expect(page.getByRole('link', { name: 'Campaign performance' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Reach and frequency' })).toBeVisible();
  await expect(page.getByText('52 of 52').or(page.getByText('52/52')).first()).toBeVisible();
  await page.screenshot({ path: info.outputPath('collections.png') });
});

test('a week is collected again from its page, and its state moves without a reload', async ({ page }, info) => {
  await page.goto(`${APP}/collections`);
  await page.getByRole('link', { name: 'Campaign performance' }).click();
  await expect(page.getByTestId(selectors.collection.grid)).toBeVisible();
  await expect(page.getByRole('gridcell')).toHaveCount(52);
  const newest = page.getByRole('gridcell').last();
  await newest.click();
  const details = page.getByTestId(selectors.collection.details);
  await expect(details).toContainText('Provisional');
  await page.getByTestId(selectors.collection.retry).click();
  await expect(details).toContainText(/planned|creating|running|at amazon|in line|download|merg/i);
  await expect(page.getByTestId(selectors.collection.retry)).toBeEnabled({ timeout: 60_000 });
  await page.screenshot({ path: info.outputPath('collection.png') });
});

test('the grid of weeks is used with the keyboard alone', async ({ page }) => {
  await page.goto(`${APP}/collections`);
  await page.getByRole('link', { name: 'Reach and frequency' }).click();
  await page.getByRole('gridcell').first().getByRole('button').focus();
  await page.keyboard.press('ArrowRight');
  await expect(page.getByRole('gridcell').nth(1).getByRole('button')).toBeFocused();
  await page.keyboard.press('Control+End');
  await expect(page.getByRole('gridcell').last().getByRole('button')).toBeFocused();
});

test('a Viewer sees everything and may change nothing', async ({ browser, request, baseURL }) => {
  const { page, close } = await visitAs('Viewer', { browser, request, baseURL });
  await page.goto(`${APP}/collections`);
  await expect(page.getByRole('link', { name: 'Campaign performance' })).toBeVisible();
  await expect(page.getByTestId(selectors.collections.start)).toHaveCount(0);
  await expect(page.getByTestId(selectors.actions.pause)).toHaveCount(0);
  // Not only hidden: the collector refuses it to a verified Viewer.
  const list = await page.request.get('/api/datasources/uid/amc-reports/resources/v1/collections');
  const { collections } = (await list.json()) as { collections: { id: string }[] };
  const pause = await page.request.post(`/api/datasources/uid/amc-reports/resources/v1/collections/${collections[0]?.id}/pause`);
  expect(pause.status()).toBe(403);
  await close();
});

test('progress streams through the data source, event by event', async ({ page }) => {
  await page.goto(APP);
  const arrived = await page.evaluate(async () => {
    const response = await fetch('/api/datasources/uid/amc-reports/resources/v1/events');
    const reader = response.body?.getReader();
    const first = await reader?.read();
    await reader?.cancel();
    return { type: response.headers.get('content-type'), text: new TextDecoder().decode(first?.value) };
  });
  expect(arrived.type).toContain('text/event-stream');
  expect(arrived.text.length).toBeGreaterThan(0);
});
