import { choosePeriod, compareWith } from './period.ts';
import { bucketsIn, bucketSpan, shiftBucket, weeksOf } from './buckets.ts';
import type { Coverage } from './coverage.ts';
import { mondays } from '../../../ground/calendar/week.ts';

const range = (from: string, to: string) => ({ from: Date.parse(from), to: Date.parse(to) });

/** One instance per entry: weeks served from first to last but the gaps, collected over the same weeks. */
function coverage(...instances: { first: string; last: string; gaps?: string[]; collectedTo?: string }[]): Coverage {
  return new Map(
    instances.map(({ first, last, gaps = [], collectedTo = last }, index) => {
      const served = mondays(first, last).filter((week) => !gaps.includes(week));
      return [
        String(index),
        { served: new Map(served.map((week) => [week, { version: '1', collectedAt: null }])), collected: [{ first, last: collectedTo }] },
      ];
    }),
  );
}
const drop = (grain: 'day' | 'week' | 'month') => ({ grain, partial: 'drop', latest: false }) as const;
const mark = (grain: 'day' | 'week' | 'month') => ({ grain, partial: 'mark', latest: false }) as const;

describe('buckets of a range', () => {
  const year = ['2025-01-01', '2026-12-31'] as const;

  it('belong to it when their start lies in it: the first instant counts, the last does not', () => {
    expect(bucketsIn('week', range('2026-03-02', '2026-03-16'), ...year)).toEqual(['2026-03-02', '2026-03-09']);
    expect(bucketsIn('week', range('2026-03-02T00:00:00.001Z', '2026-03-16T00:00:00.001Z'), ...year)).toEqual(['2026-03-09', '2026-03-16']);
    expect(bucketsIn('day', range('2026-03-02T10:00Z', '2026-03-04T10:00Z'), ...year)).toEqual(['2026-03-03', '2026-03-04']);
  });

  it('are not disturbed by daylight-saving changes, since their time is UTC midnight of the local date', () => {
    expect(bucketsIn('day', range('2026-03-07', '2026-03-10'), ...year)).toEqual(['2026-03-07', '2026-03-08', '2026-03-09']);
    expect(bucketsIn('week', range('2025-10-20', '2025-11-10'), ...year)).toEqual(['2025-10-20', '2025-10-27', '2025-11-03']);
  });

  it('cross the year: a week of two years is named by its Monday, months follow each other', () => {
    expect(bucketsIn('week', range('2025-12-22', '2026-01-06'), ...year)).toEqual(['2025-12-22', '2025-12-29', '2026-01-05']);
    expect(bucketsIn('month', range('2025-11-15', '2026-02-01T00:00:01Z'), ...year)).toEqual(['2025-12-01', '2026-01-01', '2026-02-01']);
    expect(shiftBucket('month', '2026-01-01', -12)).toBe('2025-01-01');
    expect(bucketSpan('month', '2025-11-01', '2026-02-01')).toBe(4);
  });

  it('are found in an endless range without walking it', () => {
    expect(bucketsIn('month', { from: -Infinity, to: Number.MAX_SAFE_INTEGER }, '2026-01-05', '2026-02-08')).toEqual([
      '2026-01-01',
      '2026-02-01',
    ]);
  });

  it('take their rows from every week that touches them', () => {
    expect(weeksOf('month', '2026-02-01')).toEqual(['2026-01-26', '2026-02-02', '2026-02-09', '2026-02-16', '2026-02-23']);
    expect(weeksOf('month', '2027-02-01')).toEqual(['2027-02-01', '2027-02-08', '2027-02-15', '2027-02-22']);
    expect(weeksOf('day', '2026-03-01')).toEqual(['2026-02-23']);
  });
});

