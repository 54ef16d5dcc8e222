/**
 * Every row's random number `t.draw` decides what the base tables do not keep. Each idea has bits of its own, so that one
 * says nothing about another. Taken elsewhere: 12–15 (who converts without a click), 32–33 (halo), 40–43 (a second
 * click), 56–61 (when the row arrives).
 */
const SHIFT = {
  /** Four creatives in two line items, or four ad groups: the lowest bit is the line item. */
  ad: 0,
  deviceModel: 4,
  device: 7,
  sound: 9,
  played: 16,
  second: 20,
  supply: 34,
  site: 37,
  slot: 44,
  placement: 47,
  keyword: 50,
  searchTerm: 53,
} as const;

export type Idea = keyof typeof SHIFT;

/** Bits of the row's random number for the idea, as a number below 2^bits. */
export const drawn = (idea: Idea, bits: number): string => `((t.draw >> ${SHIFT[idea]}) & ${2 ** bits - 1})::int`;

/** One of the given texts by three bits. */
export const pick = (idea: Idea, ...values: readonly string[]): string => oneOf(values, `${drawn(idea, 3)} % ${values.length}`);

export const text = (value: string | null): string => (value === null ? 'NULL' : `'${value.replaceAll("'", "''")}'`);

/** The text at an index that counts from 0; NULL where the index is NULL. */
export const oneOf = (values: readonly (string | null)[], index: string): string =>
  `(ARRAY[${values.map(text).join(', ')}]::text[])[1 + ${index}]`;
