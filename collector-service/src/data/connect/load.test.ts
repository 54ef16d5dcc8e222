import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import type { CollectorError } from '../../contract/error.ts';
import { loadProvisioning } from './load.ts';

const SHIPPED = join(import.meta.dirname, '../../../../provisioning/amc');
const FULL = {
  AMC_REGION: 'EU',
  AMC_CLIENT_ID: 'client',
  AMC_CLIENT_SECRET: 'very-secret',
  AMC_REFRESH_TOKEN: 'Atzr|very-secret',
  AMC_INSTANCE_ID: 'amcabc',
  AMC_ACCOUNT_ID: 'ENTITY1',
  AMC_MARKETPLACE_ID: 'A1PA6795UKMFR9',
};

let folder: string;
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'provisioning-'))));
afterEach(() => rm(folder, { recursive: true }));

const write = (text: string, name = 'a.yaml') => writeFile(join(folder, name), text);
const CONNECTION = 'connections:\n  - { name: amazon, region: NA, clientId: c, clientSecret: "${S}", refreshToken: "${R}" }\n';
const INSTANCE = 'instances:\n  - { connection: amazon, amcInstanceId: amc1, account: E1, marketplace: ATVPDKIKX0DER }\n';

async function mistakes(environment: Record<string, string> = { S: 'very-secret', R: 'very-secret' }): Promise<string[]> {
  try {
    await loadProvisioning(folder, environment);
  } catch (error) {
    expect(inspect(error, { depth: 9 })).not.toContain('very-secret');
    return ((error as CollectorError).details!.mistakes as { path: string; message: string }[]).map(
      (mistake) => `${mistake.path}: ${mistake.message}`,
    );
  }
  throw new Error('it was accepted');
}

test('the shipped file takes everything from the environment', async () => {
  const provisioning = await loadProvisioning(SHIPPED, FULL);
  expect(provisioning.connections).toHaveLength(1);
  expect(provisioning.connections[0]).toMatchObject({
    name: 'amazon',
    apiUrl: 'https://advertising-api-eu.amazon.com',
    tokenUrl: 'https://api.amazon.co.uk/auth/o2/token',
    clientId: 'client',
  });
  expect(provisioning.connections[0]!.clientSecret.reveal()).toBe('very-secret');
  expect(provisioning.instances).toEqual([
    { connection: 'amazon', amcInstanceId: 'amcabc', account: 'ENTITY1', marketplace: 'A1PA6795UKMFR9' },
  ]);
  expect(provisioning.collections.map(({ dataset, weeks }) => [dataset, weeks])).toEqual([
    ['campaign_performance', 52],
    ['reach_frequency', 52],
    ['audience_overlap', 52],
    ['new_to_brand', 52],
    ['conversion_paths', 52],
    ['attribution_models', 52],
    ['attributed_purchases', 52],
    ['time_to_conversion', 52],
  ]);
  expect(inspect(provisioning, { depth: 9 }) + JSON.stringify(provisioning)).not.toContain('very-secret');
});

test('the same file serves another server and time zone', async () => {
  const { connections, instances } = await loadProvisioning(SHIPPED, {
    ...FULL,
    AMC_API_URL: 'http://127.0.0.1:8086',
    AMC_TOKEN_URL: 'http://127.0.0.1:8086/auth/o2/token',
    AMC_TIME_ZONE: 'europe/berlin',
  });
  expect(connections[0]).toMatchObject({ apiUrl: 'http://127.0.0.1:8086', tokenUrl: 'http://127.0.0.1:8086/auth/o2/token' });
  expect(instances[0]!.timeZone).toBe('Europe/Berlin');
});

test('a blank variable counts as unset, as compose files pass them', async () => {
  const { connections, instances } = await loadProvisioning(SHIPPED, { ...FULL, AMC_REGION: ' ', AMC_TIME_ZONE: '', AMC_API_URL: '' });
  expect(connections[0]!.apiUrl).toBe('https://advertising-api.amazon.com');
  expect(instances[0]).not.toHaveProperty('timeZone');
  await expect(loadProvisioning(SHIPPED, { ...FULL, AMC_ACCOUNT_ID: ' ' })).rejects.toThrow('AMC_ACCOUNT_ID is not set');
});

