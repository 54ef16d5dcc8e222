import { high, low, medium, type TableColumn } from './table.ts';

/** Local time of the campaign's advertiser. */
const local = (utc: string): string => `((${utc}) AT TIME ZONE 'UTC' AT TIME ZONE c.time_zone)`;

/** Amazon gives every time four ways, each in the advertiser's zone and in UTC: second, hour stamp, hour and date. */
export function timeColumns(prefix: string, instant: string, hour = `date_trunc('hour', ${instant})`): TableColumn[] {
  return [
    medium(`${prefix}_dt`, local(instant), 'TIMESTAMP'),
    medium(`${prefix}_dt_utc`, instant, 'TIMESTAMP'),
    low(`${prefix}_dt_hour`, local(hour), 'TIMESTAMP'),
    low(`${prefix}_dt_hour_utc`, hour, 'TIMESTAMP'),
    low(`${prefix}_date`, `${local(hour)}::date`, 'DATE'),
    low(`${prefix}_date_utc`, `(${hour})::date`, 'DATE'),
    low(`${prefix}_hour`, `extract(hour FROM ${local(instant)})::int`, 'INTEGER'),
    low(`${prefix}_hour_utc`, `extract(hour FROM ${instant})::int`, 'INTEGER'),
    low(`${prefix}_day`, `extract(day FROM ${local(instant)})::int`, 'INTEGER'),
    low(`${prefix}_day_utc`, `extract(day FROM ${instant})::int`, 'INTEGER'),
  ];
}

/** The base tables keep whole hours; the second within the hour is part of the row's random number. */
export const SECOND = `(t.hour + make_interval(secs => ((t.draw >> 20) & 4095) % 3600))`;

export const CAMPAIGN_COLUMNS: readonly TableColumn[] = [
  low('advertiser', 'c.advertiser'),
  low('campaign', 'c.campaign'),
  low('campaign_id', 'c.campaign_id', 'LONG'),
  low('campaign_id_string', 'c.campaign_id_string'),
  low('marketplace_name', `CASE c.marketplace WHEN 'US' THEN 'AMAZON.COM' ELSE 'AMAZON.DE' END`),
];

/** One of the given values by three random bits of the row. */
export const pick = (shift: number, ...values: string[]): string =>
  `(ARRAY[${values.map((value) => `'${value}'`).join(', ')}])[1 + ((t.draw >> ${shift}) & 7) % ${values.length}]`;

/** Where a person lives does not change from ad to ad; people nobody knows live nowhere. */
const home = (divisor: number, base: number): string =>
  `CASE WHEN t.user_id IS NOT NULL THEN lpad((${base} + (t.user_id % 9973) % ${divisor})::text, 5, '0') END`;

export const PLACE_COLUMNS: readonly TableColumn[] = [
  low('iso_country_code', `CASE WHEN c.marketplace = 'DE' THEN 'DE' ELSE 'US' END`),
  low(
    'iso_state_province_code',
    `CASE WHEN c.marketplace = 'DE' THEN (ARRAY['DE-BY','DE-BE','DE-NW','DE-HH'])[1 + t.user_id % 4] ELSE (ARRAY['US-CA','US-NY','US-TX','US-WA','US-FL'])[1 + t.user_id % 5] END`,
  ),
  low('dma_code', `CASE WHEN c.marketplace = 'US' THEN (501 + t.user_id % 60)::text END`),
  high('city_name', `(ARRAY['Springfield','Riverside','Fairview','Georgetown','Ålesund','Köln'])[1 + t.user_id % 6]`),
  high('postal_code', home(400, 10001)),
];

export const DEVICE_COLUMNS: readonly TableColumn[] = [
  low('operating_system', pick(4, 'iOS', 'Android', 'Windows', 'macOS', 'Fire OS')),
  low('device_type', pick(7, 'Phone', 'PC', 'Tablet', 'TV')),
  low('browser_family', pick(10, 'Safari', 'Chrome', 'Edge', 'Amazon Silk', 'Firefox')),
];
