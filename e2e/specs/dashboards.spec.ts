import { expect, test } from '@grafana/plugin-e2e';
import type { Page } from '@playwright/test';
import { panelsOf, shippedDashboards, targetsOf, type ShippedDashboard } from './dashboard-targets.ts';

const WEEKS = 26;
/** A campaign of the sandbox that has everything: the first by name has no purchases. */
const CHOSEN: Readonly<Record<string, string>> = { 'amc-campaign': '&var-campaign=280001234567891' };
const PHONE = { width: 390, height: 844 };

interface QueryAnswer {
  results: Record<string, { status?: number; error?: string; frames?: { data: { values: unknown[][] } }[] }>;
}

test('is Grafana 12.3 or newer, with both plugins and the panel loaded', async ({ request }) => {
  const health = (await (await request.get('/api/health')).json()) as { version: string };
  test.info().annotations.push({ type: 'grafana', description: health.version });
  console.log(`Grafana ${health.version}`);
  expect(Number.parseFloat(health.version)).toBeGreaterThanOrEqual(12.3);
  for (const id of ['amcreports-amc-datasource', 'amcreports-reports-app', 'amcreports-kpi-panel']) {
    const plugin = await request.get(`/api/plugins/${id}/settings`);
    expect(plugin.status(), id).toBe(200);
    expect(await plugin.json()).toMatchObject({ id, ...(id.endsWith('-app') && { enabled: true }) });
  }
});

/** Opens a dashboard in a window so high that every panel is drawn, and waits until all of them have their answers. */
async function open(page: Page, { uid, panels }: ShippedDashboard, theme: string): Promise<string[]> {
  const mistakes: string[] = [];
  page.on('pageerror', ({ message }) => mistakes.push(message));
  await page.goto(`/d/${uid}?kiosk&theme=${theme}${CHOSEN[uid] ?? ''}`);
  for (const { title } of panelsOf({ panels }).filter(({ title }) => !title.includes('$')))
    await expect(page.getByTestId(`data-testid Panel header ${title}`).first()).toBeVisible();
  await expect(page.getByLabel('Panel loading bar')).toHaveCount(0);
  return mistakes;
}

for (const dashboard of shippedDashboards) {
  test.describe(dashboard.title, () => {
    test('every query answers with a number', async ({ request }) => {
      for (const { panel, target } of targetsOf(dashboard)) {
        const now = Date.now();
        const answer = await request.post('/api/ds/query', {
          data: {
            from: String(now - WEEKS * 7 * 86_400_000),
            to: String(now),
            queries: [{ ...target, maxDataPoints: 500, intervalMs: 60_000 }],
          },
        });
        const { results } = (await answer.json()) as QueryAnswer;
        const result = results[target.refId];
        expect(result?.error, `${panel}, ${target.refId}`).toBeUndefined();
        const values = result?.frames?.flatMap((frame) => frame.data.values.flat()) ?? [];
        // Nothing need have happened.
        if (target.queryType !== 'events')
          expect(values.filter((value) => value !== null).length, `${panel}, ${target.refId}`).toBeGreaterThan(0);
      }
    });

    for (const theme of ['dark', 'light']) {
      test(`shows numbers in every panel and no error, ${theme}`, async ({ page }, info) => {
        await page.setViewportSize({ width: 1500, height: 3000 });
        const mistakes = await open(page, dashboard, theme);
        await expect(page.getByTestId('data-testid Panel status error')).toHaveCount(0);
        await expect(page.getByText('No data', { exact: true }).filter({ visible: true })).toHaveCount(0);
        await expect(page.getByLabel(/Error updating options/)).toHaveCount(0);
        expect(mistakes).toEqual([]);
        await page.screenshot({ path: info.outputPath(`${dashboard.uid}-${theme}.png`) });
      });
    }

    test('fits a phone: nothing beside the screen, a KPI in at most a third of it', async ({ page }, info) => {
      await page.setViewportSize({ ...PHONE, height: 7000 });
      const mistakes = await open(page, dashboard, 'dark');
      const overhang = await page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');
      expect(overhang).toBe(0);
      for (const tile of await page
        .getByRole('group')
        .filter({ hasText: /vs\.|no number/ })
        .all())
        expect((await tile.boundingBox())?.height).toBeLessThanOrEqual(PHONE.height / 3);
      expect(mistakes).toEqual([]);
      await page.screenshot({ path: info.outputPath(`${dashboard.uid}-phone.png`) });
    });
  });
}

test('the variables offer instances, currencies, advertisers, ad products and campaigns', async ({ page, gotoDashboardPage }) => {
  await gotoDashboardPage({ uid: 'amc-performance' });
  for (const [label, value] of [
    ['Instance', /Sandbox one/],
    ['Advertiser', /Kestrel Outdoor/],
    ['Ad product', /Amazon DSP/],
  ] as const) {
    await page
      .getByTestId(`data-testid Dashboard template variables submenu Label ${label}`)
      .locator('..')
      .getByRole('combobox')
      .first()
      .click();
    await expect(page.getByRole('option', { name: value })).toBeVisible();
    await page.keyboard.press('Escape');
  }
});

test('a click on a campaign opens its own dashboard with the time range and the currency', async ({ page }) => {
  await page.setViewportSize({ width: 1500, height: 3000 });
  await page.goto('/d/amc-performance?var-currency=EUR');
  const first = page.getByTestId('data-testid Panel header Top campaigns').getByRole('link').first();
  const campaign = (await first.textContent()) ?? '';
  await first.click();
  await expect(page).toHaveURL(/\/d\/amc-campaign\b.*var-currency=EUR/);
  const url = new URL(page.url());
  // By its name in the link, by its id once Grafana has found it among the campaigns; the box shows the name.
  const chosen = url.searchParams.get('var-campaign') ?? '';
  expect([chosen, chosen === campaign || /^\d+$/.test(chosen)]).toEqual([chosen, true]);
  await expect(page.getByText(campaign, { exact: true }).first()).toBeVisible();
  expect(url.searchParams.get('from')).toBe('now-26w/w');
  await expect(page.getByRole('group', { name: /^Spend: €/ })).toBeVisible();
});
