import { addDays, type IsoDate } from '../../ground/calendar/week.ts';
import { createAnswers, type Answers } from '@amc-reports/test-support/collect/answers.ts';
import {
  creditsOf,
  groupedBy,
  journeys,
  pathOf,
  PURCHASES,
  TOUCHES,
  type Journey,
  type Model,
  type Touch,
} from '@amc-reports/test-support/sandbox/journeys.ts';

/** The datasets about the ads before a purchase, beside ways that are put together from the sandbox's events here. */
let answers: Answers;
let monday: IsoDate;
let bought: Journey[];
const week = () => ({ start: monday, end: addDays(monday, 7) });

beforeAll(async () => {
  answers = await createAnswers(70);
  monday = answers.monday(2);
  for (const dataset of ['attribution_models', 'conversion_paths', 'conversion_path_users'])
    await answers.collect(dataset, { firstWeek: monday, lastWeek: monday });
  const [purchases, touches] = [
    await answers.truth<Omit<Journey, 'touches'>>('conversion_paths', monday, PURCHASES),
    await answers.truth<Touch>('conversion_paths', monday, TOUCHES),
  ];
  bought = journeys(purchases, touches);
});
afterAll(() => answers.close());

type Row = Record<string, unknown>;
const CURRENCIES = ['USD', 'EUR'];
const MODELS: readonly Model[] = ['first_touch', 'last_touch', 'linear', 'position'];
const sum = (numbers: readonly number[]): number => numbers.reduce((all, each) => all + each, 0);
const close = (value: number) => expect.closeTo(value, 2) as number;
const PRODUCTS: Record<string, string> = {
  sponsored_products: 'Sponsored Products',
  sponsored_brands: 'Sponsored Brands',
  sponsored_display: 'Sponsored Display',
  sponsored_television: 'Sponsored TV',
  amazon_dsp: 'Amazon DSP',
};
const product = (touch: Touch): string => PRODUCTS[touch.product]!;

it('has ways of several ads, campaigns at once and people who buy twice to tell models and paths apart by', () => {
  expect(bought.every(({ touches }) => touches.length > 0)).toBe(true);
  expect(bought.filter(({ touches }) => new Set(touches.map(({ hour }) => hour)).size > 2).length).toBeGreaterThan(20);
  expect(bought.filter((each) => pathOf(each, product).length > 2).length).toBeGreaterThan(10);
  expect(bought.some(({ touches }) => touches.some(({ hour }, at) => touches[at + 1]?.hour === hour))).toBe(true);
  expect(new Set(bought.map(({ person }) => person)).size).toBeLessThan(bought.length);
});

describe('attribution_models', () => {
  /** What the campaigns of the touches that `by` names get, with the people it comes from. */
  function credited(model: Model, by: (touch: Touch) => string): Map<string, { purchases: number; sales: number; people: Set<string> }> {
    const found = new Map<string, { purchases: number; sales: number; people: Set<string> }>();
    for (const journey of bought)
      creditsOf(journey, model).forEach((part, at) => {
        if (part === 0) return;
        const name = by(journey.touches[at]!);
        const got = found.get(name) ?? { purchases: 0, sales: 0, people: new Set() };
        found.set(name, got);
        got.purchases += part;
        got.sales += part * journey.sales;
        got.people.add(journey.person);
      });
    return found;
  }

  it.each([
    ['campaign', 'campaign_id', (touch: Touch) => touch.campaign],
    ['ad product', 'ad_product', product],
  ] as const)('credits each %s with what the four models give it, unless a single person is behind it', async (_, dimension, by) => {
    for (const model of MODELS) {
      const expected = [...credited(model, by)].filter(([, { people }]) => dimension === 'ad_product' || people.size > 1);
      const rows = await answers.table({ metrics: [`${model}_purchases`], dimensions: [dimension], limit: 100 }, week());
      const got = Object.fromEntries(rows.map((row) => [row[dimension], row[`${model}_purchases`]]));
      const hidden = Number(got['(suppressed)'] ?? 0);
      expect([model, got]).toEqual([
        model,
        expect.objectContaining(Object.fromEntries(expected.map(([name, { purchases }]) => [name, close(purchases)]))),
      ]);
      expect(hidden).toBeLessThan(bought.length * 0.03);
    }
  });

  it('adds up to the same purchases and sales by every model, each sale in its currency', async () => {
    const metrics = MODELS.flatMap((model) => [`${model}_purchases`, `${model}_sales`]);
    const [row] = await answers.table({ metrics }, week());
    for (const model of MODELS) {
      expect([model, row![`${model}_purchases`]]).toEqual([model, close(bought.length)]);
      for (const currency of CURRENCIES) {
        const mine = bought.filter((each) => each.currency === currency);
        expect([model, row![`${model}_sales ${currency}`]]).toEqual([model, close(sum(mine.map(({ sales }) => sales)))]);
      }
    }
  });

  it('sets the spend of the week beside them, and makes ROAS of it', async () => {
    const spent = await answers.truth<{ currency: string; ad_product: string; spend: number }>(
      'attribution_models',
      monday,
      `SELECT currency, product AS ad_product, sum(spend)::float8 AS spend FROM traffic GROUP BY 1, 2`,
    );
    const rows = await answers.table(
      { metrics: ['attribution_spend', 'linear_sales', 'linear_roas', 'first_touch_roas'], dimensions: ['ad_product'] },
      week(),
    );
    for (const currency of CURRENCIES)
      for (const row of rows.filter((each) => each[`attribution_spend ${currency}`] !== null)) {
        const mine = spent.find((each) => each.currency === currency && PRODUCTS[each.ad_product] === row.ad_product)!;
        expect(row[`attribution_spend ${currency}`]).toEqual(close(mine.spend));
        const [sales, roas] = [row[`linear_sales ${currency}`] as number, row[`linear_roas ${currency}`]];
        expect(roas).toEqual(close(sales / mine.spend));
      }
    expect(rows.length).toBeGreaterThan(3);
  });
});

