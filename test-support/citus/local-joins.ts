import { eachNode } from './tree.ts';

interface RangeVar {
  relname: string;
  alias?: { aliasname: string };
}
interface JoinExpr {
  jointype: string;
  larg: unknown;
  rarg: unknown;
}
interface Write {
  relation: RangeVar;
  whereClause?: unknown;
}

/**
 * Joins of a distributed table with one that is not (a temporary one, or one of the coordinator's), in the two forms that a real Citus
 * (14.0.1) refused: a DELETE or UPDATE whose condition asks the local table for each row, and an outer join of the two as they are. A
 * sub-select around either, a materialised CTE, or IN with a sub-select of its own is computed first, and taken.
 */
export function findLocalJoins(tree: unknown, distributed: ReadonlySet<string>): string[] {
  const named = new Set<string>();
  eachNode(tree, (name, body) => {
    if (name === 'CommonTableExpr') named.add((body as { ctename: string }).ctename);
  });
  const isLocal = ({ relname }: RangeVar): boolean => !distributed.has(relname) && !named.has(relname);
  const found: string[] = [];
  eachNode(tree, (name, body) => {
    if (name === 'DeleteStmt' || name === 'UpdateStmt') found.push(...askedRowByRow(name, body as Write, distributed, isLocal));
    if (name === 'JoinExpr') found.push(...joinedOutside(body as JoinExpr, distributed, isLocal));
  });
  return found;
}

function askedRowByRow(
  statement: string,
  { relation, whereClause }: Write,
  distributed: ReadonlySet<string>,
  isLocal: (table: RangeVar) => boolean,
): string[] {
  if (!distributed.has(relation.relname)) return [];
  const found: string[] = [];
  eachNode(whereClause, (name, body) => {
    if (name !== 'SubLink') return;
    const { fromClause } = (body as { subselect: { SelectStmt: { fromClause?: unknown[] } } }).subselect.SelectStmt;
    const locals = (fromClause ?? []).flatMap(tablesOf).filter(isLocal);
    if (locals.length > 0 && mentions(body, relation.alias?.aliasname ?? relation.relname))
      found.push(...locals.map(({ relname }) => `${statement} on ${relation.relname} asks the local ${relname} for each row`));
  });
  return found;
}

function joinedOutside(
  { jointype, larg, rarg }: JoinExpr,
  distributed: ReadonlySet<string>,
  isLocal: (table: RangeVar) => boolean,
): string[] {
  if (jointype === 'JOIN_INNER') return [];
  const tables = [larg, rarg].flatMap(tablesOf);
  const [spread, local] = [tables.find(({ relname }) => distributed.has(relname)), tables.find(isLocal)];
  return spread && local ? [`${spread.relname} is joined with the local ${local.relname} by an outer join`] : [];
}

/** The tables of a FROM that stand in it as they are. */
function tablesOf(node: unknown): RangeVar[] {
  const { RangeVar: table, JoinExpr: join } = node as { RangeVar?: RangeVar; JoinExpr?: JoinExpr };
  return table ? [table] : join ? [join.larg, join.rarg].flatMap(tablesOf) : [];
}

function mentions(node: unknown, alias: string): boolean {
  let found = false;
  eachNode(node, (name, body) => {
    if (name !== 'ColumnRef') return;
    const [first, second] = (body as { fields: { String?: { sval: string } }[] }).fields;
    found ||= second !== undefined && first?.String?.sval === alias;
  });
  return found;
}
