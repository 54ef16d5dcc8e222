import { qualitySchema } from '../../catalogue/quality.ts';
import { SUPPRESSED } from '../../catalogue/tables.ts';
import type { WeekChange } from './input.ts';
import { judgeChange } from './quality-change.ts';

const DEFAULTS = qualitySchema.parse({});
const week = (parts: Partial<WeekChange>): WeekChange => ({
  rowsBefore: 100,
  rowsTotal: 100,
  rowsAdded: 0,
  rowsChanged: 1,
  rowsVanished: 0,
  totalsBefore: {},
  totalsAfter: {},
  ...parts,
});
const rules = (change: WeekChange, { isFinal = false, quality = DEFAULTS } = {}): string[] =>
  judgeChange(change, quality, isFinal).map(({ rule }) => rule);

test('no rows where there were some is one objection, however much it loses', () => {
  const gone = week({ rowsTotal: 0, rowsVanished: 100, totalsBefore: { clicks: '5' }, totalsAfter: { clicks: '0' } });
  expect(rules(gone, { isFinal: true })).toEqual(['zero_rows']);
  expect(rules(week({ rowsBefore: 0, rowsTotal: 0 }))).toEqual([]);
});

test('more than half of the rows gone is an objection, half is none, and a dataset may say otherwise', () => {
  expect(rules(week({ rowsVanished: 51 }))).toEqual(['vanished_rows']);
  expect(rules(week({ rowsVanished: 50 }))).toEqual([]);
  const strict = qualitySchema.parse({ vanished_rows: { at_most: 0.1 } });
  expect(rules(week({ rowsVanished: 11 }), { quality: strict })).toEqual(['vanished_rows']);
  expect(rules(week({ rowsVanished: 10 }), { quality: strict })).toEqual([]);
});

test('totals that fell to 0 are named together, money by currency; a fall to little is none', () => {
  const before = { clicks: '5', sales: '7', spend: { EUR: '3', USD: '2' } };
  const [finding] = judgeChange(
    week({ totalsBefore: before, totalsAfter: { clicks: '0', sales: '7', spend: { USD: '2' } } }),
    DEFAULTS,
    false,
  );
  expect(finding).toMatchObject({
    rule: 'lost_total',
    message: expect.stringMatching(/clicks fell from 5 to 0, spend in EUR fell from 3 to 0/),
  });
  expect(rules(week({ totalsBefore: before, totalsAfter: { clicks: '1', sales: '0.01', spend: { EUR: '0.01', USD: '2' } } }))).toEqual([]);
});

test('money whose currency Amazon hid may come and go', () => {
  expect(rules(week({ totalsBefore: { spend: { [SUPPRESSED]: '9' } }, totalsAfter: { spend: { USD: '9' } } }), { isFinal: false })).toEqual(
    [],
  );
});

test('a final week may move by 2 %, a week that is not final by any share', () => {
  const moved = (after: string): WeekChange => week({ totalsBefore: { clicks: '10000' }, totalsAfter: { clicks: after } });
  expect(rules(moved('10200'), { isFinal: true })).toEqual([]);
  expect(rules(moved('10201'), { isFinal: true })).toEqual(['moved_after_final']);
  expect(rules(moved('9799'), { isFinal: true })).toEqual(['moved_after_final']);
  expect(rules(moved('30000'))).toEqual([]);
  expect(rules(moved('10201'), { isFinal: true, quality: qualitySchema.parse({ moved_after_final: { at_most: 0.1 } }) })).toEqual([]);
});

test('one unit more of a small total is no move of a final week, money that was not there is one', () => {
  expect(rules(week({ totalsBefore: { clicks: '3' }, totalsAfter: { clicks: '4' } }), { isFinal: true })).toEqual([]);
  const appeared = week({ totalsBefore: { spend: { USD: '5000' } }, totalsAfter: { spend: { EUR: '400', USD: '5000' } } });
  expect(rules(appeared, { isFinal: true })).toEqual(['moved_after_final']);
});
