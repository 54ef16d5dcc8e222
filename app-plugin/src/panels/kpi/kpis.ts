import { FieldType, type DataFrame, type Field, type FieldSparkline } from '@grafana/data';

/** A number with what it was and its way, of one currency (or of none). */
export interface Kpi {
  /** The field knows unit and decimals of all three numbers. */
  field: Field<number | null>;
  currency: string | undefined;
  value: number | null;
  /** In the period before; null without a number there, undefined where nobody asked. */
  previous: number | null | undefined;
  /** As a fraction of the number before; null without one. */
  change: number | null | undefined;
  trend: FieldSparkline | undefined;
}

/**
 * Reads answers of the data source: numbers (format numeric) whose label `period` says previous or change, and a series. Money comes
 * once per currency and makes a KPI for each.
 */
export function kpisOf(frames: readonly DataFrame[]): Kpi[] {
  const numbers = frames.filter((frame) => !timeOf(frame)).flatMap(numberFields);
  const ofPeriod = (period: string, currency: string | undefined) =>
    numbers.find(({ labels }) => labels?.period === period && labels.currency === currency)?.values.at(-1);
  return numbers
    .filter(({ labels }) => labels?.period === undefined)
    .map((field) => {
      const currency = field.labels?.currency;
      return {
        field,
        currency,
        value: field.values.at(-1) ?? null,
        previous: ofPeriod('previous', currency),
        change: ofPeriod('change', currency),
        trend: trendOf(frames, currency),
      };
    });
}

function trendOf(frames: readonly DataFrame[], currency: string | undefined): FieldSparkline | undefined {
  for (const frame of frames) {
    const x = timeOf(frame);
    const y = x && numberFields(frame).find(({ labels }) => labels?.currency === currency && labels?.period === undefined);
    // One point is no way.
    if (x && y && y.values.filter((value) => value !== null).length > 1) {
      return { x, y: onItsOwnScale(y) };
    }
  }
  return undefined;
}

/** Grafana gives all fields of a panel one range, in which weeks lie flat below their total. */
function onItsOwnScale(field: Field<number | null>): Field<number | null> {
  const values = field.values.filter((value) => value !== null);
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const room = (most - least) * 0.1 || Math.abs(most) * 0.1 || 1;
  const [min, max] = [least - room, most + room];
  return { ...field, state: { ...field.state, range: { min, max, delta: max - min } } };
}

const timeOf = (frame: DataFrame) => frame.fields.find(({ type }) => type === FieldType.time);
const numberFields = (frame: DataFrame) => frame.fields.filter(({ type }) => type === FieldType.number) as Field<number | null>[];
