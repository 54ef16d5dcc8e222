import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import pg from 'pg';
import { Registry } from 'prom-client';
import { createAuthenticator } from '../../../engine/access/authenticate.ts';
import { createIdentityVerifier } from '../../../engine/access/grafana-identity.ts';
import { CollectorError } from '../../../contract/error.ts';
import { healthSchema, type Health } from '../../../contract/health.ts';
import { createHttpServer } from '../server.ts';
import { createWorld, type World } from '@amc-reports/test-support/http/world.ts';
import { createAmcProbe } from './amc-probe.ts';
import { migrate } from '../../../data/store/migrate.ts';

let world: World;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.close());

async function health(token = world.tokens.north): Promise<Health> {
  const response = await world.request('/v1/health', { token });
  expect(response.status).toBe(200);
  return healthSchema.parse(await response.json());
}
const hop = (report: Health, name: string) => report.hops.find((each) => each.hop === name);
const collect = async (instance: string, dataset = 'campaign_performance', weeks = 2) =>
  (await (await world.request('/v1/collections', { token: world.tokens.editor, json: { instance, dataset, weeks } })).json()) as {
    id: string;
  };

const serve = (instance: 'n1' | 'n2') =>
  world.store.pool.query("UPDATE report_data_weeks SET data_version = 1 WHERE instance_id = $1 AND week = '2026-11-02'", [
    world.ids[instance],
  ]);

