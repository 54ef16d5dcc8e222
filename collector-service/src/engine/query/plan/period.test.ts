import { compareWith } from './comparison.ts';
import { choosePeriod } from './period.ts';
import { bucketsWithin, bucketSpan, shiftBucket, weeksOf } from './buckets.ts';
import type { Coverage } from './coverage.ts';
import { addDays, mondayOf, mondays } from '../../../ground/calendar/week.ts';

const days = (start: string, end: string) => ({ start, end });

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

describe('buckets of days', () => {
  it('lie whole in them', () => {
    expect(bucketsWithin('week', days('2026-03-02', '2026-03-16'))).toEqual(['2026-03-02', '2026-03-09']);
    expect(bucketsWithin('week', days('2026-03-03', '2026-03-16'))).toEqual(['2026-03-09']);
    expect(bucketsWithin('week', days('2026-03-02', '2026-03-15'))).toEqual(['2026-03-02']);
    expect(bucketsWithin('day', days('2026-03-07', '2026-03-10'))).toEqual(['2026-03-07', '2026-03-08', '2026-03-09']);
    expect(bucketsWithin('week', days('2026-03-03', '2026-03-08'))).toEqual([]);
  });

  it('cross the year: a week of two years is named by its Monday, months follow each other', () => {
    expect(bucketsWithin('week', days('2025-12-22', '2026-01-12'))).toEqual(['2025-12-22', '2025-12-29', '2026-01-05']);
    expect(bucketsWithin('month', days('2025-11-15', '2026-03-01'))).toEqual(['2025-12-01', '2026-01-01', '2026-02-01']);
    expect(shiftBucket('month', '2026-01-01', -12)).toBe('2025-01-01');
    expect(bucketSpan('month', '2025-11-01', '2026-02-01')).toBe(4);
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
    expect(choosePeriod(drop('week'), days('2026-03-01', '2026-04-01'), whole).buckets).toEqual(['2026-03-02', '2026-03-09', '2026-03-16']);
  });

  it('holds a month only when every week that touches it is served', () => {
    const period = choosePeriod(drop('month'), days('2025-12-01', '2026-04-01'), whole);
    expect(period.buckets).toEqual(['2026-01-01', '2026-02-01']);
    expect(period.dropped).toEqual(['2025-12-01', '2026-03-01']);
  });

  it('keeps incomplete months when they are to be marked', () => {
    const period = choosePeriod(mark('month'), days('2025-12-01', '2026-04-01'), whole);
    expect(period.buckets).toEqual(['2025-12-01', '2026-01-01', '2026-02-01', '2026-03-01']);
    expect(period.partial).toEqual(['2025-12-01', '2026-03-01']);
  });

  it('leaves out the two months that share a missing week', () => {
    const gap = coverage({ first: '2025-12-29', last: '2026-03-30', gaps: ['2026-01-26'] });
    expect(choosePeriod(drop('month'), days('2026-01-01', '2026-04-01'), gap)).toMatchObject({
      buckets: ['2026-03-01'],
      dropped: ['2026-01-01', '2026-02-01'],
    });
  });

  it('calls a week partial while one of several instances lacks it, and takes no notice of one that does not collect it', () => {
    const lacking = coverage(
      { first: '2026-02-02', last: '2026-03-16' },
      { first: '2026-02-02', last: '2026-03-16', gaps: ['2026-03-09'] },
    );
    expect(choosePeriod(drop('week'), days('2026-03-01', '2026-04-01'), lacking)).toMatchObject({
      buckets: ['2026-03-02', '2026-03-16'],
      dropped: ['2026-03-09'],
    });
    const later = coverage({ first: '2026-02-02', last: '2026-03-16' }, { first: '2026-03-09', last: '2026-03-16' });
    expect(choosePeriod(drop('week'), days('2026-03-01', '2026-04-01'), later).buckets).toEqual(['2026-03-02', '2026-03-09', '2026-03-16']);
  });

  it('is the newest complete bucket alone when the latest is asked for, also where partial ones are marked', () => {
    const lacking = coverage(
      { first: '2026-02-02', last: '2026-03-16' },
      { first: '2026-02-02', last: '2026-03-09', collectedTo: '2026-03-16' },
    );
    expect(choosePeriod({ grain: 'week', partial: 'mark', latest: true }, days('2026-02-01', '2026-04-01'), lacking).buckets).toEqual([
      '2026-03-09',
    ]);
  });

  it('is empty when nothing was ever collected', () => {
    expect(choosePeriod(drop('week'), days('2026-01-01', '2026-04-01'), new Map()).buckets).toEqual([]);
  });
});

