import type { ColumnRef } from '@pgsql/types';
import { textOf } from '../ast.ts';
import { isReserved } from '../scope.ts';
import { typed } from '../meaning.ts';
import type { Construct } from './construct.ts';

/** A column, with or without its table. The columns that only the sandbox knows of are not there for anybody. */
export const column: Construct<ColumnRef> = (fields, _node, { scope }) => {
  const names = (fields.fields ?? []).map(textOf);
  const name = names.at(-1) ?? '';
  const table = names.length > 1 ? names.at(-2) : undefined;
  const found = scope.find(table, name);
  if (!found || isReserved(name)) throw scope.missing(table, name, fields.location);
  if (scope.asking && found.column.literal) scope.asked.add(found.column);
  const { type, name: _name, ...rest } = found.column;
  return typed({ ...rest, relations: new Set(found.relations), aggregates: [] }, type);
};
