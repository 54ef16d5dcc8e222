import { WINDOWS } from '../../contract/window.ts';
import { addDays, daysBetween, firstOfMonth, mondays, newestCompleteWeek, oldestCollectableWeek } from './week.ts';
import {
  anchorOf,
  anchors,
  isAnchor,
  newestCompleteAnchor,
  oldestCollectableAnchor,
  windowDays,
  windowName,
  type WindowKind,
} from './window.ts';

const HISTORY = mondays('2019-12-30', '2032-12-27');

describe('windows of weeks', () => {
  it.each([
    ['week', '2026-10-19', '2026-10-26'],
    ['4_weeks', '2026-09-28', '2026-10-26'],
    ['13_weeks', '2026-07-27', '2026-10-26'],
  ] as const)('%s ends with the week of its anchor', (kind, start, end) => {
    expect(windowDays(kind, '2026-10-19')).toEqual({ start, end });
  });

  it('exist for every Monday and for no other day', () => {
    for (const kind of ['week', '4_weeks', '13_weeks'] as const) {
      expect(anchors(kind, '2026-01-05', '2026-02-23')).toEqual(mondays('2026-01-05', '2026-02-23'));
      expect(isAnchor(kind, '2026-10-20')).toBe(false);
    }
  });
});

describe('months', () => {
  // The month whose first day is in the week, by hand: over year changes, a leap February, and months that begin on Monday or Sunday.
  it.each([
    ['2026-08-31', '2026-09-01', '2026-10-01'],
    ['2026-09-28', '2026-10-01', '2026-11-01'],
    ['2026-10-26', '2026-11-01', '2026-12-01'],
    ['2026-12-28', '2027-01-01', '2027-02-01'],
    ['2027-02-01', '2027-02-01', '2027-03-01'],
    ['2027-03-01', '2027-03-01', '2027-04-01'],
    ['2028-01-31', '2028-02-01', '2028-03-01'],
    ['2024-09-30', '2024-10-01', '2024-11-01'],
    ['2024-08-26', '2024-09-01', '2024-10-01'],
  ])('the week of %s begins the month from %s to %s', (anchor, start, end) => {
    expect(windowDays('month', anchor)).toEqual({ start, end });
  });

  it('have one anchor each over thirteen years, in order and without a gap', () => {
    const all = anchors('month', HISTORY[0]!, HISTORY.at(-1)!).map((anchor) => windowDays('month', anchor));
    expect(all).toHaveLength(13 * 12 + 1);
    all.forEach(({ start, end }, index) => {
      expect(start).toBe(firstOfMonth(start));
      if (index > 0) expect(start).toBe(all[index - 1]!.end);
      expect(daysBetween(start, end)).toBeGreaterThanOrEqual(28);
    });
  });

  it('begin in no other week, and say so', () => {
    expect(isAnchor('month', '2026-10-19')).toBe(false);
    expect(() => windowDays('month', '2026-10-19')).toThrow(RangeError);
  });
});

it.each(WINDOWS)('the days of a %s lead back to its anchor and to no other', (kind) => {
  const led = HISTORY.filter((week) => isAnchor(kind, week)).map((anchor) => {
    const days = windowDays(kind, anchor);
    const near = [
      { ...days, start: addDays(days.start, 1) },
      { ...days, end: addDays(days.end, 1) },
    ];
    return anchorOf(kind, days) === anchor && near.every((others) => anchorOf(kind, others) === null);
  });
  expect(led.length).toBeGreaterThan(150);
  expect(led).not.toContain(false);
});

describe('the newest complete window', () => {
  it.each([
    // 48 hours after the month's end in the zone, to the minute: summer time in Berlin, winter time in Los Angeles.
    ['month', '2026-10-02T21:59:00Z', 'Europe/Berlin', '2026-07-27'],
    ['month', '2026-10-02T22:00:00Z', 'Europe/Berlin', '2026-08-31'],
    ['month', '2026-12-03T07:59:00Z', 'America/Los_Angeles', '2026-09-28'],
    ['month', '2026-12-03T08:00:00Z', 'America/Los_Angeles', '2026-10-26'],
    ['month', '2027-01-02T13:00:00Z', 'Asia/Tokyo', '2026-10-26'],
    ['month', '2027-01-02T15:00:00Z', 'Asia/Tokyo', '2026-11-30'],
    ['4_weeks', '2026-11-25T08:00:00Z', 'America/Los_Angeles', '2026-11-16'],
    ['13_weeks', '2026-11-25T07:59:00Z', 'America/Los_Angeles', '2026-11-09'],
  ] as const)('%s at %s in %s is anchored at %s', (kind, now, zone, anchor) => {
    expect(newestCompleteAnchor(kind, new Date(now), zone)).toBe(anchor);
  });

  it.each(['Europe/Berlin', 'America/Los_Angeles', 'Australia/Sydney', 'Asia/Kolkata', 'America/Sao_Paulo'])(
    'never begins before the last one did, looked at every six hours over two years in %s',
    (zone) => {
      const wrong: string[] = [];
      let last: Record<string, string> = {};
      for (let ms = Date.parse('2025-01-01T00:30:00Z'); ms < Date.parse('2027-01-01T00:00:00Z'); ms += 6 * 3_600_000) {
        const now = new Date(ms);
        const newest = Object.fromEntries(WINDOWS.map((kind) => [kind, newestCompleteAnchor(kind, now, zone)]));
        const stepsBack = WINDOWS.some((kind) => !isAnchor(kind, newest[kind]!) || newest[kind]! < (last[kind] ?? ''));
        if (stepsBack || newest['4_weeks'] !== newestCompleteWeek(now, zone)) wrong.push(now.toISOString());
        last = newest;
      }
      expect(wrong).toEqual([]);
    },
  );
});

describe('the oldest window that Amazon still has', () => {
  const now = new Date('2026-11-25T12:00:00Z');
  it('lies within 13 months with all its days', () => {
    const zone = 'America/Los_Angeles';
    const start = (kind: WindowKind) => windowDays(kind, oldestCollectableAnchor(kind, now, zone)).start;
    expect(oldestCollectableWeek(now, zone)).toBe('2025-10-27');
    expect([start('week'), start('4_weeks'), start('13_weeks')]).toEqual(['2025-10-27', '2025-10-27', '2025-10-27']);
    expect(start('month')).toBe('2025-11-01');
    expect(oldestCollectableAnchor('13_weeks', now, zone)).toBe('2026-01-19');
  });

  it('is the month of the edge when the edge is its first day', () => {
    expect(windowDays('month', oldestCollectableAnchor('month', new Date('2026-12-01T12:00:00Z'), 'UTC')).start).toBe('2025-11-01');
    expect(windowDays('month', oldestCollectableAnchor('month', new Date('2026-12-02T12:00:00Z'), 'UTC')).start).toBe('2025-12-01');
  });
});

it('is named as a reader looks for it', () => {
  expect([windowName('week', '2026-10-19'), windowName('4_weeks', '2026-10-19'), windowName('month', '2026-08-31')]).toEqual([
    'week of 2026-10-19',
    '4 weeks ending 2026-10-25',
    'month 2026-09',
  ]);
});
