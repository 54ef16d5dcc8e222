import { combine, type Meaning } from '../meaning.ts';
import { ordersItself } from '../functions/define.ts';
import { invalid, SandboxLacks } from '../rejection.ts';
import type { Work } from './construct.ts';
import type { ReadCall } from './read-call.ts';

/** Window functions that tell a place or a number of rows, and nothing of what the rows hold. */
const PLACES = new Set(['ROW_NUMBER', 'RANK', 'DENSE_RANK', 'PERCENT_RANK', 'CUME_DIST', 'NTILE', 'COUNT']);

/** A call with OVER: a rank or a count tells nothing of what it was partitioned and ordered by; other functions give a value of their arguments. */
export function windowed({ fields, parts, known }: ReadCall, work: Work): Meaning {
  if (known.kind === undefined) throw invalid(`OVER must be applied to aggregate function, not to ${known.name}`);
  if (ordersItself(known)) throw new SandboxLacks(`${known.name} as a window function`);
  if (fields.agg_distinct) throw invalid('DISTINCT is not allowed in a window function');
  const window = fields.over;
  const around = [
    ...(window?.partitionClause ?? []),
    ...(window?.orderClause ?? []),
    window?.startOffset,
    window?.endOffset,
    fields.agg_filter,
  ];
  const value = combine(parts);
  const all = combine([value, ...around.filter((node) => node !== undefined).map(work.of)]);
  const tellsPlace = PLACES.has(known.name);
  return {
    ...all,
    needed: tellsPlace ? 1 : value.needed,
    guarded: tellsPlace ? false : value.guarded,
    literal: tellsPlace ? false : value.literal,
    metric: false,
  };
}
