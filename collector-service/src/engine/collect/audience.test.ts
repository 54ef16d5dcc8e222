import { addDays } from '../../ground/calendar/week.ts';
import { windowDays } from '../../ground/calendar/window.ts';
import { createAnswers, type Answers } from '@amc-reports/test-support/collect/answers.ts';

/** The datasets about people, collected from the sandbox and asked for, beside the sandbox's own events. */
let answers: Answers;
beforeAll(async () => {
  answers = await createAnswers(100);
});
afterAll(() => answers.close());

const week = (monday: string) => ({ start: monday, end: addDays(monday, 7) });

/** Names of the groups of people whose kinds of ads are a sorted list. */
const TWO_WAYS = `CASE WHEN kinds = '{DSP}' THEN 'Amazon DSP only' WHEN 'DSP' = ANY (kinds) THEN 'Sponsored ads and Amazon DSP'
  ELSE 'Sponsored ads only' END`;
const THREE_WAYS = `CASE array_to_string(kinds, ' ') WHEN 'DSP' THEN 'Amazon DSP only' WHEN 'Others' THEN 'Sponsored Brands, Display, TV only'
  WHEN 'Products' THEN 'Sponsored Products only' WHEN 'DSP Others' THEN 'Sponsored Brands, Display, TV + Amazon DSP'
  WHEN 'DSP Products' THEN 'Sponsored Products + Amazon DSP' WHEN 'Others Products' THEN 'Sponsored Products + Brands, Display, TV'
  WHEN 'DSP Others Products' THEN 'All three' END`;

describe('audience_overlap', () => {
  /** Everybody who saw an ad, by the kinds of ads they saw, which SQL here tells apart as a list of kinds. */
  const PEOPLE = `
    seen AS (
      SELECT by.advertiser, user_id, sum(impressions) AS impressions,
        array_agg(DISTINCT CASE product WHEN 'sponsored_products' THEN 'Products' WHEN 'amazon_dsp' THEN 'DSP' ELSE 'Others' END) AS kinds
      FROM traffic, LATERAL (VALUES (advertiser), ('everybody')) AS by(advertiser)
      WHERE user_id IS NOT NULL AND impressions > 0 GROUP BY 1, 2),
    orders AS (
      SELECT by.advertiser, user_id, count(*) AS purchases FROM conversions, LATERAL (VALUES (advertiser), ('everybody')) AS by(advertiser)
      WHERE kind = 1 AND user_id IS NOT NULL GROUP BY 1, 2),
    people AS (SELECT seen.*, purchases FROM seen LEFT JOIN orders USING (advertiser, user_id))`;
  const NUMBERS = `count(*)::int AS overlap_reach, count(purchases)::int AS overlap_buyers, sum(impressions)::int AS overlap_impressions,
    COALESCE(sum(purchases), 0)::int AS overlap_purchases`;
  const METRICS = ['overlap_reach', 'overlap_buyers', 'overlap_impressions', 'overlap_purchases'];

  beforeAll(async () => {
    await answers.collect('audience_overlap', { firstWeek: answers.monday(2), lastWeek: answers.monday(1) });
    await answers.collect('audience_overlap_4_weeks', { firstWeek: answers.monday(1), lastWeek: answers.monday(1) });
  });

  it.each([
    ['everybody', [], 'advertiser'],
    ['two ways', ['exposure_group'], TWO_WAYS],
    ['three ways', ['exposure_mix'], THREE_WAYS],
  ] as const)('counts %s as the events have it, in a week and over 4 weeks', async (what, dimensions, group) => {
    for (const [window, dataset] of [['week', 'audience_overlap'] as const, ['4_weeks', 'audience_overlap_4_weeks'] as const]) {
      const expected = await answers.truth(
        dataset,
        answers.monday(1),
        `${PEOPLE} SELECT ${dimensions.map((name) => `${group} AS ${name}, `).join('')}${NUMBERS} FROM people
         WHERE advertiser = 'everybody' GROUP BY ${group}`,
      );
      const rows = await answers.table({ metrics: METRICS, dimensions: [...dimensions] }, windowDays(window, answers.monday(1)));
      expect([what, window, rows]).toEqual([what, window, expect.arrayContaining(expected)]);
      expect(rows).toHaveLength(expected.length);
    }
  });

  it.each([
    ['two ways', 'exposure_group', TWO_WAYS, 3],
    ['three ways', 'exposure_mix', THREE_WAYS, 7],
  ])('counts the people of each advertiser %s, except where a single one bought', async (_, dimension, group, groups) => {
    const expected = await answers.truth<{ overlap_buyers: number; advertiser: string }>(
      'audience_overlap',
      answers.monday(1),
      `${PEOPLE} SELECT advertiser, ${group} AS ${dimension}, ${NUMBERS} FROM people WHERE advertiser <> 'everybody' GROUP BY 1, 2`,
    );
    const shown = expected.filter(({ overlap_buyers: buyers }) => buyers !== 1);
    const rows = await answers.table({ metrics: METRICS, dimensions: ['advertiser', dimension] }, week(answers.monday(1)));
    expect(rows).toEqual(expect.arrayContaining(shown));
    expect(rows).toHaveLength(shown.length);
    expect(rows.length).toBeGreaterThan(4 * groups * 0.6);
  });

  it('makes rates of the people of each group, and no sum of people over groups, advertisers or weeks', async () => {
    const rates = ['overlap_purchase_rate', 'overlap_frequency', 'overlap_purchases_per_buyer'];
    const rows = await answers.table({ metrics: [...METRICS, ...rates], dimensions: ['exposure_group'] }, week(answers.monday(1)));
    expect(rows).toHaveLength(3);
    for (const row of rows) {
      const [reach, buyers, impressions, purchases] = METRICS.map((name) => row[name] as number) as [number, number, number, number];
      expect(row).toMatchObject({
        overlap_purchase_rate: buyers / reach,
        overlap_frequency: impressions / reach,
        overlap_purchases_per_buyer: purchases / buyers,
      });
      expect(buyers).toBeGreaterThan(0);
    }
    const total = (await answers.table({ metrics: METRICS }, week(answers.monday(1))))[0]!;
    expect(rows.reduce((sum, row) => sum + (row.overlap_reach as number), 0)).toBe(total.overlap_reach);
    const months = await answers.frame({ metrics: ['overlap_reach'] }, { start: answers.monday(2), end: addDays(answers.monday(1), 7) });
    expect(months.schema.meta.notices?.[0]?.text).toContain('People reached counts people, who cannot be added over weeks');
  });
});

