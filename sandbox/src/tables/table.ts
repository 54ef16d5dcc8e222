/**
 * An AMC table as the sandbox shows it: columns with Amazon's types and aggregation thresholds (reference/amc.md §4.2)
 * and the expression that makes each from the base tables.
 */
export type ScalarType = 'BOOLEAN' | 'DATE' | 'DECIMAL' | 'DOUBLE' | 'INTEGER' | 'LONG' | 'STRING' | 'TIMESTAMP';
export type ThresholdLevel = 'NONE' | 'LOW' | 'MEDIUM' | 'HIGH' | 'VERY_HIGH';

/** Distinct users a row needs before a column of the level may leave; none are enough for VERY_HIGH. */
export const USERS_NEEDED: Record<ThresholdLevel, number> = { NONE: 1, LOW: 2, MEDIUM: 100, HIGH: 100, VERY_HIGH: Infinity };

export interface TableColumn {
  readonly name: string;
  readonly type: ScalarType;
  readonly threshold: ThresholdLevel;
  /** Over the aliases t (event) and c (campaign with its advertiser). */
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

export const metric = (name: string, sql: string, type: ScalarType = 'LONG'): TableColumn => ({ name, type, threshold: 'NONE', sql });
export const low = (name: string, sql: string, type: ScalarType = 'STRING'): TableColumn => ({ name, type, threshold: 'LOW', sql });
export const medium = (name: string, sql: string, type: ScalarType): TableColumn => ({ name, type, threshold: 'MEDIUM', sql });
export const high = (name: string, sql: string, type: ScalarType = 'STRING'): TableColumn => ({ name, type, threshold: 'HIGH', sql });
export const veryHigh = (name: string, sql: string, type: ScalarType = 'STRING'): TableColumn => ({
  name,
  type,
  threshold: 'VERY_HIGH',
  sql,
});

/** Amazon's user_id is a string; the sandbox keeps it a number, four times as quick to count. It never leaves, so nobody sees. */
export const USER_ID = veryHigh('user_id', 't.user_id', 'LONG');
