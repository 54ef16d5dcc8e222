import { expect, test } from '@grafana/plugin-e2e';
import { visitAs } from './visit-as.ts';

for (const role of ['Viewer', 'Editor'] as const) {
  test(`a ${role} reads the dashboards; nobody changes one that is provisioned`, async ({ browser, request, baseURL }) => {
    const { page, close } = await visitAs(role, { browser, request, baseURL });
    await page.goto('/d/amc-performance');
    await expect(page.getByRole('group', { name: /^Spend: [$€]/ })).toBeVisible();
    await expect(page.getByTestId('data-testid Panel status error')).toHaveCount(0);
    const { dashboard } = (await (await page.request.get('/api/dashboards/uid/amc-performance')).json()) as { dashboard: object };
    const saved = await page.request.post('/api/dashboards/db', { data: { dashboard, overwrite: true } });
    expect(saved.status()).toBe(role === 'Viewer' ? 403 : 400);
    await close();
  });
}
