import type { A_ArrayExpr, A_Indirection } from '@pgsql/types';
import { become, template } from '../ast.ts';
import { combine } from '../meaning.ts';
import { assertApart } from '../privacy/guard.ts';
import { invalid, SandboxLacks } from '../rejection.ts';
import { arrayOf, elementOf, isArray } from '../types.ts';
import { oneOf } from './case.ts';
import type { Construct } from './construct.ts';

/** ARRAY[a, b]. */
export const arrayOfValues: Construct<A_ArrayExpr> = (fields, _node, work) => {
  const nodes = fields.elements ?? [];
  const meaning = oneOf(nodes, nodes.map(work.of), work);
  return { ...meaning, type: arrayOf(meaning.type) };
};

/** (array)[2], counted from one, and (map)['key']; NULL where nothing is. */
export const element: Construct<A_Indirection> = (fields, node, work) => {
  const [index, ...more] = (fields.indirection ?? []).map((part) => ('A_Indices' in part ? part.A_Indices : undefined));
  if (!index || more.length > 0 || index.is_slice || !index.uidx || !fields.arg) throw new SandboxLacks('this kind of subscript');
  const [whole, place] = [work.of(fields.arg), work.of(index.uidx)];
  if (whole.type === 'MAP') assertApart([whole, place], 'an element', work.dialect.open);
  const meaning = combine([whole, place]);
  if (whole.type === 'MAP') {
    become(node, template('$1 ->> CAST($2 AS text)', [fields.arg, index.uidx]));
    return { ...meaning, type: 'STRING' };
  }
  if (whole.type !== undefined && !isArray(whole.type)) throw invalid("Cannot apply 'ITEM' to a value that is neither an array nor a map");
  become(node, template('amc.element($1, CAST($2 AS int4))', [fields.arg, index.uidx]));
  const type = elementOf(whole.type);
  return type ? { ...meaning, type } : meaning;
};
