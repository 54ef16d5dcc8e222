import { addDays, mondays } from '../../../ground/calendar/week.ts';
import { Catalogue } from '../../../data/catalogue/catalogue.ts';
import {
  createWorld,
  daysOf,
  noticesIn,
  tableRows,
  valuesOf,
  type FactRow,
  type World,
} from '@amc-reports/test-support/query/query-fixture.ts';

const [A, B] = ['One', 'Two'];
const SEPTEMBER = '2025-09-01';
let world: World;

const rows = (reach: number, impressions: number): FactRow[] => [
  { level: 'all', reach, impressions },
  { level: 'advertiser', advertiser: 'Acme', reach: reach - 1, impressions: impressions - 10 },
];

/**
 * The calendar says 2026-03-25. Weeks of January to mid-March are served for both; windows of 4 weeks end with the four Mondays from
 * 2 February on (One alone has the last), of 13 weeks with 9 March (One), months are January and February (One), January (Two).
 */
beforeAll(async () => {
  world = await createWorld({ [A]: 'America/Los_Angeles', [B]: 'Europe/Berlin' });
  for (const name of [A, B]) {
    await world.collect(name, 'reach_frequency', '2026-01-05', '2026-03-09');
    for (const week of mondays('2026-01-05', '2026-03-09')) await world.serve(name, 'reach_frequency', week, rows(100, 1000));
    await world.collect(name, 'reach_frequency_4_weeks', '2026-02-02', '2026-02-23');
    for (const [index, week] of mondays('2026-02-02', '2026-02-23').entries())
      if (name === A || index < 3) await world.serve(name, 'reach_frequency_4_weeks', week, rows(300 + index, 4000));
    await world.serve(name, 'reach_frequency_month', '2025-12-29', rows(320, 4400));
  }
  await world.serve(A, 'reach_frequency_13_weeks', '2026-03-09', rows(700, 13_000));
  await world.serve(A, 'reach_frequency_13_weeks', '2025-12-08', rows(650, 13_000));
  await world.serve(A, 'reach_frequency_month', '2026-01-26', rows(310, 4100));
});
afterAll(() => world.close());

const one = { instances: [A] };
const total = (from: string, to: string, query: object = {}, options: object = one) =>
  world.ask({ metrics: ['reach'], grain: 'total', format: 'numeric', ...query }, from, to, options);
const first = (frames: Parameters<typeof valuesOf>[0]) => valuesOf(frames)[0]?.values[0];

