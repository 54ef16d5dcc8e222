import { createStory, US, campaignDay } from '@amc-reports/test-support/query/story-fixture.ts';
import { daysOf, noticesIn, tableRows, valuesOf, type World } from '@amc-reports/test-support/query/query-fixture.ts';

let world: World;
beforeAll(async () => {
  world = await createStory();
});
afterAll(() => world.close());

const us = { instances: [US] };

describe('sums', () => {
  it('keep hidden traffic in totals by week', async () => {
    const [frame] = await world.ask({ metrics: ['spend'], grain: 'week' }, '2026-03-02', '2026-03-09', us);
    expect(valuesOf([frame!])[0]?.values).toEqual([40 + 20.5 + 32.5 + 5 + 2]);
    expect(frame?.schema.meta.custom?.freshness.suppressedShare).toBeNull();
  });

  it('leave rows without a day out of days and say how much that is', async () => {
    const frames = await world.ask({ metrics: ['spend'], grain: 'day' }, '2026-03-02', '2026-03-09', us);
    expect(daysOf(frames[0])).toHaveLength(7);
    expect(valuesOf(frames)[0]?.values).toEqual([72.5, 5, 0, 0, 0, 20.5, 0]);
    expect(frames[0]?.schema.meta.custom?.freshness.suppressedShare).toBeCloseTo(0.02, 10);
    expect(noticesIn(frames)).toContain(
      'Amazon hides 2.0 % of Spend at this level of detail, for privacy. Asked by week it would be 0.0 %. Totals include it.',
    );
  });

  it('show hidden campaigns as (suppressed), with their share', async () => {
    const [frame] = await world.ask(
      { metrics: ['spend', 'ctr'], dimensions: ['campaign'], format: 'table' },
      '2026-03-02',
      '2026-03-16',
      us,
    );
    expect(tableRows(frame).map((row) => [row.campaign, row['spend USD']])).toEqual([
      ['Always on', 121],
      ['DSP Reach', 65],
      ['(suppressed)', 14],
    ]);
    expect(frame?.schema.meta.custom?.freshness.suppressedShare).toBeCloseTo(0.07, 10);
  });

  it('measure the hidden share against the whole, also when one campaign is asked for', async () => {
    const [frame] = await world.ask(
      { metrics: ['spend'], grain: 'week', filters: [{ dimension: 'campaign', operator: '=', values: ['Always on'] }] },
      '2026-03-02',
      '2026-03-16',
      us,
    );
    expect(frame?.schema.meta.custom?.freshness.suppressedShare).toBeCloseTo(0.07, 10);
  });

  it('count both hidden campaigns and hidden days in a breakdown by day', async () => {
    const [frame] = await world.ask({ metrics: ['spend'], dimensions: ['campaign'], grain: 'day' }, '2026-03-02', '2026-03-16', us);
    expect(frame?.schema.meta.custom?.freshness.suppressedShare).toBeCloseTo(0.07, 10);
  });

  it('put a hidden day into the month its week starts in', async () => {
    const frames = await world.ask({ metrics: ['impressions'], grain: 'month' }, '2026-01-01', '2026-03-01', us);
    expect(daysOf(frames[0])).toEqual(['2026-01-01', '2026-02-01']);
    // January: Mondays 5, 12, 19, 26; the week of 29 December gives its Saturday 3, the week of 26 January its Saturday 31.
    expect(valuesOf(frames)[0]?.values).toEqual([4 * 30_000 + 5 * 4000 + 4 * 200, 4 * 30_000 + 4 * 4000 + 4 * 200]);
  });

  it('are the same from a roll-up and from the fact table', async () => {
    const ask = async (grain: 'week' | 'month') => {
      const frames = await world.ask(
        { metrics: ['spend', 'sales', 'clicks'], dimensions: ['campaign', 'advertiser'], grain },
        '2026-01-01',
        '2026-03-01',
      );
      return valuesOf(frames);
    };
    const dataset = world.dataset('campaign_performance');
    const { rollups } = dataset;
    const fromRollup = [await ask('week'), await ask('month')];
    try {
      dataset.rollups = [];
      expect([await ask('week'), await ask('month')]).toEqual(fromRollup);
    } finally {
      dataset.rollups = rollups;
    }
    expect(fromRollup.flat().length).toBeGreaterThan(10);
  });
});

