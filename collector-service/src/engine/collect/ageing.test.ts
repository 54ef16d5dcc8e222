import { addDays, oldestCollectableWeek } from '../../ground/calendar/week.ts';
import { ageingWarning, ageingWarnings, createAgeingWatch } from './ageing.ts';
import { keepDayLimits } from './day-limit.ts';
import { createCollection } from './collections/create.ts';
import { pauseCollection } from './collections/pause.ts';
import { collectionDetail, listCollections, readCollection } from './collections/read.ts';
import { resumeCollection } from './collections/resume.ts';
import type { OldWeeksInLine } from './statements/in-line.ts';
import { createCollectDatabase, insertInstance, type CollectDatabase } from '@amc-reports/test-support/collect/database.ts';
import { TEST_SETTINGS } from '@amc-reports/test-support/collect/collector.ts';
import { testContext } from '@amc-reports/test-support/collect/context.ts';

const ZONE = 'America/Los_Angeles';
// A Wednesday: the oldest week Amazon has, 2025-10-20, is lost on the 21st of November, when 13 months reach past its Monday.
const NOW = new Date('2026-11-18T12:00:00Z');
const OLDEST = oldestCollectableWeek(NOW, ZONE);
const HOUR = 3_600_000;

const line = (change: Partial<OldWeeksInLine> = {}): OldWeeksInLine => ({
  collectionId: '1',
  state: 'running',
  timeZone: ZONE,
  window: 'week',
  weeks: [0, 1, 2].map((index) => ({ week: addDays(OLDEST, 7 * index), place: index + 1 })),
  slots: 8,
  typicalMs: 10 * 60_000,
  leftToday: null,
  perDay: null,
  dayEndsInMs: 12 * HOUR,
  ...change,
});
const weeks = (change: Partial<OldWeeksInLine>) => ageingWarning(line(change), NOW)?.weeks ?? [];

describe('The estimate', () => {
  it('is silent when every week’s turn comes in time', () => {
    expect(ageingWarning(line(), NOW)).toBeNull();
    expect(ageingWarning(line({ typicalMs: null }), NOW)).toBeNull();
  });

  it('counts the weeks before it in line, the slots and what a week takes as a rule', () => {
    const behind = line().weeks.map(({ week, place }) => ({ week, place: place + 400 }));
    expect(weeks({ weeks: behind })).toEqual([]);
    expect(weeks({ weeks: behind, typicalMs: 3 * HOUR })).toEqual([OLDEST]);
    expect(weeks({ weeks: behind, typicalMs: 3 * HOUR, slots: 100 })).toEqual([]);
    expect(weeks({ weeks: behind, typicalMs: 6 * HOUR })).toEqual([OLDEST, addDays(OLDEST, 7)]);
  });

  it('knows what a limit per day makes of the line', () => {
    const behind = line().weeks.map(({ week, place }) => ({ week, place: place + 27 }));
    expect(weeks({ weeks: behind, perDay: 10, leftToday: 10 })).toEqual([]);
    expect(weeks({ weeks: behind, perDay: 2, leftToday: 0 })).toEqual([OLDEST, addDays(OLDEST, 7)]);
    const warning = ageingWarning(line({ weeks: behind, perDay: 2, leftToday: 0 }), NOW);
    expect(warning!.message).toMatch(/^2 weeks, the oldest 2025-10-20, .*13 months.*2 a day/);
  });

  it('says of a collection that does not run what will be lost within two weeks', () => {
    expect(ageingWarning(line({ state: 'paused' }), NOW)).toMatchObject({
      weeks: [OLDEST, addDays(OLDEST, 7)],
      message: expect.stringContaining('paused. Resume'),
    });
  });

  it('knows that a window of weeks is lost with its first one', () => {
    const oldest = addDays(OLDEST, 7 * 12);
    const windows = [0, 1, 2].map((index) => ({ week: addDays(oldest, 7 * index), place: index + 1 }));
    expect(weeks({ state: 'paused', weeks: windows })).toEqual([]);
    expect(weeks({ state: 'paused', weeks: windows, window: '13_weeks' })).toEqual([oldest, addDays(oldest, 7)]);
  });
});

