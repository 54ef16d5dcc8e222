import { FieldType, toDataFrame } from '@grafana/data';
import { withDays } from './days';

const MONDAY = Date.UTC(2026, 10, 2);
const table = (values: Array<number | null>, part: object = {}) =>
  toDataFrame({
    meta: { type: 'table' },
    fields: [
      { name: 'week', type: FieldType.time, values },
      { name: 'rows', type: FieldType.number, values: values.map(() => 0) },
    ],
    ...part,
  });
const units = (frame: ReturnType<typeof table>, timeZone = 'utc') => withDays(frame, timeZone).fields.map(({ config }) => config.unit);

it('shows a column of midnights as days, wherever it is the same day', () => {
  expect(units(table([MONDAY, null]))).toEqual(['time:YYYY-MM-DD', undefined]);
  expect(units(table([MONDAY]), 'Asia/Tokyo')).toEqual(['time:YYYY-MM-DD', undefined]);
});

it('leaves the time where midnight UTC is on the day before, and where there are moments', () => {
  expect(units(table([MONDAY]), 'America/New_York')).toEqual([undefined, undefined]);
  expect(units(table([MONDAY, MONDAY + 1]))).toEqual([undefined, undefined]);
  expect(units(table([null]))).toEqual([undefined, undefined]);
});

it('leaves a series alone, whose axis has its own words for time', () => {
  expect(units(table([MONDAY], { meta: { type: 'timeseries-multi' } }))).toEqual([undefined, undefined]);
});
