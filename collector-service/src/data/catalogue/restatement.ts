import type { Attribution } from '../../ground/calendar/age.ts';

/**
 * How many weeks before the newest complete one a weekly update collects again, by the dataset's attribution (reference/amc.md §4.1).
 * A week is complete two days after its end, so the k-th week before the newest ended at least 7k + 2 days ago.
 *
 * traffic_time: 14 days of attribution, then restatements up to 28 days later, 42 in all: 6 weeks (44 days).
 * conversion_time: restatements up to 28 days after a conversion, and a week for those that are late: 5 weeks (37 days).
 * traffic: invalid clicks are taken out for up to 30 days: 4 weeks (30 days).
 */
const RESTATE_WEEKS: Record<Attribution, number> = { traffic_time: 6, conversion_time: 5, none: 4 };

export const defaultRestateWeeks = (attribution: Attribution): number => RESTATE_WEEKS[attribution];

/**
 * How far back a monthly deep update goes, so that every week is collected once more after it is final for any attribution: a week that is
 * just not final (59 days) at one deep update is up to 35 days older at the next, 94 in all: 14 weeks (100 days).
 */
export const DEEP_RESTATE_WEEKS = 14;
