import type { QueryRequestInput } from '../../contract/query.ts';
import { startOfDay } from '../../ground/calendar/start-of-day.ts';
import type { IsoDate } from '../../ground/calendar/week.ts';

/** What the options of `collector query` hold; words of the query itself are checked by the contract. */
export interface QueryOptions {
  dataset?: string;
  metrics?: string[];
  dimensions?: string[];
  grain: string;
  from: IsoDate;
  to?: IsoDate;
  timeZone: string;
  compare?: string;
  compareTo?: { from: IsoDate; to: IsoDate };
  transform?: string;
  others?: boolean;
  rest?: string;
  limit?: number;
  request?: string;
  json?: boolean;
}

type Asked = Omit<QueryRequestInput, 'queries'> & { queries: object[] };

/** The options as a request: from the start of the first day to the start of the day after the last, both in the zone that was named. */
export const requestOf = ({ from, to, timeZone, json: _json, request: _request, ...query }: QueryOptions, now: Date): Asked => ({
  from: startOfDay(from, timeZone).getTime(),
  to: (to === undefined ? now : startOfDay(to, timeZone)).getTime(),
  timeZone,
  queries: [{ ...query, format: 'table' }],
});
