import type { Metric } from '../../data/catalogue/dataset.ts';
import type { Freshness, Notice } from '../../contract/frame.ts';
import type { IsoDate } from '../../ground/calendar/week.ts';
import type { Value } from './metrics/currency-columns.ts';
import type { Grain } from './plan/grain.ts';

/** A number's column in an answer, ready to be shown. */
export interface ResultColumn {
  metric: Metric;
  /** As shown: an ISO code, or (unknown). Null for counts. */
  currency: string | null;
  period: 'current' | 'previous' | 'change';
  /** Says the currency too when the metric has several. */
  title: string;
}

export interface ResultRow {
  bucket: IsoDate | null;
  /** As shown, in the order of the dimensions. */
  group: readonly string[];
  /** One for each column. */
  values: readonly Value[];
}

/** The answer to one metric query, before it takes the form of frames. */
export interface Result {
  refId: string;
  grain: Grain;
  dimensions: readonly { name: string; title: string }[];
  /** More than one metric was asked for: series say which they are. */
  manyMetrics: boolean;
  columns: readonly ResultColumn[];
  rows: readonly ResultRow[];
  /** Every answered bucket, oldest first: a series has a point for each. One for a total: its first week. */
  buckets: readonly IsoDate[];
  /** Buckets that are not whole (partial: mark). */
  partial: ReadonlySet<IsoDate>;
  markPartial: boolean;
  notices: readonly Notice[];
  freshness: Freshness;
  executed: string;
}
