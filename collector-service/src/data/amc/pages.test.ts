import { ACCOUNT, failureOf, INSTANCE, scriptedClient, type ScriptedClient } from '@amc-reports/test-support/amc/scripted-client.ts';

const signal = new AbortController().signal;
const INSTANCES = 'GET /amc/instances';
let scripted: ScriptedClient;
beforeEach(async () => (scripted = await scriptedClient()));
afterEach(() => scripted.close());
const list = () => scripted.client.instances.list(ACCOUNT, signal);

test.each([
  ['null', { nextToken: null }],
  ['absent', {}],
  ['empty', { nextToken: '' }],
])('the last page is the one whose token is %s', async (_, last) => {
  scripted.amc.on(
    INSTANCES,
    { json: { instances: [{ instanceId: 'amc1' }], nextToken: 'p2' } },
    { json: { instances: [{ instanceId: 'amc2' }], ...last } },
  );
  expect((await list()).map((instance) => instance.instanceId)).toEqual(['amc1', 'amc2']);
  expect(scripted.amc.requests.map((seen) => seen.query)).toEqual([{ limit: '100' }, { limit: '100', nextToken: 'p2' }]);
});

test('an empty page in the middle does not end the list', async () => {
  scripted.amc.on(INSTANCES, { json: { instances: [], nextToken: 'p2' } }, { json: { instances: [{ instanceId: 'amc2' }] } });
  expect(await list()).toHaveLength(1);
});

test('an empty object is an empty list, and any other object without the list is no answer', async () => {
  scripted.amc.on(INSTANCES, { json: {} }, { json: { message: 'try later' } });
  expect(await list()).toEqual([]);
  expect(await failureOf(list())).toMatchObject({ code: 'amc_bad_answer', message: expect.stringContaining('instances: is missing') });
});

test('pages that go round in a circle end with an error', async () => {
  scripted.amc.on(INSTANCES, { json: { instances: [{ instanceId: 'amc1' }], nextToken: 'same' } });
  expect(await failureOf(list())).toMatchObject({ code: 'amc_bad_answer', message: expect.stringContaining('same page again') });
  expect(scripted.amc.requests).toHaveLength(2);
});

test('an instance is read with what Amazon leaves out filled in', async () => {
  scripted.amc.on('GET /amc/instances/amcabc', {
    json: { instance: { instanceId: 'amcabc', advertiserTypes: ['DISPLAY'], acrCollaboration: null, entities: null } },
  });
  expect(await scripted.client.instances.get(INSTANCE, signal)).toEqual({
    instanceId: 'amcabc',
    instanceName: '',
    creationStatus: '',
    customerCanonicalName: '',
    entities: [],
    advertiserTypes: ['DISPLAY'],
  });
});

test('ids of 64 bits that come as numbers keep every digit', async () => {
  scripted.amc.on('GET /amc/instances/amcabc/advertisers', { status: 200, body: '{"advertisers":[{"id":580011223344550123},{"id":-7}]}' });
  expect((await scripted.client.advertisers.list(INSTANCE, signal)).map((advertiser) => advertiser.id)).toEqual([
    '580011223344550123',
    '-7',
  ]);
});

test('advertisers, data sources and accounts are lists of their own', async () => {
  scripted.amc.on('GET /amc/instances/amcabc/advertisers', {
    json: { advertisers: [{ id: 'ENTITYX', name: 'X', type: 'SPONSORED_ADS', marketplaceId: null }, { id: 42 }], totalCount: 2 },
  });
  scripted.amc.on('GET /amc/reporting/amcabc/dataSources', {
    json: { dataSources: [{ dataSourceId: 'dsp_impressions', columns: [{ name: 'impressions', columnType: 'METRIC' }] }] },
  });
  scripted.amc.on('GET /amc/accounts', {
    json: { amcAccounts: [{ accountId: 'ENTITY1', accountName: 'One', marketplaceId: 'ATVPDKIKX0DER' }] },
  });
  expect(await scripted.client.advertisers.list(INSTANCE, signal)).toEqual([
    { id: 'ENTITYX', name: 'X', type: 'SPONSORED_ADS', marketplaceId: null },
    { id: '42', name: '', type: '', marketplaceId: null },
  ]);
  expect(await scripted.client.dataSources.list(INSTANCE, signal)).toEqual([
    { dataSourceId: 'dsp_impressions', description: '', columns: [{ name: 'impressions', columnType: 'METRIC', description: '' }] },
  ]);
  expect(await scripted.client.accounts.list(signal)).toEqual([
    { accountId: 'ENTITY1', accountName: 'One', marketplaceId: 'ATVPDKIKX0DER' },
  ]);
});