describe('the period compared with', () => {
  const whole = coverage({ first: '2025-01-06', last: '2026-03-16' });

  it('has as many whole buckets, directly before, although the running week is in the range', () => {
    const period = choosePeriod(drop('week'), days('2026-03-02', '2026-03-30'), whole);
    const { period: before, currentOf } = compareWith(
      period,
      { compare: 'previous_period', partial: 'drop' },
      days('2026-03-02', '2026-03-30'),
      whole,
      false,
    );
    expect(period.buckets).toEqual(['2026-03-02', '2026-03-09', '2026-03-16']);
    expect(before.buckets).toEqual(['2026-02-09', '2026-02-16', '2026-02-23']);
    expect(currentOf('2026-02-09')).toBe('2026-03-02');
  });

  it('lies a year back by 52 weeks, 364 days or 12 months, so that weekdays meet', () => {
    const at = (grain: 'day' | 'week' | 'month', from: string, to: string) =>
      compareWith(
        choosePeriod(drop(grain), days(from, to), whole),
        { compare: 'previous_year', partial: 'drop' },
        days(from, to),
        whole,
        false,
      ).period.buckets;
    expect(at('week', '2026-03-02', '2026-03-09')).toEqual(['2025-03-03']);
    expect(at('day', '2026-02-28', '2026-03-02')).toEqual(['2025-03-01', '2025-03-02']);
    expect(at('month', '2026-02-01', '2026-03-01')).toEqual(['2025-02-01']);
  });

  it('says which of its buckets are not there', () => {
    const gap = coverage({ first: '2026-02-02', last: '2026-03-16', gaps: ['2026-02-16'] });
    const { period, missing } = compareWith(
      choosePeriod(drop('week'), days('2026-03-02', '2026-03-30'), gap),
      { compare: 'previous_period', partial: 'drop' },
      days('2026-03-02', '2026-03-30'),
      gap,
      false,
    );
    expect(period.buckets).toEqual(['2026-02-09', '2026-02-23']);
    expect(missing).toEqual(['2026-02-16']);
  });

  it('of whole months is as many months before, however long they are; of a part of one the same part', () => {
    const before = (compare: 'previous_period' | 'previous_year' | 'previous_year_dates', from: string, to: string, coveredTo = to) => {
      const known = coverage({ first: '2024-01-01', last: mondayOf(addDays(coveredTo, -1)) });
      const { buckets } = compareWith(
        choosePeriod(drop('day'), days(from, to), known),
        { compare, partial: 'drop' },
        days(from, to),
        known,
        true,
      ).period;
      return [buckets[0], buckets.at(-1), buckets.length];
    };
    expect(before('previous_period', '2025-11-01', '2025-12-01')).toEqual(['2025-10-01', '2025-10-31', 31]);
    expect(before('previous_period', '2025-03-01', '2025-04-01')).toEqual(['2025-02-01', '2025-02-28', 28]);
    expect(before('previous_period', '2025-07-01', '2025-10-01')).toEqual(['2025-04-01', '2025-06-30', 91]);
    expect(before('previous_period', '2025-01-01', '2026-01-01')).toEqual(['2024-01-01', '2024-12-31', 366]);
    expect(before('previous_period', '2025-11-01', '2025-12-01', '2025-11-10')).toEqual(['2025-10-01', '2025-10-09', 9]);
    expect(before('previous_period', '2025-11-05', '2025-11-15')).toEqual(['2025-10-26', '2025-11-04', 10]);
    expect(before('previous_year', '2025-11-01', '2025-12-01')).toEqual(['2024-11-02', '2024-12-01', 30]);
    expect(before('previous_year_dates', '2025-11-01', '2025-12-01')).toEqual(['2024-11-01', '2024-11-30', 30]);
    expect(before('previous_year_dates', '2025-02-01', '2025-03-01')).toEqual(['2024-02-01', '2024-02-29', 29]);
    expect(before('previous_year_dates', '2025-03-05', '2025-03-08')).toEqual(['2024-03-05', '2024-03-07', 3]);
  });
});