describe('conversion_paths', () => {
  const LABELS = ['Always on', 'Launches', 'Season'];
  const GOALS = ['ROAS', 'REACH', 'DPVR', 'CTR', 'COMPLETION_RATE'];
  const group = (touch: Touch): string =>
    `${product(touch)}: ${touch.product === 'amazon_dsp' ? GOALS[touch.key % 5]! : LABELS[touch.key % 3]!}`;
  const text = (steps: readonly string[]): string => steps.slice(0, 5).join(' > ') + (steps.length > 5 ? ' > …' : '');
  const path = (journey: Journey): string => text(pathOf(journey, product));
  const groupPath = (journey: Journey): string => `${journey.advertiser}/${text(pathOf(journey, group))}`;
  const length = (journey: Journey): string => String(pathOf(journey, product).length);

  /** Purchases and sales of each path, and the people who went it. */
  const byPath = (name: (journey: Journey) => string) => groupedBy(bought, name);
  const people = (ways: readonly Journey[]): number => new Set(ways.map(({ person }) => person)).size;

  it.each([
    ['ad products', ['path'], path],
    ['campaign groups', ['advertiser', 'group_path'], groupPath],
  ] as const)('has purchases and sales of every path of %s, unless a single person went it', async (_, dimensions, name) => {
    const rows = await answers.table({ metrics: ['path_purchases', 'path_sales'], dimensions: [...dimensions], limit: 500 }, week());
    const keyOf = (row: Row): string => dimensions.map((dimension) => row[dimension]).join('/');
    const got = new Map(rows.map((row) => [keyOf(row), row]));
    // Each market's paths are rows of their own at Amazon.
    const ways = [...byPath((journey) => `${name(journey)} in ${journey.currency}`)].filter(([, each]) => people(each) > 1);
    expect(ways.length).toBeGreaterThan(15);
    for (const [key, each] of ways) {
      const [way, currency] = key.split(' in ') as [string, string];
      expect([key, got.get(way)?.[`path_sales ${currency}`]]).toEqual([key, close(sum(each.map(({ sales }) => sales)))]);
    }
    expect(sum(rows.map((row) => row.path_purchases as number))).toBe(bought.length);
  });

  it('tells paths by their length', async () => {
    const rows = await answers.table({ metrics: ['path_purchases'], dimensions: ['path_length'] }, week());
    const lengths = new Map(rows.map((row) => [row.path_length, row.path_purchases]));
    for (const [steps, ways] of byPath(length)) if (people(ways) > 3) expect([steps, lengths.get(steps)]).toEqual([steps, ways.length]);
    expect(lengths.size).toBeGreaterThan(2);
  });

  it('counts the cost of each ad once, however many purchases it led to, and makes cost per purchase and ROAS of it', async () => {
    const metrics = ['path_cost', 'path_sales', 'path_purchases', 'path_roas'];
    const [row] = await answers.table({ metrics }, week());
    const ads = new Map(
      bought.flatMap(({ touches }) => touches).map((touch) => [`${touch.person} ${touch.campaign} ${touch.hour}`, touch]),
    );
    for (const currency of CURRENCIES) {
      const cost = sum([...ads.values()].filter((touch) => touch.currency === currency).map((touch) => touch.cost));
      expect(row![`path_cost ${currency}`]).toEqual(close(cost));
      expect(row![`path_roas ${currency}`]).toEqual(close((row![`path_sales ${currency}`] as number) / cost));
    }
  });

  it('counts buyers by path, once each, and never adds them', async () => {
    const rows = await answers.table({ metrics: ['path_users'], dimensions: ['path'] }, week());
    const expected = [...byPath(path)]
      .filter(([, ways]) => people(ways) > 1)
      .map(([name, ways]) => ({ path: name, path_users: people(ways) }));
    expect(rows).toEqual(expect.arrayContaining(expected));
    expect(rows).toHaveLength(expected.length);
    expect(await answers.table({ metrics: ['path_users'] }, week())).toEqual([{ path_users: people(bought) }]);
  });
});

it('an instance without Amazon DSP has the ways of sponsored ads alone', async () => {
  const sponsored = await createAnswers(60, 'amcsandbox2');
  const [last, range] = [sponsored.monday(2), { firstWeek: sponsored.monday(2), lastWeek: sponsored.monday(2) }];
  for (const dataset of ['attribution_models', 'conversion_paths']) await sponsored.collect(dataset, range);
  const touches = await sponsored.truth<Touch>('conversion_paths', last, TOUCHES);
  const purchases = await sponsored.truth<Omit<Journey, 'touches'>>('conversion_paths', last, PURCHASES);
  const ways = journeys(
    purchases,
    touches.filter((touch) => touch.product !== 'amazon_dsp'),
  );
  const days = { start: last, end: addDays(last, 7) };
  const rows = await sponsored.table({ metrics: ['path_purchases'], dimensions: ['path'] }, days);
  expect(rows.some(({ path }) => String(path).includes('DSP'))).toBe(false);
  expect(sum(rows.map((row) => row.path_purchases as number))).toBe(ways.length);
  const models = await sponsored.table({ metrics: MODELS.map((model) => `${model}_purchases`) }, days);
  for (const model of MODELS) expect([model, models[0]![`${model}_purchases`]]).toEqual([model, close(ways.length)]);
  await sponsored.close();
});