describe('A collection', () => {
  let database: CollectDatabase;
  const clock = () => NOW;
  const ctx = () => testContext(database, { clock });
  beforeEach(async () => {
    database = await createCollectDatabase();
  });
  afterEach(() => database.drop());
  const plan = async (amcInstanceId: string, firstWeek: string, dataset = 'campaign_performance') => {
    await insertInstance(database, { amcInstanceId, timeZone: ZONE });
    return createCollection(ctx(), { instance: amcInstanceId, dataset, firstWeek, lastWeek: '2026-11-02' });
  };

  it('tells in its warnings, in the log once, and no more when it is in time again', async () => {
    const { id, warnings } = await plan('amc1', OLDEST);
    expect(warnings).toEqual([]);
    await plan('amc2', addDays(OLDEST, 70));
    await keepDayLimits(database.store, { ...TEST_SETTINGS, instancePerDay: 1 });
    await database.store.pool.query(
      `INSERT INTO execution_days (kind, scope, day, used) SELECT 'instance', instance_id::text, (now() AT TIME ZONE 'UTC')::date, 3
       FROM report_data_collections WHERE id = $1`,
      [id],
    );
    // Four days, four places behind: the first week's turn comes tomorrow at the earliest, after a week of people's wishes.
    await database.store.pool.query(`UPDATE week_runs SET priority = 10 WHERE collection_id = $1 AND week > $2 AND week <= $2::date + 70`, [
      id,
      OLDEST,
    ]);
    const collection = await readCollection(ctx(), { id });
    expect(collection.warnings).toEqual([{ code: 'weeks_ageing_out', message: expect.stringContaining('1 a day'), weeks: [OLDEST] }]);
    expect([...(await ageingWarnings(database.store.pool, clock, ctx().scope)).keys()]).toEqual([id]);

    const told: unknown[] = [];
    const watch = createAgeingWatch(database.store.pool, clock, { warn: (...line: unknown[]) => told.push(line) } as never);
    await watch();
    await watch();
    expect(told).toEqual([[{ collection: id, code: 'weeks_ageing_out', weeks: 1 }, collection.warnings![0]!.message]]);

    await keepDayLimits(database.store, TEST_SETTINGS);
    expect((await readCollection(ctx(), { id })).warnings).toEqual([]);
    await watch();
    await keepDayLimits(database.store, { ...TEST_SETTINGS, instancePerDay: 1 });
    await watch();
    expect(told).toHaveLength(2);
  });

  it('is told by the calendar of the context, whoever answers: a pause, a resume, a list, a detail', async () => {
    const { id } = await plan('amc1', OLDEST);
    const warned = [{ weeks: [OLDEST, addDays(OLDEST, 7)] }];
    expect((await pauseCollection(ctx(), { id })).warnings).toMatchObject(warned);
    expect((await listCollections(ctx()))[0]!.warnings).toMatchObject(warned);
    expect((await collectionDetail(ctx(), { id })).warnings).toMatchObject(warned);
    // A year on the weeks are gone for good, and a year before they were far from it.
    for (const days of [-365, 365]) {
      const elsewhen = { ...ctx(), clock: () => new Date(NOW.getTime() + days * 86_400_000) };
      expect((await pauseCollection(elsewhen, { id })).warnings).not.toMatchObject(warned);
    }
    expect((await resumeCollection(ctx(), { id })).warnings).toEqual([]);
  });

  it('is told of the weeks that come too late behind another backfill', async () => {
    const { id } = await plan('amc1', OLDEST);
    const range = { firstWeek: OLDEST, lastWeek: '2026-11-02' };
    const second = await createCollection(ctx(), { instance: 'amc1', dataset: 'reach_frequency', ...range });
    // The first takes six days of ten, and the second's oldest week has four.
    await keepDayLimits(database.store, { ...TEST_SETTINGS, instancePerDay: 10 });
    expect((await readCollection(ctx(), { id })).warnings).toEqual([]);
    expect((await readCollection(ctx(), { id: second.id })).warnings).toMatchObject([{ weeks: [OLDEST] }]);
  });

  it('of windows of 13 weeks is told of them as early as one of weeks', async () => {
    const oldest = addDays(OLDEST, 7 * 12);
    const { id } = await plan('amc1', oldest, 'reach_frequency_13_weeks');
    await database.store.pool.query(`UPDATE report_data_collections SET state = 'paused' WHERE id = $1`, [id]);
    expect((await readCollection(ctx(), { id })).warnings).toMatchObject([{ weeks: [oldest, addDays(oldest, 7)] }]);
  });
});
