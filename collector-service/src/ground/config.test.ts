import { inspect } from 'node:util';
import { readConfig } from './config.ts';
import { CollectorError } from '../contract/error.ts';

const mistakesOf = (env: NodeJS.ProcessEnv): string[] => {
  try {
    readConfig(env, '/project');
  } catch (error) {
    if (error instanceof CollectorError) return error.details?.mistakes as string[];
    throw error;
  }
  return [];
};

const amazon = {
  AMC_CLIENT_ID: 'amzn1.application-oa2-client.1',
  AMC_CLIENT_SECRET: 'very-secret',
  AMC_REFRESH_TOKEN: 'Atzr|very-secret',
  AMC_REGION: 'EU',
  AMC_ACCOUNT_ID: 'ENTITY1',
  AMC_MARKETPLACE_ID: 'A1PA6795UKMFR9',
  AMC_INSTANCE_ID: 'amc1',
};

it('needs nothing: the default is an embedded database and the sandbox', () => {
  const config = readConfig({}, '/project');
  expect(config).toMatchObject({ sandbox: true, databaseUrl: undefined, dataDir: '/project/.data', host: '127.0.0.1' });
});

it('collects from Amazon when all of its settings are there', () => {
  expect(readConfig(amazon, '/project')).toMatchObject({ sandbox: false, timeFactor: 1 });
});

it('names every mistake at once', () => {
  const mistakes = mistakesOf({
    PORT: 'http',
    DATABASE_URL: 'mysql://x',
    AMC_REGION: 'US',
    AMC_TIME_ZONE: 'Mars/Olympus',
    AMC_CLIENT_ID: 'x',
  });
  for (const name of ['PORT', 'DATABASE_URL', 'AMC_REGION', 'AMC_TIME_ZONE', 'AMC_CLIENT_SECRET', 'AMC_INSTANCE_ID']) {
    expect(mistakes).toContainEqual(expect.stringMatching(new RegExp(`^${name}: `)));
  }
});

it('takes the way past a pooler only beside the pooler', () => {
  const DATABASE_DIRECT_URL = 'postgres://collector@db:5432/collector';
  expect(mistakesOf({ DATABASE_DIRECT_URL })).toEqual([expect.stringMatching(/^DATABASE_DIRECT_URL: .*DATABASE_URL names/)]);
  const both = readConfig({ DATABASE_URL: 'postgres://collector@db:6432/collector', DATABASE_DIRECT_URL }, '/project');
  expect(both).toMatchObject({ databaseUrl: 'postgres://collector@db:6432/collector', databaseDirectUrl: DATABASE_DIRECT_URL });
});

it('refuses an offset as a time zone, since that knows no daylight saving', () => {
  expect(mistakesOf({ AMC_TIME_ZONE: '+01:00' })).toEqual([expect.stringMatching(/^AMC_TIME_ZONE: must be an IANA time zone/)]);
});

it('refuses half of the credentials, since that would quietly collect from the sandbox', () => {
  const { AMC_CLIENT_ID: _, ...withoutId } = amazon;
  expect(mistakesOf(withoutId)).toEqual([expect.stringMatching(/^AMC_CLIENT_ID: is missing/)]);
});

it.each([
  ['3', 'must be at least 30'],
  ['4000', 'must be at most 3650'],
  ['31.5', 'must be a whole number'],
  ['soon', 'must be a number'],
])('says what is wrong with a number: %s', (given, says) => {
  expect(mistakesOf({ KEEP_RUNS_DAYS: given })).toEqual([`KEEP_RUNS_DAYS: ${says}`]);
});

it('treats a blank variable as unset', () => {
  expect(readConfig({ PORT: '', DATABASE_URL: '  ' }, '/project')).toMatchObject({ port: 8085, databaseUrl: undefined });
});

it('holds no credentials of Amazon', () => {
  expect(inspect(readConfig(amazon, '/project'), { depth: 9 })).not.toContain('very-secret');
});