describe('Health', () => {
  it('walks the hops in order and says what to do first in a new installation', async () => {
    const report = await health();
    expect(report.hops.map(({ hop: name, status }) => `${name} ${status}`)).toEqual([
      'collector ok',
      'database ok',
      'amc ok',
      'datasets degraded',
      'collections degraded',
    ]);
    expect(report).toMatchObject({ status: 'degraded', version: '0.0.0-test' });
    expect(hop(report, 'datasets')!.remedy).toContain('collector backfill');
    expect(hop(report, 'database')!.message).toMatch(/^PostgreSQL \d+/);
  });

  it('is ok while collections run and data is there', async () => {
    await collect('n1');
    await serve('n1');
    const report = await health();
    expect(report.status).toBe('ok');
    expect(hop(report, 'datasets')!.message).toBe('campaign_performance: 1 week, until 2026-11-09.');
    expect(hop(report, 'collections')!.message).toBe('1 running, 0 paused; 2 weeks to go.');
  });

  it('calls months what they are, until the day after the newest', async () => {
    const { id } = await collect('n1', 'reach_frequency_month', 13);
    await finish(id);
    const report = await health();
    expect(hop(report, 'datasets')!.message).toBe('reach_frequency_month: 3 months, until 2026-11-01.');
    expect(hop(report, 'collections')!.message).toBe('0 running, 0 paused, 1 complete; 0 months to go.');
  });

  it('asks nobody about instances of imported data alone', async () => {
    await world.store.pool.query('UPDATE instances SET connection_id = NULL');
    const report = await health();
    expect(hop(report, 'amc')).toMatchObject({ status: 'unknown', message: expect.stringContaining('imported data alone') });
    const catalogue = await world.request('/v1/catalogue', { token: world.tokens.north });
    expect(((await catalogue.json()) as { instances: unknown[] }).instances).not.toEqual([]);
  });

  it('counts failed and held weeks by their newest run', async () => {
    const { id } = await collect('n1');
    await world.store.pool.query("UPDATE week_runs SET state = 'failed' WHERE collection_id = $1", [id]);
    await world.store.pool.query("INSERT INTO week_runs (collection_id, instance_id, week, state) VALUES ($1, $2, '2026-11-02', 'held')", [
      id,
      world.ids.n1,
    ]);
    expect(hop(await health(), 'collections')).toMatchObject({
      status: 'degraded',
      message: '1 running, 0 paused; 0 weeks to go. 1 failed, 1 held.',
    });
  });

  const finish = async (id: string, state = 'done') => {
    await world.store.pool.query(`UPDATE week_runs SET state = $2 WHERE collection_id = $1`, [id, state]);
    await world.store.pool.query('UPDATE report_data_weeks SET data_version = 1 WHERE instance_id = $1', [world.ids.n1]);
  };

  it('calls a collection complete that has nothing left to do', async () => {
    await finish((await collect('n1')).id);
    expect(hop(await health(), 'collections')).toMatchObject({
      status: 'ok',
      message: '0 running, 0 paused, 1 complete; 0 weeks to go.',
      remedy: null,
    });
  });

  it('counts weeks out of reach and doubtful ones, each with what to do', async () => {
    const { id } = await collect('n1');
    await finish(id);
    await world.store.pool.query(
      `UPDATE report_data_weeks SET doubt = '{"findings": [], "note": ""}' WHERE instance_id = $1 AND week = '2026-11-09'`,
      [world.ids.n1],
    );
    await world.store.pool.query(
      `WITH hole AS (UPDATE report_data_weeks SET data_version = 0 WHERE instance_id = $1 AND week = '2026-11-02')
       UPDATE week_runs SET state = 'skipped', error_code = 'week_out_of_range' WHERE collection_id = $2 AND week = '2026-11-02'`,
      [world.ids.n1, id],
    );
    expect(hop(await health(), 'collections')).toMatchObject({
      status: 'ok',
      message: '0 running, 0 paused, 1 incomplete; 0 weeks to go. 1 week out of reach. 1 week doubtful.',
      remedy: expect.stringMatching(/collector import.*open the collection/),
    });
  });

  it('gives Amazon’s reason when a collection was stopped', async () => {
    const { id } = await collect('n1');
    await world.store.pool.query(
      "UPDATE report_data_collections SET state = 'stopped', stop_reason = 'Amazon refused the SQL.' WHERE id = $1",
      [id],
    );
    const report = await health();
    expect(report.status).toBe('failed');
    expect(hop(report, 'collections')!.message).toContain('Amazon refused the SQL.');
  });

  it('says when Amazon is asked again by itself, of a stopped collection and of one that only met a slip', async () => {
    const { id } = await collect('n1');
    await world.store.pool.query(
      `INSERT INTO collection_refusals (collection_id, asked, code, message, next_try_at)
       VALUES ($1, 'create', 'amc_forbidden', 'The user has no access.', '2126-11-20T10:30:00Z')`,
      [id],
    );
    expect(hop(await health(), 'collections')).toMatchObject({
      status: 'degraded',
      message: expect.stringContaining('The user has no access. (next try 2126-11-20T10:30:00Z)'),
    });
    await world.store.pool.query("UPDATE report_data_collections SET state = 'stopped', stop_reason = 'No access.' WHERE id = $1", [id]);
    expect(hop(await health(), 'collections')).toMatchObject({
      status: 'failed',
      message: expect.stringContaining('The user has no access. (next try 2126-11-20T10:30:00Z)'),
      remedy: expect.stringContaining('by itself'),
    });
  });

  it('says that the clocks contradict each other, and what to do', async () => {
    await world.store.pool.query(`UPDATE clock_seen SET seen_at = now() - interval '2 years'`);
    expect(hop(await health(), 'collector')).toMatchObject({
      status: 'degraded',
      message: expect.stringContaining('nothing is bought and no schedule ticks'),
      remedy: expect.stringContaining('collector clock confirm'),
    });
  });

  it('tells nothing of other instances', async () => {
    await collect('n2');
    await serve('n2');
    for (const token of [world.tokens.n1, world.tokens.south]) {
      const report = await health(token);
      expect(hop(report, 'collections')!.message).toBe('There is no collection.');
      expect(hop(report, 'datasets')!.message).toBe('No data is collected yet.');
    }
  });

  it('names the connection that Amazon does not accept, with the remedy', async () => {
    world.amcError = new CollectorError('amc_grant_revoked', 'The refresh token is not valid any more.');
    const report = await health();
    expect(report.status).toBe('failed');
    expect(hop(report, 'amc')).toMatchObject({
      status: 'failed',
      message: expect.stringContaining('connection n1: The refresh token'),
      remedy: expect.stringContaining('AMC_REFRESH_TOKEN'),
    });
  });

  it('takes a throttled Amazon for degraded, and keeps an unexpected error to itself', async () => {
    world.amcError = new CollectorError('amc_throttled', 'Amazon asks us to wait.');
    expect(hop(await health(world.tokens.south), 'amc')).toMatchObject({ status: 'degraded' });
    world.amcError = new Error('secret detail');
    const report = await health(world.tokens.n1);
    expect(hop(report, 'amc')).toMatchObject({ status: 'failed', message: 'connection n1: the check failed' });
  });

  it('does not know about Amazon where no instance is set up', async () => {
    await world.store.pool.query('DELETE FROM instances WHERE id = $1', [world.ids.s1]);
    expect(hop(await health(world.tokens.south), 'amc')).toMatchObject({ status: 'unknown' });
  });
});

