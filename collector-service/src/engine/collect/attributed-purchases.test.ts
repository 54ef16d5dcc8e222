import { addDays, type IsoDate } from '../../ground/calendar/week.ts';
import { createAnswers, type Answers } from '@amc-reports/test-support/collect/answers.ts';

/** The datasets of Amazon's own attribution, collected from the sandbox and asked for, beside the sandbox's own events. */
let answers: Answers;
let first: IsoDate;
let last: IsoDate;
beforeAll(async () => {
  answers = await createAnswers(70);
  [first, last] = [answers.monday(3), answers.monday(2)];
});
afterAll(() => answers.close());

type Row = Record<string, unknown>;
const both = () => ({ start: first, end: addDays(last, 7) });
const week = (monday: IsoDate) => ({ start: monday, end: addDays(monday, 7) });
const collect = (dataset: string) => answers.collect(dataset, { firstWeek: first, lastWeek: last });

/** Rows of a SELECT on the events of both weeks, each as known when it was computed. */
async function truth<T extends Row>(dataset: string, select: string): Promise<T[]> {
  return (await Promise.all([first, last].map((monday) => answers.truth<T>(dataset, monday, select)))).flat();
}

const PRODUCT = `CASE product WHEN 'amazon_dsp' THEN 'Amazon DSP' WHEN 'sponsored_products' THEN 'Sponsored Products'
  WHEN 'sponsored_brands' THEN 'Sponsored Brands' WHEN 'sponsored_display' THEN 'Sponsored Display' ELSE 'Sponsored TV' END`;

/** What Amazon hid is a row of its own that the answer ends with. */
const isShown = (row: Row): boolean => Object.values(row).every((value) => value !== '(suppressed)');
const sum = (rows: readonly Row[], name: string): number => rows.reduce((all, row) => all + Number(row[name] ?? 0), 0);
const money = (value: number) => expect.closeTo(value, 3) as number;

describe('attributed_purchases', () => {
  const METRICS = [
    'click_through_purchases',
    'view_through_purchases',
    'promoted_purchases',
    'brand_halo_purchases',
    'attributed_purchases',
  ];
  const SALES = ['click_through_sales', 'view_through_sales', 'promoted_sales', 'brand_halo_sales', 'attributed_sales'];
  const SPLIT = ['clicked', 'NOT clicked', 'NOT halo', 'halo', 'true'];
  const EVENTS = `
    earned AS (
      SELECT w.week, c.currency, c.advertiser, ${PRODUCT} AS ad_product, c.campaign_id_string AS campaign_id, v.clicked, v.halo,
        v.sales_cents / 100::numeric AS sales
      FROM weeks w JOIN sandbox.conversion v ON v.traffic_hour >= w.starts AND v.traffic_hour < w.ends AND v.kind = 1
        AND v.visible_at <= w.as_of AND COALESCE(v.gone_at > w.as_of, true)
      JOIN campaigns c ON c.key = v.campaign)`;
  const COUNTS = METRICS.map((name, index) => `count(*) FILTER (WHERE ${SPLIT[index]})::int AS ${name}`).join(', ');
  const AMOUNTS = SALES.map((name, index) => `COALESCE(sum(sales) FILTER (WHERE ${SPLIT[index]}), 0)::float8 AS ${name}`).join(', ');

  beforeAll(() => collect('attributed_purchases'));

  it('splits purchases and sales as the events do, each split whole and in its currency', async () => {
    const counts = await truth('attributed_purchases', `${EVENTS} SELECT ${COUNTS} FROM earned`);
    const [total] = await answers.table({ dataset: 'attributed_purchases', metrics: METRICS }, both());
    expect(total).toEqual(Object.fromEntries(METRICS.map((name) => [name, sum(counts, name)])));
    for (const name of METRICS) expect(total![name]).toBeGreaterThan(name.startsWith('view') ? 20 : 100);

    const amounts = await truth<{ currency: string }>(
      'attributed_purchases',
      `${EVENTS} SELECT currency, ${AMOUNTS} FROM earned GROUP BY 1`,
    );
    const [sales] = await answers.table({ dataset: 'attributed_purchases', metrics: SALES }, both());
    for (const currency of ['USD', 'EUR'])
      for (const name of SALES) {
        const mine = amounts.filter((row) => row.currency === currency);
        expect([name, currency, sales![`${name} ${currency}`]]).toEqual([name, currency, money(sum(mine, name))]);
      }
  });

  it.each([
    ['ad products', ['ad_product'], 0.03],
    ['advertisers and ad products', ['advertiser', 'ad_product'], 0.03],
    ['campaigns', ['campaign_id'], 0.05],
  ])('shows of %s what the events have, but for what Amazon hides', async (_, dimensions, hidden) => {
    const expected = await answers.truth<Row>(
      'attributed_purchases',
      last,
      `${EVENTS} SELECT ${dimensions.join(', ')}, ${COUNTS} FROM earned GROUP BY ${dimensions.join(', ')}`,
    );
    const rows = await answers.table({ dataset: 'attributed_purchases', metrics: METRICS, dimensions, limit: 100 }, week(last));
    for (const row of rows.filter(isShown)) {
      const whole = expected.find((each) => dimensions.every((name) => each[name] === row[name]))!;
      for (const name of METRICS) expect(row[name]).toBeLessThanOrEqual(whole[name] as number);
    }
    // The hidden ones stand in a row of their own, so that nothing is lost.
    for (const name of METRICS) expect([name, sum(rows, name)]).toEqual([name, sum(expected, name)]);
    const shown = rows.filter(isShown);
    expect(sum(shown, 'promoted_purchases')).toBeGreaterThanOrEqual(sum(expected, 'promoted_purchases') * (1 - hidden));
  });
});