test('every variable that is missing is named at once, and told once', async () => {
  const error = (await loadProvisioning(SHIPPED, {}).catch((thrown: unknown) => thrown)) as CollectorError;
  expect(error).toMatchObject({ code: 'config_invalid' });
  for (const name of ['CLIENT_ID', 'CLIENT_SECRET', 'REFRESH_TOKEN', 'ACCOUNT_ID', 'MARKETPLACE_ID']) {
    expect(error.message.match(new RegExp(`AMC_${name} is not set`, 'g'))).toHaveLength(1);
  }
  expect(error.message).toMatch(/amc\.yaml:\d+:\d+: connections\[0\]\.clientId: the environment variable AMC_CLIENT_ID is not set/);
});

test.each(['very-secret', '"prefix ${S}"', '${S:-very-secret}', '17', '{ a: very-secret }'])(
  'a secret written into the file (%s) is refused and not repeated',
  async (value) => {
    await write(`connections:\n  - name: amazon\n    region: NA\n    clientId: c\n    clientSecret: ${value}\n    refreshToken: \${R}\n`);
    expect(await mistakes()).toEqual([expect.stringMatching(/^connections\[0\]\.clientSecret: secrets do not belong in files/)]);
  },
);

test('a file with broken syntax is refused with its place and without its text', async () => {
  await write('connections:\n  - name: "amazon\n    clientSecret: very-secret\n');
  expect((await mistakes())[0]).toMatch(/invalid YAML/);
});

test('mistakes of every kind come at once with their paths', async () => {
  await write(
    'connections:\n' +
      '  - { name: a, clientId: c, clientSecret: "${S}", refreshToken: "${R}" }\n' +
      '  - { name: b, region: US, apiUrl: "ftp://x", clientId: c, clientSecret: "${S}", refreshToken: "${MISSING}", extra: 1 }\n' +
      '  - { name: c, region: NA, apiUrl: "https://user:very-secret@host", clientId: c, clientSecret: "${S}", refreshToken: "${R}" }\n' +
      'instances:\n' +
      '  - { connection: a, amcInstanceId: amc1, account: E1, marketplace: US, timeZone: Berlin, name: "${oops" }\n' +
      'collections:\n' +
      '  - { instance: amc1, dataset: Campaign Performance, weeks: 57 }\n' +
      '  - { instance: amc1, dataset: x, weeks: many }\n',
  );
  const found = await mistakes();
  for (const expected of [
    'connections[0].region: is missing: give a region, or apiUrl and tokenUrl',
    'connections[1].region: must be one of NA, EU, FE',
    'connections[1].apiUrl: must be a URL that starts with https://',
    'connections[1].refreshToken: the environment variable MISSING is not set',
    'connections[1].extra: unknown key',
    'connections[2].apiUrl: must hold no user or password',
    'instances[0].marketplace: must be one of ATVPDKIKX0DER (US)',
    'instances[0].timeZone: must be an IANA time zone',
    'instances[0].name: write a variable as ${NAME}',
    'collections[0].dataset: must be the name of a dataset',
    'collections[0].weeks:',
    'collections[1].weeks: must be a number',
  ]) {
    expect(found).toContainEqual(expect.stringContaining(expected));
  }
  expect(found).toHaveLength(12);
});

test('references across files are resolved, and wrong or double ones named', async () => {
  await write(CONNECTION, 'a.yaml');
  await write(INSTANCE, 'b.yaml');
  await write('collections:\n  - { instance: amc1, dataset: campaign_performance }\n', 'c.yaml');
  expect((await loadProvisioning(folder, { S: 's', R: 'r' })).collections[0]!.weeks).toBe(52);
  await write(
    'connections:\n  - { name: amazon, region: NA, clientId: c, clientSecret: "${S}", refreshToken: "${R}" }\n' +
      'instances:\n  - { connection: amazn, amcInstanceId: amc1, account: E1, marketplace: ATVPDKIKX0DER }\n' +
      'collections:\n  - { instance: amc2, dataset: campaign_performance }\n  - { instance: amc1, dataset: campaign_performance }\n',
    'd.yaml',
  );
  expect(await mistakes()).toEqual([
    "connections[0].name: there is another connection 'amazon'",
    "instances[0].amcInstanceId: instance 'amc1' is given twice",
    "instances[0].connection: no connection 'amazn'; did you mean 'amazon'?",
    "collections[0].instance: no instance 'amc2'; did you mean 'amc1'?",
    "collections[1].dataset: dataset 'campaign_performance' is collected for instance 'amc1' already",
  ]);
});

