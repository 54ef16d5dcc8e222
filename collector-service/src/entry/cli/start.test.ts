import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { Frame, QueryResponse } from '../../contract/frame.ts';
import type { MetricQueryInput } from '../../contract/query.ts';
import { SANDBOX_INSTANCE_ID } from '@amc-reports/sandbox/account.ts';
import { openTruth, type Truth, type WeekTruth } from '@amc-reports/test-support/sandbox/truth.ts';
import { loadDatasets, SHIPPED_DATASETS } from '../../data/catalogue/load.ts';
import { runningEmbeddedUrl } from '../../data/store/embedded/running.ts';

/**
 * The main job as a user runs it: `collector start --once` on an empty folder, then again. Every weekly total and KPI is
 * recomputed from the sandbox's own events, past its SQL engine, its privacy filter and all of the collector's code.
 */
const ZONE = 'America/Los_Angeles';
const WEEKS = 52;
/** Of provisioning/amc. */
const DATASETS = 8;
const COUNTS = ['impressions', 'clicks', 'purchases', 'units', 'ntb_purchases', 'detail_page_views', 'add_to_carts'] as const;
const MONEY = ['spend', 'sales', 'ntb_sales'] as const;

let dataDir: string;
let ports: number[];
const running: ChildProcess[] = [];
/** What the first start printed. */
let summary = '';

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'amc-reports-start-'));
  // Under root the embedded PostgreSQL runs as another user and must get in.
  chmodSync(dataDir, 0o755);
  ports = [await freePort(), await freePort()];
});

afterAll(async () => {
  for (const child of running) {
    if (child.exitCode !== null) continue;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  rmSync(dataDir, { recursive: true, force: true });
});

it('collects 52 weeks of every dataset that is provisioned, with a summary and exit code 0', async () => {
  const { code, stdout, stderr } = await ended(start('--once'));
  expect({ code, stderr }).toEqual({ code: 0, stderr: expect.not.stringMatching(/"level":[56]0|bug/) as string });
  summary = stdout;
  expect(stdout.match(/complete +52\/52 weeks/g)).toHaveLength(DATASETS);
  for (const kpi of ['Spend (USD)', 'Spend (EUR)', 'Sales (USD)', 'ROAS (USD)', 'ACOS (EUR)', 'CTR', 'New-to-brand share'])
    expect(stdout).toContain(kpi);
  // 416 weeks keep both cores of a small machine busy for more than a minute; other suites run beside it.
}, 900_000);

it('says which port is taken, and what to do', async () => {
  const squatter = createServer().listen(ports[1], '127.0.0.1');
  await once(squatter, 'listening');
  const { code, stderr } = await ended(start('--once'));
  squatter.close();
  expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('set SANDBOX_PORT to a free one') as string });
  expect(stderr).not.toContain('bug');
});

