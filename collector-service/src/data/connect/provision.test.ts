import { pino } from 'pino';
import { startScriptedAmc, type ScriptedAmc } from '@amc-reports/test-support/amc/scripted-amc.ts';
import { migrate } from '../store/migrate.ts';
import { openStore, type Store } from '../store/store.ts';
import { createTestDatabase, type TestDatabase } from '@amc-reports/test-support/database.ts';
import { createClients, type Clients } from './clients.ts';
import { Keyring } from './keyring.ts';
import { provision, type WantedCollection } from './provision.ts';
import { provisioningSchema } from './provisioning.ts';
import { Secret } from '../../ground/secret.ts';

const logger = pino({ level: 'silent' });
const keyring = (fill: number, ...older: number[]) =>
  Keyring.parse([fill, ...older].map((each) => Buffer.alloc(32, each).toString('base64')).join(','), 'ENCRYPTION_KEY');
const signal = new AbortController().signal;

let database: TestDatabase;
let store: Store;
let workspaceId: string;
let amc: ScriptedAmc;
let clients: Clients;
let wanted: WantedCollection[];
let recorded: string[];

beforeAll(async () => {
  database = await createTestDatabase();
  store = await openStore(database.url);
  await migrate(store, { datasets: [], logger });
});
afterAll(async () => {
  await store.close();
  await database.drop();
});
beforeEach(async () => {
  wanted = [];
  recorded = [];
  workspaceId = (
    await store.pool.query<{ id: string }>(`INSERT INTO workspaces (name) VALUES (gen_random_uuid()::text) RETURNING id::text`)
  ).rows[0]!.id;
  clients = createClients({ pool: store.pool, keyring: keyring(1), logger });
  amc = await startScriptedAmc();
  amc.on('GET /amc/instances/amc1', {
    json: { instanceId: 'amc1', instanceName: 'One', advertiserTypes: ['SPONSORED_ADS', 'DISPLAY'], creationStatus: 'COMPLETED' },
  });
  amc.on('GET /amc/instances/amc1/advertisers', {
    json: {
      advertisers: [
        { id: 'a', type: 'DISPLAY', marketplaceId: 'A1PA6795UKMFR9' },
        { id: 'b', type: 'DISPLAY', marketplaceId: 'ATVPDKIKX0DER' },
        { id: 'c', marketplaceId: null },
      ],
    },
  });
});
afterEach(async () => {
  await amc.close();
  await clients.close();
});

const file = (change: { secret?: string; timeZone?: string; name?: string } = {}) =>
  provisioningSchema.parse({
    connections: [
      {
        name: 'amazon',
        apiUrl: amc.apiUrl,
        tokenUrl: amc.tokenUrl,
        clientId: 'client',
        clientSecret: new Secret(change.secret ?? 'very-secret'),
        refreshToken: new Secret('Atzr|very-secret'),
      },
    ],
    instances: [
      {
        connection: 'amazon',
        amcInstanceId: 'amc1',
        account: 'ENTITY1',
        marketplace: 'ATVPDKIKX0DER',
        ...(change.timeZone && { timeZone: change.timeZone }),
        ...(change.name && { name: change.name }),
      },
    ],
    collections: [{ instance: 'amc1', dataset: 'campaign_performance', weeks: 52 }],
  });
const run = (change = {}, ring = keyring(1), through = clients) =>
  provision(
    {
      store,
      keyring: ring,
      workspaceId,
      clients: through,
      logger,
      ensureCollection: async (each) => void wanted.push(each),
      record: async (_tx, action, subject) => void recorded.push(`${action} ${subject}`),
    },
    file(change),
    signal,
  );
const rows = async () => ({
  connections: (await store.pool.query<Record<string, unknown>>('SELECT * FROM connections WHERE workspace_id = $1', [workspaceId])).rows,
  instances: (await store.pool.query<Record<string, unknown>>('SELECT * FROM instances WHERE workspace_id = $1', [workspaceId])).rows,
});

test('connections, instances and collections come from the files, the rest from Amazon', async () => {
  const [instance] = await run();
  expect(instance).toMatchObject({
    name: 'One',
    timeZone: 'America/Los_Angeles',
    advertiserTypes: ['DISPLAY', 'SPONSORED_ADS'],
    currencies: ['USD', 'EUR'],
    amc: { instanceId: 'amc1', accountId: 'ENTITY1' },
  });
  expect((await rows()).instances[0]).toMatchObject({
    amc_instance_id: 'amc1',
    time_zone: 'America/Los_Angeles',
    currencies: ['USD', 'EUR'],
  });
  expect(wanted).toEqual([{ dataset: 'campaign_performance', weeks: 52, instance }]);
});