describe('the period of an answer', () => {
  const whole = coverage({ first: '2025-12-29', last: '2026-03-16' });

  it('leaves out weeks that are not served, the running week among them', () => {
    expect(choosePeriod(drop('week'), range('2026-03-01', '2026-04-01'), whole).buckets).toEqual([
      '2026-03-02',
      '2026-03-09',
      '2026-03-16',
    ]);
  });

  it('holds a month only when every week that touches it is served', () => {
    const period = choosePeriod(drop('month'), range('2025-12-01', '2026-04-01'), whole);
    expect(period.buckets).toEqual(['2026-01-01', '2026-02-01']);
    expect(period.dropped).toEqual(['2025-12-01', '2026-03-01']);
  });

  it('keeps incomplete months when they are to be marked', () => {
    const period = choosePeriod(mark('month'), range('2025-12-01', '2026-04-01'), whole);
    expect(period.buckets).toEqual(['2025-12-01', '2026-01-01', '2026-02-01', '2026-03-01']);
    expect(period.partial).toEqual(['2025-12-01', '2026-03-01']);
  });

  it('leaves out the two months that share a missing week', () => {
    const gap = coverage({ first: '2025-12-29', last: '2026-03-30', gaps: ['2026-01-26'] });
    expect(choosePeriod(drop('month'), range('2026-01-01', '2026-04-01'), gap)).toMatchObject({
      buckets: ['2026-03-01'],
      dropped: ['2026-01-01', '2026-02-01'],
    });
  });

  it('calls a week partial while one of several instances lacks it, and takes no notice of one that does not collect it', () => {
    const lacking = coverage(
      { first: '2026-02-02', last: '2026-03-16' },
      { first: '2026-02-02', last: '2026-03-16', gaps: ['2026-03-09'] },
    );
    expect(choosePeriod(drop('week'), range('2026-03-01', '2026-04-01'), lacking)).toMatchObject({
      buckets: ['2026-03-02', '2026-03-16'],
      dropped: ['2026-03-09'],
    });
    const later = coverage({ first: '2026-02-02', last: '2026-03-16' }, { first: '2026-03-09', last: '2026-03-16' });
    expect(choosePeriod(drop('week'), range('2026-03-01', '2026-04-01'), later).buckets).toEqual([
      '2026-03-02',
      '2026-03-09',
      '2026-03-16',
    ]);
  });

  it('is the newest complete bucket alone when the latest is asked for, also where partial ones are marked', () => {
    const lacking = coverage(
      { first: '2026-02-02', last: '2026-03-16' },
      { first: '2026-02-02', last: '2026-03-09', collectedTo: '2026-03-16' },
    );
    expect(choosePeriod({ grain: 'week', partial: 'mark', latest: true }, range('2026-02-01', '2026-04-01'), lacking).buckets).toEqual([
      '2026-03-09',
    ]);
  });

  it('is empty when nothing was ever collected', () => {
    expect(choosePeriod(drop('week'), range('2026-01-01', '2026-04-01'), new Map()).buckets).toEqual([]);
  });
});

describe('the period compared with', () => {
  const whole = coverage({ first: '2025-01-06', last: '2026-03-16' });

  it('has as many whole buckets, directly before, although the running week is in the range', () => {
    const period = choosePeriod(drop('week'), range('2026-03-02', '2026-03-30'), whole);
    const { period: before, shift } = compareWith(period, 'previous_period', 'drop', whole);
    expect(period.buckets).toEqual(['2026-03-02', '2026-03-09', '2026-03-16']);
    expect(before.buckets).toEqual(['2026-02-09', '2026-02-16', '2026-02-23']);
    expect(shift).toBe(3);
  });

  it('lies a year back by 52 weeks, 364 days or 12 months, so that weekdays meet', () => {
    const at = (grain: 'day' | 'week' | 'month', from: string, to: string) =>
      compareWith(choosePeriod(drop(grain), range(from, to), whole), 'previous_year', 'drop', whole).period.buckets;
    expect(at('week', '2026-03-02', '2026-03-09')).toEqual(['2025-03-03']);
    expect(at('day', '2026-02-28', '2026-03-02')).toEqual(['2025-03-01', '2025-03-02']);
    expect(at('month', '2026-02-01', '2026-02-02')).toEqual(['2025-02-01']);
  });

  it('says which of its buckets are not there', () => {
    const gap = coverage({ first: '2026-02-02', last: '2026-03-16', gaps: ['2026-02-16'] });
    const { period, missing } = compareWith(
      choosePeriod(drop('week'), range('2026-03-02', '2026-03-30'), gap),
      'previous_period',
      'drop',
      gap,
    );
    expect(period.buckets).toEqual(['2026-02-09', '2026-02-23']);
    expect(missing).toEqual(['2026-02-16']);
  });
});