describe('ratios', () => {
  it('are computed from sums and are null where there is nothing to divide by', async () => {
    const [frame] = await world.ask(
      { metrics: ['roas', 'acos', 'cpm', 'cvr', 'ctr'], dimensions: ['ad_product', 'campaign'], format: 'table' },
      '2026-03-02',
      '2026-03-09',
      us,
    );
    const rows = tableRows(frame);
    expect(rows.find(({ campaign }) => campaign === 'DSP Reach')).toMatchObject({
      ad_product: 'Amazon DSP',
      'roas USD': 55.25 / 32.5,
      'cpm USD': (1000 * 32.5) / 20_000,
      cvr: 1 / 15,
    });
    expect(rows.find(({ campaign }) => campaign === '(suppressed)')).toMatchObject({
      'roas USD': null,
      'acos USD': null,
      cvr: null,
      ctr: null,
    });
  });
});

describe('a comparison', () => {
  it('adds the period before and the change to a table', async () => {
    const [frame] = await world.ask(
      { metrics: ['sales'], dimensions: ['campaign'], format: 'table', compare: 'previous_period' },
      '2026-03-02',
      '2026-03-30',
      us,
    );
    expect(frame?.schema.fields.map(({ name }) => name)).toEqual(['campaign', 'sales', 'sales (previous)', 'sales change']);
    const [row] = tableRows(frame);
    const now = 3 * 290 + 10 * (11 + 12 + 13);
    const before = 3 * 290 + 10 * (8 + 9 + 10);
    expect(row).toEqual({
      campaign: 'Always on',
      'sales USD': now,
      'sales (previous) USD': before,
      'sales change USD': (now - before) / before,
    });
  });

  it('lays the earlier series on the current times, with a label', async () => {
    const frames = await world.ask({ metrics: ['sales'], grain: 'week', compare: 'previous_period' }, '2026-03-02', '2026-03-16', us);
    expect(frames.map((frame) => frame.schema.name)).toEqual(['Sales', 'Sales (previous)']);
    expect(daysOf(frames[1])).toEqual(['2026-03-02', '2026-03-09']);
    expect(valuesOf(frames).map(({ labels, values }) => [labels.period, ...values])).toEqual([
      [undefined, 455.25, 465.25],
      ['previous', 435.25, 445.25],
    ]);
  });

  it('gives a total no comparison when a week before is missing, and says so', async () => {
    const frames = await world.ask({ metrics: ['spend'], format: 'numeric', compare: 'previous_year' }, '2026-03-02', '2026-03-16', us);
    expect(valuesOf(frames)).toHaveLength(1);
    expect(noticesIn(frames)).toContain('There is no comparison: 14 of 14 days before are not collected (2025-03-03 to 2025-03-16).');
  });

  it('compares the latest week with the one before it', async () => {
    const frames = await world.ask(
      { metrics: ['clicks'], format: 'numeric', latest: true, compare: 'previous_period' },
      '2026-01-01',
      '2026-04-01',
      us,
    );
    expect(valuesOf(frames).map(({ name, labels, values }) => [name, labels.period, values[0]])).toEqual([
      ['clicks', undefined, 137],
      ['clicks (previous)', 'previous', 137],
      ['clicks change', 'change', 0],
    ]);
  });
});

