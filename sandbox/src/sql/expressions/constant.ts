import type { A_Const } from '@pgsql/types';
import { combine, LITERAL } from '../meaning.ts';
import { invalid } from '../rejection.ts';
import type { Construct } from './construct.ts';

/** Numbers, texts, TRUE, FALSE and NULL. */
export const constant: Construct<A_Const> = (fields) => {
  if (fields.isnull) return { ...combine([]), type: 'NULL' };
  if (fields.sval) return { ...LITERAL, type: 'STRING', text: fields.sval.sval ?? '' };
  if (fields.boolval) return { ...LITERAL, type: 'BOOLEAN' };
  if (fields.bsval) throw invalid('Bit strings are not supported.');
  if (fields.ival) return { ...LITERAL, type: 'INTEGER', text: String(fields.ival.ival ?? 0) };
  const number = fields.fval?.fval ?? '';
  return { ...LITERAL, type: /^\d+$/.test(number) ? 'LONG' : /e/i.test(number) ? 'DOUBLE' : 'DECIMAL', text: number };
};
