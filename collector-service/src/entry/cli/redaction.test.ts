import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { startTestGrafana, type TestGrafana } from '@amc-reports/test-support/access/grafana.ts';
import { eventually } from '@amc-reports/test-support/collect/bench.ts';
import { startTestSandbox, type TestSandbox } from '@amc-reports/test-support/collect/sandbox.ts';
import { createTestDatabase, type TestDatabase } from '@amc-reports/test-support/database.ts';
import { startHttpProxy, type HttpProxy } from '@amc-reports/test-support/http-proxy.ts';
import { sandboxEnvironment } from './sandbox-service.ts';
import { createInstallation, type Installation } from '@amc-reports/test-support/cli/serve.ts';

const TOKEN = `planted-token-${randomBytes(16).toString('hex')}`;
const ENCRYPTION_KEY = randomBytes(32).toString('base64');
const PASSWORD = `planted-password-${randomBytes(8).toString('hex')}`;
const PROVISIONING = `
connections:
  - { name: amazon, apiUrl: '\${AMC_API_URL}', tokenUrl: '\${AMC_TOKEN_URL}', clientId: '\${AMC_CLIENT_ID}', clientSecret: '\${AMC_CLIENT_SECRET}', refreshToken: '\${AMC_REFRESH_TOKEN}' }
instances:
  - { connection: amazon, amcInstanceId: '\${AMC_INSTANCE_ID}', account: '\${AMC_ACCOUNT_ID}', marketplace: '\${AMC_MARKETPLACE_ID}' }
collections:
  - { instance: '\${AMC_INSTANCE_ID}', dataset: campaign_performance, weeks: 4 }
`;

let sandbox: TestSandbox;
let proxy: HttpProxy;
let grafana: TestGrafana;
let database: TestDatabase;
let db: pg.Pool;
let installation: Installation;
let environment: Record<string, string>;
/** Everything that anybody could read: logs, answers, metrics, command outputs. */
const published: string[] = [];
/** Secrets that only come to be while it runs. */
const born = new Set<string>();

beforeAll(async () => {
  sandbox = await startTestSandbox({ historyDays: 110 });
  proxy = await startHttpProxy(sandbox.url);
  grafana = await startTestGrafana();
  database = await createTestDatabase();
  db = new pg.Pool({ connectionString: database.url, max: 2 });
  const login = `planted_${randomBytes(4).toString('hex')}`;
  await db.query(`CREATE ROLE ${login} SUPERUSER LOGIN PASSWORD '${PASSWORD}'`);
  const url = new URL(database.url);
  url.username = login;
  url.password = PASSWORD;
  environment = {
    ...sandboxEnvironment(proxy.url),
    DATABASE_URL: url.href,
    ENCRYPTION_KEY,
    COLLECTOR_TOKEN: TOKEN,
    GRAFANA_ISSUER: grafana.settings.issuer,
    GRAFANA_KEYS_URL: grafana.settings.keysUrl,
    GRAFANA_URL: grafana.apiUrl,
    GRAFANA_SERVICE_ACCOUNT_TOKEN: grafana.serviceToken,
    TIME_FACTOR: '400',
    LOG_LEVEL: 'trace',
  };
  installation = await createInstallation(environment, { 'amc.yaml': PROVISIONING });
});
afterAll(async () => {
  await installation.end();
  await db.query(`DROP OWNED BY CURRENT_USER`).catch(() => undefined);
  await db.end();
  await database.drop();
  await grafana.close();
  await proxy.close();
  await sandbox.close();
});

/** Amazon as unhelpful as can be: its complaints repeat what was sent to it, tokens included. */
function repeatEverything(times: number): void {
  let left = times;
  proxy.rewrite = (request, answer) => {
    collectBorn(request.headers, answer.body);
    if (left-- <= 0 || request.path.includes('/auth/')) return answer;
    const echo = `${JSON.stringify(request.headers)} ${request.path} ${request.body}`;
    return {
      status: left % 2 === 0 ? 500 : 400,
      body: JSON.stringify({ code: 'Weird', message: echo, details: echo, statusReason: echo }),
    };
  };
}

