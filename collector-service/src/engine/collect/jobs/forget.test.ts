import { createCollectDatabase, insertInstance, SILENT, type CollectDatabase } from '@amc-reports/test-support/collect/database.ts';
import { createCollection } from '../collections/create.ts';
import { forget } from './forget.ts';

let database: CollectDatabase;
beforeAll(async () => {
  database = await createCollectDatabase();
});
afterAll(() => database.drop());

test('old events and counts of days long gone are forgotten, the others are not', async () => {
  const { store, catalogue, workspaceId } = database;
  await insertInstance(database, { amcInstanceId: 'amc1' });
  const weeks = { firstWeek: '2026-01-05', lastWeek: '2026-01-05' };
  const wanted = { workspaceId, instance: 'amc1', dataset: 'campaign_performance', ...weeks, createdBy: 'test' };
  await createCollection({ store, catalogue, clock: () => new Date('2026-03-01') }, wanted);
  const { rows: announced } = await store.pool.query('SELECT id FROM collection_events ORDER BY id');
  await store.pool.query(
    `INSERT INTO collection_events (workspace_id, collection_id, created_at)
     SELECT $1, c.id, now() - hours * interval '1 hour' FROM report_data_collections c, unnest('{71, 73}'::int[]) AS hours`,
    [workspaceId],
  );
  await store.pool.query(
    `INSERT INTO execution_days (kind, scope, day, used)
     SELECT 'account', 'a', (now() AT TIME ZONE 'UTC')::date - days, 1 FROM unnest('{59, 62}'::int[]) AS days`,
  );
  await forget.handle({}, { store }, { signal: new AbortController().signal, logger: SILENT });
  const { rows: hours } = await store.pool.query(
    `SELECT round(extract(epoch FROM now() - created_at) / 3600)::int AS ago FROM collection_events ORDER BY id`,
  );
  expect(hours).toEqual([...announced.map(() => ({ ago: 0 })), { ago: 71 }]);
  const { rows: days } = await store.pool.query(`SELECT (now() AT TIME ZONE 'UTC')::date - day AS ago FROM execution_days`);
  expect(days).toEqual([{ ago: 59 }]);
});
