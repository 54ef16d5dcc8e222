import { dateTimeFormat } from '@grafana/data';

/** Weeks are dates ('yyyy-mm-dd', a Monday) in the instance's zone. They are shown as dates, whatever the zone of the person. */
export type IsoDate = string;

const DAY_MS = 86_400_000;
const toMs = (date: IsoDate): number => Date.parse(`${date}T00:00:00Z`);
const fromMs = (ms: number): IsoDate => new Date(ms).toISOString().slice(0, 10);

export const addDays = (date: IsoDate, days: number): IsoDate => fromMs(toMs(date) + days * DAY_MS);
export const weeksBetween = (first: IsoDate, last: IsoDate): number => Math.round((toMs(last) - toMs(first)) / (7 * DAY_MS)) + 1;

/** For example '10 Nov 2025'. */
export const formatDate = (date: IsoDate): string => dateTimeFormat(toMs(date), { timeZone: 'utc', format: 'D MMM YYYY' });
/** Without the year, for places with little room: '10 Nov'. */
export const formatDay = (date: IsoDate): string => dateTimeFormat(toMs(date), { timeZone: 'utc', format: 'D MMM' });
/** First and last day of weeks: '18 Nov 2024 – 16 Nov 2025'. */
export const formatRange = (firstWeek: IsoDate, lastWeek: IsoDate): string =>
  `${formatDate(firstWeek)} – ${formatDate(addDays(lastWeek, 6))}`;
