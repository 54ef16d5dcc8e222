import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import pg from 'pg';
import { startTestSandbox, type TestSandbox } from '@amc-reports/test-support/collect/sandbox.ts';
import { serveAndHold } from '@amc-reports/test-support/http/held-run.ts';
import { SANDBOX_INSTANCE_ID } from '@amc-reports/sandbox/account.ts';
import { openStore } from '../../data/store/store.ts';
import { createTestDatabase, type TestDatabase } from '@amc-reports/test-support/database.ts';
import { collectorProgram } from './program.ts';
import { sandboxEnvironment } from './sandbox-service.ts';
import { createInstallation, type Installation } from '@amc-reports/test-support/cli/serve.ts';

const DATASET = 'campaign_performance';
const PROVISIONING = (workspace: string) => `${workspace}
connections:
  - { name: amazon, apiUrl: '\${AMC_API_URL}', tokenUrl: '\${AMC_TOKEN_URL}', clientId: '\${AMC_CLIENT_ID}', clientSecret: '\${AMC_CLIENT_SECRET}', refreshToken: '\${AMC_REFRESH_TOKEN}' }
instances:
  - { connection: amazon, amcInstanceId: '\${AMC_INSTANCE_ID}', account: '\${AMC_ACCOUNT_ID}', marketplace: '\${AMC_MARKETPLACE_ID}', executionsPerDay: 30 }
`;

let sandbox: TestSandbox;
let database: TestDatabase;
let db: pg.Pool;
let installation: Installation;
const key = randomBytes(32).toString('base64');
const newKey = randomBytes(32).toString('base64');

/** What a command leaves behind: nothing, since it only reads; or a record, shown here or by the test that knows how to bring it about. */
type Case =
  | 'reads'
  | 'runs the service'
  | { args: readonly string[]; action: string; env?: Record<string, string> }
  | { test: string; action: string };

