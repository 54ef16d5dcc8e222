import { collectable } from '../../../testing/fixtures';
import { countIn, EMPTY_DRAFT, mistakesOf, rangeOf, toInput, type Draft } from './draft';

const weeks = collectable('week', 3);
const months = collectable('month');
const draft = (parts: Partial<Draft>): Draft => ({ ...EMPTY_DRAFT, instance: 'i', dataset: 'd', ...parts });

it('proposes a year: 52 weeks, and of months and other windows as many as there are', () => {
  expect(countIn(draft({}), collectable('week').windows)).toBe('52');
  expect(countIn(draft({}), months.windows)).toBe('12');
  expect(countIn(draft({ count: '' }), months.windows)).toBe('');
});

it('counts the newest back from the newest collectable one', () => {
  expect(rangeOf(draft({ count: '2' }), weeks.windows)).toEqual({ first: weeks.windows[1], last: weeks.windows[0], count: 2 });
  const range = rangeOf(draft({}), months.windows);
  expect([range?.first.firstDay, range?.last.lastDay, range?.count]).toEqual(['2025-11-01', '2026-10-31', 12]);
});

it.each(['', '0', '-1', '1.5', 'x', '4'])('has no range for %j weeks, and says why', (count) => {
  expect(rangeOf(draft({ count }), weeks.windows)).toBeUndefined();
  expect(mistakesOf(draft({ count }), weeks)).toHaveProperty('count');
});

it('speaks of months where months are meant', () => {
  expect(mistakesOf(draft({ count: '52' }), months)).toEqual({ count: 'Amazon keeps 13 months: at most 12 months now' });
  expect(mistakesOf(draft({ count: '0' }), months)).toEqual({ count: 'A whole number of months, at least 1' });
  expect(mistakesOf(draft({ mode: 'range' }), collectable('4_weeks', 3))).toEqual({
    firstWeek: 'Choose the first 4-week window',
    lastWeek: 'Choose the last 4-week window',
  });
});

it('wants a range to begin before it ends', () => {
  const [newest, , oldest] = weeks.windows;
  const wrong = draft({ mode: 'range', firstWeek: newest!.week, lastWeek: oldest!.week });
  expect(rangeOf(wrong, weeks.windows)).toBeUndefined();
  expect(mistakesOf(wrong, weeks)).toEqual({ lastWeek: 'The last week is before the first' });
});

it('wants a name for a new schedule', () => {
  expect(mistakesOf(draft({ schedule: { choice: 'template:weekly', name: ' ' } }), weeks)).toEqual({
    schedule: 'Give the new schedule a name',
  });
});

it('sends the first and last window that the preview showed, the schedule, and the name without blanks around it', () => {
  const filled = draft({ mode: 'range', firstWeek: weeks.windows[2]!.week, lastWeek: weeks.windows[0]!.week, name: ' A ' });
  const range = rangeOf(filled, weeks.windows)!;
  const body = { instance: 'i', dataset: 'd', firstWeek: weeks.windows[2]!.week, lastWeek: weeks.windows[0]!.week, name: 'A' };
  expect(toInput(filled, range)).toEqual(body);
  expect(toInput({ ...filled, schedule: { choice: 'id:3', name: '' } }, range)).toEqual({ ...body, schedule: { id: '3' } });
  expect(toInput({ ...filled, schedule: { choice: 'template:weekly', name: ' Mine ' } }, range)).toEqual({
    ...body,
    schedule: { template: 'weekly', name: 'Mine' },
  });
});
