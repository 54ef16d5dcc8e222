import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { createInstallation, type Installation } from '@amc-reports/test-support/cli/serve.ts';
import { eventually } from '@amc-reports/test-support/collect/bench.ts';
import { startTestSandbox, type TestSandbox } from '@amc-reports/test-support/collect/sandbox.ts';
import { createTestDatabase, type TestDatabase } from '@amc-reports/test-support/database.ts';
import { pgBouncerAtHand, startPgBouncer, type PgBouncer } from '@amc-reports/test-support/pgbouncer.ts';
import { sandboxEnvironment } from './sandbox-service.ts';

const run = pgBouncerAtHand ? describe : describe.skip;
const WEEKS = 4;
const TOKEN = randomBytes(32).toString('hex');
const PROVISIONING = `
connections:
  - { name: amazon, apiUrl: '\${AMC_API_URL}', tokenUrl: '\${AMC_TOKEN_URL}', clientId: '\${AMC_CLIENT_ID}', clientSecret: '\${AMC_CLIENT_SECRET}', refreshToken: '\${AMC_REFRESH_TOKEN}' }
instances:
  - { connection: amazon, amcInstanceId: '\${AMC_INSTANCE_ID}', account: '\${AMC_ACCOUNT_ID}', marketplace: '\${AMC_MARKETPLACE_ID}' }
collections:
  - { instance: '\${AMC_INSTANCE_ID}', dataset: campaign_performance, weeks: ${WEEKS} }
`;

run('the whole service behind PgBouncer in transaction mode', () => {
  let sandbox: TestSandbox;
  let database: TestDatabase;
  let bouncer: PgBouncer;
  let installation: Installation;

  beforeAll(async () => {
    sandbox = await startTestSandbox({ historyDays: 60 });
    database = await createTestDatabase();
    bouncer = await startPgBouncer(database.url, { mode: 'transaction', poolSize: 8 });
    installation = await createInstallation(
      {
        ...sandboxEnvironment(sandbox.url),
        DATABASE_URL: bouncer.through(database.url),
        DATABASE_DIRECT_URL: database.url,
        ENCRYPTION_KEY: randomBytes(32).toString('base64'),
        COLLECTOR_TOKEN: TOKEN,
        TIME_FACTOR: '400',
        LOG_LEVEL: 'info',
      },
      { 'amc.yaml': PROVISIONING },
    );
  });
  afterAll(async () => {
    await installation?.end();
    await bouncer?.close();
    await database?.drop();
    await sandbox?.close();
  });

  test('it migrates, collects every week once and answers a hundred questions at once', async () => {
    const service = installation.run(['serve']);
    await service.logged('The collector answers at');
    const url = /answers at (http:\S+?)"/.exec(service.stderr())![1]!;
    const db = new pg.Pool({ connectionString: database.url, max: 1 });
    const done = async () => (await db.query<{ n: number }>(`SELECT count(*)::int AS n FROM week_runs WHERE state = 'done'`)).rows[0]!.n;
    await eventually(async () => (await done()) === WEEKS);
    expect((await sandbox.executions()).filter(({ dryRun }) => !dryRun)).toHaveLength(WEEKS);

    const question = (index: number) => ({
      from: Date.now() - 120 * 86_400_000,
      to: Date.now(),
      queries: [
        { refId: 'A', metrics: ['spend', 'clicks'], format: 'numeric', dimensions: index % 2 === 0 ? ['campaign'] : ['ad_product'] },
      ],
    });
    const answers = await Promise.all(
      Array.from({ length: 100 }, async (_, index) => {
        const response = await fetch(`${url}/v1/query`, {
          method: 'POST',
          headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
          body: JSON.stringify(question(index)),
        });
        return { status: response.status, body: (await response.json()) as { results?: { A?: { frames?: unknown[]; error?: string } } } };
      }),
    );
    expect(answers.map(({ status, body }) => [status, body.results?.A?.error])).toEqual(answers.map(() => [200, undefined]));
    for (const { body } of answers) expect(body.results?.A?.frames?.length).toBeGreaterThan(0);
    expect(service.stderr()).not.toMatch(/prepared statement|unsupported startup parameter|"level":(50|60)|ERROR|FATAL/);
    await db.end();
    service.child.kill('SIGTERM');
    expect(await service.ended).toBe(0);
  });

  test('without PostgreSQL’s own address it ends at once and says what to set', async () => {
    const service = installation.run(['serve'], { DATABASE_DIRECT_URL: '' });
    expect(await service.ended).toBe(1);
    expect(service.stderr()).toContain('Set DATABASE_DIRECT_URL to PostgreSQL’s own address');
  });
});
