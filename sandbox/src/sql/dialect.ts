import type { ScalarType } from '../tables/table.ts';

export interface ParameterValue {
  readonly dataType: ScalarType | 'FLOAT' | 'SHORT' | 'BYTE' | 'BINARY' | 'CALENDAR_INTERVAL' | 'ARRAY';
  /** Of an ARRAY. */
  readonly elementType?: string;
  readonly value: unknown;
}

/** What a query's answer depends on beside its text. */
export interface DialectContext {
  /** UTC, yyyy-MM-dd HH:mm:ss. */
  readonly windowStart: string;
  readonly windowEnd: string;
  readonly now: string;
  /** Declared parameters by their case-sensitive names. */
  readonly parameters: ReadonlyMap<string, ParameterValue>;
  /** Amazon's sandbox instances without aggregation controls: events themselves may leave. */
  readonly open: boolean;
}
