import { qualitySchema } from '../../catalogue/quality.ts';
import type { Totals } from './input.ts';
import { judgeJump } from './quality-jump.ts';

const DEFAULTS = qualitySchema.parse({}).jump;
const clicks = (...weeks: number[]): Totals[] => weeks.map((total) => ({ clicks: String(total) }));
const jumps = (
  total: number,
  likeWeeks: Totals[],
  { before, settings = DEFAULTS }: { before?: number; settings?: typeof DEFAULTS } = {},
): boolean =>
  judgeJump(before === undefined ? undefined : { clicks: String(before) }, { clicks: String(total) }, likeWeeks, settings).length > 0;
const STEADY = clicks(1000, 1010, 990, 1020, 1000, 980, 1000, 1005);

test('five times the median of like weeks passes, more does not; the same downwards', () => {
  expect(jumps(5000, STEADY)).toBe(false);
  expect(jumps(5001, STEADY)).toBe(true);
  expect(jumps(200, STEADY)).toBe(false);
  expect(jumps(199, STEADY)).toBe(true);
  expect(jumps(0, STEADY)).toBe(true);
});

test('a dataset may set the factor', () => {
  const settings = qualitySchema.parse({ jump: { factor: 2 } }).jump;
  expect(jumps(2000, STEADY, { settings })).toBe(false);
  expect(jumps(2001, STEADY, { settings })).toBe(true);
});

test('three like weeks are too few to say anything, four are enough', () => {
  expect(jumps(9000, STEADY.slice(0, 3))).toBe(false);
  expect(jumps(9000, STEADY.slice(0, 4))).toBe(true);
});

test('small totals are not judged, and neither are weeks after nothing', () => {
  expect(jumps(900, clicks(99, 99, 99, 99))).toBe(false);
  expect(jumps(900, clicks(100, 100, 100, 100))).toBe(true);
  expect(jumps(100_000, clicks(0, 0, 0, 0))).toBe(false);
});

test('one odd week moves nothing, and weeks that differ much among themselves allow more', () => {
  expect(jumps(5001, clicks(1000, 1000, 1000, 1000, 1000, 1000, 1_000_000))).toBe(true);
  expect(jumps(20_000, clicks(300, 700, 1500, 3000, 6000, 12_000))).toBe(false);
});

test('what is served already was accepted once; a jump the other way is new', () => {
  expect(jumps(6000, STEADY, { before: 6100 })).toBe(false);
  expect(jumps(6000, STEADY, { before: 1000 })).toBe(true);
  expect(jumps(10, STEADY, { before: 6100 })).toBe(true);
});

test('money is judged by currency, also one that is gone', () => {
  const likeWeeks: Totals[] = Array.from({ length: 5 }, () => ({ spend: { EUR: '500', USD: '900' }, clicks: '50' }));
  const [finding] = judgeJump(undefined, { spend: { USD: '900' }, clicks: '50' }, likeWeeks, DEFAULTS);
  expect(finding).toMatchObject({ rule: 'jump', message: expect.stringContaining('spend in EUR 0 against 500'), details: { weeks: 5 } });
  expect(finding!.message).not.toContain('USD');
});
