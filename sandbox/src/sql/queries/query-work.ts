import type { Node, SelectStmt } from '@pgsql/types';
import type { AmcTable } from '../../tables/table.ts';
import type { Meaning } from '../meaning.ts';
import type { Scope } from '../scope.ts';
import type { QueryShape } from '../shape.ts';

/**
 * What a query is for: rows that carry the people behind them along in hidden columns; rows that are only looked for (IN,
 * EXISTS), where such columns would change the meaning; or one value, which is judged on the spot.
 */
export type QueryMode = 'rows' | 'test' | 'value';

export type Ctes = ReadonlyMap<string, QueryShape>;

/** What the parts of a query share while its names are resolved. */
export interface QueryWork {
  readonly sql: string;
  readonly tables: ReadonlyMap<string, AmcTable>;
  /** Nothing is hidden: Amazon's sandbox instances without aggregation controls. */
  readonly open: boolean;
  /** Widest window asked for each table by EXTEND_TIME_WINDOW. */
  readonly extended: Map<string, { before: string; after: string }>;
  /** Queries so far whose rows are groups: by an aggregate, GROUP BY or DISTINCT. Amazon wants one at least. */
  groups: number;
  /** A name for what the query left without one. */
  freshAlias(): string;
  /** Reads an expression of a query that has these CTEs in sight, and turns it into PostgreSQL's. */
  read(node: Node | undefined, scope: Scope, ctes: Ctes): Meaning;
  /** Resolves a query in place. */
  query(select: SelectStmt, outer: Ctes, parent: Scope | undefined, mode: QueryMode): QueryShape;
}
