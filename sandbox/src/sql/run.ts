import type pg from 'pg';
import type { AmcTable, ScalarType } from '../tables/table.ts';
import { AMC_TABLES } from '../tables/all.ts';
import { compileQuery, type CompiledQuery } from './compile.ts';
import type { DialectContext } from './dialect.ts';
import { failureOf, rejectionOf } from './errors.ts';
import { filtered, unfiltered, type PrivacyOptions } from './privacy/filter.ts';
import type { SqlType } from './types.ts';

/** Most rows a result may have; a client that wants more is told so, as it would run out of patience with Amazon. */
export const MAX_RESULT_ROWS = 500_000;

export interface OutputColumn {
  readonly name: string;
  readonly columnType: 'DIMENSION' | 'METRIC';
  readonly dataType: ScalarType;
}

export interface QueryView {
  readonly tables: ReadonlyMap<string, AmcTable>;
  /** Keys of the advertisers whose events count. */
  readonly advertisers: readonly number[];
  readonly display: boolean;
  /** UTC, yyyy-MM-dd HH:mm:ss; rows before it are past Amazon's 13 months. */
  readonly historyStart: string;
}

export interface QueryRequest extends DialectContext {
  readonly sql: string;
  readonly view: QueryView;
  readonly privacy: PrivacyOptions;
}

export interface CheckedQuery {
  readonly compiled: CompiledQuery;
  readonly numeric: readonly boolean[];
  /** Columns that hold lists or rows. */
  readonly lists: readonly boolean[];
  readonly output: readonly OutputColumn[];
}

export interface QueryResult {
  readonly output: readonly OutputColumn[];
  /** Text as PostgreSQL writes it, or null. */
  readonly rows: (string | null)[][];
  /** Rows that fell under a threshold, before anything was merged. */
  readonly suppressedRows: number;
  readonly totalRows: number;
}

/** jsonb (NAMED_ROW) and arrays of what AMC has. */
const LIST_TYPES = new Set([3802, 3807, 1000, 1005, 1007, 1009, 1015, 1016, 1115, 1182, 1231]);
const NUMERIC_TYPES = new Set([20, 21, 23, 700, 701, 1700]);
// prettier-ignore
const DATA_TYPES: Record<number, ScalarType> = {
  16: 'BOOLEAN', 20: 'LONG', 21: 'INTEGER', 23: 'INTEGER', 1700: 'DECIMAL', 701: 'DOUBLE', 1082: 'DATE', 1114: 'TIMESTAMP',
};

/** Keeps values as PostgreSQL writes them: numbers stay exact. */
const AS_TEXT = { getTypeParser: () => (value: string) => value };

/** Parses, checks and lets PostgreSQL plan the query, without running it. @throws SqlRejected */
export async function checkQuery(reader: pg.Pool, request: QueryRequest): Promise<CheckedQuery> {
  const compiled = compileQuery(request.sql, request.view.tables, request);
  const fields = await inReadOnly(reader, request, compiled, async (client) => {
    const { fields } = await client.query({
      text: `SELECT * FROM (${unfiltered(compiled)}) AS amc_check LIMIT 0`,
      rowMode: 'array',
      queryMode: 'extended',
    } as pg.QueryArrayConfig);
    return fields;
  }).catch((error: unknown) => {
    throw failureOf(rejectionOf(error));
  });
  const numeric = compiled.columns.map((_, index) => NUMERIC_TYPES.has(fields[index]?.dataTypeID ?? 0));
  const lists = compiled.columns.map((_, index) => LIST_TYPES.has(fields[index]?.dataTypeID ?? 0));
  const output = compiled.columns.map((column, index): OutputColumn => ({
    name: column.name,
    columnType: column.metric && numeric[index] ? 'METRIC' : 'DIMENSION',
    dataType: dataType(column.type, fields[index]?.dataTypeID ?? 0),
  }));
  return { compiled, numeric, lists, output };
}

