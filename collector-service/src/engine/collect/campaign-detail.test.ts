import { addDays } from '../../ground/calendar/week.ts';
import { createAnswers, type Answers } from '@amc-reports/test-support/collect/answers.ts';

/** The datasets that look closer at campaigns, collected from the sandbox and asked for, beside the sandbox's own events. */
let answers: Answers;
beforeAll(async () => {
  answers = await createAnswers(60);
  for (const dataset of ['time_of_day', 'search_terms', 'creatives_placements', 'geography_devices'])
    await answers.collect(dataset, { firstWeek: answers.monday(2), lastWeek: answers.monday(1) });
});
afterAll(() => answers.close());

/** What a group is told apart by: of traffic and of conversions, as SQL on the base events (test-support/sandbox/truth.ts). */
type Keys = Record<string, { traffic: string; conversions: string }>;
const same = (sql: string) => ({ traffic: sql, conversions: sql });
const NUMBERS = ['spend', 'impressions', 'clicks', 'purchases', 'sales'];
const ADVERTISER: Keys = { advertiser: same('advertiser') };
const PRODUCT: Keys = {
  ...ADVERTISER,
  ad_product: same(`CASE product WHEN 'amazon_dsp' THEN 'Amazon DSP' WHEN 'sponsored_products' THEN 'Sponsored Products'
    WHEN 'sponsored_brands' THEN 'Sponsored Brands' WHEN 'sponsored_display' THEN 'Sponsored Display' ELSE 'Sponsored TV' END`),
};
const CAMPAIGN: Keys = { campaign_id: same('campaign_id') };

interface Group {
  key: string;
  numbers: number[];
}

/** Groups of the events, by currency, from SQL that knows nothing of AMC's tables. */
async function truthOf(dataset: string, keys: Keys, where = 'true'): Promise<Group[]> {
  const names = Object.keys(keys);
  const list = (side: 'traffic' | 'conversions'): string => names.map((name) => `${keys[name]![side]} AS ${name}, `).join('');
  const rows = await answers.truth<Record<string, string | number | null>>(
    dataset,
    answers.monday(1),
    `events AS (
       SELECT ${list('traffic')}currency, impressions, clicks, spend, 0 AS purchases, 0 AS sales FROM traffic WHERE ${where}
       UNION ALL
       SELECT ${list('conversions')}currency, 0, 0, 0, 1, sales_cents / 100.0 FROM conversions WHERE kind = 1 AND ${where})
     SELECT ${names.map((name) => `${name}, `).join('')}currency, ${NUMBERS.map((name) => `sum(${name})::float8 AS ${name}`).join(', ')}
     FROM events GROUP BY ${[...names, 'currency'].join(', ')}`,
  );
  return rows.map((row) => groupOf(row, names, ''));
}

const groupOf = (row: Record<string, unknown>, names: readonly string[], prefix: string): Group => ({
  key: [...names, 'currency'].map((name) => row[name] ?? '(unknown)').join(' | '),
  numbers: NUMBERS.map((name) => Number(row[`${prefix}${name}`] ?? 0)),
});

async function answerOf(dataset: string, prefix: string, names: readonly string[]): Promise<Group[]> {
  const metrics = NUMBERS.map((name) => `${prefix}${name}`);
  const week = { start: answers.monday(1), end: addDays(answers.monday(1), 7) };
  const rows = await answers.table({ dataset, metrics, dimensions: [...names, 'currency'], limit: 10_000 }, week);
  return rows.map((row) => groupOf(row, names, prefix));
}

const isRest = ({ key }: Group): boolean => key.includes('(suppressed)');
/** Totals by currency, the rest included. */
const totals = (groups: readonly Group[]): Record<string, number[]> => {
  const sums: Record<string, number[]> = {};
  for (const { key, numbers } of groups) {
    const currency = key.split(' | ').at(-1)!;
    sums[currency] = (sums[currency] ?? NUMBERS.map(() => 0)).map((sum, index) => sum + numbers[index]!);
  }
  return sums;
};

/** The same totals to a thousandth of a cent: doubles were added in another order. */
const exactly = (groups: readonly Group[]): unknown =>
  Object.fromEntries(
    Object.entries(totals(groups)).map(([currency, sums]) => [currency, sums.map((sum) => expect.closeTo(sum, 5) as number)]),
  );

/** Compares a level: its totals are those of the events to the cent, and what is shown of a group is the truth or is hidden. */
async function compare(dataset: string, prefix: string, keys: Keys, where?: string): Promise<{ shown: Group[]; hiddenPurchases: number }> {
  const truth = await truthOf(dataset, keys, where);
  const answer = await answerOf(dataset, prefix, Object.keys(keys));
  expect(totals(answer)).toEqual(exactly(truth));
  const shown = answer.filter((group) => !isRest(group));
  const known = new Map(truth.map(({ key, numbers }) => [key, numbers]));
  for (const { key, numbers } of shown) {
    // Each family is hidden by itself: traffic and its cost, clicks and theirs, purchases and sales.
    const expected = known.get(key) ?? [];
    numbers.forEach((number, index) => {
      const what = `${key}: ${NUMBERS[index]}`;
      if (number !== 0 && NUMBERS[index] !== 'spend') expect([what, number]).toEqual([what, expect.closeTo(expected[index]!, 6)]);
      expect([what, number <= expected[index]! + 1e-6]).toEqual([what, true]);
    });
  }
  const purchases = (groups: readonly Group[]) => groups.reduce((sum, { numbers }) => sum + numbers[3]!, 0);
  return { shown, hiddenPurchases: 1 - purchases(shown) / purchases(truth) };
}

