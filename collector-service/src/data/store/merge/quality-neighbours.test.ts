import { qualitySchema } from '../../catalogue/quality.ts';
import { addDays } from '../../../ground/calendar/week.ts';
import { judgeAmongNeighbours, type NeighbourWeek } from './quality-neighbours.ts';

const DEFAULTS = qualitySchema.parse({});
const ALL_DAYS = 0b1111111;

/** Consecutive weeks; spend goes with the rows unless told. */
const weeks = (...rows: (number | Partial<NeighbourWeek>)[]): NeighbourWeek[] =>
  rows.map((each, index) => {
    const parts = typeof each === 'number' ? { rows: each } : each;
    const count = parts.rows ?? 500;
    return {
      week: addDays('2026-01-05', 7 * index),
      rows: count,
      days: count === 0 ? null : ALL_DAYS,
      totals: { spend: { USD: String(count * 10) }, clicks: String(count) },
      ...parts,
    };
  });
const odd = (of: NeighbourWeek[], quality = DEFAULTS): [number, ...string[]][] =>
  of.flatMap((_, index) => {
    const rules = judgeAmongNeighbours(of, index, quality).map(({ rule }) => rule);
    return rules.length > 0 ? [[index, ...rules] as [number, ...string[]]] : [];
  });
const steady = (count: number): number[] => Array.from({ length: count }, (_, index) => 500 + 20 * (index % 3));

describe('is odd', () => {
  it.each([0, 1, 3, 7, 11])('week %i of twelve without a row', (index) => {
    expect(odd(weeks(...steady(12).with(index, 0)))).toEqual([[index, 'few_rows']]);
  });

  it('a week with less than three fifths of the rows on both sides, and not one with as many', () => {
    expect(odd(weeks(500, 500, 500, 299, 500, 500))).toEqual([[3, 'few_rows']]);
    expect(odd(weeks(500, 500, 500, 300, 500, 500))).toEqual([]);
    expect(odd(weeks(500, 500, 500, 200, 500, 500), qualitySchema.parse({ few_rows: { part: 0.3 } }))).toEqual([]);
  });

  it('two empty weeks side by side, and the newest one', () => {
    expect(odd(weeks(...steady(12).with(4, 0).with(5, 0)))).toEqual([
      [4, 'few_rows'],
      [5, 'few_rows'],
    ]);
    expect(odd(weeks(...steady(6), 30))).toEqual([[6, 'few_rows']]);
    expect(odd(weeks(...steady(6), 30, 25))).toEqual([
      [6, 'few_rows'],
      [7, 'few_rows'],
    ]);
  });

  it('a week that lacks days, which are named', () => {
    const lacking = weeks(...steady(4), { rows: 400, days: 0b1110111 }, ...steady(4));
    expect(odd(lacking)).toEqual([[4, 'missing_days']]);
    expect(judgeAmongNeighbours(lacking, 4, DEFAULTS)[0]!.message).toBe(
      'There is no row of 2026-02-05, and the weeks around it have every day.',
    );
  });

  it('a total far from both sides, in either direction and by currency, though its rows are many', () => {
    const money = (usd: number, eur: number): Partial<NeighbourWeek> => ({ totals: { spend: { USD: String(usd), EUR: String(eur) } } });
    const of = weeks(...[5000, 5000, 5000, 500_000, 5000, 5000].map((usd, index) => money(usd, index === 1 ? 0 : 900)));
    expect(odd(of)).toEqual([
      [1, 'jump'],
      [3, 'jump'],
    ]);
    expect(judgeAmongNeighbours(of, 1, DEFAULTS)[0]!.message).toContain('spend in EUR 0 against 900');
  });

  it('the oldest week with a hole inside, since an account that begins has none', () => {
    expect(odd(weeks({ rows: 90, days: 0b1100001 }, ...steady(6)))).toEqual([[0, 'few_rows']]);
  });
});

describe('is not odd', () => {
  it('the first weeks of a new advertiser, however it begins', () => {
    expect(odd(weeks(5, 30, 120, 300, 450, 500, 520, 500))).toEqual([]);
    expect(odd(weeks(0, 0, 0, 40, 200, 400, 500, 500, 500))).toEqual([]);
    expect(odd(weeks(0, 0, 0, 0, ...steady(8)))).toEqual([]);
    expect(odd(weeks({ rows: 90, days: 0b1100000 }, ...steady(8)))).toEqual([]);
    expect(odd(weeks({ rows: 90, days: null }, ...steady(8)))).toEqual([]);
  });

  it('the last weeks of one that ends, once what follows is there', () => {
    expect(odd(weeks(...steady(6), 60, 0, 0, 0, 0))).toEqual([]);
  });

  it('a level that went on for three weeks', () => {
    expect(odd(weeks(...steady(8), 30, 28, 31))).toEqual([]);
    expect(odd(weeks(...steady(8), 0, 0, 0))).toEqual([]);
  });

  it('a season, a promotion and its end', () => {
    expect(odd(weeks(300, 310, 330, 500, 900, 1500, 1400, 800, 400, 300, 290, 300))).toEqual([]);
    expect(odd(weeks(300, 310, 300, 300, 1400, 300, 290, 300, 310, 300))).toEqual([]);
  });

  it('weeks that differ much among themselves, small ones, and what has too few neighbours', () => {
    expect(odd(weeks(500, 0, 480, 0, 510, 0, 500, 0, 490))).toEqual([]);
    expect(odd(weeks(...[18, 17, 18, 0, 16, 18].map((rows) => ({ rows, totals: { clicks: String(rows) } }))))).toEqual([]);
    expect(odd(weeks(500, 0, 500, 500))).toEqual([]);
  });

  it('a week without a Sunday where others lack days as well', () => {
    const lacks = { rows: 400, days: 0b0111111 };
    expect(odd(weeks(lacks, 500, 500, lacks, 500, 500, lacks, 500))).toEqual([]);
  });

  it('anything whose rule is off', () => {
    const quality = qualitySchema.parse({ few_rows: 'off', missing_days: 'off', jump: 'off' });
    expect(odd(weeks(500, 500, 0, { days: 1 }, 500, 500), quality)).toEqual([]);
  });
});