describe('reach over a range', () => {
  it.each([
    ['one week', '2026-02-02', '2026-02-09', 100],
    ['four weeks to the day', '2026-02-02', '2026-03-02', 303],
    ['a range that holds four whole weeks', '2026-01-28T13:00Z', '2026-03-02T10:00Z', 303],
    ['thirteen weeks', '2025-12-15', '2026-03-16', 700],
    ['a month to the day', '2026-02-01', '2026-03-01', 310],
    ['a month as Grafana writes it', '2026-01-01', '2026-01-31T23:59:59.999Z', 320],
  ])('%s comes from the one execution over it', async (_what, from, to, reach) => {
    const frames = await total(from, to);
    expect(valuesOf(frames)).toEqual([{ name: 'reach', labels: {}, values: [reach] }]);
    expect(noticesIn(frames).join()).not.toMatch(/cannot be added/);
  });

  it('says which days the execution covers, and how fresh that one is', async () => {
    const frames = await total('2026-01-29', '2026-03-04');
    expect(frames[0]?.schema.meta.custom?.explain.days).toEqual({ from: '2026-02-02', to: '2026-03-01' });
    expect(frames[0]?.schema.meta.custom?.freshness).toMatchObject({
      weeksExpected: 1,
      weeksMissing: [],
      dataAsOf: '2026-03-04T00:00:00.000Z',
      completeUntil: '2026-03-02',
    });
  });

  it('brings frequency and impressions from the same execution, also by advertiser and as a table', async () => {
    const [frame] = await total('2026-02-02', '2026-03-02', {
      metrics: ['reach', 'frequency', 'reach_impressions'],
      dimensions: ['advertiser'],
      format: 'table',
    });
    expect(tableRows(frame)).toEqual([{ advertiser: 'Acme', reach: 302, frequency: 3990 / 302, reach_impressions: 3990 }]);
  });

  it('is a point at the first day of the window as a time series', async () => {
    const frames = await total('2026-02-02', '2026-03-02', { format: 'timeseries' });
    expect(daysOf(frames[0])).toEqual(['2026-02-02']);
  });

  it('has no number where no execution covers it, and names the windows that exist, nearest first', async () => {
    for (const format of ['numeric', 'timeseries', 'table']) {
      const frames = await total('2026-02-09', '2026-03-02', { format });
      expect(valuesOf(frames).flatMap(({ values }) => values)).toEqual([]);
      expect(noticesIn(frames)[0]).toBe(
        'Reach counts people, who cannot be added over weeks, and no execution covers exactly 2026-02-09 to 2026-03-01 (3 weeks). ' +
          'There is one for: 4 weeks ending 2026-03-01; month 2026-02; week of 2026-02-23; 13 weeks ending 2026-03-15. Set the range to one of them.',
      );
      expect(noticesIn(frames).join()).not.toMatch(/Nothing matches/);
    }
  });

  it('names what to collect when the window could be had', async () => {
    const [notice] = noticesIn(await total('2026-01-05', '2026-02-02'));
    expect(notice).toMatch(/exactly 2026-01-05 to 2026-02-01 \(4 weeks\)/);
    expect(notice).toMatch(/Or collect 'Reach and frequency, over 4 weeks' \(reach_frequency_4_weeks\)\.$/);
    const [september] = noticesIn(await total(SEPTEMBER, '2025-10-01'));
    expect(september).toMatch(/exactly 2025-09-01 to 2025-09-30 \(a month\)/);
  });

  it('leaves the sums beside it to the weeks', async () => {
    const frames = await total('2026-02-09', '2026-03-02', { metrics: ['reach', 'reach_impressions'], format: 'table' });
    expect(tableRows(frames[0])).toEqual([{ reach_impressions: 3000 }]);
    expect(noticesIn(frames)[0]).toMatch(/no execution covers exactly 2026-02-09 to 2026-03-01/);
  });

  it('takes no week that is not complete yet into the window', async () => {
    // 23 March began two days before the calendar's today; 16 March is complete in Los Angeles and not collected.
    expect(noticesIn(await total('2026-02-23', '2026-03-31'))[0]).toMatch(/exactly 2026-02-23 to 2026-03-22 \(4 weeks\)/);
  });

  it('is never added over instances: each has its own, and who has none is named', async () => {
    await expect(total('2026-02-02', '2026-03-02', {}, {})).rejects.toThrow(/cannot be added over instances/);
    const frames = await total('2026-02-02', '2026-03-02', { dimensions: ['instance'] }, {});
    expect(valuesOf(frames).map(({ labels, values }) => [labels.instance, ...values])).toEqual([[A, 303]]);
    expect(noticesIn(frames)).toContain('No execution covers it for Two.');
    const both = await total('2026-01-26', '2026-02-23', { dimensions: ['instance'] }, {});
    expect(valuesOf(both).map(({ labels, values }) => [labels.instance, ...values])).toEqual([
      [A, 302],
      [B, 302],
    ]);
    expect(noticesIn(both).join()).not.toMatch(/No execution/);
  });

  it('endures ranges that are endless, empty of weeks, or in the future', async () => {
    for (const [from, to] of [
      ['1970-01-01', '9999-12-31'],
      ['-100000-01-01T00:00:00Z', '+200000-01-01T00:00:00Z'],
      ['2026-02-03', '2026-02-05'],
      ['2030-01-01', '2030-02-01'],
    ] as const) {
      const frames = await total(new Date(from).toISOString(), new Date(to).toISOString());
      expect(valuesOf(frames).flatMap(({ values }) => values)).toEqual([]);
      expect(noticesIn(frames).length).toBeGreaterThan(0);
    }
  });
});

describe('a comparison of windows', () => {
  it('steps back by the window, so that no day is in both', async () => {
    const frames = await total('2025-12-15', '2026-03-16', { compare: 'previous_period' });
    expect(valuesOf(frames).map(({ name, values }) => [name, values[0]])).toEqual([
      ['reach', 700],
      ['reach (previous)', 650],
      ['reach change', 50 / 650],
    ]);
    const months = await total('2026-02-01', '2026-03-01', { compare: 'previous_period' });
    expect(valuesOf(months).map(({ values }) => values[0])).toEqual([310, 320, -10 / 320]);
  });

  it('says when the window before is missing', async () => {
    const frames = await total('2026-02-02', '2026-03-02', { compare: 'previous_period' });
    expect(valuesOf(frames)).toHaveLength(1);
    expect(noticesIn(frames).join()).toMatch(/There is no comparison/);
  });
});