test('nothing secret lies in the database in the open', async () => {
  await run();
  const everything = await store.pool.query<{ row: string }>('SELECT connections::text AS row FROM connections');
  const bytes = await store.pool.query<{ secret_ciphertext: Buffer }>('SELECT secret_ciphertext FROM connections');
  expect(
    everything.rows.map((each) => each.row).join() + bytes.rows.map((each) => each.secret_ciphertext.toString('latin1')).join(),
  ).not.toContain('very-secret');
});

test('run again, it changes no row, and the record names each change once', async () => {
  await run();
  const before = await rows();
  expect(recorded).toEqual(['connection.provision connection amazon', 'instance.provision instance amc1']);
  await run();
  expect(await rows()).toEqual(before);
  expect(recorded).toHaveLength(2);
});

test('new credentials replace the old ones, and clients take them up', async () => {
  const [instance] = await run();
  const before = await clients.forConnection(instance!.connectionId!);
  expect(await clients.forConnection(instance!.connectionId!)).toBe(before);
  await run({ secret: 'another' });
  const after = await clients.forConnection(instance!.connectionId!);
  expect(after).not.toBe(before);
  await after.authorize(signal);
  expect(new URLSearchParams(amc.tokenRequests.at(-1)!.body).get('client_secret')).toBe('another');
  expect((await rows()).connections).toHaveLength(1);
});

test('under a new key the secrets are sealed again; under a wrong one a client says which key is missing', async () => {
  const [instance] = await run();
  const rotated = createClients({ pool: store.pool, keyring: keyring(2, 1), logger });
  await run({}, keyring(2, 1), rotated);
  expect((await rows()).connections[0]).toMatchObject({ secret_key_id: keyring(2).current.id });
  await expect(clients.forConnection(instance!.connectionId!)).rejects.toMatchObject({
    code: 'config_invalid',
    message: expect.stringContaining(keyring(2).current.id),
  });
  await rotated.close();
});

test('secrets that no longer open are mended by provisioning again', async () => {
  const [instance] = await run();
  await store.pool.query(`UPDATE connections SET secret_ciphertext = '\\x00'::bytea WHERE id = $1`, [instance!.connectionId!]);
  await expect(clients.forConnection(instance!.connectionId!)).rejects.toMatchObject({
    message: expect.stringContaining('Provision the connection again'),
  });
  await run();
  await (await clients.forConnection(instance!.connectionId!)).authorize(signal);
});

test('an instance known already survives an Amazon that does not answer', async () => {
  const [before] = await run();
  amc.on('GET /amc/instances/amc1', { status: 503 });
  expect(await run({ name: 'Renamed' })).toEqual([{ ...before, name: 'Renamed' }]);
});

test('a new instance that Amazon does not know is refused with Amazon’s reason, and nothing half-done stays', async () => {
  amc.on('GET /amc/instances/amc1', { status: 404, body: '{"code":"404","details":"no such instance"}' });
  await expect(run()).rejects.toMatchObject({ code: 'amc_not_found' });
  expect((await rows()).instances).toEqual([]);
  expect(wanted).toEqual([]);
});

test('an instance that Amazon still makes is waited for', async () => {
  amc.on('GET /amc/instances/amc1', { json: { instanceId: 'amc1', creationStatus: 'IN_PROGRESS' } });
  await expect(run()).rejects.toMatchObject({ code: 'amc_not_ready', kind: 'transient', message: expect.stringContaining('IN_PROGRESS') });
});

test('without the instance’s advertiser types those of its advertisers count', async () => {
  amc.on('GET /amc/instances/amc1', { json: { instanceId: 'amc1' } });
  expect(await run()).toEqual([expect.objectContaining({ name: 'amc1', advertiserTypes: ['DISPLAY'] })]);
});

test('the time zone may change until weeks are collected in it', async () => {
  await run();
  const [instance] = await run({ timeZone: 'Europe/Berlin' });
  expect(instance!.timeZone).toBe('Europe/Berlin');
  // Left out of the file, the zone stays as it is.
  expect((await run())[0]!.timeZone).toBe('Europe/Berlin');
  await store.pool.query(`INSERT INTO report_data_weeks (instance_id, dataset, dataset_version, week) VALUES ($1, 'x', 1, '2025-03-03')`, [
    instance!.id,
  ]);
  await expect(run({ timeZone: 'UTC' })).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining('Europe/Berlin') });
  expect((await rows()).instances[0]).toMatchObject({ time_zone: 'Europe/Berlin' });
});