function collectBorn(headers: Record<string, string>, body: string): void {
  const bearer = /^Bearer (\S+)$/.exec(headers.authorization ?? '')?.[1];
  if (bearer) born.add(bearer);
  for (const [, token] of body.matchAll(/"access_token":"([^"]+)"/g)) born.add(token!);
  for (const [, query] of body.matchAll(/"https?:[^"?]+\?([^"]+)"/g)) born.add(query!);
}

const done = async () => (await db.query<{ n: number }>(`SELECT count(*)::int AS n FROM week_runs WHERE state = 'done'`)).rows[0]!.n;
const run = async (args: string[], extra: Record<string, string> = {}) => {
  const command = installation.run(args, extra);
  const how = await command.ended;
  published.push(command.stdout(), command.stderr());
  return { how, stdout: command.stdout() };
};

test('no secret is in logs, errors, metrics, records, events or what commands print, however much goes wrong', async () => {
  proxy.rewrite = (request, answer) => (collectBorn(request.headers, answer.body), answer);
  const service = installation.run(['serve']);
  await service.logged('The collector answers at');
  const url = /answers at (http:\S+?)"/.exec(service.stderr())![1]!;
  const ask = async (path: string, headers: Record<string, string> = {}, method = 'GET') => {
    const response = await fetch(url + path, { method, headers: { authorization: `Bearer ${TOKEN}`, ...headers } });
    const text = await response.text();
    published.push(text, JSON.stringify([...response.headers]));
    return { status: response.status, text };
  };
  repeatEverything(12);
  for (const name of ['url-expired', 'file-truncated', 'throttle', 'token-expired'] as const) await sandbox.addFault({ name });
  await eventually(async () => (await done()) >= 1 || (await stopped()));
  // What Amazon's complaints stopped is resumed by a person, until it is through.
  const identity = { 'x-grafana-id': await grafana.sign({ role: 'Editor' }) };
  await eventually(async () => {
    if (await stopped()) await ask('/v1/collections/1/resume', identity, 'POST');
    return (await done()) === 4;
  });

  expect((await ask('/v1/collections', { authorization: `Bearer ${TOKEN}x` })).status).toBe(401);
  expect((await ask('/v1/collections', { 'x-grafana-id': `${identity['x-grafana-id']}x` })).status).toBe(401);
  for (const path of ['/v1/health', '/v1/collections', '/v1/collections/1', '/v1/catalogue', '/v1/collections/1/pause'])
    await ask(path, identity);
  expect((await ask('/metrics')).status).toBe(200);
  await run(['status']);
  await run(['check']);
  const made = await run(['token', 'create', 'second', '--role', 'Editor']);
  const second = made.stdout.trim();
  expect(second).toMatch(/^amcr_/);
  published.splice(published.indexOf(made.stdout), 1);
  born.add(second);
  await run(['token', 'list']);
  await run(['keys', 'list']);
  await run(['jobs', 'list']);
  await run(['scope', 'grant', 'team', '4', '--role', 'Viewer']);
  grafana.teamFault(500);
  expect((await ask('/v1/catalogue', identity)).status).toBe(503);
  const newKey = randomBytes(32).toString('base64');
  expect((await run(['keys', 'rotate'], { ENCRYPTION_KEY: `${newKey},${ENCRYPTION_KEY}`, LOG_LEVEL: 'trace' })).stdout).toContain(
    '2 secrets',
  );
  // The running service lacks the new key: what needs it fails with words about keys.
  expect((await ask('/v1/catalogue', identity)).status).toBe(500);
  await ask('/v1/health', identity);
  await run(['status'], { DATABASE_URL: environment.DATABASE_URL!.replace(PASSWORD, `${PASSWORD}-wrong`) });
  await run(['check'], { AMC_CLIENT_SECRET: 'planted-wrong-client-secret' });
  await run(['serve'], { ENCRYPTION_KEY: `${ENCRYPTION_KEY}broken` });
  await run(['audit', '--limit', '500']);
  service.child.kill('SIGTERM');
  await service.ended;
  published.push(service.stdout(), service.stderr());
  for (const table of [
    'audit_log',
    'week_runs',
    'outbox',
    'report_data_collections',
    'workspaces',
    'workspace_tokens',
    'connections',
    'instances',
  ]) {
    const { rows } = await db.query<{ row: string }>(`SELECT t::text AS row FROM ${table} t`);
    expect([table, rows.length > 0]).toEqual([table, true]);
    published.push(...rows.map(({ row }) => row));
  }
  // What everyday jobs were told and what they said; whether one ran meanwhile is the calendar's affair.
  published.push(...(await db.query<{ row: string }>('SELECT j::text AS row FROM pgboss.job j')).rows.map(({ row }) => row));

  const amc = sandboxEnvironment('');
  const secrets = {
    'client secret': amc.AMC_CLIENT_SECRET!,
    'wrong client secret': 'planted-wrong-client-secret',
    'refresh token': amc.AMC_REFRESH_TOKEN!,
    'encryption key': ENCRYPTION_KEY,
    'new encryption key': newKey,
    'workspace token': TOKEN,
    'database password': PASSWORD,
    'service account token': grafana.serviceToken,
    'signed identity': identity['x-grafana-id'],
    ...Object.fromEntries([...born].map((secret, index) => [`born ${index}`, secret])),
  };
  // Access tokens and presigned queries did come by, and what is searched is not empty.
  expect(born.size).toBeGreaterThan(3);
  expect(proxy.seen.filter(({ answer }) => answer.body.includes('Weird')).length).toBeGreaterThan(5);
  expect(published.join('').length).toBeGreaterThan(50_000);
  const leaks = Object.entries(secrets).flatMap(([name, secret]) =>
    published
      .filter((text) => text.includes(secret))
      .map((text) => `${name}: …${text.slice(Math.max(0, text.indexOf(secret) - 200), text.indexOf(secret) + 20)}…`),
  );
  expect(leaks).toEqual([]);
});

const stopped = async () => ((await db.query(`SELECT FROM report_data_collections WHERE state = 'stopped'`)).rowCount ?? 0) > 0;
