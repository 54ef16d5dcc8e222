import { expect, test } from '@grafana/plugin-e2e';
import { targetsOf, withAllVariables } from './dashboard-targets.ts';

const WEEKS = 26;

interface QueryAnswer {
  results: Record<string, { status?: number; error?: string; frames?: { data: { values: unknown[][] } }[] }>;
}

test('is Grafana 12.3 or newer, with both plugins loaded', async ({ request }) => {
  const health = (await (await request.get('/api/health')).json()) as { version: string };
  test.info().annotations.push({ type: 'grafana', description: health.version });
  console.log(`Grafana ${health.version}`);
  expect(Number.parseFloat(health.version)).toBeGreaterThanOrEqual(12.3);
  for (const id of ['amcreports-amc-datasource', 'amcreports-reports-app']) {
    const plugin = await request.get(`/api/plugins/${id}/settings`);
    expect(plugin.status(), id).toBe(200);
    expect(await plugin.json()).toMatchObject({ id, ...(id.endsWith('-app') && { enabled: true }) });
  }
});

test('every query of the Performance dashboard answers with a number', async ({ request }) => {
  const targets = targetsOf('performance');
  expect(targets.length).toBeGreaterThan(15);
  for (const { panel, target } of targets) {
    const now = Date.now();
    const answer = await request.post('/api/ds/query', {
      data: {
        from: String(now - WEEKS * 7 * 86_400_000),
        to: String(now),
        queries: [{ ...withAllVariables(target), maxDataPoints: 500, intervalMs: 60_000 }],
      },
    });
    const { results } = (await answer.json()) as QueryAnswer;
    const result = results[target.refId];
    expect(result?.error, `${panel}, ${target.refId}`).toBeUndefined();
    const values = result?.frames?.flatMap((frame) => frame.data.values.flat()) ?? [];
    expect(values.filter((value) => value !== null).length, `${panel}, ${target.refId}`).toBeGreaterThan(0);
  }
});

for (const theme of ['dark', 'light']) {
  test(`the Performance dashboard shows numbers and no error, ${theme}`, async ({ page }, info) => {
    await page.setViewportSize({ width: 1500, height: 2100 });
    await page.goto(`/d/amc-performance?kiosk&theme=${theme}`);
    for (const title of ['Spend', 'ROAS', 'Funnel by week', 'By ad product', 'Top campaigns', 'Weeks']) {
      await expect(page.getByTestId(`data-testid Panel header ${title}`)).toBeVisible();
    }
    await expect(page.getByRole('gridcell', { name: /SP|DSP|SB|SD/ }).first()).toBeVisible();
    await expect(page.getByTestId('data-testid Panel status error')).toHaveCount(0);
    await expect(page.getByText('No data', { exact: true }).filter({ visible: true })).toHaveCount(0);
    await expect(page.getByLabel(/Error updating options/)).toHaveCount(0);
    await page.screenshot({ path: info.outputPath(`performance-${theme}.png`) });
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
