import type { APIRequestContext } from '@playwright/test';
import { expect, test } from '@grafana/plugin-e2e';
import { SANDBOX_INSTANCES } from '../../sandbox/src/account.ts';
import { settle } from '../stack/settings.ts';
import { COLLECTED, exportWeeks, IMPORTED, startPlanted, type PlantedCollector } from './alert-collector.ts';
import { askedOf, firing, shippedRules, type Rule } from './alert-rules.ts';
import { listen, type Webhook } from './alert-webhook.ts';
import { changed, doubleSales, newestMondays, stopTraffic, withoutWeekend } from './alert-weeks.ts';

const PLANTED = 'planted';
const SEEN_BY = { timeout: 120_000, intervals: [1000] };

test('a planted incident tells the contact point what it is about, its mending resolves it, and nothing else is told', async ({
  request,
}) => {
  const { dataDir, collectorPort, sandboxPort, grafanaUrl } = settle(process.env);
  test.skip(dataDir === undefined, 'The weeks come from our own collector');
  if (dataDir === undefined) return;
  test.setTimeout(600_000);
  const rules = shippedRules();
  const mondays = newestMondays(11);
  const files = await exportWeeks(dataDir, mondays, test.info().outputPath('weeks'));
  const [oldest = '', restated = '', newest = ''] = [mondays[0], mondays.at(-6), mondays.at(-1)];
  const fileOf = (monday: string) => files.get(monday) ?? '';
  // The sandbox's own incident, where the newest week holds one.
  const usual = (
    await Promise.all(rules.map(async (rule) => (await firing(request, rule, new Date())).map(({ labels }) => named(rule.title, labels))))
  ).flat();

  const collector = await startPlanted(collectorPort + 4, sandboxPort);
  const webhook = await listen();
  try {
    await ruleOver(request, collector, rules, webhook.url);
    const told = (status: string) =>
      [...webhook.received.values()]
        .filter((each) => each.status === status)
        .map(({ labels }) => named(labels.alertname ?? '', labels))
        .sort();

    // Nothing was ever collected, and the first week cannot be.
    const faults = `http://127.0.0.1:${sandboxPort}/sandbox/faults`;
    const fault = await fetch(faults, {
      method: 'POST',
      body: JSON.stringify({ name: 'failed', count: 100, match: { instanceId: COLLECTED } }),
    });
    const { id } = (await fault.json()) as { id: number };
    await collector.collect(oldest);
    const two = SANDBOX_INSTANCES.find(({ instanceId }) => instanceId === COLLECTED)?.instanceName ?? '';
    const failed = [`A collection is late: campaign_performance, ${two}`, `A week failed: campaign_performance, ${two}`];
    await expect.poll(() => told('firing'), SEEN_BY).toEqual([...failed, 'AMC data is late'].sort());
    await fetch(`${faults}/${id}`, { method: 'DELETE' });
    await collector.retry(oldest);
    await expect.poll(() => told('firing'), SEEN_BY).toEqual(['AMC data is late']);

    await collector.load([...files.values()]);
    await expect.poll(() => told('firing'), SEEN_BY).toEqual([...usual].sort());
    expect(told('resolved')).toEqual(['AMC data is late', ...failed].sort());

    await collector.load([changed(fileOf(newest), (csv) => stopTraffic(csv, newest)), changed(fileOf(restated), doubleSales)]);
    await collector.load([changed(fileOf(oldest), (csv) => withoutWeekend(csv, oldest))], 'part');
    const planted = [
      `A collection is late: campaign_performance, ${IMPORTED.part}`,
      `A result waits for a decision: campaign_performance, ${IMPORTED.part}`,
      `A week was restated by a lot: EUR, sales, ${restated}`,
      `A week was restated by a lot: USD, sales, ${restated}`,
      'Traffic stopped: Sponsored Products, Luma Home & Kitchen',
    ];
    await expect.poll(() => told('firing'), SEEN_BY).toEqual([...usual, ...planted].sort());
    const { labels, annotations } = about(webhook, 'Traffic stopped');
    expect(labels).toMatchObject({ severity: 'critical', product: 'amc-reports', instance: 'Planted', grafana_folder: 'Planted' });
    expect(annotations.summary).toMatch(/^Sponsored Products of Luma Home & Kitchen had 0 impressions on a day, usual are \d{3,}$/);
    expect(annotations.dashboard).toBe(`${grafanaUrl}/d/amc-performance?var-advertiser=Luma+Home+%26+Kitchen`);
    expect(about(webhook, 'A week was restated by a lot').annotations.summary).toMatch(
      new RegExp(`^The sales of the week of ${restated} moved to \\d{3,} (EUR|USD)$`),
    );

    await collector.load([fileOf(newest), fileOf(restated)]);
    await collector.load([fileOf(oldest)], 'part');
    await expect.poll(() => told('firing'), SEEN_BY).toEqual([...usual].sort());
    expect(told('resolved')).toEqual(['AMC data is late', ...failed, ...planted].sort());
  } finally {
    await forget(request);
    await fetch(`http://127.0.0.1:${sandboxPort}/sandbox/faults`, { method: 'DELETE' });
    webhook.close();
    await collector.stop();
  }
});

