import { ordersItself } from '../functions/define.ts';
import { combine, type Meaning } from '../meaning.ts';
import { onlyConstants } from '../privacy/literals.ts';
import { invalid, SandboxLacks } from '../rejection.ts';
import type { Work } from './construct.ts';
import type { ReadCall } from './read-call.ts';

/** An aggregate over the rows of a group. */
export function aggregate({ fields, nodes, parts, known }: ReadCall, work: Work): Meaning {
  if (fields.agg_distinct && ordersItself(known)) throw new SandboxLacks(`DISTINCT in ${known.name}`);
  if (fields.agg_order?.length) throw new SandboxLacks(`ORDER BY inside ${known.name}`);
  const filter = fields.agg_filter;
  const all = combine([...parts, ...(filter ? [work.of(filter)] : [])]);
  if (all.aggregates.length > 0) throw invalid('Aggregate expressions cannot be nested');
  const [argument] = nodes;
  const counts = known.name === 'COUNT';
  return {
    // Counting reveals nothing of the value counted; every other aggregate may be the value itself.
    needed: onlyConstants(work.scope) ? 0 : counts ? 1 : Math.max(1, all.needed),
    guarded: counts ? false : all.guarded,
    isUser: false,
    // A number of rows is as good as written where the rows are constants.
    literal: counts || all.literal,
    // Amazon itself calls a count of distinct users a dimension (reference/amc.md §3.3): it must not be summed.
    metric: !(counts && fields.agg_distinct),
    relations: all.relations,
    weight: all.weight,
    aggregates: [
      {
        name: known.name,
        ...(argument && { argument }),
        ...(filter && { filter }),
        ofUser: parts.length === 1 && (parts[0]?.isUser ?? false),
        guarded: combine(parts).guarded,
        relations: all.relations,
      },
    ],
  };
}
