import { elementOf, isNumber, postgresType, tolerantCast } from '../../types.ts';
import type { Call } from '../define.ts';

/** An argument as a value that compares with the elements of the array before it. */
export function elementLike(call: Call, index: number): string {
  const element = elementOf(call.types[0]);
  const type = call.types[index];
  const place = `$${index + 1}`;
  if (element === undefined || type === undefined || type === element || (isNumber(type) && isNumber(element))) return place;
  const tolerant = type === 'STRING' && call.texts[index] === undefined ? tolerantCast(element) : undefined;
  return tolerant ? tolerant.replace('$1', place) : `CAST(${place} AS ${postgresType(element)})`;
}
