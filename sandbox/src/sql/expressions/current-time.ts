import type { SQLValueFunction } from '@pgsql/types';
import { become, expression, quoteText } from '../ast.ts';
import { LITERAL } from '../meaning.ts';
import type { Construct } from './construct.ts';

export const timestampConstant = (text: string): string => `CAST(${quoteText(text)} AS timestamp)`;

/** CURRENT_DATE and CURRENT_TIMESTAMP: in UTC, and the sandbox's now, not the machine's. */
export const currentTime: Construct<SQLValueFunction> = (fields, node, { dialect }) => {
  const date = fields.op === 'SVFOP_CURRENT_DATE';
  become(node, expression(date ? `CAST(${quoteText(dialect.now.slice(0, 10))} AS date)` : timestampConstant(dialect.now)));
  return { ...LITERAL, type: date ? 'DATE' : 'TIMESTAMP' };
};
