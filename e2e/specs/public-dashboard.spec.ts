import { expect, test } from '@grafana/plugin-e2e';
import { visitAs } from './visit-as.ts';

const SHARING = '/api/dashboards/uid/amc-overview/public-dashboards';

test('the overview is shared with people without an account, numbers and all', async ({ browser, request, baseURL }, info) => {
  const shared = await request.post(SHARING, { data: { isEnabled: true, share: 'public', timeSelectionEnabled: true } });
  expect(shared.status()).toBe(200);
  const { uid, accessToken } = (await shared.json()) as { uid: string; accessToken: string };
  const { page, close } = await visitAs('nobody', { browser, request, baseURL });
  await page.setViewportSize({ width: 1500, height: 1600 });
  await page.goto(`/public-dashboards/${accessToken}`);
  await expect(page.getByRole('group', { name: /^Spend: \$.* against \$/ })).toBeVisible();
  await expect(page.getByRole('group', { name: /^Spend: €/ })).toBeVisible();
  await expect(page.getByLabel('Panel loading bar')).toHaveCount(0);
  await expect(page.getByTestId('data-testid Panel status error')).toHaveCount(0);
  await expect(page.getByText('No data', { exact: true }).filter({ visible: true })).toHaveCount(0);
  await page.screenshot({ path: info.outputPath('public.png') });
  // What is shared is the dashboard, not the data source.
  expect((await page.request.get('/api/datasources/uid/amc-reports/resources/v1/catalogue')).status()).toBe(401);
  await close();
  expect((await request.delete(`${SHARING}/${uid}`)).status()).toBe(200);
});
