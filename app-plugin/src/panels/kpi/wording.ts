import { formattedValueToString, getValueFormat } from '@grafana/data';
import type { Kpi } from './kpis';

/** A number in the unit of its metric; a dash where there is none, such as ACOS without sales. */
export function numberText({ field }: Kpi, value: number | null): string {
  if (value === null) {
    return '–';
  }
  return formattedValueToString(field.display?.(value) ?? getValueFormat(field.config.unit)(value, field.config.decimals));
}

/** With its sign: +12.3 %. Changes of a tenth of a per cent and less are none. */
export function changeText(change: number): string {
  const rounded = Math.round(change * 1000) / 10;
  return `${rounded > 0 ? '+' : ''}${rounded.toLocaleString()} %`;
}

export type Direction = 'up' | 'down' | 'same';
export const directionOf = (change: number): Direction => (Math.abs(change) < 0.0005 ? 'same' : change > 0 ? 'up' : 'down');

/** Everything that the tile shows, as one sentence for those who listen to it. */
export function sentenceOf(title: string, kpi: Kpi): string {
  const number = `${title}: ${numberText(kpi, kpi.value)}`;
  if (kpi.change == null || kpi.previous == null) {
    return number;
  }
  return `${number}, ${changeText(kpi.change)} against ${numberText(kpi, kpi.previous)} in the period before`;
}
