import { expect, test } from '@grafana/plugin-e2e';
import { startApi } from './second-collector.ts';

test('the health check is green', async ({ request }) => {
  const answer = await request.get('/api/datasources/uid/amc-reports/health');
  expect(answer.status()).toBe(200);
  expect(await answer.json()).toMatchObject({ status: 'OK' });
});

test('the health check turns red when its collector stops, and says what to do', async ({ request }) => {
  const collector = await startApi();
  test.skip(collector === undefined, 'The Grafana of GRAFANA_URL has a collector that this test may not stop');
  if (collector === undefined) return;
  const { url, token, stop } = collector;
  const created = await request.post('/api/datasources', {
    data: {
      name: 'second',
      uid: 'second',
      type: 'amcreports-amc-datasource',
      access: 'proxy',
      jsonData: { url },
      secureJsonData: { token },
    },
  });
  expect(created.status()).toBe(200);
  await expect.poll(async () => (await request.get('/api/datasources/uid/second/health')).status()).toBe(200);
  await stop();
  const red = await request.get('/api/datasources/uid/second/health');
  expect(red.status()).toBe(400);
  const { message } = (await red.json()) as { message: string };
  expect(message).toMatch(/refused|not reached|cannot reach|not running/i);
  expect(message).toMatch(/start|check/i);
  await request.delete('/api/datasources/uid/second');
});
