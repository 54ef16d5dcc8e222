import { createWorld, noticesIn, tableRows, valuesOf, type World } from '@amc-reports/test-support/query/query-fixture.ts';

const [A, B] = ['One', 'Two'];
let world: World;

/** Money in two currencies and a count, as merges write them. */
const totals = (usd: number, eur: number, clicks: number) =>
  JSON.stringify({
    spend: { USD: String(usd), EUR: String(eur) },
    sales: { USD: String(usd * 4), EUR: '0' },
    clicks: String(clicks),
    impressions: '1000',
  });

async function revise(
  name: string,
  week: string,
  runs: [acceptedAt: string, after: string][],
  beforeFirst: string | null = null,
): Promise<void> {
  let before = beforeFirst;
  for (const [index, [acceptedAt, after]] of runs.entries()) {
    await world.store.pool.query(
      `INSERT INTO week_revisions (instance_id, dataset, dataset_version, week, data_version, run_id, accepted_at, rows_added, rows_changed, rows_vanished, totals_before, totals_after)
       VALUES ($1, 'campaign_performance', 2, $2, $3, 1, $4, 1, 1, 0, $5, $6)`,
      [world.instance(name).id, week, index + (beforeFirst === null ? 1 : 2), acceptedAt, before, after],
    );
    before = after;
  }
}

/** Today is 2026-03-25: weeks until mid-January are final (60 days after their end), the others are not. */
beforeAll(async () => {
  world = await createWorld({ [A]: 'America/Los_Angeles', [B]: 'Europe/Berlin' });
  await revise(A, '2026-01-05', [
    ['2026-01-14T12:00:00Z', totals(80, 0, 100)],
    ['2026-01-21T12:00:00Z', totals(90, 0, 110)],
    ['2026-02-04T12:00:00Z', totals(100, 0, 110)],
  ]);
  await revise(A, '2026-01-12', [
    ['2026-01-21T12:00:00Z', totals(120, 0, 50)],
    ['2026-02-18T12:00:00Z', totals(200, 0, 100)],
  ]);
  await revise(A, '2026-03-09', [['2026-03-18T12:00:00Z', totals(60, 0, 70)]]);
  await revise(B, '2026-01-12', [['2026-01-21T12:00:00Z', totals(40, 10, 5)]], totals(20, 10, 5));
});
afterAll(() => world.close());

const one = { instances: [A] };
const ask = (query: object, options: object = one, from = '2026-01-01', to = '2026-03-25') =>
  world.ask({ queryType: 'week_growth', metrics: ['spend'], ...query }, from, to, options);
const iso = (time: unknown): string => new Date(time as number).toISOString().slice(0, 10);

describe('how weeks grew', () => {
  it('is a line per week over the time of acceptance', async () => {
    const frames = await ask({ format: 'timeseries' });
    expect(frames.map(({ schema }) => schema.name)).toEqual(['2026-03-09', '2026-01-12', '2026-01-05']);
    expect(frames[2]?.data.values).toEqual([
      ['2026-01-14T12:00:00Z', '2026-01-21T12:00:00Z', '2026-02-04T12:00:00Z'].map(Date.parse),
      [80, 90, 100],
    ]);
    expect(valuesOf(frames)[2]?.labels).toEqual({ week: '2026-01-05', currency: 'USD' });
    expect(noticesIn(frames)).toEqual(['Amazon may still change 1 week; shares are of the newest value.']);
  });

  it('is a row per accepted run with its age and its share of the newest value', async () => {
    const [frame] = await ask({ metrics: ['spend', 'clicks', 'roas'], format: 'table' });
    expect(tableRows(frame).slice(3)).toEqual(
      [
        ['2026-01-14', 2, 80, 0.8, 100, 100 / 110, 4],
        ['2026-01-21', 9, 90, 0.9, 110, 1, 4],
        ['2026-02-04', 23, 100, 1, 110, 1, 4],
      ].map(([at, age, spend, share, clicks, clickShare, roas]) => ({
        week: Date.parse('2026-01-05'),
        age_days: age,
        accepted_at: Date.parse(`${at}T12:00:00Z`),
        'spend USD': spend,
        'spend share USD': share,
        clicks,
        'clicks share': clickShare,
        'roas USD': roas,
        'roas share USD': 1,
      })),
    );
  });

  it('counts the age from the end of the week in the instance’s zone', async () => {
    await revise(A, '2026-02-02', [['2026-02-09T07:59:59Z', totals(1, 0, 1)]]);
    await revise(B, '2026-02-02', [['2026-02-09T07:59:59Z', totals(1, 0, 1)]]);
    const [frame] = await ask({ format: 'table' }, {}, '2026-02-01', '2026-02-08');
    expect(tableRows(frame).map(({ instance, age_days: age }) => [instance, age])).toEqual([
      [A, -1],
      [B, 0],
    ]);
    await world.store.pool.query(`DELETE FROM week_revisions WHERE week = '2026-02-02'`);
  });

  it('keeps instances and currencies apart, and leaves out a ratio that currencies make unclear', async () => {
    const frames = await ask({ metrics: ['spend', 'cpc'], format: 'timeseries' }, { instances: [B] });
    expect(valuesOf(frames).map(({ labels, values }) => [labels.currency, ...values])).toEqual([
      ['EUR', 10],
      ['USD', 40],
    ]);
    expect(noticesIn(frames).join(' ')).toMatch(/CPC: left out, because the weeks hold several currencies/);
    const single = await ask({ metrics: ['cpc'], format: 'timeseries' });
    expect(valuesOf(single).at(-1)?.values).toEqual([0.8, 90 / 110, 100 / 110]);
    const all = await ask({ format: 'timeseries' }, {}, '2026-01-12', '2026-01-13');
    expect(valuesOf(all).map(({ labels }) => `${labels.instance} ${labels.currency}`)).toEqual([
      'One EUR',
      'One USD',
      'Two EUR',
      'Two USD',
    ]);
    const euro = await ask({ filters: [{ dimension: 'currency', operator: '=', values: ['EUR'] }] }, { instances: [B] });
    expect(valuesOf(euro).map(({ values }) => values)).toEqual([[10]]);
    const counts = await ask(
      { metrics: ['spend', 'clicks'], filters: [{ dimension: 'currency', operator: '=', values: ['EUR'] }] },
      { instances: [B] },
    );
    expect(valuesOf(counts).map(({ name }) => name)).not.toContain('clicks');
    expect(noticesIn(counts).join()).toMatch(/Clicks: left out, because totals of weeks keep counts over all advertisers/);
  });

  it('is asked for under its old name too, as rules that were saved with it do', async () => {
    expect(await ask({ queryType: 'restatement' })).toEqual(await ask({}));
  });

  it('says when what was before the first restatement is not known', async () => {
    expect(noticesIn(await ask({}, { instances: [B] })).join()).toMatch(/1 week begins with the first restatement/);
  });

  it('is cut to the newest weeks by the limit, and says so', async () => {
    const frames = await ask({ format: 'timeseries', limit: 2 });
    expect(frames).toHaveLength(2);
    expect(noticesIn(frames)).toContain('Only 2 of 3 weeks are shown, the newest. Raise the limit to see others.');
  });

  it('keeps to the range of Mondays and to the scope', async () => {
    expect(tableRows((await ask({ format: 'table' }, one, '2026-01-06', '2026-01-13'))[0]).map(({ week }) => iso(week))).toEqual([
      '2026-01-12',
      '2026-01-12',
    ]);
    const scoped = await ask({ format: 'table' }, { scope: { workspaceId: '1', instances: [world.instance(B)] } });
    expect(tableRows(scoped[0])).toHaveLength(1);
  });
});