const reason = ['--reason', 'seen in the console'];
/** Every command, in an order in which each deed is possible. */
const COMMANDS: Record<string, Case> = {
  start: 'runs the service',
  serve: 'runs the service',
  sandbox: 'runs the service',
  check: 'reads',
  migrate: 'reads',
  backfill: { args: ['--dataset', DATASET, '--instance', SANDBOX_INSTANCE_ID, '--weeks', '4'], action: 'collection.create' },
  status: 'reads',
  'schedule list': 'reads',
  'schedule show': 'reads',
  'schedule templates': 'reads',
  'schedule create': { args: ['--name', 'weekly', '--template', 'weekly', '--collection', '1'], action: 'schedule.create' },
  'schedule pause': { args: ['1'], action: 'schedule.pause' },
  'schedule resume': { args: ['1'], action: 'schedule.resume' },
  'schedule run': { args: ['1'], action: 'schedule.run' },
  'schedule delete': { args: ['1'], action: 'schedule.delete' },
  'held list': 'reads',
  'held show': 'reads',
  'held diff': 'reads',
  'held accept': { args: ['{run}', ...reason], action: 'heldRun.accept' },
  'held keep': { args: ['{run}', ...reason], action: 'heldRun.keep' },
  'held run-again': { args: ['{run}', ...reason], action: 'heldRun.runAgain' },
  'held questions': 'reads',
  'held rules list': 'reads',
  'held rules set': { args: ['--dataset', DATASET, '--max-move', '5%', ...reason], action: 'acceptanceRule.set' },
  'held rules remove': { args: ['1'], action: 'acceptanceRule.remove' },
  'instance create': { args: ['agency', '--time-zone', 'Europe/Berlin', '--currencies', 'EUR'], action: 'instance.create' },
  'instance list': 'reads',
  import: { test: 'engine/collect/import/import.test.ts', action: 'import' },
  query: 'reads',
  'files list': 'reads',
  'files export': { args: ['--instance', SANDBOX_INSTANCE_ID, '--dataset', DATASET, '--to', '{folder}'], action: 'files.export' },
  rebuild: { test: 'product/upkeep/rebuild.test.ts', action: 'rebuild' },
  'clean-up': { test: 'product/upkeep/clean-up.test.ts', action: 'clean-up' },
  backup: { args: ['{folder}-backup'], action: 'database.backup' },
  restore: { test: 'product/backup/backup.test.ts', action: 'database.restore' },
  'clock show': 'reads',
  'clock confirm': { args: [], action: 'clock.confirm' },
  'jobs list': 'reads',
  'jobs retry': { test: 'entry/cli/jobs.test.ts', action: 'job.retry' },
  'dataset upgrade': { test: 'product/upkeep/upgrade/upgrade.test.ts', action: 'dataset' },
  'citus-plan': 'reads',
  'workspace create': {
    args: ['acme', '--grafana-issuer', 'http://grafana.example', '--grafana-orgs', '2', '--grafana-teams'],
    action: 'workspace.create',
    env: { GRAFANA_SERVICE_ACCOUNT_TOKEN: 'glsa_planted' },
  },
  'workspace list': 'reads',
  'workspace update': { args: ['acme', '--no-grafana'], action: 'workspace.update' },
  'workspace calendar': { args: ['acme', '--week-starts-on', 'sunday'], action: 'workspace.calendar' },
  'workspace delete': { args: ['acme', '--confirm', 'acme'], action: 'workspace.delete' },
  'token create': { args: ['robot', '--role', 'Editor', '--instances', SANDBOX_INSTANCE_ID], action: 'token.create' },
  'token list': 'reads',
  'token rotate': { args: ['robot', '--overlap', '1h'], action: 'token.rotate' },
  'token revoke': { args: ['robot'], action: 'token.revoke' },
  'scope grant': { args: ['person', 'ada', '--instances', SANDBOX_INSTANCE_ID, '--role', 'Viewer'], action: 'scope.grant' },
  'scope revoke': { args: ['person', 'ada', '--open-to-all'], action: 'scope.revoke' },
  'scope list': 'reads',
  'keys list': 'reads',
  'keys rotate': { args: [], action: 'keys.rotate', env: { ENCRYPTION_KEY: `${newKey},${key}` } },
  audit: 'reads',
};

beforeAll(async () => {
  sandbox = await startTestSandbox({ historyDays: 110 });
  database = await createTestDatabase();
  db = new pg.Pool({ connectionString: database.url, max: 2 });
  installation = await createInstallation(
    { ...sandboxEnvironment(sandbox.url), DATABASE_URL: database.url, ENCRYPTION_KEY: key, TIME_FACTOR: '400', LOG_LEVEL: 'warn' },
    { 'amc.yaml': PROVISIONING(''), 'other.yaml': PROVISIONING('workspace: other') },
  );
});
afterAll(async () => {
  await installation.end();
  await db.end();
  await database.drop();
  await sandbox.close();
});

const record = async () =>
  (
    await db.query<{ id: string; person: string; action: string; subject: string; workspace: string }>(
      'SELECT a.id::text AS id, a.person, a.action, a.subject, a.workspace_id::text AS workspace FROM audit_log a ORDER BY a.id',
    )
  ).rows;

async function run(args: readonly string[], env: Record<string, string> = {}): Promise<{ code: number | string; stdout: string }> {
  const command = installation.run(args, env);
  const code = await command.ended;
  return { code, stdout: command.stdout() + (code === 0 ? '' : command.stderr()) };
}

const commandsBelow = (command: Command, path: readonly string[] = []): string[] =>
  command.commands.length === 0 ? [path.join(' ')] : command.commands.flatMap((each) => commandsBelow(each, [...path, each.name()]));

test('every command has a case here', () => {
  expect(commandsBelow(collectorProgram()).sort()).toEqual(Object.keys(COMMANDS).sort());
});

