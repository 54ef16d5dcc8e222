import type { Node } from '@pgsql/types';
import { EXTENDED_PREFIX, VIEW_SCHEMA } from '../../tables/views.ts';
import { constantText, functionName, sqlOf } from '../ast.ts';
import { placeOf, SqlRejected } from '../rejection.ts';
import type { Scope } from '../scope.ts';
import { baseRelation, wider } from '../shape.ts';
import { missingTable } from './missing-table.ts';
import type { QueryWork } from './query-work.ts';

/** EXTEND_TIME_WINDOW('table', 'P14D', 'P1D') in FROM: the table with days before and after the window. Periods may be lower case. */
export function addExtendedWindow(call: Node, item: Extract<Node, { RangeFunction: unknown }>, scope: Scope, work: QueryWork): boolean {
  const asked = extendedWindow(call);
  if (!asked) return false;
  const table = work.tables.get(asked.table);
  if (!table) throw missingTable(asked.table, placeOf(work.sql, undefined));
  const previous = work.extended.get(table.name);
  work.extended.set(table.name, { before: wider(previous?.before, asked.before), after: wider(previous?.after, asked.after) });
  const alias = item.RangeFunction.alias?.aliasname ?? table.name;
  const node = item as unknown as Record<string, unknown>;
  delete node.RangeFunction;
  node.RangeVar = {
    schemaname: VIEW_SCHEMA,
    relname: EXTENDED_PREFIX + table.name,
    inh: true,
    relpersistence: 'p',
    alias: { aliasname: alias },
  };
  scope.add(baseRelation(alias, table));
  return true;
}

function extendedWindow(call: Node): { table: string; before: string; after: string } | undefined {
  if (!('FuncCall' in call) || functionName(call.FuncCall) !== 'extend_time_window') return undefined;
  const [table, before, after] = (call.FuncCall.args ?? []).map(constantText);
  const periods = [before, after].map((period) => period?.toUpperCase());
  if (!table || !isDuration(periods[0]) || !isDuration(periods[1])) {
    throw new SqlRejected(`Invalid arguments to EXTEND_TIME_WINDOW: ${sqlOf(call)}`);
  }
  return { table: table.toLowerCase().replace(/^sandbox\./, ''), before: periods[0], after: periods[1] };
}

const isDuration = (text: string | undefined): text is string => /^P(?=\d|T\d)(\d+D)?(T(\d+H)?(\d+M)?(\d+S)?)?$/.test(text ?? '');
