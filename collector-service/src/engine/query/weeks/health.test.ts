import { createWorld, noticesIn, tableRows, valuesOf, type World } from '@amc-reports/test-support/query/query-fixture.ts';

/** The world's clock stands at 25 March 2026: the week of the 16th is due, that of the 23rd is not. */
const [US, DE] = ['Acme US', 'Acme DE'];
const RANGE = ['2026-02-23', '2026-03-30'] as const;
let world: World;

async function run(instance: string, week: string, state: string, at: string, more: Record<string, unknown> = {}): Promise<string> {
  const columns = { state, finished_at: at, updated_at: at, attempt: 1, ...more };
  const names = Object.keys(columns);
  const { rows } = await world.store.pool.query<{ id: string }>(
    `INSERT INTO week_runs (collection_id, instance_id, week, ${names.join(', ')})
     SELECT id, instance_id, $2::date, ${names.map((_, index) => `$${index + 3}`).join(', ')} FROM report_data_collections
     WHERE instance_id = $1 AND dataset = 'campaign_performance' RETURNING id`,
    [world.instance(instance).id, week, ...Object.values(columns)],
  );
  return rows[0]!.id;
}

beforeAll(async () => {
  world = await createWorld({ [US]: 'America/Los_Angeles', [DE]: 'Europe/Berlin' });
  for (const name of [US, DE]) await world.collect(name, 'campaign_performance', '2026-02-23', '2026-03-23');
  for (const week of ['2026-02-23', '2026-03-02', '2026-03-09', '2026-03-16']) await world.serve(US, 'campaign_performance', week, []);
  await world.serve(DE, 'campaign_performance', '2026-02-23', []);
  await run(US, '2026-03-16', 'done', '2026-03-24T10:00:00Z', { rows_added: 12, rows_changed: 30, rows_vanished: 2, execution_id: 'e-1' });
  await run(DE, '2026-03-02', 'failed', '2026-03-11T10:00:00Z', {
    attempt: 3,
    error_code: 'amc_failed',
    error_message: 'Amazon gave up.',
    error_at: '2026-03-11T10:00:00Z',
  });
  const held = await run(DE, '2026-03-09', 'held', '2026-03-18T10:00:00Z');
  await world.store.pool.query(
    `INSERT INTO held_runs (run_id, workspace_id, instance_id, dataset, dataset_version, week, held_at, objections, acceptable, served_version)
     VALUES ($1, $2, $3, 'campaign_performance', 2, '2026-03-09', '2026-03-18T10:00:00Z', '[{"rule": "lost_total", "message": "Sales fell to 0."}]', true, 0)`,
    [held, world.scope.workspaceId, world.instance(DE).id],
  );
  await run(DE, '2026-03-16', 'running', '2026-03-25T09:00:00Z', {
    finished_at: null,
    error_code: 'throttled',
    error_message: 'Too many requests.',
    error_at: '2026-03-25T08:00:00Z',
  });
  await world.store.pool.query(
    `INSERT INTO week_revisions (instance_id, dataset, dataset_version, week, data_version, run_id, accepted_at, rows_added, rows_changed, rows_vanished, totals_before, totals_after)
     VALUES ($1, 'campaign_performance', 2, '2026-03-09', 2, 1, '2026-03-24T10:00:00Z', 0, 1, 0, '{"clicks": "10"}', '{"clicks": "11"}')`,
    [world.instance(US).id],
  );
});
afterAll(() => world.close());

const ask = (query: object, options: object = {}) => world.ask({ dataset: 'campaign_performance', ...query }, ...RANGE, options);

