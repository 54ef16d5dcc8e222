import { formatWeeks, formatWindows } from './window-words.ts';

test('one week is not several', () => {
  expect([0, 1, 2, 1040].map(formatWeeks)).toEqual(['0 weeks', '1 week', '2 weeks', '1,040 weeks']);
});

test('windows are called what they are, and windows where they are of several kinds', () => {
  expect(formatWindows(12, ['month'])).toBe('12 months');
  expect(formatWindows(1, ['4_weeks', '4_weeks'])).toBe('1 4-week window');
  expect(formatWindows(43, ['13_weeks'])).toBe('43 13-week windows');
  expect(formatWindows(64, ['week', 'month'])).toBe('64 windows');
  expect(formatWindows(0, [])).toBe('0 weeks');
});