describe('time_of_day', () => {
  const at = (column: string) => `(${column} AT TIME ZONE 'UTC') AT TIME ZONE $1`;
  const sql = (format: string) => ({ traffic: format.replace('…', at('hour')), conversions: format.replace('…', at('traffic_hour')) });
  const HOUR: Keys = { hour_of_day: sql(`to_char(…, 'HH24')`) };
  const DAY: Keys = { day_of_week: sql(`to_char(…, 'FMDay')`) };

  it.each([
    ['hours', { ...ADVERTISER, ...HOUR }, 70, 0.1],
    ['days of the week', { ...ADVERTISER, ...DAY }, 28, 0.05],
    ['both', { ...DAY, ...HOUR }, 200, 0.4],
    ['both by advertiser', { ...ADVERTISER, ...DAY, ...HOUR }, 400, 0.7],
    ['ad products by hour', { ...PRODUCT, ...HOUR }, 300, 0.3],
    ['ad products by day', { ...PRODUCT, ...DAY }, 90, 0.2],
    ['ad products by both', { ...PRODUCT, ...DAY, ...HOUR }, 1500, 0.8],
  ])('has the traffic and conversions of %s in the instance’s zone', async (_, keys, atLeast, mostHidden) => {
    const { shown, hiddenPurchases } = await compare('time_of_day', 'hourly_', keys);
    expect(shown.length).toBeGreaterThanOrEqual(atLeast);
    expect(hiddenPurchases).toBeLessThan(mostHidden);
  });

  it('sorts hours and days as a clock and a calendar do', async () => {
    const week = { start: answers.monday(1), end: addDays(answers.monday(1), 7) };
    const names = async (dimension: string) => {
      const orderBy = { by: dimension, direction: 'asc' } as const;
      const rows = await answers.table({ metrics: ['hourly_clicks'], dimensions: [dimension], rest: 'hide', orderBy }, week);
      return rows.map((row) => row[dimension]);
    };
    expect(await names('hour_of_day')).toEqual(Array.from({ length: 24 }, (_, hour) => String(hour).padStart(2, '0')));
    expect(await names('day_of_week')).toEqual(['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']);
  });
});

describe('search_terms', () => {
  const SPONSORED = `product <> 'amazon_dsp'`;
  const SEARCHED = `product IN ('sponsored_products', 'sponsored_brands')`;
  const bits = (shift: number, mask: number): string => `((draw >> ${shift}) & ${mask})`;
  /** Which word and which ending, of those the sandbox draws; the product's answer has their text. */
  const TERM: Keys = { search_term: same(`CASE WHEN ${SEARCHED} THEN (${bits(50, 7)} % 6)::text || '+' || ${bits(53, 7)} END`) };

  it('has every clicked term of an advertiser with its ad product, and all others in one row', async () => {
    const truth = await truthOf('search_terms', { ...PRODUCT, ...TERM }, SPONSORED);
    const answer = await answerOf('search_terms', 'search_', ['advertiser', 'ad_product', 'search_term']);
    expect(totals(answer)).toEqual(exactly(truth));
    // Texts differ, numbers do not: each row of traffic that is shown is one of the events' groups.
    const traffic = ({ key, numbers }: Group): string => [...key.split(' | ').slice(0, 2), numbers[1]].join(' | ');
    const known = new Set(truth.map(traffic));
    const terms = answer.filter((group) => !isRest(group) && !/No search|without a click/.test(group.key));
    expect(terms.filter((group) => group.numbers[1] !== 0 && !known.has(traffic(group)))).toEqual([]);
    expect(terms.length).toBeGreaterThan(150);
    expect(terms.map(({ key }) => key)).toContainEqual(expect.stringMatching(/Kestrel Outdoor \| Sponsored Products \| .*tent/));
  });

  it('keeps terms without a click apart, as one row that holds what their events do', async () => {
    const clicked = await answers.truth<{ advertiser: string; term: string }>(
      'search_terms',
      answers.monday(1),
      `SELECT advertiser, ${TERM.search_term!.traffic} AS term FROM traffic WHERE ${SPONSORED} GROUP BY 1, 2 HAVING sum(clicks) = 0`,
    );
    const unclicked = (await answerOf('search_terms', 'search_', ['advertiser', 'ad_product', 'search_term'])).filter(({ key }) =>
      key.includes('Terms without a click'),
    );
    expect(unclicked.length > 0).toBe(clicked.some(({ term }) => term !== null));
    for (const { numbers } of unclicked) expect(numbers[2]).toBe(0);
  });

  it('adds up to the same by match type, by target and by term of a campaign', async () => {
    const truth = exactly(await truthOf('search_terms', { ...PRODUCT, ...CAMPAIGN }, SPONSORED));
    const match = await answerOf('search_terms', 'search_', ['advertiser', 'ad_product', 'match_type']);
    for (const names of [
      ['advertiser', 'ad_product', 'campaign_id', 'targeting', 'match_type'],
      ['campaign_id', 'search_term'],
    ])
      expect(totals(await answerOf('search_terms', 'search_', names))).toEqual(truth);
    expect(totals(match)).toEqual(truth);
    const impressions = (groups: readonly Group[]) => groups.reduce((sum, { numbers }) => sum + numbers[1]!, 0);
    const untyped = await truthOf('search_terms', ADVERTISER, `${SPONSORED} AND (${bits(50, 7)} >= 6 OR NOT ${SEARCHED})`);
    expect(impressions(match.filter(({ key }) => key.includes('Automatic and product targeting')))).toBe(impressions(untyped));
    expect(new Set(match.filter((group) => !isRest(group)).map(({ key }) => key.split(' | ')[2]))).toEqual(
      new Set(['Exact', 'Phrase', 'Broad', 'Automatic and product targeting']),
    );
  });
});

