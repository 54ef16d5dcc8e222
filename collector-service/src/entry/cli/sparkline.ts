const BARS = '▁▂▃▄▅▆▇█';

/** A number per character, scaled between the lowest and the highest; a gap where there is none. */
export function sparkline(values: readonly (number | null)[]): string {
  const known = values.filter((value): value is number => value !== null);
  const low = Math.min(...known);
  const span = Math.max(...known) - low;
  return values
    .map((value) => (value === null ? ' ' : BARS[span === 0 ? 3 : Math.round(((value - low) / span) * (BARS.length - 1))]))
    .join('');
}
