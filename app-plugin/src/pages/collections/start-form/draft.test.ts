import { collectableWeeks } from './collectable-weeks';
import { EMPTY_DRAFT, mistakesOf, rangeOf, toInput, type Draft } from './draft';

const collectable = ['2026-11-09', '2026-11-02', '2026-10-26'];
const draft = (parts: Partial<Draft>): Draft => ({ ...EMPTY_DRAFT, instance: 'i', dataset: 'd', ...parts });

it('counts the newest weeks back from the newest collectable one', () => {
  expect(rangeOf(draft({ weeks: '2' }), collectable)).toEqual({ first: '2026-11-02', last: '2026-11-09', count: 2 });
});

it.each(['', '0', '-1', '1.5', 'x', '4'])('has no range for %j weeks, and says why', (weeks) => {
  expect(rangeOf(draft({ weeks }), collectable)).toBeUndefined();
  expect(mistakesOf(draft({ weeks }), collectable)).toHaveProperty('weeks');
});

it('wants a range to begin before it ends', () => {
  const wrong = draft({ mode: 'range', firstWeek: '2026-11-09', lastWeek: '2026-10-26' });
  expect(rangeOf(wrong, collectable)).toBeUndefined();
  expect(mistakesOf(wrong, collectable)).toEqual({ lastWeek: 'The last week is before the first' });
  expect(mistakesOf(draft({ mode: 'range' }), collectable)).toEqual({
    firstWeek: 'Choose the first week',
    lastWeek: 'Choose the last week',
  });
});

it('sends first and last week instead of a number, and the name without blanks around it', () => {
  expect(toInput(draft({ mode: 'range', firstWeek: '2026-10-26', lastWeek: '2026-11-09', name: ' A ' }))).toEqual({
    instance: 'i',
    dataset: 'd',
    firstWeek: '2026-10-26',
    lastWeek: '2026-11-09',
    name: 'A',
  });
});

describe('collectable weeks', () => {
  it('ended two days ago in the zone of the instance', () => {
    // Wednesday 00:30 in Berlin, still Tuesday in Los Angeles.
    const now = new Date('2026-11-17T23:30:00Z');
    expect(collectableWeeks(now, 'Europe/Berlin')[0]).toBe('2026-11-09');
    expect(collectableWeeks(now, 'America/Los_Angeles')[0]).toBe('2026-11-02');
  });

  it('reach back as far as Amazon keeps data, without a gap at daylight-saving changes', () => {
    const weeks = collectableWeeks(new Date('2026-11-20T12:00:00Z'), 'America/New_York');
    expect(weeks.at(-1)).toBe('2025-10-20');
    expect(new Set(weeks).size).toBe(56);
  });

  it('do not lose one at a month’s end: 13 months before 31 March is 28 February', () => {
    expect(collectableWeeks(new Date('2028-03-31T12:00:00Z'), 'UTC').at(-1)).toBe('2027-03-01');
  });
});