describe('audience_overlap_sales', () => {
  const METRICS = [
    'exposure_spend',
    'exposure_impressions',
    'exposure_purchases',
    'exposure_sales',
    'exposure_ntb_purchases',
    'exposure_ntb_sales',
  ];
  /** Ads and orders of people by what they saw of the advertiser, one row each. */
  const EVENTS = `
    seen AS (
      SELECT advertiser, user_id,
        array_agg(DISTINCT CASE product WHEN 'sponsored_products' THEN 'Products' WHEN 'amazon_dsp' THEN 'DSP' ELSE 'Others' END) AS kinds
      FROM traffic WHERE user_id IS NOT NULL AND impressions > 0 GROUP BY 1, 2),
    events AS (
      SELECT advertiser, user_id, currency, spend, impressions, 0 AS purchases, 0 AS sales, false AS is_new FROM traffic
      UNION ALL SELECT advertiser, user_id, currency, 0, 0, 1, sales_cents / 100.0, new_to_brand FROM conversions WHERE kind = 1),
    people AS (SELECT * FROM events JOIN seen USING (advertiser, user_id))`;
  const NUMBERS = `sum(spend)::float8 AS exposure_spend, sum(impressions)::float8 AS exposure_impressions,
    sum(purchases)::float8 AS exposure_purchases, sum(sales)::float8 AS exposure_sales,
    sum(CASE WHEN is_new THEN purchases ELSE 0 END)::float8 AS exposure_ntb_purchases,
    sum(CASE WHEN is_new THEN sales ELSE 0 END)::float8 AS exposure_ntb_sales`;

  beforeAll(() => answers.collect('audience_overlap_sales', { firstWeek: answers.monday(2), lastWeek: answers.monday(1) }));

  it.each([
    ['two ways', 'exposure_group', TWO_WAYS, 3],
    ['three ways', 'exposure_mix', THREE_WAYS, 7],
  ])('has cost and sales of people %s by advertiser as the events have them, to the cent', async (_, dimension, group, groups) => {
    const query = { metrics: METRICS, dimensions: ['advertiser', dimension, 'currency'] };
    const rows = await answers.table(query, week(answers.monday(1)));
    const truth = await answers.truth<Record<string, number | string>>(
      'audience_overlap_sales',
      answers.monday(1),
      `${EVENTS} SELECT advertiser, ${group} AS ${dimension}, currency, ${NUMBERS} FROM people GROUP BY 1, 2, 3`,
    );
    const shown = rows.filter((row) => row.advertiser !== '(suppressed)');
    expect(shown).toHaveLength(4 * groups);
    for (const metric of METRICS) {
      const sum = (of: readonly Record<string, unknown>[]) => of.reduce((total, row) => total + Number(row[metric] ?? 0), 0);
      expect([metric, sum(rows)]).toEqual([metric, expect.closeTo(sum(truth), 5)]);
      // Hidden is at most what a single person bought.
      const equal = shown.filter((row) => {
        const same = truth.find((each) => each.advertiser === row.advertiser && each[dimension] === row[dimension]);
        return Math.abs(Number(row[metric] ?? 0) - Number(same?.[metric])) < 1e-5;
      });
      expect(equal.length).toBeGreaterThan(shown.length * 0.7);
    }
  });
});

