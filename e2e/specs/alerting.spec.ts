import { expect, test } from '@grafana/plugin-e2e';

interface Rules {
  data: { groups: { rules: { name: string; uid?: string; state: string; health: string; lastError?: string }[] }[] };
}

test('the shipped alert rules are evaluated on our frames', async ({ request }) => {
  const rule = async (name: string) => {
    const { data } = (await (await request.get('/api/prometheus/grafana/api/v1/rules')).json()) as Rules;
    return data.groups.flatMap((group) => group.rules).find((each) => each.name === name);
  };
  await expect.poll(async () => (await rule('AMC data is late'))?.health, { timeout: 60_000 }).toBe('ok');
  expect(await rule('AMC data is late')).toMatchObject({ state: 'inactive' });
  expect(['inactive', 'firing', 'pending']).toContain((await rule('ACOS above 50 %'))?.state);
  expect((await rule('ACOS above 50 %'))?.lastError ?? '').toBe('');
});
