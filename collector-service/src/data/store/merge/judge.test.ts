import { loadRetired } from '../../catalogue/load.ts';
import type { Dataset } from '../../catalogue/dataset.ts';
import { qualitySchema } from '../../catalogue/quality.ts';
import { UNKNOWN } from '../../catalogue/tables.ts';
import type { WeekChange } from './input.ts';
import { judge, type Evidence } from './judge.ts';

let campaigns: Dataset;
beforeAll(async () => {
  campaigns = (await loadRetired())[0]!;
});

const evidence = (parts: Omit<Partial<Evidence>, 'dataset'> & { quality?: object }): Evidence => ({
  dataset: { ...campaigns, quality: qualitySchema.parse(parts.quality ?? {}) },
  context: { age: 'final', currencies: ['USD'], previous: undefined, doubtful: false, likeWeeks: [], maxMove: undefined },
  values: [],
  added: [],
  totals: {},
  change: undefined,
  overrule: false,
  ...parts,
});
const rulesOf = (given: Evidence) => {
  const { objections, notes } = judge(given);
  return { objections: objections.map(({ rule }) => rule), notes: notes.map(({ rule }) => rule) };
};
/** A final week in which clicks moved by 3 % and 60 of 100 rows are gone. */
const moved = (after = '1030'): WeekChange => ({
  rowsBefore: 100,
  rowsTotal: 40,
  rowsAdded: 0,
  rowsChanged: 40,
  rowsVanished: 60,
  totalsBefore: { clicks: '1000' },
  totalsAfter: { clicks: after },
});
const ruleOf = (maxMove: number): Evidence['context'] => ({
  age: 'final',
  currencies: [],
  previous: undefined,
  doubtful: false,
  likeWeeks: [],
  maxMove,
});

test('several objections at once are all listed', () => {
  expect(rulesOf(evidence({ change: moved() }))).toEqual({ objections: ['vanished_rows', 'moved_after_final'], notes: [] });
});

test('a rule that only warns becomes a note, and one that is off nothing', () => {
  expect(rulesOf(evidence({ change: moved(), quality: { vanished_rows: { severity: 'warn' }, moved_after_final: 'off' } }))).toEqual({
    objections: [],
    notes: ['vanished_rows'],
  });
});

test.each(['zero_rows', 'lost_total', 'vanished_rows', 'moved_after_final', 'jump', 'negative_values', 'impossible_values'] as const)(
  'rule %s can be turned off by itself',
  (rule) => {
    const likeWeeks = Array.from({ length: 4 }, () => ({ clicks: '1000' }));
    const change = { ...moved('0'), ...(rule === 'zero_rows' ? { rowsTotal: 0 } : {}) };
    const values = (['negative_values', 'impossible_values'] as const).map((name) => ({ rule: name, message: '' }));
    const given = { change, values, totals: { clicks: '0' }, context: { ...ruleOf(1), maxMove: undefined, likeWeeks } };
    expect(rulesOf(evidence(given)).objections).toContain(rule);
    expect(rulesOf(evidence({ ...given, quality: { [rule]: 'off' } })).objections).not.toContain(rule);
  },
);

test('a rule of a person waives moves up to its share, with a note that says so', () => {
  expect(rulesOf(evidence({ change: moved(), context: ruleOf(0.03) }))).toEqual({
    objections: [],
    notes: ['vanished_rows', 'moved_after_final'],
  });
  const { notes } = judge(evidence({ change: moved(), context: ruleOf(0.03) }));
  expect(notes[0]).toMatchObject({
    message: expect.stringContaining('no total moved by more than 3 %, and 3 % are allowed'),
    details: { waived: { move: 0.03, maxMove: 0.03 } },
  });
  expect(rulesOf(evidence({ change: moved('1031'), context: ruleOf(0.03) })).objections).toHaveLength(2);
});

test('no rule of a person waives an empty result, a total that is gone, impossible values or the first result of a week', () => {
  const empty = { ...moved('0'), rowsTotal: 0 };
  expect(rulesOf(evidence({ change: empty, context: ruleOf(1) })).objections).toEqual(['zero_rows']);
  expect(rulesOf(evidence({ change: moved('0'), context: ruleOf(1) })).objections).toEqual(['lost_total']);
  const values = [{ rule: 'impossible_values' as const, message: '' }];
  expect(rulesOf(evidence({ change: moved(), values, context: ruleOf(1) })).objections).toEqual(['impossible_values']);
  const likeWeeks = Array.from({ length: 4 }, () => ({ clicks: '1000' }));
  expect(rulesOf(evidence({ totals: { clicks: '9000' }, context: { ...ruleOf(1), likeWeeks } })).objections).toEqual(['jump']);
});

test('a person who looked overrules them all, and what they said is noted', () => {
  const { objections, notes } = judge(evidence({ change: moved('0'), overrule: true }));
  expect(objections).toEqual([]);
  expect(notes.map(({ rule, details }) => [rule, details?.overruled])).toEqual([
    ['vanished_rows', true],
    ['lost_total', true],
    ['moved_after_final', true],
  ]);
});

test('money in a currency that the instance is not known for is noted, unless nothing is known or Amazon hid it', () => {
  const totals = { spend: { EUR: '5', USD: '1', [UNKNOWN]: '1' } };
  expect(judge(evidence({ totals })).notes).toMatchObject([{ rule: 'unknown_currency', details: { currencies: ['EUR'], known: ['USD'] } }]);
  expect(rulesOf(evidence({ totals, context: ruleOf(1) })).notes).toEqual([]);
  expect(rulesOf(evidence({ totals: { spend: { USD: '1', [UNKNOWN]: '1' } } })).notes).toEqual([]);
  expect(rulesOf(evidence({ totals, quality: { unknown_currency: { severity: 'hold' } } })).objections).toEqual(['unknown_currency']);
  expect(rulesOf(evidence({ totals, quality: { unknown_currency: 'off' } }))).toEqual({ objections: [], notes: [] });
});

test('a week that is not final may move, and an unknown age is not final', () => {
  for (const age of ['settling', undefined] as const)
    expect(rulesOf(evidence({ change: moved(), context: { ...ruleOf(1), maxMove: undefined, age } })).objections).toEqual([
      'vanished_rows',
    ]);
});