describe('creatives_placements', () => {
  const CREATIVE: Keys = { creative: same(`CASE product WHEN 'amazon_dsp' THEN 'Creative ' ELSE 'Ad ' END || (1 + (draw & 3))`) };

  const PLACEMENT: Keys = {
    placement: same(`CASE WHEN product = 'amazon_dsp'
        THEN (ARRAY['AMAZON.COM', 'TWITCH WEB VIDEO', 'IMDB.COM', 'HARBOUR EXCHANGE WEB DISPLAY', 'HARBOUR EXCHANGE WEB VIDEO',
          'SUMMIT SSP APP', 'PREMIUM PUBLISHERS', 'PUBLIC CITY SCREENS'])[1 + ((draw >> 34) & 7)]
      WHEN product IN ('sponsored_display', 'sponsored_television') AND ((draw >> 47) & 7) < 3 THEN 'Off Amazon'
      ELSE (ARRAY['Top of Search on-Amazon', 'Detail Page on-Amazon', 'Other on-Amazon'])[1 + ((draw >> 47) & 7) % 3] END`),
  };

  it.each([
    ['placements of ad products', { ...PRODUCT, ...PLACEMENT }, 60, 0.2],
    ['placements of campaigns', { ...PRODUCT, ...CAMPAIGN, ...PLACEMENT }, 120, 0.5],
    ['creatives of campaigns', { ...PRODUCT, ...CAMPAIGN, ...CREATIVE }, 120, 0.4],
  ])('has the traffic and conversions of %s', async (_, keys, atLeast, mostHidden) => {
    const { shown, hiddenPurchases } = await compare('creatives_placements', 'creative_', keys);
    expect(shown.length).toBeGreaterThanOrEqual(atLeast);
    expect(hiddenPurchases).toBeLessThan(mostHidden);
  });

  it('has the same by creative type', async () => {
    expect(totals(await answerOf('creatives_placements', 'creative_', ['creative_type']))).toEqual(
      exactly(await truthOf('creatives_placements', PRODUCT)),
    );
  });
});

describe('geography_devices', () => {
  const DSP = `product = 'amazon_dsp'`;
  const GERMAN = `advertiser = 'Bärenfels Küche GmbH'`;
  const DEVICE: Keys = { device_type: same(`(ARRAY['Phone', 'PC', 'Tablet', 'TV'])[1 + ((draw >> 7) & 3)]`) };
  const PLACE: Keys = {
    country: same(`CASE WHEN ${GERMAN} THEN 'DE' ELSE 'US' END`),
    region: same(`CASE WHEN ${GERMAN} THEN (ARRAY['DE-BY', 'DE-BE', 'DE-NW', 'DE-HH'])[1 + user_id % 4]
      ELSE (ARRAY['US-CA', 'US-NY', 'US-TX', 'US-WA', 'US-FL'])[1 + user_id % 5] END`),
  };

  it.each([
    ['regions', { ...ADVERTISER, ...PLACE }, 19, 0.5],
    ['devices', { ...ADVERTISER, ...DEVICE }, 16, 0.3],
    ['regions of campaigns', { ...CAMPAIGN, ...PLACE }, 40, 0.8],
    ['devices of campaigns', { ...CAMPAIGN, ...DEVICE }, 40, 0.8],
  ])('has the traffic and conversions of %s', async (_, keys, atLeast, mostHidden) => {
    const { shown, hiddenPurchases } = await compare('geography_devices', 'geo_', keys, DSP);
    expect(shown.length).toBeGreaterThanOrEqual(atLeast);
    expect(hiddenPurchases).toBeLessThan(mostHidden);
  });

  it('has the same by operating system', async () => {
    expect(totals(await answerOf('geography_devices', 'geo_', ['device_type', 'operating_system']))).toEqual(
      exactly(await truthOf('geography_devices', ADVERTISER, DSP)),
    );
  });
});