describe('audience_segments', () => {
  const METRICS = ['segment_reach', 'segment_impressions'];
  const WINDOWS = [
    ['week', 'audience_segments'],
    ['4_weeks', 'audience_segments_4_weeks'],
  ] as const;
  const SEEN = `FROM traffic WHERE product = 'amazon_dsp' AND user_id IS NOT NULL`;
  const NUMBERS = 'count(DISTINCT user_id)::int AS segment_reach, sum(impressions)::int AS segment_impressions';

  beforeAll(async () => {
    await answers.collect('audience_segments', { firstWeek: answers.monday(1), lastWeek: answers.monday(1) });
    await answers.collect('audience_segments_4_weeks', { firstWeek: answers.monday(1), lastWeek: answers.monday(1) });
  });

  it.each(WINDOWS)('counts everybody once, of the account and of each advertiser, over a window of %s', async (window, dataset) => {
    const days = windowDays(window, answers.monday(1));
    const all = await answers.truth(dataset, answers.monday(1), `SELECT ${NUMBERS} ${SEEN}`);
    expect(await answers.table({ metrics: METRICS }, days)).toEqual(all);
    const each = await answers.truth(dataset, answers.monday(1), `SELECT advertiser, ${NUMBERS} ${SEEN} GROUP BY 1`);
    const rows = await answers.table({ metrics: METRICS, dimensions: ['advertiser'] }, days);
    expect(rows).toEqual(expect.arrayContaining(each));
    expect(rows).toHaveLength(each.length);
  });

  it.each(WINDOWS)('counts the people of each segment over a window of %s', async (window, dataset) => {
    // The sandbox's people belong to a segment by the remainder of their id.
    const belongs = `(VALUES ('In-market: camping and hiking', 7, 2), ('Remarketing: past buyers', 43, 5),
      ('Streaming: ad-supported viewers', 47, 16)) AS s(segment, of_people, has)`;
    const truth = await answers.truth<{ segment_reach: number }>(
      dataset,
      answers.monday(1),
      `SELECT segment, ${NUMBERS} FROM traffic JOIN ${belongs} ON user_id % of_people < has WHERE product = 'amazon_dsp' GROUP BY 1`,
    );
    const metrics = [...METRICS, 'segment_matched_reach', 'segment_matched_impressions', 'segment_frequency', 'segment_matched_share'];
    const rows = await answers.table({ metrics, dimensions: ['segment'] }, windowDays(window, answers.monday(1)));
    expect(rows).toHaveLength(12);
    expect(rows).toEqual(expect.arrayContaining(truth.map((row) => expect.objectContaining(row) as unknown)));
    for (const row of rows) {
      expect(row.segment_matched_reach as number).toBeLessThan(row.segment_reach as number);
      // Line items aim at a third of the segments.
      expect(row.segment_matched_share as number).toBeGreaterThan(0.1);
      expect(row.segment_matched_share as number).toBeLessThan(0.7);
    }
  });
});

