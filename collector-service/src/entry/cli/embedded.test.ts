import { randomBytes } from 'node:crypto';
import { appendFile, chmod, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { eventually } from '@amc-reports/test-support/collect/bench.ts';
import { startTestSandbox, type TestSandbox } from '@amc-reports/test-support/collect/sandbox.ts';
import { createInstallation, type Command, type Installation } from '@amc-reports/test-support/cli/serve.ts';
import { contain } from '@amc-reports/test-support/store/container.ts';
import { testContained } from '@amc-reports/test-support/store/test-contained.ts';
import { healthSchema } from '../../contract/health.ts';
import { takeDirectory } from '../../data/store/embedded/directory-lock.ts';
import { runningEmbeddedUrl } from '../../data/store/embedded/running.ts';
import { sandboxEnvironment } from './sandbox-service.ts';

const WEEKS = 8;
const TOKEN = randomBytes(32).toString('hex');
const PROVISIONING = `
connections:
  - { name: amazon, apiUrl: '\${AMC_API_URL}', tokenUrl: '\${AMC_TOKEN_URL}', clientId: '\${AMC_CLIENT_ID}', clientSecret: '\${AMC_CLIENT_SECRET}', refreshToken: '\${AMC_REFRESH_TOKEN}' }
instances:
  - { connection: amazon, amcInstanceId: '\${AMC_INSTANCE_ID}', account: '\${AMC_ACCOUNT_ID}', marketplace: '\${AMC_MARKETPLACE_ID}' }
collections:
  - { instance: '\${AMC_INSTANCE_ID}', dataset: campaign_performance, weeks: ${WEEKS} }
`;

let sandbox: TestSandbox;
let installation: Installation;
let folder: string;

beforeAll(async () => {
  sandbox = await startTestSandbox({ historyDays: 90 });
});
afterAll(() => sandbox.close());
beforeEach(async () => {
  const env = {
    ...sandboxEnvironment(sandbox.url),
    ENCRYPTION_KEY: randomBytes(32).toString('base64'),
    COLLECTOR_TOKEN: TOKEN,
    TIME_FACTOR: '400',
    INSTANCE_CONCURRENCY: '3',
    LOG_LEVEL: 'info',
  };
  installation = await createInstallation(env, { 'amc.yaml': PROVISIONING });
  const directory = dirname(installation.env.DATA_DIR!);
  // Under root the embedded PostgreSQL runs as another user and must get in.
  await chmod(directory, 0o755);
  folder = join(installation.env.DATA_DIR!, 'postgres');
});
afterEach(async () => {
  const pid = await postmaster().catch(() => 0);
  await installation.end();
  if (pid > 0 && (await runningEmbeddedUrl(folder)) !== undefined) process.kill(pid, 'SIGQUIT');
  await eventually(async () => (await runningEmbeddedUrl(folder)) === undefined);
  await rm(dirname(installation.env.DATA_DIR!), { recursive: true, force: true });
});

async function serve(): Promise<Command & { url: string }> {
  const service = installation.run(['serve']);
  await service.logged('The collector answers at');
  return { ...service, url: /answers at (http:\S+?)"/.exec(service.stderr())![1]! };
}

const postmaster = async () => Number((await readFile(join(folder, 'cluster', 'postmaster.pid'), 'utf8')).split('\n')[0]);
const settings = () => join(folder, 'cluster', 'postgresql.auto.conf');
const bought = async () => (await sandbox.executions()).filter(({ dryRun }) => !dryRun).length;

async function query<T>(sql: string): Promise<T[]> {
  const client = new pg.Client(await runningEmbeddedUrl(folder));
  await client.connect();
  try {
    return (await client.query(sql)).rows as T[];
  } finally {
    await client.end();
  }
}
const done = async () => (await query<{ n: number }>(`SELECT count(*)::int AS n FROM week_runs WHERE state = 'done'`))[0]!.n;

async function databaseHop(url: string) {
  const response = await fetch(`${url}/v1/health`, { headers: { authorization: `Bearer ${TOKEN}` } });
  return healthSchema.parse(await response.json()).hops.find(({ hop }) => hop === 'database')!;
}
const ready = async (url: string) => {
  const response = await fetch(`${url}/readyz`);
  return { status: response.status, text: await response.text() };
};

test('PostgreSQL killed under a collecting service: health says what is done about it, and the same process collects on, buying nothing twice', async () => {
  const before = await bought();
  const service = await serve();
  await eventually(async () => (await done()) >= 2);
  expect(await ready(service.url)).toEqual({ status: 200, text: 'ok\n' });

  const conf = await readFile(settings(), 'utf8');
  await appendFile(settings(), 'no_such_setting = 1\n');
  process.kill(await postmaster(), 'SIGKILL');
  await eventually(async () => (await databaseHop(service.url)).message.includes('attempt 2 of 8'));
  expect(await databaseHop(service.url)).toMatchObject({ status: 'failed', remedy: expect.stringContaining('exit code 75') });
  expect(await ready(service.url)).toMatchObject({ status: 503, text: expect.stringContaining('is being started again') });
  await writeFile(settings(), conf);

  await eventually(async () => (await ready(service.url)).status === 200);
  expect(await databaseHop(service.url)).toMatchObject({ status: 'ok' });
  await eventually(async () => (await done()) === WEEKS);
  expect(await bought()).toBe(before + WEEKS);
  expect(await query('SELECT FROM instance_slots WHERE run_id IS NOT NULL')).toEqual([]);
  service.child.kill('SIGTERM');
  expect(await service.ended).toBe(0);
});

test('a database that cannot be started again ends the process, with a code for its supervisor and the reason for people', async () => {
  const service = await serve();
  await appendFile(settings(), 'no_such_setting = 1\n');
  process.kill(await postmaster(), 'SIGKILL');
  expect(await service.ended).toBe(75);
  expect(service.stderr()).toMatch(/could not be started again, so this process ends\. .*FATAL.* Its log is/);
});

describe('One directory, one server:', () => {
  const status = (walls: { network?: boolean }) =>
    contain([process.execPath, join(__dirname, 'collector.ts'), 'status'], walls, installation.env);

  test('a command works on the one that runs, and a second service is refused by the pid of the first', async () => {
    const service = await serve();
    const server = await postmaster();
    const command = installation.run(['status']);
    expect([await command.ended, command.stdout()]).toEqual([0, expect.stringContaining('Campaign performance')]);
    const second = installation.run(['serve']);
    expect(await second.ended).toBe(1);
    expect(second.stderr()).toContain(`in use by process ${service.child.pid}`);
    expect(await postmaster()).toBe(server);
  });

  testContained('a command in another container works on it where it can be reached, and says what to do where it cannot', async () => {
    await serve();
    const server = await postmaster();
    const near = status({});
    expect([await near.ended, near.stdout()]).toEqual([0, expect.stringContaining('Campaign performance')]);
    const far = status({ network: true });
    expect([await far.ended, far.stderr()]).toEqual([1, expect.stringContaining('Run commands there (docker exec)')]);
    expect(await postmaster()).toBe(server);
  });

  test('a service waits for a command that is about to end, and then runs the server itself', async () => {
    await (await serve()).child.kill('SIGTERM');
    await eventually(async () => (await runningEmbeddedUrl(folder)) === undefined);
    const command = await eventuallyTaken();
    const service = installation.run(['serve']);
    await service.logged('Waiting for the database of another process');
    command.release();
    await service.logged('The collector answers at');
  });
});

/** The directory's lock, as a command holds it while it works. */
async function eventuallyTaken(): Promise<{ release(): void }> {
  let taken: { release(): void } | undefined;
  await eventually(async () => {
    try {
      taken = takeDirectory(folder);
      return true;
    } catch {
      return false;
    }
  });
  return taken!;
}