test('provisioning two workspaces leaves a record in each', async () => {
  const service = installation.run(['serve', '--mode', 'worker'], { LOG_LEVEL: 'info' });
  await service.logged('The worker runs');
  service.child.kill('SIGTERM');
  expect(await service.ended).toBe(0);
  const deeds = (await record()).map(({ action, workspace, person }) => `${person} ${action} ${workspace}`);
  for (const workspace of ['1', '2'])
    for (const action of ['connection.provision', 'instance.provision']) expect(deeds).toContain(`provisioning ${action} ${workspace}`);
  expect(deeds).toContain('provisioning workspace.create 2');
  expect((await db.query('SELECT executions_per_day AS n FROM instances')).rows).toEqual([{ n: 30 }, { n: 30 }]);
});

const deeds = Object.entries(COMMANDS).flatMap(([name, its]) => (typeof its === 'object' && 'args' in its ? [[name, its] as const] : []));
test.each(deeds)('collector %s leaves a record that says who and what', async (name, { args, action, env }) => {
  const runId = name.startsWith('held ') && args.includes('{run}') ? await heldRun(action) : '';
  const before = await record();
  const { code, stdout } = await run(
    [...name.split(' '), ...args.map((each) => each.replace('{run}', runId).replace('{folder}', join(installation.env.DATA_DIR!, 'out')))],
    env,
  );
  expect({ code, stdout }).toMatchObject({ code: 0 });
  const added = (await record()).slice(before.length);
  expect(added).toContainEqual(
    expect.objectContaining({ action, person: expect.stringMatching(/\S/), subject: expect.stringMatching(/\S/) }),
  );
  for (const secret of [key, newKey, 'glsa_planted']) expect(JSON.stringify(added)).not.toContain(secret);
});

const elsewhere = Object.entries(COMMANDS).flatMap(([name, its]) =>
  typeof its === 'object' && 'test' in its ? [[name, its] as const] : [],
);
test.each(elsewhere)('the record of collector %s is shown by the test of what it does', (_name, { test: file }) => {
  expect(readFileSync(join(__dirname, '..', '..', file), 'utf8')).toContain('audit_log');
});

test('the record of a deleted workspace is still there, and collector audit shows the record', async () => {
  expect(await record()).toContainEqual(expect.objectContaining({ action: 'workspace.delete', subject: 'workspace acme' }));
  const { stdout } = await run(['audit', '--action', 'token', '--json']);
  expect((JSON.parse(stdout) as { entries: { action: string }[] }).entries.map((entry) => entry.action)).toEqual([
    'token.revoke',
    'token.rotate',
    'token.create',
  ]);
  const refused = await run(['workspace', 'delete', 'other']);
  expect([refused.code, refused.stdout]).toEqual([1, expect.stringContaining("--confirm 'other'")]);
  const own = await run(['workspace', 'delete', 'default', '--confirm', 'default']);
  expect([own.code, own.stdout]).toEqual([1, expect.stringContaining('WORKSPACE')]);
});

/** A week of the collection served, another result of it held. */
async function heldRun(action: string): Promise<string> {
  const { rows } = await db.query<{ id: string; instance: string; weeks: string[] }>(
    `SELECT c.id::text AS id, c.instance_id::text AS instance, array_agg(DISTINCT r.week::text ORDER BY r.week::text) AS weeks
     FROM report_data_collections c JOIN week_runs r ON r.collection_id = c.id GROUP BY c.id`,
  );
  const [collection] = rows;
  const week = collection!.weeks[['heldRun.accept', 'heldRun.keep', 'heldRun.runAgain'].indexOf(action)]!;
  const store = await openStore(database.url);
  try {
    const row = { campaign: 'Spring', impressions: '1000', clicks: '50' };
    return await serveAndHold(
      { store },
      { collectionId: collection!.id, instanceId: collection!.instance, week },
      [row],
      [{ ...row, clicks: '5' }],
    );
  } finally {
    await store.close();
  }
}
