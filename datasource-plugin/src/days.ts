import { dateTimeFormat, FieldType, type DataFrame, type Field, type TimeZone } from '@grafana/data';

const DAY_MS = 86_400_000;
const ISO_DAY = 'YYYY-MM-DD';

/**
 * Tables whose columns of days read as days. A bucket's time is midnight UTC of its date; without a word Grafana shows 00:00:00 beside
 * every date. West of Greenwich that midnight is on the day before: there the time stays, which says so.
 */
export const withDays = (frame: DataFrame, timeZone: TimeZone): DataFrame =>
  frame.meta?.type?.startsWith('timeseries')
    ? frame
    : { ...frame, fields: frame.fields.map((field) => (isOfDays(field, timeZone) ? asDays(field) : field)) };

function isOfDays({ type, values, config }: Field, timeZone: TimeZone): boolean {
  const times = values.filter((value: unknown) => typeof value === 'number');
  return (
    type === FieldType.time &&
    config.unit === undefined &&
    times.length > 0 &&
    times.every((at: number) => at % DAY_MS === 0 && dateTimeFormat(at, { timeZone, format: ISO_DAY }) === isoDay(at))
  );
}

const isoDay = (at: number): string => new Date(at).toISOString().slice(0, 10);

const asDays = (field: Field): Field => ({ ...field, config: { ...field.config, unit: `time:${ISO_DAY}` } });
