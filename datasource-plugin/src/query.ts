import type { Calculated, Filter, Goal, MetricFilter, MetricQuery, MetricQueryInput } from '@amc-reports/collector-service/contract';
import type { DataQuery } from '@grafana/schema';

/** The version of the query model that this plugin writes; migrations.ts lifts older ones to it. */
export const QUERY_VERSION = 2;

/** What a filter means is the contract's word; the operator may be left out there, here it is always said. */
export interface AmcFilter extends Filter {
  /**
   * Those of the values that read like a dashboard variable and are none: names chosen from the list, or filled in. They are data,
   * also where no variable has a value. For Grafana only; the collector gets the values alone.
   */
  fixed?: string[];
}

export type { Calculated, Goal, MetricFilter };
export type QueryType = MetricQuery['queryType'];

/**
 * A question as dashboards, alert rules and links save it: the contract's metric query with fields of our own.
 * Every field may be missing; it then means what the contract says, here and in the Go backend alike.
 */
export interface AmcQuery extends DataQuery, Omit<MetricQueryInput, 'refId' | 'queryType' | 'filters'> {
  version?: number;
  /** How the editor shows the query; code for one that was last written as JSON. */
  editorMode?: 'builder' | 'code';
  queryType?: QueryType;
  filters?: AmcFilter[];
  /** AMC instance ids or dashboard variables; empty or missing means every instance that the token may see. */
  instances?: string[];
  /** Set on the way to the backend, never saved: variables were filled in. */
  interpolated?: true;
  /** Set on the way to the backend, never saved: the zone (IANA) in which the range was chosen, which the backend is not told. */
  timeZone?: string;
}
