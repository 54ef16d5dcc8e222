import { formatWeeks } from './weeks.ts';

test('one week is not several', () => {
  expect([0, 1, 2, 1040].map(formatWeeks)).toEqual(['0 weeks', '1 week', '2 weeks', '1,040 weeks']);
});
