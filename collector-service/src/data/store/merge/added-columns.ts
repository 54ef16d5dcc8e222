import { compareHeader } from '../../resultfile/header.ts';
import type { MergeInput } from './input.ts';

/**
 * Columns of the file that the dataset does not know: Amazon added them, or a person who wrote the query. Nothing is lost by keeping
 * them, so they are staged as text and stored beside the row (`extra`), never in its key.
 */
export const addedColumns = ({ dataset, parts }: Pick<MergeInput, 'dataset' | 'parts'>): string[] => [
  ...new Set(parts.flatMap((part) => compareHeader(dataset.columns, part.header).added)),
];

/** Name of the staging column of an added one. Begins with an underscore, as no column of a dataset does. */
export const stagedAdded = (index: number): string => `_added_${index}`;

/**
 * Every added value of a row by its column's name, or NULL when there is none: a row without them is the same row whether the file had
 * the columns or not. Immutable, as a generated column must be (jsonb_build_object is not).
 */
export const extraOf = (added: readonly string[]): string => {
  const names = added.map((name) => `'${name.replaceAll("'", "''")}'`);
  return `nullif(jsonb_strip_nulls(jsonb_object(ARRAY[${names.join(', ')}]::text[], ARRAY[${added.map((_, index) => stagedAdded(index)).join(', ')}]::text[])), '{}'::jsonb)`;
};