describe('the health of collections', () => {
  it('counts weeks that are due by instance and dataset, and the days they are late', async () => {
    const [frame] = await ask({ queryType: 'collection_health', format: 'table' });
    expect(tableRows(frame)).toEqual([
      // The week of 2 March ended on the 8th and was due on the 11th; that of the 23rd is not due.
      {
        instance: DE,
        dataset: 'Campaign performance',
        collection: 'running',
        complete: 1,
        missing: 3,
        failed: 1,
        held: 1,
        doubtful: 0,
        late_days: 14,
      },
      {
        instance: US,
        dataset: 'Campaign performance',
        collection: 'running',
        complete: 4,
        missing: 0,
        failed: 0,
        held: 0,
        doubtful: 0,
        late_days: 0,
      },
    ]);
  });

  it('is a number with labels for each measure asked for, for alert rules', async () => {
    const frames = await ask({ queryType: 'collection_health', format: 'numeric', metrics: ['late_days'] });
    expect(valuesOf(frames)).toEqual([
      { name: 'late_days', labels: { instance: DE, dataset: 'campaign_performance' }, values: [14] },
      { name: 'late_days', labels: { instance: US, dataset: 'campaign_performance' }, values: [0] },
    ]);
    expect(frames[0]?.schema.meta).toMatchObject({ type: 'numeric-multi', typeVersion: [0, 1] });
    const answer = await world.askAll([{ queryType: 'collection_health', metrics: ['spend'] }], ...RANGE);
    expect(answer.results.A?.error).toMatch(/no 'spend'. Choose among: complete, missing, failed, held, doubtful, late_days/);
  });

  it('is told of the scope alone', async () => {
    const scope = { workspaceId: world.scope.workspaceId, instances: [world.instance(US)] };
    for (const queryType of ['collection_health', 'runs', 'events'])
      expect(JSON.stringify(await ask({ queryType, format: 'table' }, { scope }))).not.toContain(DE);
  });
});

describe('runs', () => {
  it('are log lines, newest first, with what changed or why not', async () => {
    const [frame] = await ask({ queryType: 'runs' });
    expect(frame?.schema.meta).toMatchObject({ type: 'log-lines', typeVersion: [0, 1], preferredVisualisationType: 'logs' });
    expect(tableRows(frame).map(({ timestamp, severity, body }) => [new Date(timestamp as number).toISOString(), severity, body])).toEqual([
      ['2026-03-25T09:00:00.000Z', 'info', 'Campaign performance, Acme DE, week of 2026-03-16: running.'],
      ['2026-03-25T08:00:00.000Z', 'warning', 'Campaign performance, Acme DE, week of 2026-03-16: tried again. Too many requests.'],
      ['2026-03-24T10:00:00.000Z', 'info', 'Campaign performance, Acme US, week of 2026-03-16: done. Rows: 12 added, 30 changed, 2 gone.'],
      ['2026-03-18T10:00:00.000Z', 'warning', 'Campaign performance, Acme DE, week of 2026-03-09: held.'],
      ['2026-03-11T10:00:00.000Z', 'error', 'Campaign performance, Acme DE, week of 2026-03-02: failed (attempt 3). Amazon gave up.'],
    ]);
    expect(tableRows(frame)[2]).toMatchObject({
      labels: { instance: US, dataset: 'campaign_performance', week: '2026-03-16', state: 'done', attempt: '1', execution: 'e-1' },
    });
    expect(tableRows((await ask({ queryType: 'runs', limit: 2 }))[0])).toHaveLength(2);
  });
});

describe('events', () => {
  it('are restatements, failed and held weeks, oldest first, as annotations read them', async () => {
    const frames = await ask({ queryType: 'events' });
    expect(tableRows(frames[0]).map(({ title, text, tags }) => [title, text, tags])).toEqual([
      ['Campaign performance: week of 2026-03-02 failed', 'Acme DE. Amazon gave up.', 'failed,campaign_performance'],
      ['Campaign performance: week of 2026-03-09 held', 'Acme DE. Sales fell to 0.', 'held,campaign_performance'],
      [
        'Campaign performance: week of 2026-03-09 restated',
        'Acme US. Clicks 10 → 11 (+10.0 %). Rows: 0 added, 1 changed, 0 gone.',
        'restated,campaign_performance',
      ],
    ]);
    expect(noticesIn(frames)).toEqual([]);
    expect(tableRows((await ask({ queryType: 'events', limit: 1 }))[0]).map(({ tags }) => tags)).toEqual(['restated,campaign_performance']);
  });
});
