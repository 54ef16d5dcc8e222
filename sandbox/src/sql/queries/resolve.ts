import type { SelectStmt } from '@pgsql/types';
import type { AmcTable } from '../../tables/table.ts';
import { textOf } from '../ast.ts';
import type { DialectContext } from '../dialect.ts';
import { Translator } from '../expressions/translate.ts';
import { invalid, SandboxLacks } from '../rejection.ts';
import { Scope } from '../scope.ts';
import { renamed } from '../shape.ts';
import { addFrom } from './from.ts';
import type { Ctes, QueryWork } from './query-work.ts';
import { single } from './select.ts';
import { union } from './union.ts';
import { values } from './values.ts';

/** Resolves every name of a query against an instance's tables, and makes every sub-query carry the people behind its rows. */
export function resolver(sql: string, tables: ReadonlyMap<string, AmcTable>, dialect: DialectContext): QueryWork {
  let aliases = 0;
  let inSight: Ctes = new Map();
  const translator = new Translator(sql, dialect, (select, scope, mode) => work.query(select, inSight, scope, mode));
  const work: QueryWork = {
    sql,
    tables,
    open: dialect.open,
    extended: new Map(),
    groups: 0,
    freshAlias: () => `amc_sub${++aliases}`,
    read: (node, scope, ctes) => {
      const before = inSight;
      inSight = ctes;
      try {
        return translator.read(node, scope);
      } finally {
        inSight = before;
      }
    },
    query: (select, outer, parent, mode) => {
      assertPlain(select);
      const ctes = resolveCtes(select, outer, work);
      if (select.op && select.op !== 'SETOP_NONE') return union(select, ctes, parent, mode, work);
      if (select.valuesLists?.length) return values(select, parent, mode, work);
      const scope = new Scope(sql, parent);
      for (const item of select.fromClause ?? []) addFrom(item, scope, ctes, work);
      return single(select, scope, ctes, mode, work);
    },
  };
  return work;
}

/** The CTEs of a statement, by name; each is resolved with those before it in sight. */
export function resolveCtes(select: SelectStmt, outer: Ctes, work: QueryWork): Ctes {
  const known = new Map(outer);
  for (const node of select.withClause?.ctes ?? []) {
    if (!('CommonTableExpr' in node)) continue;
    const cte = node.CommonTableExpr;
    const query = cte.ctequery;
    if (!query || !('SelectStmt' in query)) throw invalid('WITH may hold only SELECT');
    const shape = work.query(query.SelectStmt, known, undefined, 'rows');
    known.set(cte.ctename ?? '', renamed(shape, (cte.aliascolnames ?? []).map(textOf)));
  }
  return known;
}

function assertPlain(select: SelectStmt): void {
  if (select.limitCount || select.limitOffset) throw invalid('LIMIT is not supported.');
  if (select.lockingClause?.length) throw invalid('FOR UPDATE is not supported.');
  if (select.distinctClause?.some((node) => Object.keys(node).length > 0)) throw invalid('DISTINCT ON is not supported.');
  if (select.op === 'SETOP_INTERSECT' || select.op === 'SETOP_EXCEPT') throw new SandboxLacks(select.op.slice(6));
}
