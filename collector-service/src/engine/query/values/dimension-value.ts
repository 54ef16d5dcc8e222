import type { Dimension } from '../../../data/catalogue/dataset.ts';
import { SUPPRESSED, UNKNOWN } from '../../../data/catalogue/tables.ts';

export const SUPPRESSED_TITLE = '(suppressed)';
export const UNKNOWN_TITLE = '(unknown)';

/** A stored value as a person reads it. */
export function shownValue(dimension: Dimension | undefined, stored: string): string {
  if (stored === SUPPRESSED) return SUPPRESSED_TITLE;
  if (stored === UNKNOWN) return UNKNOWN_TITLE;
  return dimension?.labels?.[stored] ?? stored;
}

/** Stored values that a written value may mean: itself, and what is shown that way. */
export function storedValue(dimension: Dimension | undefined, written: string): string[] {
  if (written === SUPPRESSED_TITLE) return [SUPPRESSED];
  if (written === UNKNOWN_TITLE) return [UNKNOWN];
  const labelled = Object.entries(dimension?.labels ?? {}).filter(([value, label]) => label === written && value !== written);
  return [written, ...labelled.map(([value]) => value)];
}

/** Stored values whose label contains one of the texts, in any case. */
export function valuesLabelled(dimension: Dimension | undefined, texts: readonly string[]): string[] {
  const wanted = texts.map((text) => text.toLowerCase());
  return Object.entries(dimension?.labels ?? {})
    .filter(([, label]) => wanted.some((text) => label.toLowerCase().includes(text)))
    .map(([value]) => value);
}
