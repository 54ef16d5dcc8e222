import { comparedType, isNumber, postgresType, tolerantCast } from '../../types.ts';
import type { Call } from '../define.ts';

/** $1 IN ($2, $3, …), each brought to a type in which it compares with the first. */
export function inValues(call: Call): string {
  const [value, ...others] = call.types;
  const target = others.reduce((kept, type) => comparedType(kept, type), value);
  const as = (index: number): string => {
    const type = call.types[index];
    const place = `$${index + 1}`;
    if (target === undefined || type === undefined || type === target || (isNumber(type) && isNumber(target))) return place;
    const tolerant = type === 'STRING' && call.texts[index] === undefined ? tolerantCast(target) : undefined;
    return tolerant ? tolerant.replace('$1', place) : `CAST(${place} AS ${postgresType(target)})`;
  };
  return `${as(0)} IN (${others.map((_, index) => as(index + 1)).join(', ')})`;
}
