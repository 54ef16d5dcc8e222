import { kinds, toGrafana, type KindName } from '@amc-reports/dashboards';
import { expect, test } from '@grafana/plugin-e2e';

const UID = 'e2e-kinds';

const names = Object.keys(kinds) as KindName[];
const dashboard = toGrafana(
  {
    uid: UID,
    title: 'Every kind of widget',
    description: 'The configuration with which each kind of widget begins',
    version: 1,
    // What the collector did, it did just now.
    time: { from: 'now-13w/w', to: 'now' },
    filters: [
      { kind: 'instance', name: 'instance', label: 'Instance', description: 'AMC instances to ask' },
      { kind: 'currency', name: 'currency', label: 'Currency', description: 'One currency at a time' },
    ],
    sections: [
      {
        widgets: names.map((kind, index) => ({
          id: kind.replaceAll('_', '-'),
          kind,
          ...kinds[kind].ready,
          place: { x: (index % 2) * 12, y: Math.floor(index / 2) * 10, w: 12, h: 10 },
        })),
      },
    ],
  },
  () => [],
);

test.beforeAll(async ({ request }) => {
  const saved = await request.post('/api/dashboards/db', { data: { dashboard, overwrite: true } });
  expect(saved.status()).toBe(200);
});

test.afterAll(async ({ request }) => {
  await request.delete(`/api/dashboards/uid/${UID}`);
});

for (const [screen, theme, width] of [
  ['light', 'light', 1500],
  ['dark', 'dark', 1500],
  ['a phone', 'dark', 390],
] as const) {
  test(`the ready configuration of every kind shows something, ${screen}`, async ({ page }, info) => {
    const mistakes: string[] = [];
    page.on('pageerror', ({ message }) => mistakes.push(message));
    await page.setViewportSize({ width, height: width < 500 ? 6000 : 3000 });
    await page.goto(`/d/${UID}?kiosk&theme=${theme}`);
    for (const { title } of names.map((kind) => kinds[kind].ready))
      await expect(page.getByTestId(`data-testid Panel header ${title}`)).toBeVisible();
    await expect(page.getByLabel('Panel loading bar')).toHaveCount(0);
    await expect(page.getByTestId('data-testid Panel status error')).toHaveCount(0);
    await expect(page.getByText('No data', { exact: true }).filter({ visible: true })).toHaveCount(0);
    // A table without rows says nothing.
    for (const table of await page.getByRole('grid').all()) expect(await table.getByRole('row').count()).toBeGreaterThan(1);
    expect(mistakes).toEqual([]);
    const overhang = await page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');
    expect(overhang).toBe(0);
    await page.screenshot({ path: info.outputPath(`kinds-${theme}-${width}.png`) });
  });
}