test('a schedule is named by its collections: unknown and double ones are reported, and one without times', async () => {
  const collection = (schedule: string) => `collections:\n  - { instance: amc1, dataset: campaign_performance, schedule: ${schedule} }\n`;
  await write(`${CONNECTION}${INSTANCE}${collection('Weekly')}schedules:\n  - { name: Weekly, template: weekly, restateWeeks: 3 }\n`);
  const provisioning = await loadProvisioning(folder, { S: 's', R: 'r' });
  expect(provisioning.schedules).toEqual([{ name: 'Weekly', template: 'weekly', restateWeeks: 3 }]);
  expect(provisioning.collections[0]!.schedule).toBe('Weekly');
  await write(
    `${CONNECTION}${INSTANCE}${collection('Weekli')}schedules:\n  - { name: Weekly, template: weekly }\n  - { name: Weekly, cron: 0 6 * * 3 }\n`,
  );
  expect(await mistakes()).toEqual([
    "schedules[1].name: there is another schedule 'Weekly'",
    "collections[0].schedule: no schedule 'Weekli'; did you mean 'Weekly'?",
  ]);
  await write(`schedules:\n  - { name: A }\n  - { name: B, template: hourly }\n`);
  expect(await mistakes()).toEqual([
    'schedules[0].template: is missing: give a template, or cron',
    'schedules[1].template: must be one of weekly, weekly_deep, daily',
  ]);
});

test('values from the environment stay values: they add no keys and are not interpreted again', async () => {
  await write(`${CONNECTION}${INSTANCE.replace('account: E1', () => 'account: "$$${TRICK}"')}`);
  const { instances } = await loadProvisioning(folder, { S: 's', R: 'r', TRICK: 'x\nname: "${S}" #', E: 'e' });
  expect(instances[0]!.account).toBe('$x\nname: "${S}" #');
});

test('dataset folders are relative to their file, weeks may come as text, and an empty file provisions nothing', async () => {
  await write(`${CONNECTION}${INSTANCE}datasets: [../mine]\ncollections:\n  - { instance: amc1, dataset: x, weeks: "\${W:-4}" }\n`);
  await write('', 'empty.yaml');
  await write('# only a comment\n', 'comment.yml');
  const provisioning = await loadProvisioning(folder, { S: 's', R: 'r' });
  expect(provisioning.datasets).toEqual([join(folder, '../mine')]);
  expect(provisioning.collections[0]!.weeks).toBe(4);
});

test.each(['[1, 2]', 'text', '17', 'connections: 5', 'connections: [1, null]', 'connections: { a: b }'])(
  'a file that holds %s is refused',
  async (text) => {
    await write(text);
    expect((await mistakes()).length).toBeGreaterThan(0);
  },
);

test('a missing folder is said', async () => {
  await expect(loadProvisioning(join(folder, 'nowhere'), {})).rejects.toThrow('no such directory');
});

test('files of different workspaces may use the same names, and cannot refer to each other', async () => {
  const env = { S: 'very-secret', R: 'very-secret' };
  await write(CONNECTION + INSTANCE);
  await write(`workspace: acme\n${CONNECTION}${INSTANCE}`, 'b.yaml');
  await write('workspace: acme\ncollections:\n  - { instance: amc1, dataset: campaign_performance }\n', 'c.yaml');
  const { workspaces, connections } = await loadProvisioning(folder, env);
  expect(connections).toHaveLength(2);
  expect([...workspaces.keys()]).toEqual([null, 'acme']);
  expect([workspaces.get(null)!.collections.length, workspaces.get('acme')!.collections.length]).toEqual([0, 1]);
  await write(`workspace: acme\n${CONNECTION}`, 'b.yaml');
  expect(await mistakes()).toEqual([expect.stringContaining("no instance 'amc1'")]);
});

test.each([0, -1, 1.5, 'many'])('an instance cannot have %s executions a day', async (limit) => {
  await write(`${CONNECTION}${INSTANCE.replace(' }', `, executionsPerDay: ${limit} }`)}`);
  expect(await mistakes()).toEqual([expect.stringContaining('executionsPerDay')]);
});
