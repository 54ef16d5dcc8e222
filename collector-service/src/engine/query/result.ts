import type { Explain, Freshness, Notice } from '../../contract/frame.ts';
import type { MetricQuery } from '../../contract/query.ts';
import type { Metric } from '../../data/catalogue/dataset.ts';
import type { AskedMetric } from './calculated/calculated-metric.ts';
import type { WeekAge } from '../../ground/calendar/age.ts';
import type { IsoDate } from '../../ground/calendar/week.ts';
import type { Grain } from './plan/grain.ts';

/** The answer to one metric query: numbers, before they take the form of frames (frames/frames.ts). `kind` is the query's type. */
export type Result =
  MetricsResult | WeekGrowthResult | RestatementsResult | FreshnessResult | CollectionHealthResult | RunsResult | EventsResult;

interface Answer {
  refId: string;
  /** What a reader must know to trust the numbers, the gravest first. */
  notices: readonly Notice[];
}

/** A number, null where there is none, or undefined where the group has no rows at all in the column's currency. */
export type Value = number | null | undefined;

/** What the numbers of one column are. */
export interface ResultColumn {
  metric: AskedMetric;
  /** Of these numbers: the metric's unit, and 'percent' (a fraction) for a change. */
  unit: Metric['unit'];
  /** As shown: an ISO code, or (unknown). Null for counts, and where each row has a currency of its own (dimension 'currency'). */
  currency: string | null;
  period: 'current' | 'previous' | 'change';
  /** Says the currency too when the metric has several, and never the period. */
  title: string;
}

export interface MetricsResult extends Answer {
  kind: 'metrics';
  /** What frames they become. */
  format: MetricQuery['format'];
  grain: Grain;
  dimensions: readonly { name: string; title: string }[];
  /** More than one metric was asked for: series say which they are. */
  manyMetrics: boolean;
  columns: readonly ResultColumn[];
  /** In the order asked for. */
  rows: readonly ResultRow[];
  /** Every bucket from the first to the last that is answered: a series has a point for each. One for a total: its first day. */
  buckets: readonly IsoDate[];
  /** Buckets of the period without an answer: gaps, where what is answered without rows is zero. */
  gaps: ReadonlySet<IsoDate>;
  /** Buckets whose comparison has no answer. */
  previousGaps: ReadonlySet<IsoDate>;
  /** First and last day that the numbers stand for; null when there are none. */
  covers: { from: IsoDate; to: IsoDate } | null;
  /** Buckets that are not whole (partial: mark). */
  partial: ReadonlySet<IsoDate>;
  markPartial: boolean;
  freshness: Freshness;
  /** What was asked, in words, and what answered. */
  explain: Explain;
  goals: readonly ResultGoal[];
  /** How series and numbers are to be named, with placeholders; null for the names of the house. */
  legend: string | null;
  /** The SQL that was run, with its values; empty when none was needed. */
  executed: string;
}

/** A constant beside the numbers of a metric. */
export interface ResultGoal {
  metric: AskedMetric;
  unit: Metric['unit'];
  /** Of money, where the metric has one currency only. */
  currency: string | null;
  title: string;
  value: number;
}

export interface ResultRow {
  /** Null in a total. */
  bucket: IsoDate | null;
  /** As shown, in the order of the dimensions. */
  group: readonly string[];
  /** One for each column. */
  values: readonly Value[];
}

/** How weeks grew: by run, what was served of each week over time; by age, how whole weeks were when they were so old. */
export type WeekGrowthResult = GrowthAnswer & ({ by: 'run'; rows: readonly WeekGrowth[] } | { by: 'age'; rows: readonly Completeness[] });

interface GrowthAnswer extends Answer {
  kind: 'week_growth';
  format: MetricQuery['format'];
  columns: readonly ResultColumn[];
  /** More than one instance was asked: answers say which. */
  severalInstances: boolean;
}