/** Sums of LONGs are numeric to PostgreSQL and LONG to Amazon; of DOUBLEs, DOUBLE. A person's id is a text. */
const dataType = (declared: SqlType | undefined, oid: number): ScalarType =>
  declared === 'USER'
    ? 'STRING'
    : oid === 1700 && (declared === 'LONG' || declared === 'DOUBLE' || declared === 'INTEGER')
      ? declared
      : (DATA_TYPES[oid] ?? 'STRING');

/** Runs a checked query under the reader's login. @throws SqlRejected or, when it computes too long, an Error */
export async function runQuery(reader: pg.Pool, request: QueryRequest, checked: CheckedQuery): Promise<QueryResult> {
  const { sql, added } = filtered(checked.compiled, checked.numeric, request.privacy);
  const width = checked.output.length + added.length;
  const names = Array.from({ length: width }, (_, index) => `c${index + 1}`);
  const shown = names.map((name, index) => (checked.lists[index] ? `to_json(${name})` : name));
  const raw = await inReadOnly(reader, request, checked.compiled, async (client) => {
    const result = await client.query<(string | null)[]>({
      text: `SELECT ${shown.join(', ')}, amc_hidden, amc_source_rows FROM (${sql}) AS amc_result(${names.join(', ')}) LIMIT ${MAX_RESULT_ROWS + 1}`,
      rowMode: 'array',
      queryMode: 'extended',
      types: AS_TEXT,
    } as pg.QueryArrayConfig);
    return result.rows;
  }).catch((error: unknown) => {
    throw failureOf(error);
  });
  if (raw.length > MAX_RESULT_ROWS) throw new Error(`The result has more than ${MAX_RESULT_ROWS} rows`);
  const removes = !request.privacy.open && request.privacy.discriminatorColumn === undefined && request.privacy.behaviour === 'REMOVE_ROWS';
  let suppressedRows = 0;
  let totalRows = 0;
  const rows: (string | null)[][] = [];
  for (const row of raw) {
    const sourceRows = Number(row[width + 1]);
    const hidden = row[width] === 't';
    totalRows += sourceRows;
    if (hidden) suppressedRows += sourceRows;
    if (!(hidden && removes))
      rows.push(row.slice(0, width).map((value, index) => (checked.lists[index] && value !== null ? listText(value) : value)));
  }
  const output = [
    ...checked.output,
    ...added.map((column): OutputColumn => ({ name: column.name, columnType: 'DIMENSION', dataType: column.dataType })),
  ];
  return { output, rows, suppressedRows, totalRows };
}

/** Lists as Amazon writes them: [[1, Tents], [2, Lamps]]. */
const listText = (json: string): string =>
  json.replace(/"(?:[^"\\]|\\.)*"|,\s*/g, (part) => (part.startsWith('"') ? (JSON.parse(part) as string) : ', '));

async function inReadOnly<T>(
  reader: pg.Pool,
  request: QueryRequest,
  compiled: CompiledQuery,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  const client = await reader.connect();
  try {
    await client.query(`BEGIN READ ONLY; ${settings(request, compiled)}`);
    return await work(client);
  } finally {
    await client.query('ROLLBACK').catch(() => {});
    client.release();
  }
}

/** The session settings that the views filter by (tables/views.ts). Every value is the sandbox's own, none comes out of a request as it is. */
function settings(request: QueryRequest, compiled: CompiledQuery): string {
  const values: Record<string, string> = {
    window_start: request.windowStart,
    window_end: request.windowEnd,
    history_start: request.view.historyStart,
    now: request.now,
    advertisers: request.view.advertisers.join(','),
    display: request.view.display ? 'on' : 'off',
  };
  for (const table of AMC_TABLES) {
    const extent = compiled.extended.get(table.name);
    values[`before_${table.name}`] = extent?.before ?? 'P0D';
    values[`after_${table.name}`] = extent?.after ?? 'P0D';
  }
  return Object.entries(values)
    .map(([name, value]) => `SET LOCAL amc.${name} = '${value.replaceAll("'", "''")}'`)
    .join('; ');
}
