import { testContext } from '@amc-reports/test-support/collect/context.ts';
import { createCollectDatabase, insertInstance, SILENT, type CollectDatabase } from '@amc-reports/test-support/collect/database.ts';
import { createCollection } from '../collections/create.ts';
import { forget } from './forget.ts';

let database: CollectDatabase;
beforeAll(async () => {
  database = await createCollectDatabase();
});
afterAll(() => database.drop());

test('old events and counts of days long gone are forgotten, the others are not', async () => {
  const { store, workspaceId } = database;
  await insertInstance(database, { amcInstanceId: 'amc1' });
  const weeks = { firstWeek: '2026-01-05', lastWeek: '2026-01-05' };
  const ctx = testContext(database, { clock: () => new Date('2026-03-01') });
  await createCollection(ctx, { instance: 'amc1', dataset: 'campaign_performance', ...weeks });
  const { rows: announced } = await store.pool.query('SELECT id FROM outbox ORDER BY id');
  await store.pool.query(
    `INSERT INTO outbox (workspace_id, instance_ids, kind, subject, created_at)
     SELECT $1, '{}', 'collection', '1', now() - hours * interval '1 hour' FROM unnest('{71, 73}'::int[]) AS hours`,
    [workspaceId],
  );
  await store.pool.query(
    `INSERT INTO execution_days (kind, scope, day, used)
     SELECT 'account', 'a', (now() AT TIME ZONE 'UTC')::date - days, 1 FROM unnest('{59, 62}'::int[]) AS days`,
  );
  await forget.handle({}, { store }, { signal: new AbortController().signal, logger: SILENT });
  const { rows: hours } = await store.pool.query(
    `SELECT round(extract(epoch FROM now() - created_at) / 3600)::int AS ago FROM outbox ORDER BY id`,
  );
  expect(hours).toEqual([...announced.map(() => ({ ago: 0 })), { ago: 71 }]);
  const { rows: days } = await store.pool.query(`SELECT (now() AT TIME ZONE 'UTC')::date - day AS ago FROM execution_days`);
  expect(days).toEqual([{ ago: 59 }]);
});
