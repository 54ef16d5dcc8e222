import { USERS_NEEDED, type AmcTable } from '../tables/table.ts';
import { COUNT_COLUMN, personColumn, type ColumnInfo, type Relation } from './scope.ts';
import { invalid } from './rejection.ts';
import { commonType } from './types.ts';

/** What a query gives: its columns, and which of the hidden ones can hold something. */
export interface QueryShape {
  readonly columns: readonly ColumnInfo[];
  /** How many persons a row may stand for. */
  readonly persons: number;
  readonly hasCount: boolean;
  /** An output column that is the very person of the row: counted in place of the hidden one, PostgreSQL then counts only once. */
  readonly userName?: string;
  readonly tables: readonly string[];
}

export function baseRelation(alias: string, table: AmcTable): Relation {
  const columns = table.columns.map((column): [string, ColumnInfo] => [
    column.name,
    {
      name: column.name,
      needed: USERS_NEEDED[column.threshold],
      guarded: column.threshold === 'HIGH' || column.threshold === 'VERY_HIGH',
      isUser: column.name === 'user_id',
      metric: false,
      literal: false,
      weight: 1,
      type: column.name === 'user_id' ? 'USER' : column.type,
    },
  ]);
  return { alias, columns: new Map(columns), persons: ['user_id'], tables: [table.name] };
}

export const relationOf = (alias: string, shape: QueryShape): Relation => ({
  alias,
  columns: new Map(shape.columns.map((column) => [column.name, column])),
  tables: shape.tables,
  persons: Array.from({ length: shape.persons }, (_, index) => (index === 0 && shape.userName) || personColumn(index)),
  ...(shape.hasCount && { countColumn: COUNT_COLUMN }),
});

export function renamed({ userName, ...shape }: QueryShape, names: readonly string[]): QueryShape {
  if (names.length > shape.columns.length) throw invalid('Number of column aliases exceeds the number of columns');
  const nameAt = (index: number, name: string): string => names[index] ?? name;
  const user = shape.columns.findIndex((column) => column.name === userName);
  return {
    ...shape,
    columns: shape.columns.map((column, index) => ({ ...column, name: nameAt(index, column.name) })),
    ...(userName !== undefined && { userName: nameAt(user, userName) }),
  };
}

/** Columns of a union: the strictest of both sides. A column that is NULL on one side is what it is on the other. */
export const merged = (left: QueryShape, right: QueryShape): QueryShape => ({
  ...(left.userName !== undefined &&
    left.columns.findIndex((column) => column.name === left.userName) ===
      right.columns.findIndex((column) => column.name === right.userName) && { userName: left.userName }),
  columns: left.columns.map((column, index) => {
    const other = right.columns[index] ?? column;
    const type = commonType([column.type, other.type]);
    return {
      name: column.name,
      needed: Math.max(column.needed, other.needed),
      guarded: column.guarded || other.guarded,
      isUser: column.isUser && other.isUser,
      metric: column.metric || other.metric,
      literal: column.literal || other.literal,
      weight: Math.max(column.weight, other.weight),
      ...(type && { type }),
    };
  }),
  persons: Math.max(left.persons, right.persons),
  hasCount: left.hasCount || right.hasCount,
  tables: [...new Set([...left.tables, ...right.tables])],
});

/** The longer of two ISO durations of days and hours. */
export function wider(one: string | undefined, other: string): string {
  if (one === undefined) return other;
  const hours = (text: string): number => Number(/(\d+)D/.exec(text)?.[1] ?? 0) * 24 + Number(/(\d+)H/.exec(text)?.[1] ?? 0);
  return hours(one) >= hours(other) ? one : other;
}
