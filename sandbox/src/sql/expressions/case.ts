import type { CaseExpr, Node } from '@pgsql/types';
import { combine, type Meaning } from '../meaning.ts';
import { commonType, convert } from '../types.ts';
import { assertApart } from '../privacy/guard.ts';
import { compared } from './comparison.ts';
import type { Construct, Work } from './construct.ts';

/** CASE in both forms. Its values get one type, text where texts and numbers mix. */
export const caseWhen: Construct<CaseExpr> = (fields, _node, work) => {
  const whens = (fields.args ?? []).flatMap((when) => ('CaseWhen' in when ? [when.CaseWhen] : []));
  const conditions = whens.map((when) => when.expr).filter((node): node is Node => node !== undefined);
  const tests = fields.arg ? [compared(fields.arg, conditions, work)] : conditions.map(work.of);
  const values = [...whens.map((when) => when.result), fields.defresult].filter((node): node is Node => node !== undefined);
  return oneOf(values, values.map(work.of), work, tests);
};

/** One of several values, by conditions: as strict as all of them; whether a literal comes out is a matter of the values alone. */
export function oneOf(nodes: readonly Node[], values: readonly Meaning[], work: Work, conditions: readonly Meaning[] = []): Meaning {
  assertApart(values, 'CASE, COALESCE or an array', work.dialect.open);
  const type = commonType(values.map((value) => value.type));
  nodes.forEach((node, index) => convert(node, values[index]?.type, type));
  const meaning = { ...combine([...values, ...conditions]), literal: values.some((value) => value.literal) };
  return type ? { ...meaning, type } : meaning;
}