describe('new_to_brand', () => {
  const ORDERS = `
    orders AS (
      SELECT user_id, advertiser, CASE product WHEN 'amazon_dsp' THEN 'Amazon DSP' WHEN 'sponsored_products' THEN 'Sponsored Products'
          WHEN 'sponsored_brands' THEN 'Sponsored Brands' WHEN 'sponsored_display' THEN 'Sponsored Display' ELSE 'Sponsored TV' END AS ad_product,
        campaign_id, new_to_brand
      FROM conversions WHERE kind = 1 AND user_id IS NOT NULL)`;
  const METRICS = ['buyers', 'ntb_buyers', 'buyer_purchases', 'ntb_buyer_purchases'];
  const NUMBERS = `count(DISTINCT user_id)::int AS buyers, count(DISTINCT user_id) FILTER (WHERE new_to_brand)::int AS ntb_buyers,
    count(*)::int AS buyer_purchases, count(*) FILTER (WHERE new_to_brand)::int AS ntb_buyer_purchases`;

  beforeAll(async () => {
    await answers.collect('new_to_brand', { firstWeek: answers.monday(2), lastWeek: answers.monday(1) });
    await answers.collect('new_to_brand_13_weeks', { firstWeek: answers.monday(0), lastWeek: answers.monday(0) });
  });

  it.each([
    ['everybody', []],
    ['advertisers', ['advertiser']],
    ['ad products', ['ad_product']],
    ['ad products of advertisers', ['advertiser', 'ad_product']],
    ['campaigns', ['advertiser', 'ad_product', 'campaign_id', 'campaign']],
  ])('counts the customers of %s as the events have it, in a week and over 13 weeks', async (what, dimensions) => {
    const keys = dimensions.filter((name) => name !== 'campaign');
    for (const [window, dataset, monday] of [
      ['week', 'new_to_brand', answers.monday(1)] as const,
      ['13_weeks', 'new_to_brand_13_weeks', answers.monday(0)] as const,
    ]) {
      const truth = await answers.truth<{ buyers: number; ntb_buyers: number }>(
        dataset,
        monday,
        `${ORDERS} SELECT ${keys.map((name) => `${name}, `).join('')}${NUMBERS} FROM orders${keys.length > 0 ? ` GROUP BY ${keys.join(', ')}` : ''}`,
      );
      // A row with a single person behind one of its numbers is hidden; the account as a whole has no name to hide.
      const expected = dimensions.length === 0 ? truth : truth.filter(({ buyers, ntb_buyers: ntb }) => buyers !== 1 && ntb !== 1);
      const rows = await answers.table({ metrics: METRICS, dimensions }, windowDays(window, monday));
      expect([what, window, rows]).toEqual([what, window, expect.arrayContaining(expected.map((row) => expect.objectContaining(row)))]);
      expect(rows).toHaveLength(expected.length);
      expect(rows.length).toBeGreaterThan(truth.length / 2);
    }
  });

  it('tells the share of people who are new, and how often each bought', async () => {
    const [row] = await answers.table(
      { metrics: [...METRICS, 'ntb_buyer_share', 'purchases_per_buyer'] },
      windowDays('13_weeks', answers.monday(0)),
    );
    const [buyers, ntb, purchases] = METRICS.map((name) => row![name] as number) as [number, number, number];
    expect(row).toMatchObject({ ntb_buyer_share: ntb / buyers, purchases_per_buyer: purchases / buyers });
    expect(purchases).toBeGreaterThan(buyers);
    expect(ntb).toBeLessThan(buyers);
  });
});
