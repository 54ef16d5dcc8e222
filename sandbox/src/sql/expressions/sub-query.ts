import type { SubLink } from '@pgsql/types';
import { combine } from '../meaning.ts';
import { assertNoLiteral } from '../privacy/guard.ts';
import { SandboxLacks } from '../rejection.ts';
import { comparedType, convert } from '../types.ts';
import { incomparable } from './comparison.ts';
import type { Construct } from './construct.ts';

/** A sub-query as a value, IN ( … ) and EXISTS ( … ). */
export const subQuery: Construct<SubLink> = (fields, _node, work) => {
  const select = fields.subselect;
  const [column] = select && 'SelectStmt' in select ? work.subSelect(select.SelectStmt) : [];
  const found = column ? { ...combine([]), needed: column.needed, guarded: column.guarded, literal: column.literal } : combine([]);
  switch (fields.subLinkType) {
    case 'EXPR_SUBLINK':
      return column?.type ? { ...found, type: column.type } : found;
    case 'EXISTS_SUBLINK':
      return { ...combine([]), type: 'BOOLEAN' };
    case 'ANY_SUBLINK': {
      const test = work.of(fields.testexpr);
      assertNoLiteral([test, found], work.dialect.open);
      const type = comparedType(test.type, column?.type);
      if (test.type !== undefined && column?.type !== undefined) {
        if (type === undefined) throw incomparable(test, { ...found, type: column.type });
        if (fields.testexpr) convert(fields.testexpr, test.type, column.type);
      }
      return { ...combine([test]), needed: Math.min(test.needed, 2), guarded: false, type: 'BOOLEAN' };
    }
    default:
      throw new SandboxLacks('ALL and ARRAY before a sub-query');
  }
};
