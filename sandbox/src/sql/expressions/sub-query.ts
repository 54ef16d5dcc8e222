import type { SubLink } from '@pgsql/types';
import { USERS_NEEDED } from '../../tables/table.ts';
import { combine } from '../meaning.ts';
import { assertComparable } from '../privacy/guard.ts';
import { SandboxLacks } from '../rejection.ts';
import { comparedType, convert } from '../types.ts';
import { assertAmongPeople } from '../privacy/literals.ts';
import { incomparable } from './comparison.ts';
import type { Construct } from './construct.ts';

/** A sub-query as a value, IN ( … ) and EXISTS ( … ). */
export const subQuery: Construct<SubLink> = (fields, _node, work) => {
  const select = fields.subselect;
  if (!select || !('SelectStmt' in select)) throw new SandboxLacks('this kind of sub-query');
  const shape = work.subSelect(select.SelectStmt, fields.subLinkType === 'EXPR_SUBLINK' ? 'value' : 'test');
  assertAmongPeople(shape, work);
  const [column] = shape.columns;
  const found = column ? { ...combine([]), needed: column.needed, guarded: column.guarded, literal: column.literal } : combine([]);
  switch (fields.subLinkType) {
    case 'EXPR_SUBLINK':
      return column?.type ? { ...found, type: column.type } : found;
    case 'EXISTS_SUBLINK':
      // Whether there is such a row may depend on the strictest of columns; who may leave one by one is not said.
      return { ...combine([]), needed: USERS_NEEDED.MEDIUM, type: 'BOOLEAN' };
    case 'ANY_SUBLINK': {
      const test = work.of(fields.testexpr);
      assertComparable([test, found], work.dialect.open);
      const type = comparedType(test.type, column?.type);
      if (test.type !== undefined && column?.type !== undefined) {
        if (type === undefined) throw incomparable(test, { ...found, type: column.type });
        if (fields.testexpr) convert(fields.testexpr, test.type, column.type);
      }
      const needed = Math.max(...[test, found].map((part) => (part.needed === Infinity ? USERS_NEEDED.LOW : part.needed)));
      return { ...combine([test]), needed, guarded: false, type: 'BOOLEAN' };
    }
    default:
      throw new SandboxLacks('ALL and ARRAY before a sub-query');
  }
};
