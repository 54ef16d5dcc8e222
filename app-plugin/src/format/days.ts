import { dateTimeFormat } from '@grafana/data';

/** Days are dates ('yyyy-mm-dd') in the instance's zone. They are shown as dates, whatever the zone of the person. */
export type IsoDate = string;

export const formatWith = (date: IsoDate, format: string): string =>
  dateTimeFormat(Date.parse(`${date}T00:00:00Z`), { timeZone: 'utc', format });

/** '10 Nov 2025'. */
export const formatDate = (date: IsoDate): string => formatWith(date, 'D MMM YYYY');
/** Without the year, for places with little room: '10 Nov'. */
export const formatDay = (date: IsoDate): string => formatWith(date, 'D MMM');
/** From a day to another, both included: '28 Sep – 25 Oct 2026', '18 Nov 2024 – 16 Nov 2025'. */
export const formatDays = (first: IsoDate, last: IsoDate): string =>
  `${first.slice(0, 4) === last.slice(0, 4) ? formatDay(first) : formatDate(first)} – ${formatDate(last)}`;
