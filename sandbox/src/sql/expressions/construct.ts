import type { Node, SelectStmt } from '@pgsql/types';
import type { Meaning } from '../meaning.ts';
import type { Scope } from '../scope.ts';
import type { QueryShape } from '../shape.ts';
import type { DialectContext } from '../dialect.ts';

/** What a construct may ask while it is read and turned into PostgreSQL's. */
export interface Work {
  readonly scope: Scope;
  readonly dialect: DialectContext;
  /** Reads an expression below this one; a second time it only tells what it found. */
  of(node: Node | undefined): Meaning;
  /** Resolves a sub-query in an expression: as a value, or to look for rows. */
  subSelect(select: SelectStmt, mode: 'test' | 'value'): QueryShape;
  /** A place in the query for error texts. */
  at(location: number | undefined, length?: number): string;
}

/**
 * Reads one kind of node: finds its columns, says what it means, and puts PostgreSQL's form in its place where the two
 * differ. @throws SqlRejected for what Amazon refuses
 */
export type Construct<Fields> = (fields: Fields, node: Node, work: Work) => Meaning;
