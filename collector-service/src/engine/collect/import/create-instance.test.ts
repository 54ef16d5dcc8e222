import { testContext } from '@amc-reports/test-support/collect/context.ts';
import { insertInstance } from '@amc-reports/test-support/collect/database.ts';
import { createImportFixture, csv, days, type ImportFixture } from '@amc-reports/test-support/import/import-fixture.ts';
import { findToken } from '../../access/find-token.ts';
import { tokenHash } from '../../access/secret-token.ts';
import { createToken } from '../../access/tokens.ts';
import { createCollection } from '../collections/create.ts';
import { createImportedInstance } from './create-instance.ts';

let fixture: ImportFixture;
beforeAll(async () => {
  fixture = await createImportFixture();
});
afterAll(() => fixture.close());

const ctx = () => testContext(fixture.database);
const importWeek = async (instance: string) =>
  fixture.load([await fixture.file('week.csv', csv(...days('2026-03-02', '2026-03-08')))], { instance });

test('an instance of imported data alone takes files, is seen by whoever asks, and is never collected', async () => {
  await createImportedInstance(ctx(), { name: 'agency', title: 'The agency', timeZone: 'europe/berlin', currencies: ['EUR'] });
  expect((await importWeek('agency')).weeks).toMatchObject([{ outcome: 'new', rows: 7 }]);
  const token = await fixture.database.store.transaction((tx) => createToken(tx, fixture.database.workspaceId, { name: 'reader' }));
  const owner = await findToken(fixture.database.store.pool, tokenHash(token));
  expect(owner!.instances).toContainEqual(expect.objectContaining({ amcInstanceId: 'agency', connectionId: null, connection: '' }));
  const [instance] = await fixture.query(
    `SELECT name, time_zone AS zone, connection_id AS connection FROM instances WHERE amc_instance_id = 'agency'`,
  );
  expect(instance).toEqual({ name: 'The agency', zone: 'Europe/Berlin', connection: null });
  await expect(createCollection(ctx(), { instance: 'agency', dataset: 'ads', weeks: 4 })).rejects.toMatchObject({
    code: 'config_invalid',
    message: expect.stringContaining('no connection to Amazon'),
  });
  expect(await fixture.query(`SELECT person FROM audit_log WHERE action = 'instance.create'`)).toEqual([{ person: 'ada' }]);
});

test.each([
  [{ timeZone: 'Berlin' }, 'invalid_request', 'no IANA time zone'],
  [{ currencies: ['Euro'] }, 'invalid_request', 'no currency code'],
  [{ name: ' shop' }, 'invalid_request', 'without spaces around it'],
])('%j makes none and says why', async (more, code, says) => {
  const input = { name: 'shop', timeZone: 'UTC', ...more };
  await expect(createImportedInstance(ctx(), input)).rejects.toMatchObject({ code, message: expect.stringContaining(says) });
});

test('a name belongs to one instance, and a part of a workspace gets no new ones', async () => {
  const { id } = await insertInstance(fixture.database, { amcInstanceId: 'taken' });
  await expect(createImportedInstance(ctx(), { name: 'taken', timeZone: 'UTC' })).rejects.toMatchObject({ code: 'conflict' });
  const bounded = testContext(fixture.database, { instanceIds: [id] });
  await expect(createImportedInstance(bounded, { name: 'more', timeZone: 'UTC' })).rejects.toMatchObject({ code: 'forbidden' });
});

test('an instance that is not there is answered with those that are and how to make one', async () => {
  await insertInstance(fixture.database, { amcInstanceId: 'known' });
  await expect(importWeek('unknown')).rejects.toMatchObject({
    code: 'not_found',
    message: expect.stringMatching(
      /no AMC instance 'unknown' here\. There are .*known.*made when the collector starts.*collector instance create/s,
    ),
  });
});