describe('time_to_conversion', () => {
  /** Hours from the ad's hour to the purchase's, as text and the label that the answer has. */
  const LABELS = ['Same hour', '1 to 5 hours', '6 to 23 hours', '1 to 2 days', '3 to 6 days', '7 to 13 days', '14 days or more'];
  const FROM = [0, 1, 6, 24, 72, 168, 336];
  const EVENTS = `
    bought AS (
      SELECT w.week, c.currency, ${PRODUCT} AS ad_product, v.sales_cents / 100::numeric AS sales,
        (ARRAY[${LABELS.map((label) => `'${label}'`).join(', ')}])[width_bucket(
          extract(epoch FROM date_trunc('hour', v.converted_at) - v.traffic_hour)::int / 3600, ARRAY[${FROM.join(', ')}])] AS time_to_conversion
      FROM weeks w JOIN sandbox.conversion v ON v.converted_at >= w.starts AND v.converted_at < w.ends AND v.kind = 1
        AND v.visible_at <= w.as_of AND COALESCE(v.gone_at > w.as_of, true)
      JOIN campaigns c ON c.key = v.campaign)`;

  beforeAll(() => collect('time_to_conversion'));

  it('puts the purchases of both weeks where their time since the ad belongs, with their sales', async () => {
    const expected = await truth<{ time_to_conversion: string; currency: string; purchases: number; sales: number }>(
      'time_to_conversion',
      `${EVENTS} SELECT time_to_conversion, currency, count(*)::int AS purchases, sum(sales)::float8 AS sales FROM bought GROUP BY 1, 2`,
    );
    const rows = await answers.table({ metrics: ['purchases_after_ad', 'sales_after_ad'], dimensions: ['time_to_conversion'] }, both());
    expect(rows.length).toBeGreaterThan(5);
    for (const row of rows) {
      const mine = expected.filter((each) => each.time_to_conversion === row.time_to_conversion);
      expect(row).toEqual({
        time_to_conversion: row.time_to_conversion,
        purchases_after_ad: sum(mine, 'purchases'),
        'sales_after_ad USD': money(
          sum(
            mine.filter(({ currency }) => currency === 'USD'),
            'sales',
          ),
        ),
        'sales_after_ad EUR': money(
          sum(
            mine.filter(({ currency }) => currency === 'EUR'),
            'sales',
          ),
        ),
      });
    }
    expect(sum(rows, 'purchases_after_ad')).toBe(sum(expected, 'purchases'));
  });

  it('speaks of the advertisers of one currency alone where that is asked for', async () => {
    const expected = await truth<{ time_to_conversion: string; purchases: number }>(
      'time_to_conversion',
      `${EVENTS} SELECT time_to_conversion, count(*)::int AS purchases FROM bought WHERE currency = 'USD' GROUP BY 1`,
    );
    const rows = await answers.table(
      {
        metrics: ['purchases_after_ad'],
        dimensions: ['time_to_conversion'],
        filters: [{ dimension: 'currency', operator: 'in', values: ['USD'] }],
        rest: 'hide',
      },
      both(),
    );
    expect(rows.length).toBeGreaterThan(4);
    for (const { time_to_conversion: time, purchases_after_ad: purchases } of rows) {
      const all = sum(
        expected.filter((each) => each.time_to_conversion === time),
        'purchases',
      );
      // What is hidden by advertiser is left out.
      expect(purchases).toBeLessThanOrEqual(all);
      expect(purchases).toBeGreaterThanOrEqual(all * 0.8 - 5);
    }
  });

  it('tells ad products apart, and keeps what Amazon hides of them', async () => {
    const expected = await truth<{ ad_product: string; purchases: number }>(
      'time_to_conversion',
      `${EVENTS} SELECT ad_product, count(*)::int AS purchases FROM bought GROUP BY 1`,
    );
    const rows = await answers.table({ metrics: ['purchases_after_ad'], dimensions: ['ad_product'] }, both());
    expect(sum(rows, 'purchases_after_ad')).toBe(sum(expected, 'purchases'));
    const shown = rows.filter(isShown);
    expect(shown.length).toBeGreaterThan(3);
    for (const row of shown) {
      const whole = sum(
        expected.filter((each) => each.ad_product === row.ad_product),
        'purchases',
      );
      expect(row.purchases_after_ad).toBeLessThanOrEqual(whole);
      expect(row.purchases_after_ad).toBeGreaterThanOrEqual(whole * 0.8 - 5);
    }
  });
});
