import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { Registry } from 'prom-client';
import { CollectorError } from '../../contract/error.ts';
import { createHttpServer } from './server.ts';
import { until } from './request-signal.ts';
import { eventually } from '@amc-reports/test-support/http/eventually.ts';
import { readEvents } from '@amc-reports/test-support/http/event-stream.ts';
import { createWorld, QUERY, type World } from '@amc-reports/test-support/http/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const another = (listen = { host: '127.0.0.1', port: 0 }) => createHttpServer({ ...world.deps, registry: new Registry(), listen });
const authorization = () => ({ authorization: `Bearer ${world.tokens.north}` });

/** Makes queries wait until it is let go. */
async function holdQueries() {
  const client = await world.store.pool.connect();
  await client.query('BEGIN; LOCK TABLE report_data_weeks IN ACCESS EXCLUSIVE MODE');
  const waiting = async () => {
    const { rows } = await world.store.pool.query<{ n: number }>(
      "SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
    );
    return rows[0]!.n;
  };
  return { waiting, letGo: async () => (await client.query('ROLLBACK'), client.release()) };
}

describe('The server', () => {
  it('says which port is taken and what to set', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as AddressInfo;
    const error = await another({ host: '127.0.0.1', port })
      .listen()
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(CollectorError);
    expect(error).toMatchObject({ code: 'config_invalid', message: expect.stringMatching(new RegExp(`^Port ${port} .* taken.*PORT`)) });
    await new Promise((resolve) => other.close(resolve));
  });

  it('says that an address is not of this machine', async () => {
    await expect(another({ host: '192.0.2.1', port: 0 }).listen()).rejects.toMatchObject({
      code: 'config_invalid',
      message: expect.stringContaining('HOST'),
    });
  });

  it('gives up a query whose client went away', async () => {
    const { waiting, letGo } = await holdQueries();
    const client = new AbortController();
    const query = world.request('/v1/query', { json: QUERY, signal: client.signal }).catch((error: Error) => error.name);
    await eventually(async () => (await waiting()) === 1);
    client.abort();
    expect(await query).toBe('AbortError');
    await eventually(async () => (await waiting()) === 0);
    await letGo();
    await eventually(async () => world.log.some((line) => line.status === 499 && line.route === '/v1/query'));
  });

  it('when it stops lets an answer under way finish, ends streams and takes nothing new', async () => {
    const server = another();
    const { url } = await server.listen();
    const { waiting, letGo } = await holdQueries();
    const stream = readEvents(await fetch(`${url}/v1/events`, { headers: authorization() }));
    await stream.next();
    const query = fetch(`${url}/v1/query`, {
      method: 'POST',
      headers: { ...authorization(), 'content-type': 'application/json' },
      body: JSON.stringify(QUERY),
    });
    await eventually(async () => (await waiting()) === 1);

    const closed = server.close();
    await expect(stream.until(() => false)).rejects.toThrow('The stream ended');
    await expect(fetch(`${url}/livez`)).rejects.toThrow();
    await letGo();
    expect((await query).status).toBe(200);
    await closed;
  });

  it('when it stops cuts what does not finish, and leaves no connection to the database behind', async () => {
    const server = another();
    const { url } = await server.listen();
    const { waiting, letGo } = await holdQueries();
    const query = fetch(`${url}/v1/query`, {
      method: 'POST',
      headers: { ...authorization(), 'content-type': 'application/json' },
      body: JSON.stringify(QUERY),
    });
    await eventually(async () => (await waiting()) === 1);
    const closed = server.close();
    const response = await query;
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ code: 'shutting_down' });
    await closed;
    await letGo();
    for (const pool of [world.store.pool, world.store.readers]) {
      expect(pool.waitingCount).toBe(0);
      await eventually(async () => pool.idleCount === pool.totalCount);
    }
  });

  it('survives what is not HTTP', async () => {
    const { port } = new URL(world.url);
    const answer = await new Promise<string>((resolve) => {
      const socket = connect(Number(port), '127.0.0.1', () => socket.write('\x16\x03\x01 hello\r\n\r\n'));
      let text = '';
      socket.on('data', (data) => (text += data));
      socket.on('close', () => resolve(text));
      socket.on('error', () => resolve(text));
    });
    expect(answer).toContain('400 Bad Request');
    expect((await world.request('/livez', { token: null })).status).toBe(200);
  });

  it('refuses headers that are too large', async () => {
    expect((await world.request('/v1/catalogue', { headers: { 'x-large': 'x'.repeat(40_000) } })).status).toBe(431);
  });
});

describe('Waiting for an answer', () => {
  it('ends with the deadline, even when the work does not listen', async () => {
    await expect(until(AbortSignal.timeout(5), new Promise(() => undefined))).rejects.toMatchObject({ code: 'timed_out', status: 504 });
  });

  it('says timed out also when the work fails because of the deadline', async () => {
    const signal = AbortSignal.timeout(5);
    const work = new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('statement cancelled'))));
    await expect(until(signal, work)).rejects.toMatchObject({ code: 'timed_out' });
  });

  it('passes on results and errors of work that ends in time', async () => {
    const { signal } = new AbortController();
    expect(await until(signal, Promise.resolve(7))).toBe(7);
    await expect(until(signal, Promise.reject(new Error('no')))).rejects.toThrow('no');
  });
});