describe('windows as a series', () => {
  const series = (query: object, from: string, to: string, options: object = one) =>
    world.ask({ metrics: ['reach'], format: 'timeseries', ...query }, from, to, options);

  it('has a point for each month that was executed, and says which were not', async () => {
    const frames = await series({ grain: 'month' }, '2025-12-01', '2026-03-01');
    expect(daysOf(frames[0])).toEqual(['2026-01-01', '2026-02-01']);
    expect(valuesOf(frames)[0]?.values).toEqual([320, 310]);
    const gap = await series({ grain: 'month', dimensions: ['instance'] }, '2026-01-01', '2026-03-01', {});
    expect(valuesOf(gap).map(({ labels, values }) => [labels.instance, ...values])).toEqual([
      [A, 320, 310],
      [B, 320, null],
    ]);
  });

  it('rolls week by week when the longer window’s dataset is named', async () => {
    const frames = await series({ dataset: 'reach_frequency_4_weeks', grain: 'week' }, '2026-02-01', '2026-03-25');
    expect(daysOf(frames[0])).toEqual(['2026-02-02', '2026-02-09', '2026-02-16', '2026-02-23']);
    expect(valuesOf(frames)[0]?.values).toEqual([300, 301, 302, 303]);
  });

  it('gives an alert the newest complete window', async () => {
    const latest = async (query: object) =>
      first(await world.ask({ metrics: ['reach'], format: 'numeric', latest: true, ...query }, '2025-12-01', '2026-03-25', one));
    expect(await latest({})).toBe(100);
    expect(await latest({ dataset: 'reach_frequency_4_weeks' })).toBe(303);
    expect(await latest({ dataset: 'reach_frequency_13_weeks' })).toBe(700);
    expect(await latest({ dataset: 'reach_frequency_month' })).toBe(310);
    expect(await latest({ grain: 'month' })).toBe(310);
  });

  it('has the grains that its windows have', async () => {
    await expect(series({ dataset: 'reach_frequency_4_weeks', grain: 'month' }, '2026-01-01', '2026-03-01')).rejects.toThrow(
      /holds whole windows \(4 weeks\) without days, so it has no month grain. Ask by week/,
    );
    await expect(series({ dataset: 'reach_frequency_month', grain: 'week' }, '2026-01-01', '2026-03-01')).rejects.toThrow(/Ask by month/);
    await expect(series({ grain: 'day' }, '2026-01-01', '2026-03-01')).rejects.toThrow(/no day grain/);
  });
});

it('answers a longer window by name only over exactly that window', async () => {
  const named = { dataset: 'reach_frequency_4_weeks', metrics: ['reach_impressions'] };
  expect(first(await total('2026-02-02', '2026-03-02', named))).toBe(4000);
  const frames = await total('2026-01-26', '2026-03-02', named);
  expect(valuesOf(frames)).toEqual([]);
  expect(noticesIn(frames)[0]).toMatch(
    /windows of 'Reach and frequency, over 4 weeks' share days.*has none that covers exactly.*4 weeks ending 2026-03-01/,
  );
  // Not collected for Two at all, but other windows are.
  const [notice] = noticesIn(await total('2025-12-15', '2026-03-16', { dataset: 'reach_frequency_13_weeks' }, { instances: [B] }));
  expect(notice).toMatch(
    /exactly 2025-12-15 to 2026-03-15 \(13 weeks\)\. There is one for: .*week of .*Or collect 'Reach and frequency, over 13 weeks'/,
  );
});

it('lists the weeks of a collection by month that begin one', async () => {
  await world.collect(B, 'reach_frequency_month', '2025-12-29', '2026-02-23');
  const [frame] = await world.ask({ queryType: 'freshness', dataset: 'reach_frequency_month' }, '2025-12-01', '2026-03-25', {
    instances: [B],
  });
  expect(tableRows(frame).map(({ week, state }) => [new Date(week as number).toISOString().slice(0, 10), state])).toEqual([
    ['2026-02-23', 'missing'],
    ['2026-01-26', 'missing'],
    ['2025-12-29', 'complete'],
  ]);
  const missing = await world.ask({ metrics: ['reach'], grain: 'month' }, '2026-01-01', addDays('2026-03-01', 1), { instances: [B] });
  expect(noticesIn(missing)).toContain('1 of 2 windows are missing: month 2026-02.');
});

it('reads a version of a dataset beside another, and the newest whole one when none is named', async () => {
  const base = world.dataset('reach_frequency');
  const catalogue = new Catalogue([...world.deps.catalogue.datasets, { ...base, version: 2, title: 'Reach, anew' }]);
  await world.store.pool.query('CREATE TABLE fact_reach_frequency_v2 (LIKE fact_reach_frequency_v1 INCLUDING ALL)');
  await world.store.pool.query('GRANT SELECT ON fact_reach_frequency_v2 TO amc_reports_reader');
  await world.store.pool.query(
    `INSERT INTO datasets SELECT name, 2, definition, definition_sha256 FROM datasets WHERE name = 'reach_frequency' AND version = 1`,
  );
  await world.store.pool.query(
    `INSERT INTO report_data_weeks (instance_id, dataset, dataset_version, week, data_version, collected_at)
     SELECT instance_id, dataset, 2, week, 1, collected_at FROM report_data_weeks WHERE dataset = 'reach_frequency' AND week = '2026-03-02'`,
  );
  await world.store.pool.query(
    `INSERT INTO fact_reach_frequency_v2 (instance_id, week, row_key, level, advertiser, ad_product, campaign_id, campaign, frequency_bucket, reach, impressions)
     VALUES ($1, '2026-03-02', 1, 'all', '', '', '', '', '', 55, 500)`,
    [world.instance(A).id],
  );
  const read = async (query: object) =>
    first(
      await world.ask({ metrics: ['reach'], grain: 'total', format: 'numeric', ...query }, '2026-03-02', '2026-03-09', {
        ...one,
        deps: { catalogue },
      }),
    );
  expect([await read({}), await read({ datasetVersion: 1 }), await read({ datasetVersion: 2 })]).toEqual([100, 100, 55]);
  await expect(read({ datasetVersion: 3 })).rejects.toThrow(/has no version 3; known: 1, 2/);
});