describe('started again', () => {
  let child: ChildProcess;
  let said: () => string;
  let api: (query: MetricQueryInput) => Promise<Frame[]>;
  let truth: Truth;
  let expected: WeekTruth[];
  let sandbox: string;

  beforeAll(async () => {
    child = start();
    said = collect(child);
    await until(() => said().includes('Press Ctrl-C'), child);
    const token = readFileSync(join(dataDir, 'collector.token'), 'utf8').trim();
    api = (query) => ask(`http://127.0.0.1:${ports[0]}`, token, query);
    sandbox = `http://127.0.0.1:${ports[1]}`;
    const url = new URL((await runningEmbeddedUrl(join(dataDir, 'sandbox'))) ?? '');
    url.username = 'postgres';
    truth = openTruth(url.href);
    expected = await truth.weeks({ instanceId: SANDBOX_INSTANCE_ID, timeZone: ZONE, ...(await window()) });
  });

  /** The weeks asked of the sandbox, and what it knew when each was asked. */
  async function window() {
    const { executions } = (await (await fetch(`${sandbox}/sandbox/executions`)).json()) as {
      executions: { timeWindowStartOriginal?: string; asOf: string; workflowId: string; dryRun?: boolean }[];
    };
    const asOf = new Map(
      executions
        .filter(({ workflowId, dryRun }) => workflowId.includes('campaign_performance') && dryRun !== true)
        .map((execution) => [execution.timeWindowStartOriginal?.slice(0, 10) ?? '', new Date(execution.asOf)]),
    );
    const mondays = [...asOf.keys()].sort();
    expect(mondays).toHaveLength(WEEKS);
    return {
      fromWeek: mondays[0] as string,
      toWeek: new Date(Date.parse(mondays.at(-1) as string) + 7 * 86_400_000).toISOString().slice(0, 10),
      asOf,
    };
  }

  it('asks nothing of Amazon a second time', async () => {
    expect(said()).toContain('Everything was collected already');
    const { purchases } = (await (await fetch(`${sandbox}/sandbox/stats`)).json()) as { purchases: { creates: number }[] };
    expect(purchases).toHaveLength(DATASETS * WEEKS);
    for (const purchase of purchases) expect(purchase.creates).toBe(1);
  });

  it('Amazon did hide rows, so that the totals below are worth something', async () => {
    const { executions } = (await (await fetch(`${sandbox}/sandbox/executions`)).json()) as {
      executions: { suppressedRows: number | null }[];
    };
    expect(executions.reduce((sum, { suppressedRows }) => sum + (suppressedRows ?? 0), 0)).toBeGreaterThan(100);
    const [frame] = await api({ metrics: ['sales'], dimensions: ['campaign'], grain: 'total', format: 'table' });
    expect(frame?.schema.meta.custom?.freshness.suppressedShare).toBeGreaterThan(0);
  });

  it.each(['USD', 'EUR'])('the summary’s spend in %s is that of the last 4 weeks, the 4 before and all weeks', (currency) => {
    const money = new Intl.NumberFormat('en', { style: 'currency', currency, maximumFractionDigits: 0 });
    const weeks = expected.filter((week) => week.currency === currency).map(({ spend }) => Number(spend));
    const sum = (values: number[]) => money.format(values.reduce((total, value) => total + value, 0));
    const line = summary.split('\n').find((each) => each.startsWith(`Spend (${currency})`)) ?? '';
    expect(line.match(/[$€][\d,]+/g)).toEqual([sum(weeks.slice(-4)), sum(weeks.slice(-8, -4)), sum(weeks)]);
  });

  it.each(COUNTS)('%s of every week equals the events', async (metric) => {
    const totals = new Map<string, number>();
    for (const week of expected) totals.set(week.week, (totals.get(week.week) ?? 0) + week[metric]);
    const [series, ...others] = await api({ metrics: [metric], grain: 'week' });
    expect(others).toEqual([]);
    expect(Object.fromEntries(points(series))).toEqual(Object.fromEntries(totals));
  });

  it.each(MONEY)('%s of every week equals the events to the cent, in each currency', async (metric) => {
    const frames = await api({ metrics: [metric], grain: 'week' });
    const currencies = [...new Set(expected.map(({ currency }) => currency))];
    expect(frames.map(currencyOf).sort()).toEqual(currencies.sort());
    for (const frame of frames) {
      const weeks = new Map(
        expected.filter(({ currency }) => currency === currencyOf(frame)).map((week) => [week.week, Number(week[metric])]),
      );
      const answered = points(frame);
      expect(answered.size).toBe(WEEKS);
      for (const [week, value] of answered) expect([week, value]).toEqual([week, expect.closeTo(weeks.get(week) ?? Number.NaN, 3)]);
    }
  });

  it('the year’s KPIs are ratios of the events’ sums', async () => {
    const sum = (metric: (typeof MONEY)[number] | (typeof COUNTS)[number], currency?: string) =>
      expected
        .filter((week) => currency === undefined || week.currency === currency)
        .reduce((total, week) => total + Number(week[metric]), 0);
    const frames = await api({ metrics: ['roas', 'acos', 'ctr', 'ntb_rate', 'cvr'], grain: 'total', format: 'numeric' });
    const value = (metric: string, currency?: string) =>
      frames.find(({ schema }) => schema.fields[0]?.name === metric && schema.fields[0].labels?.currency === currency)?.data
        .values[0]?.[0] as number;
    for (const currency of ['USD', 'EUR']) {
      expect(value('roas', currency)).toBeCloseTo(sum('sales', currency) / sum('spend', currency), 9);
      expect(value('acos', currency)).toBeCloseTo(sum('spend', currency) / sum('sales', currency), 9);
    }
    expect(value('ctr')).toBeCloseTo(sum('clicks') / sum('impressions'), 12);
    expect(value('ntb_rate')).toBeCloseTo(sum('ntb_purchases') / sum('purchases'), 12);
    expect(value('cvr')).toBeCloseTo(sum('purchases') / sum('clicks'), 12);
  });

  it('reach of every week is Amazon’s own distinct count', async () => {
    const reach = await truth.reach({ instanceId: SANDBOX_INSTANCE_ID, timeZone: ZONE, ...(await window()) }, 'all');
    const [series] = await api({ dataset: 'reach_frequency', metrics: ['reach'], grain: 'week' });
    expect(Object.fromEntries(points(series))).toEqual(Object.fromEntries(reach.map((week) => [week.week, week.reach])));
  });

  it('commands work beside it: status, query and check', async () => {
    const status = await ended(run('status'));
    expect([status.code, status.stdout]).toEqual([0, expect.stringMatching(/complete +52\/52 weeks/)]);
    const query = await ended(run('query', '--metrics', 'spend,roas', '--dimensions', 'ad_product', '--grain', 'total'));
    expect([query.code, query.stdout]).toEqual([0, expect.stringContaining('Sponsored Products')]);
    const schedules = await ended(run('schedule', 'list', '--json'));
    expect(JSON.parse(schedules.stdout)).toMatchObject([
      { name: 'Weekly update', state: 'active', cron: '0 6 * * 3', collections: Array(DATASETS).fill({ state: 'complete' }) as unknown },
    ]);
    const check = await ended(run('check'));
    // Token, account and instance come before the datasets.
    expect([check.code, check.stdout.match(/✓/g)?.length]).toEqual([0, 3 + (await loadDatasets([SHIPPED_DATASETS])).length]);
  });

  it('commands say what is wrong with what they are asked', async () => {
    const unknown = await ended(run('query', '--metrics', 'saless'));
    expect([unknown.code, unknown.stdout]).toEqual([1, expect.stringContaining("Did you mean 'sales'?")]);
    const again = await ended(run('backfill', '--dataset', 'campaign_performance', '--instance', SANDBOX_INSTANCE_ID));
    expect([again.code, again.stderr]).toEqual([1, expect.stringContaining('Campaign performance')]);
    const early = await ended(
      run('backfill', '--dataset', 'campaign_performance', '--instance', SANDBOX_INSTANCE_ID, '--first', '2001-01-01'),
    );
    expect([early.code, early.stderr]).toEqual([1, expect.stringMatching(/week|Monday/)]);
  });

  it('a second start on the same folder is refused and names the process', async () => {
    const { code, stderr } = await ended(start('--once'));
    expect([code, stderr]).toEqual([1, expect.stringContaining(`process ${child.pid}`)]);
  });

  it('the month is made of whole days', async () => {
    const days = points((await api({ metrics: ['impressions'], grain: 'day', filters: [] }))[0]);
    const months = points((await api({ metrics: ['impressions'], grain: 'month' }))[0]);
    const url = await runningEmbeddedUrl(join(dataDir, 'postgres'));
    const db = new pg.Client(url);
    await db.connect();
    const { rows } = await db.query<{ month: string; hidden: string }>(
      "SELECT to_char(week, 'YYYY-MM') || '-01' AS month, sum(impressions)::text AS hidden FROM fact_campaign_performance_v2 WHERE level = 'total_day' AND event_date IS NULL GROUP BY 1",
    );
    await db.end();
    const hidden = new Map(rows.map((row) => [row.month, Number(row.hidden ?? 0)]));
    expect(months.size).toBeGreaterThanOrEqual(10);
    for (const [month, value] of months) {
      const sum = [...days].filter(([day]) => day.startsWith(month.slice(0, 7))).reduce((total, [, n]) => total + n, 0);
      expect([month, value]).toEqual([month, sum + (hidden.get(month) ?? 0)]);
    }
  });

  it('stops cleanly at Ctrl-C', async () => {
    await truth.close();
    child.kill('SIGINT');
    const [code] = (await once(child, 'exit')) as [number];
    expect(code).toBe(0);
    expect(await runningEmbeddedUrl(join(dataDir, 'postgres'))).toBeUndefined();
  });
});

