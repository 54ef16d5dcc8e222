/**
 * An AMC table as the sandbox shows it: the columns that Amazon documents, with types and aggregation thresholds
 * (reference/amc.md §4.2), and the expression that makes each from the base tables.
 */
export type ScalarType = 'BOOLEAN' | 'DATE' | 'DECIMAL' | 'DOUBLE' | 'INTEGER' | 'LONG' | 'STRING' | 'TIMESTAMP';
export type ColumnType = ScalarType | 'ARRAY<INTEGER>' | 'ARRAY<LONG>';
export type ColumnKind = 'DIMENSION' | 'METRIC';
export type ThresholdLevel = 'NONE' | 'LOW' | 'MEDIUM' | 'HIGH' | 'VERY_HIGH';

/** Distinct users a row needs before a column of the level may leave; none are enough for VERY_HIGH. */
export const USERS_NEEDED: Record<ThresholdLevel, number> = { NONE: 1, LOW: 2, MEDIUM: 100, HIGH: 100, VERY_HIGH: Infinity };

/** How PostgreSQL keeps each type. DOUBLE is an exact decimal, so that sums do not depend on the order of rows. */
export const POSTGRES_TYPES: Record<ColumnType, string> = {
  BOOLEAN: 'boolean',
  DATE: 'date',
  DECIMAL: 'numeric',
  DOUBLE: 'numeric',
  INTEGER: 'integer',
  LONG: 'bigint',
  STRING: 'text',
  TIMESTAMP: 'timestamp',
  'ARRAY<INTEGER>': 'integer[]',
  'ARRAY<LONG>': 'bigint[]',
};

export interface TableColumn {
  readonly name: string;
  readonly type: ColumnType;
  readonly kind: ColumnKind;
  readonly threshold: ThresholdLevel;
  /** Over the aliases t (event) and c (campaign with its advertiser); the view casts it to the type. */
  readonly sql: string;
}

export interface AmcTable {
  readonly name: string;
  readonly description: string;
  /** Needs an instance with display advertisers. */
  readonly display: boolean;
  readonly from: string;
  /** The event time that the window selects, and the clock condition for what Amazon knows already. */
  readonly time: string;
  readonly visible: string;
  readonly where?: string;
  readonly columns: readonly TableColumn[];
}

/** SQL of columns by name. A group may hold more than one table asks for: a table takes what it is documented to have. */
export type Values = Readonly<Record<string, string>>;

/** A column that stands there for queries to name; nothing in the sandbox would fill it. */
export const UNFILLED = 'NULL';

/** The given columns, all of them with the same SQL. */
export const all = (names: readonly string[], sql: string): Values => Object.fromEntries(names.map((name) => [name, sql]));

/** Each expression rewritten, the names kept. */
export const each = (values: Values, rewrite: (sql: string) => string): Values =>
  Object.fromEntries(Object.entries(values).map(([name, sql]) => [name, rewrite(sql)]));
