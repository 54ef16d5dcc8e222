import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '@grafana/plugin-e2e';

for (const theme of ['dark', 'light']) {
  test(`KPI tiles are readable beside the open menu, and for those who listen, ${theme}`, async ({ page }) => {
    await page.setViewportSize({ width: 1366, height: 900 });
    await page.goto(`/d/amc-performance?theme=${theme}`);
    const tile = page.getByRole('group', { name: /^Spend: \$[\d.]+K, [+-]?[\d.,]+ % against \$[\d.]+K in the period before$/ });
    await expect(tile).toBeVisible();
    await expect(tile.locator('canvas')).toHaveCount(1);
    for (const title of ['Spend', 'Sales', 'ROAS', 'ACOS', 'CTR', 'NTB']) {
      const heading = page.getByTestId(`data-testid Panel header ${title}`).first().getByRole('heading', { name: title });
      const isCut = await heading.evaluate((element) => element.scrollWidth > element.clientWidth);
      expect([title, isCut]).toEqual([title, false]);
    }
    const { violations } = await new AxeBuilder({ page }).include('[role="group"][aria-label*="in the period before"]').analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
  });
}

test('says that there is no number before, where nothing was collected', async ({ page }) => {
  await page.setViewportSize({ width: 1366, height: 900 });
  // All that is collected: nothing lies before it.
  await page.goto('/d/amc-performance?from=now-53w%2Fw&to=now-1w%2Fw');
  await expect(page.getByText('no number in the period before').first()).toBeVisible();
});