describe('how whole weeks were at an age', () => {
  it('is learnt from final weeks: the middle, lowest and highest share of the last value', async () => {
    const [frame] = await ask({ format: 'table', grain: 'total' });
    const row = (age_days: number, weeks: number, median: number, lowest: number, highest: number) => ({
      age_days,
      weeks,
      'spend share USD': median,
      'spend lowest share USD': lowest,
      'spend highest share USD': highest,
    });
    expect(tableRows(frame)).toEqual([
      row(3, 2, 0.7, 0.6, 0.8),
      row(7, 2, 0.7, 0.6, 0.8),
      row(14, 2, 0.75, 0.6, 0.9),
      row(21, 2, 0.75, 0.6, 0.9),
      row(28, 2, 0.8, 0.6, 1),
      row(42, 2, 1, 1, 1),
      row(60, 2, 1, 1, 1),
    ]);
    expect(noticesIn([frame!])).toEqual(['Shares of the final value, learnt from the 2 of 3 weeks that Amazon changes no more.']);
  });

  it('is a number for each age', async () => {
    const frames = await ask({ format: 'numeric' });
    expect(
      valuesOf(frames)
        .map(({ labels, values }) => [labels.age, values[0]])
        .slice(0, 3),
    ).toEqual([
      ['3 days', 0.7],
      ['7 days', 0.7],
      ['14 days', 0.75],
    ]);
  });

  it('warns when no week of the range is final', async () => {
    const [frame] = await ask({ format: 'table', grain: 'total' }, one, '2026-03-01', '2026-03-25');
    expect(noticesIn([frame!])[0]).toMatch(/No week of this range is final yet/);
    expect(tableRows(frame)[0]).toMatchObject({ age_days: 3, weeks: 1, 'spend share USD': 1 });
  });
});

describe('what cannot be followed', () => {
  it.each([
    [{ metrics: [] }, /names no metric/],
    [{ metrics: ['reach'] }, /counted by level/],
    [{ metrics: ['spent'] }, /Did you mean 'spend'/],
    [{ dimensions: ['campaign'] }, /not by 'campaign'/],
    [{ filters: [{ dimension: 'campaign', operator: '=', values: ['x'] }] }, /not by 'campaign'/],
    [{ datasetVersion: 7 }, /has no version 7/],
  ])('%j is refused with a sentence', async (query, message) => {
    await expect(ask(query)).rejects.toThrow(message);
  });

  it('is no data where there are no runs', async () => {
    for (const format of ['timeseries', 'table', 'numeric'])
      expect(noticesIn(await ask({ format }, one, '2024-01-01', '2024-02-01'))[0]).toMatch(/No week of 'Campaign performance'/);
  });
});