export interface WeekGrowth {
  /** As shown. */
  instance: string;
  week: IsoDate;
  /** Amazon will not change the week any more, so that its last value is the final one. */
  isFinal: boolean;
  /** Oldest first, at least one. */
  steps: GrowthStep[];
}

/** What was served of a week from a moment on. */
export interface GrowthStep {
  acceptedAt: Date;
  /** Days from the end of the week's window to the day of acceptance, in the instance's zone. */
  ageDays: number;
  /** One for each column. */
  values: (number | null)[];
}

/** How whole the columns were at an age, over weeks that were served then. */
export interface Completeness {
  ageDays: number;
  weeks: number;
  /** Shares of the last value (fractions), one for each column; null where no week has one. */
  columns: ({ median: number; lowest: number; highest: number } | null)[];
}

/** Accepted runs that changed a week which was served already, oldest first. */
export interface RestatementsResult extends Answer {
  kind: 'restatements';
  rows: readonly Restatement[];
  /** More than one instance was asked: texts say which. */
  severalInstances: boolean;
}

export interface Restatement {
  acceptedAt: Date;
  dataset: string;
  datasetTitle: string;
  week: IsoDate;
  /** As shown. */
  instance: string;
  /** Totals that moved: money in each currency (as shown), counts over all of them (currency null). */
  moves: readonly { metric: Metric; currency: string | null; before: number; after: number }[];
  rowsAdded: number;
  rowsChanged: number;
  rowsVanished: number;
}

/** The state of every week, newest first. */
export interface FreshnessResult extends Answer {
  kind: 'freshness';
  rows: readonly WeekState[];
}

export interface WeekState {
  week: IsoDate;
  /** As shown. */
  instance: string;
  dataset: string;
  datasetTitle: string;
  state: 'complete' | 'doubtful' | 'missing';
  age: WeekAge;
  collectedAt: Date | null;
  rows: number;
  dataVersion: number;
  restatements: number;
}

/** What is told of the collections of an instance and dataset: counts of weeks, and days. */
export const HEALTH_MEASURES = ['complete', 'missing', 'failed', 'held', 'doubtful', 'late_days'] as const;
export type HealthMeasure = (typeof HEALTH_MEASURES)[number];

export interface CollectionHealthResult extends Answer {
  kind: 'collection_health';
  format: MetricQuery['format'];
  /** Those asked for. */
  measures: readonly HealthMeasure[];
  /** By instance and dataset. */
  rows: readonly CollectionHealth[];
}

export interface CollectionHealth extends Record<HealthMeasure, number> {
  /** As shown. */
  instance: string;
  dataset: string;
  datasetTitle: string;
  collection: 'running' | 'paused' | 'stopped';
}

/** Runs of weeks as lines of a log, newest first. */
export interface RunsResult extends Answer {
  kind: 'runs';
  rows: readonly RunLine[];
}

export interface RunLine {
  at: Date;
  /** Our id of the run. */
  run: string;
  /** As shown. */
  instance: string;
  dataset: string;
  datasetTitle: string;
  week: IsoDate;
  /** What the run was from then on; 'tried again' after an error that did not end it. */
  state: 'planned' | 'creating' | 'running' | 'downloading' | 'merging' | 'done' | 'held' | 'failed' | 'skipped' | 'tried again';
  attempt: number;
  /** Amazon's id. */
  execution: string | null;
  rowsAdded: number;
  rowsChanged: number;
  rowsVanished: number;
  error: { code: string; message: string } | null;
}

/** What happened to weeks, oldest first. */
export interface EventsResult extends Answer {
  kind: 'events';
  rows: readonly WeekEvent[];
  /** More than one instance was asked: texts say which. */
  severalInstances: boolean;
}

export type WeekEvent =
  | ({ kind: 'restated'; at: Date } & Restatement)
  | {
      kind: 'failed' | 'held';
      at: Date;
      dataset: string;
      datasetTitle: string;
      week: IsoDate;
      /** As shown. */
      instance: string;
      /** Why, as it was said then. */
      reason: string;
    };