/** The shipped rules over the planted data, every ten seconds and without waiting, told to the webhook. */
async function ruleOver(request: APIRequestContext, collector: PlantedCollector, rules: Rule[], url: string): Promise<void> {
  await made(request, '/api/datasources', {
    uid: PLANTED,
    name: PLANTED,
    type: 'amcreports-amc-datasource',
    access: 'proxy',
    jsonData: { url: collector.url },
    secureJsonData: { token: collector.token },
  });
  await made(request, '/api/folders', { uid: PLANTED, title: 'Planted' });
  await made(request, '/api/v1/provisioning/contact-points', { uid: PLANTED, name: PLANTED, type: 'webhook', settings: { url } });
  await made(request, `/api/ruler/grafana/api/v1/rules/${PLANTED}`, {
    name: PLANTED,
    interval: '10s',
    rules: rules.map((rule) => ({
      for: '0s',
      labels: rule.labels,
      annotations: rule.annotations,
      grafana_alert: {
        title: rule.title,
        condition: rule.condition,
        data: askedOf(PLANTED, rule),
        no_data_state: rule.noDataState,
        exec_err_state: rule.execErrState,
        missing_series_evals_to_resolve: rule.missing_series_evals_to_resolve,
        notification_settings: { receiver: PLANTED, group_by: ['...'], group_wait: '0s', group_interval: '1s' },
      },
    })),
  });
}

async function made(request: APIRequestContext, path: string, data: object): Promise<void> {
  const answer = await request.post(path, { headers: { 'X-Disable-Provenance': 'true' }, data });
  if (!answer.ok()) throw new Error(`${path}: ${answer.status()} ${await answer.text()}`);
}

async function forget(request: APIRequestContext): Promise<void> {
  await request.delete(`/api/ruler/grafana/api/v1/rules/${PLANTED}/${PLANTED}`);
  await request.delete(`/api/folders/${PLANTED}?forceDeleteRules=true`);
  await request.delete(`/api/v1/provisioning/contact-points/${PLANTED}`);
  await request.delete(`/api/datasources/uid/${PLANTED}`);
}

/** "Traffic stopped: Sponsored Products, Luma Home & Kitchen". */
function named(title: string, { dataset, instance, ...labels }: Record<string, string>): string {
  const collection = dataset === undefined ? [] : [dataset, instance];
  const about = [
    ...collection,
    ...['ad_product', 'advertiser', 'campaign', 'currency', 'metric', 'week'].flatMap((name) => labels[name] ?? []),
  ];
  return about.length === 0 ? title : `${title}: ${about.join(', ')}`;
}

function about({ received }: Webhook, title: string) {
  const found = [...received.values()].find(({ labels }) => labels.alertname === title);
  if (found === undefined) throw new Error(`Nothing was told about ${title}`);
  return found;
}