describe('order and limit', () => {
  const campaigns = async (query: object) =>
    tableRows(
      (
        await world.ask({ metrics: ['spend', 'clicks'], dimensions: ['campaign'], format: 'table', ...query }, '2026-03-02', '2026-03-09')
      )[0],
    ).map(({ campaign }) => campaign);

  it('orders by a count, by a name, and backwards', async () => {
    expect(await campaigns({ orderBy: { by: 'clicks', direction: 'asc' } })).toEqual([
      'DSP Reach',
      'Always on',
      'Frühling, "neu" 🌷',
      '(suppressed)',
    ]);
    expect(await campaigns({ orderBy: { by: 'campaign', direction: 'asc' } })).toEqual([
      'Always on',
      'DSP Reach',
      'Frühling, "neu" 🌷',
      '(suppressed)',
    ]);
    expect(await campaigns({ orderBy: { by: 'campaign', direction: 'desc' } })).toEqual([
      'Frühling, "neu" 🌷',
      'DSP Reach',
      'Always on',
      '(suppressed)',
    ]);
  });

  it('cuts and says how many there are', async () => {
    const frames = await world.ask(
      { metrics: ['clicks'], dimensions: ['campaign'], format: 'table', limit: 2 },
      '2026-03-02',
      '2026-03-09',
    );
    expect(tableRows(frames[0]).map(({ campaign }) => campaign)).toEqual(['Always on', 'DSP Reach', '(suppressed)']);
    // Whoever asks for two knows that there may be more.
    expect(noticesIn(frames).join()).not.toMatch(/Only/);
    expect(frames[0]?.schema.meta.custom?.freshness.truncated).toBe(true);
  });

  it('limits series by their total, not by their points', async () => {
    const frames = await world.ask(
      { metrics: ['clicks'], dimensions: ['campaign'], grain: 'week', limit: 1 },
      '2026-02-02',
      '2026-03-16',
      us,
    );
    expect(valuesOf(frames)[0]).toEqual({ name: 'clicks', labels: { campaign: 'Always on' }, values: [120, 120, 120, 120, 120, 120] });
    expect(valuesOf(frames).map(({ labels }) => labels.campaign)).toEqual(['Always on', '(suppressed)']);
    expect(noticesIn(frames).join()).not.toMatch(/Only/);
  });

  it('limits a table with time by rows, newest first when asked', async () => {
    const [frame] = await world.ask(
      { metrics: ['clicks'], grain: 'week', format: 'table', orderBy: { by: 'time', direction: 'desc' }, limit: 2 },
      '2026-02-02',
      '2026-03-16',
      us,
    );
    expect(daysOf(frame)).toEqual(['2026-03-09', '2026-03-02']);
  });

  it('compares only the rows it shows', async () => {
    const [frame] = await world.ask(
      { metrics: ['clicks'], dimensions: ['instance', 'campaign'], format: 'table', compare: 'previous_period', limit: 1 },
      '2026-03-02',
      '2026-03-09',
    );
    expect(tableRows(frame)[0]).toEqual({ instance: US, campaign: 'Always on', clicks: 120, 'clicks (previous)': 120, 'clicks change': 0 });
    expect(tableRows(frame).map(({ campaign }) => campaign)).toEqual(['Always on', '(suppressed)', '(suppressed)']);
  });
});

describe('a gap', () => {
  it('is told: missing weeks, left out months, marked months', async () => {
    const dropped = await world.ask({ metrics: ['clicks'], grain: 'month' }, '2025-12-01', '2026-04-01', us);
    expect(daysOf(dropped[0])).toEqual(['2026-01-01', '2026-02-01']);
    expect(dropped[0]?.schema.meta.custom?.explain.leftOut).toEqual(['2025-12-01', '2026-03-01']);
    const marked = await world.ask(
      { metrics: ['clicks'], grain: 'month', partial: 'mark', format: 'table' },
      '2025-12-01',
      '2026-04-01',
      us,
    );
    expect(tableRows(marked[0]).map(({ partial }) => partial)).toEqual([true, false, false, true]);
    expect(noticesIn(marked)).toContain('Not collected completely: month of 2025-12-01, 2026-03-01. The numbers there are too low.');
  });

  it('is no zero, and a campaign that did nothing in a week that is served is zero', async () => {
    const gap = await world.ask(
      {
        metrics: ['clicks'],
        grain: 'week',
        dimensions: ['campaign'],
        filters: [{ dimension: 'campaign', operator: '=', values: ['Summer'] }],
      },
      '2026-03-02',
      '2026-03-16',
      us,
    );
    expect(noticesIn(gap)[0]).toBe('Nothing matches the filters in this range.');
    await world.serve(
      US,
      'campaign_performance',
      '2026-03-16',
      campaignDay('2026-03-16', 'Summer', 'USD', { spend: 1, sales: 2, impressions: 3, clicks: 4, purchases: 5 }),
    );
    const series = await world.ask(
      {
        metrics: ['clicks'],
        grain: 'week',
        dimensions: ['campaign'],
        filters: [{ dimension: 'campaign', operator: '=', values: ['Summer'] }],
      },
      '2026-03-02',
      '2026-03-23',
      us,
    );
    expect(valuesOf(series)[0]?.values).toEqual([0, 0, 4]);
    await world.store.pool.query(`UPDATE report_data_weeks SET data_version = 0, accepted_run_id = NULL WHERE week = '2026-03-09'`);
    const missing = await world.ask({ metrics: ['clicks', 'ctr'], grain: 'week' }, '2026-03-02', '2026-03-23', us);
    expect(daysOf(missing[0])).toEqual(['2026-03-02', '2026-03-09', '2026-03-16']);
    expect(valuesOf(missing).map(({ values }) => values[1])).toEqual([null, null]);
  });
});
