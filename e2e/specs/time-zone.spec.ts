import { expect, test } from '@grafana/plugin-e2e';
import type { Page } from '@playwright/test';

/** West of Greenwich a day begins when its date in UTC is hours old. */
test.use({ timezoneId: 'America/Los_Angeles' });

interface Asked {
  queries: { refId: string; timeZone?: string }[];
}

const DATASOURCE = { type: 'amcreports-amc-datasource', uid: 'amc-reports' };
const SPEND = {
  refId: 'A',
  version: 2,
  datasource: DATASOURCE,
  dataset: 'campaign_performance',
  metrics: ['spend'],
  grain: 'week',
  format: 'timeseries',
};

/** The next question to our data source that Grafana's backend answers, and that it is answered well. */
async function nextAnswered(page: Page): Promise<Asked> {
  const response = await page.waitForResponse((each) => each.url().includes('/api/ds/query'));
  expect(response.status()).toBe(200);
  return response.request().postDataJSON() as Asked;
}

test('Explore asks in the zone of the browser, and does not keep it', async ({ page }) => {
  const panes = {
    a: { datasource: DATASOURCE.uid, queries: [{ ...SPEND, timeZone: 'Asia/Tokyo' }], range: { from: 'now-26w', to: 'now' } },
  };
  const asked = nextAnswered(page);
  await page.goto(`/explore?schemaVersion=1&orgId=1&panes=${encodeURIComponent(JSON.stringify(panes))}`);
  expect((await asked).queries[0]?.timeZone).toBe('America/Los_Angeles');
  await expect.poll(() => decodeURIComponent(page.url())).not.toContain('Asia/Tokyo');
});

test('a week picked by its local days is that week', async ({ page }) => {
  const picked = await page.evaluate(() => {
    const monday = new Date();
    monday.setHours(0, 0, 0, 0);
    monday.setDate(monday.getDate() - ((monday.getDay() + 6) % 7) - 28);
    const next = new Date(monday);
    next.setDate(next.getDate() + 7);
    const date = [monday.getFullYear(), monday.getMonth() + 1, monday.getDate()].map((part) => String(part).padStart(2, '0')).join('-');
    return { date, from: String(monday.getTime()), to: String(next.getTime() - 1) };
  });
  const panes = { a: { datasource: DATASOURCE.uid, queries: [SPEND], range: { from: picked.from, to: picked.to } } };
  const answered = page.waitForResponse((each) => each.url().includes('/api/ds/query'));
  await page.goto(`/explore?schemaVersion=1&orgId=1&panes=${encodeURIComponent(JSON.stringify(panes))}`);
  const { results } = (await (await answered).json()) as { results: { A: { frames: { data: { values: number[][] } }[] } } };
  for (const { data } of results.A.frames)
    expect(data.values[0]?.map((time) => new Date(time).toISOString().slice(0, 10))).toEqual([picked.date]);
  expect(results.A.frames.length).toBeGreaterThan(0);
});

test('a panel with an expression asks in the zone of its dashboard', async ({ page, request }) => {
  const dashboard = {
    uid: 'e2e-time-zone',
    title: 'Time zone',
    timezone: 'Europe/Berlin',
    schemaVersion: 41,
    time: { from: 'now-26w', to: 'now' },
    panels: [
      {
        id: 1,
        type: 'timeseries',
        title: 'Twice the spend',
        gridPos: { x: 0, y: 0, w: 24, h: 8 },
        datasource: { type: 'datasource', uid: '-- Mixed --' },
        targets: [SPEND, { refId: 'B', datasource: { type: '__expr__', uid: '__expr__' }, type: 'math', expression: '$A * 2' }],
      },
    ],
  };
  expect((await request.post('/api/dashboards/db', { data: { dashboard, overwrite: true } })).status()).toBe(200);
  const asked = nextAnswered(page);
  await page.goto('/d/e2e-time-zone');
  expect((await asked).queries.map(({ refId, timeZone }) => [refId, timeZone])).toEqual([
    ['A', 'Europe/Berlin'],
    ['B', undefined],
  ]);
  await request.delete('/api/dashboards/uid/e2e-time-zone');
});

test('the shipped dashboard asks in UTC on every screen', async ({ page }) => {
  const asked = nextAnswered(page);
  await page.goto('/d/amc-performance');
  expect((await asked).queries[0]?.timeZone).toBe('UTC');
});

test('a zone that is none is refused by its name', async ({ request }) => {
  const data = { from: 'now-26w', to: 'now', queries: [{ ...SPEND, timeZone: 'Europe/Bonn' }] };
  const answer = await request.post('/api/ds/query', { data });
  expect(((await answer.json()) as { results: { A: { error?: string } } }).results.A.error).toContain('"Europe/Bonn", which is none');
});
