import { combine, type Meaning } from '../meaning.ts';
import { ordersItself } from '../functions/define.ts';
import { onlyConstants } from '../privacy/literals.ts';
import { invalid, SandboxLacks } from '../rejection.ts';
import type { Work } from './construct.ts';
import type { ReadCall } from './read-call.ts';

/** Window functions that tell a place or a number of rows, and nothing of what the rows hold. */
const PLACES = new Set(['ROW_NUMBER', 'RANK', 'DENSE_RANK', 'PERCENT_RANK', 'CUME_DIST', 'NTILE', 'COUNT']);

/** Those that give a row's own value to another row; the others add up. */
const VALUES = new Set(['LAG', 'LEAD', 'FIRST_VALUE', 'LAST_VALUE', 'NTH_VALUE', 'MIN', 'MAX', 'COLLECT']);

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
  const constants = onlyConstants(work.scope);
  if (PLACES.has(known.name)) return { ...all, needed: constants ? 0 : 1, guarded: false, literal: true, metric: false };
  // The value is another row's, and with it another person's, unless all rows of the window are one person's.
  const ofOne = (window?.partitionClause ?? []).map(work.of).some((key) => key.isUser || key.needed === Infinity);
  const sums = !VALUES.has(known.name) && !value.guarded;
  if (value.needed > 1 && !sums && !ofOne && !constants && !work.dialect.open) {
    throw new SandboxLacks(`${known.name} over rows of several people (PARTITION BY user_id makes them one person's)`);
  }
  return { ...all, needed: value.needed, guarded: value.guarded, literal: value.literal, metric: false };
}