describe('On Citus', () => {
  /** The catalogue and the function by which Citus tells of its machines, as this database would have them there. */
  async function spread(answer: string): Promise<void> {
    await world.store.transaction(async (tx) => {
      await tx.query('SET LOCAL allow_system_table_mods = on');
      await tx.query(
        `CREATE TABLE pg_catalog.pg_dist_node (groupid int, nodename text, nodeport int, noderole text, isactive boolean);
         INSERT INTO pg_catalog.pg_dist_node VALUES (0, 'coordinator', 5432, 'primary', true), (1, 'one', 5432, 'primary', true),
           (2, 'two', 5433, 'primary', true), (2, 'spare', 5432, 'secondary', true)`,
      );
      await tx.query(
        `CREATE FUNCTION run_command_on_workers(command text, OUT nodename text, OUT nodeport int, OUT success boolean, OUT result text)
           RETURNS SETOF record LANGUAGE sql AS $$ ${answer} $$`,
      );
    });
  }
  const ANSWERS = `SELECT 'one', 5432, true, '1' UNION ALL SELECT 'two', 5433, true, '1'`;

  it('the database is well while every worker answers', async () => {
    await spread(ANSWERS);
    expect(hop(await health(), 'database')).toMatchObject({ status: 'ok', message: expect.stringContaining('so do its 2 Citus workers') });
  });

  it.each([
    ['does not answer', `SELECT 'one', 5432, true, '1' UNION ALL SELECT 'two', 5433, false, 'no route to host two'`, ''],
    ['was taken out of use', ANSWERS, `UPDATE pg_dist_node SET isactive = false WHERE nodename = 'two'`],
  ])('health notices a worker that %s, and tells no caller where it is', async (_, answer, then) => {
    await spread(answer);
    await world.store.pool.query(then);
    const report = await health();
    expect(report.status).toBe('failed');
    expect(hop(report, 'database')).toMatchObject({
      status: 'failed',
      message: expect.stringContaining('1 of its 2 Citus workers is lost'),
    });
    expect(JSON.stringify(report)).not.toMatch(/two|5433/);
  });

  it('and one that keeps silent, without waiting for it', async () => {
    await spread(`SELECT 'one', 5432, true, pg_sleep(600)::text`);
    expect(hop(await health(), 'database')).toMatchObject({
      status: 'failed',
      message: expect.stringContaining('not all of its 2 Citus workers in time'),
    });
  });
});

describe('Where the reader role may not read', () => {
  it('the process is not ready and health says what to do; a start that makes the grants again is enough', async () => {
    await collect('n1');
    await serve('n1');
    await world.store.pool.query('REVOKE SELECT ON fact_campaign_performance_v2 FROM amc_reports_reader');
    const ready = await world.request('/readyz', { token: null });
    expect([ready.status, await ready.text()]).toEqual([503, expect.stringContaining('collector migrate')]);
    const report = await health();
    expect(report.status).toBe('failed');
    expect(hop(report, 'database')).toMatchObject({
      status: 'failed',
      message: expect.stringContaining('fact_campaign_performance_v2'),
      remedy: expect.stringContaining('collector migrate'),
    });
    await migrate(world.store, { datasets: world.deps.catalogue.datasets });
    expect((await world.request('/readyz', { token: null })).status).toBe(200);
    expect((await health()).status).toBe('ok');
  });
});

describe('Without a database', () => {
  it('health says so to anybody, other answers are 503, and nothing tells where the database is', async () => {
    const dead = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
    await once(dead, 'listening');
    const pool = new pg.Pool({
      host: '127.0.0.1',
      port: (dead.address() as AddressInfo).port,
      user: 'amc',
      password: 'db-password',
      database: 'amc',
    });
    const authenticator = createAuthenticator({ pool, verify: createIdentityVerifier() });
    const server = createHttpServer({ ...world.deps, registry: new Registry(), store: { ...world.store, pool }, authenticator });
    const { url } = await server.listen();
    const headers = { authorization: `Bearer ${world.tokens.north}` };
    try {
      const report = healthSchema.parse(await (await fetch(`${url}/v1/health`, { headers })).json());
      expect(report).toMatchObject({ status: 'failed', caller: null });
      expect(report.hops.map(({ hop: name, status }) => `${name} ${status}`)).toEqual([
        'collector ok',
        'database failed',
        'amc unknown',
        'datasets unknown',
        'collections unknown',
      ]);
      expect(hop(report, 'database')!.remedy).toContain('DATABASE_URL');

      const refused = await fetch(`${url}/v1/catalogue`, { headers });
      expect(refused.status).toBe(503);
      const text = await refused.text();
      expect(JSON.parse(text)).toMatchObject({ code: 'database_unavailable' });
      expect(text).not.toMatch(/127\.0\.0\.1|terminated|db-password/);

      expect((await fetch(`${url}/v1/health`)).status).toBe(401);
      expect((await fetch(`${url}/readyz`)).status).toBe(503);
      expect((await fetch(`${url}/livez`)).status).toBe(200);
      expect(await (await fetch(`${url}/metrics`)).text()).toContain('amc_reports_database_up 0');
    } finally {
      await server.close();
      await pool.end();
      dead.close();
    }
  });

  it('a process is ready only with one', async () => {
    expect((await world.request('/readyz', { token: null })).status).toBe(200);
  });
});

describe('The check of a connection', () => {
  it('is shared, kept a minute when good and ten seconds when bad', async () => {
    let now = 0;
    let checks = 0;
    let bad = false;
    const probe = createAmcProbe(
      async () => {
        checks++;
        if (bad) throw new CollectorError('amc_forbidden', 'No.');
      },
      () => now,
    );
    expect(await Promise.all([probe('1'), probe('1'), probe('2')])).toEqual([null, null, null]);
    expect(checks).toBe(2);
    now = 59_000;
    await probe('1');
    expect(checks).toBe(2);
    now = 61_000;
    bad = true;
    expect(await probe('1')).toMatchObject({ code: 'amc_forbidden' });
    now = 72_000;
    bad = false;
    expect(await probe('1')).toBeNull();
    expect(checks).toBe(4);
  });
});