const start = (...args: string[]): ChildProcess => run('start', ...args);

function run(...args: string[]): ChildProcess {
  const child = spawn(process.execPath, [join(__dirname, 'collector.ts'), ...args], {
    // No Grafana: that is the browser tests' part.
    env: {
      ...withoutAmc(process.env),
      PATH: '/usr/bin:/bin',
      DATA_DIR: dataDir,
      PORT: String(ports[0]),
      SANDBOX_PORT: String(ports[1]),
      GRAFANA_URL: '',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.push(child);
  return child;
}

const withoutAmc = (env: NodeJS.ProcessEnv) =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('AMC_') && name !== 'DATABASE_URL'));

function collect(child: ChildProcess): () => string {
  let text = '';
  child.stdout?.on('data', (chunk: Buffer) => (text += String(chunk)));
  child.stderr?.resume();
  return () => text;
}

async function ended(child: ChildProcess): Promise<{ code: number; stdout: string; stderr: string }> {
  let [stdout, stderr] = ['', ''];
  child.stdout?.on('data', (chunk: Buffer) => (stdout += String(chunk)));
  child.stderr?.on('data', (chunk: Buffer) => (stderr += String(chunk)));
  const [code] = (await once(child, 'close')) as [number];
  return { code, stdout, stderr };
}

async function until(condition: () => boolean, child: ChildProcess): Promise<void> {
  while (!condition()) {
    if (child.exitCode !== null) throw new Error(`It ended with code ${child.exitCode}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function ask(url: string, token: string, query: MetricQueryInput): Promise<Frame[]> {
  const now = Date.now();
  const response = await fetch(`${url}/v1/query`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ from: now - 420 * 86_400_000, to: now, queries: [{ dataset: 'campaign_performance', ...query }] }),
  });
  expect(response.status).toBe(200);
  const { results } = (await response.json()) as QueryResponse;
  expect(results.A?.error).toBeUndefined();
  return results.A?.frames ?? [];
}

const points = (frame: Frame | undefined): Map<string, number> => {
  const [times = [], values = []] = (frame?.data.values ?? []) as [number[], number[]];
  return new Map(times.map((time, index) => [new Date(time).toISOString().slice(0, 10), values[index] as number]));
};

const currencyOf = (frame: Frame): string => frame.schema.fields[1]?.labels?.currency ?? '';

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
