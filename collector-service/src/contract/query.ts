import { z } from 'zod';
import { queryResponseSchema } from './frame.ts';
import type { Routes } from './route.ts';
import { isoDate, zoneName } from './scalars.ts';

/** Names of datasets, metrics, dimensions and roll-ups: safe as SQL identifiers (design: names match this and nothing else). */
export const NAME_PATTERN = /^[a-z][a-z0-9_]{0,40}$/;
const name = z.string().regex(NAME_PATTERN, 'must be lower-case letters, digits and underscores, at most 41 characters');

export const GRAINS = ['total', 'day', 'week', 'month', 'auto'] as const;
export const FORMATS = ['timeseries', 'table', 'numeric'] as const;
export const COMPARISONS = ['none', 'previous_period', 'previous_year', 'previous_year_dates', 'custom'] as const;
export const TRANSFORMS = ['none', 'share', 'cumulative', 'moving_average'] as const;
export const METRIC_OPERATORS = ['>', '>=', '<', '<='] as const;
export const QUERY_TYPES = ['metrics', 'week_growth', 'restatements', 'freshness', 'collection_health', 'runs', 'events'] as const;
/** What 'week_growth' was called at first. Alert rules and shared dashboards keep a saved query as it was, and no editor lifts it. */
const OLD_WEEK_GROWTH = 'restatement';
export const FILTER_OPERATORS = ['=', '!=', 'in', 'not in', 'contains'] as const;

export const filterSchema = z
  .strictObject({
    dimension: name.describe("A dimension of the dataset, or 'currency' or 'instance'"),
    operator: z.enum(FILTER_OPERATORS).default('='),
    values: z
      .array(z.string().max(500))
      .max(500)
      .describe("Values to compare with; '=', '!=' and 'contains' take one. An empty list means no filter (Grafana's All)"),
  })
  .meta({ id: 'Filter' });

export const orderSchema = z
  .strictObject({ by: name.describe('A metric or dimension of the query'), direction: z.enum(['asc', 'desc']).default('desc') })
  .meta({ id: 'Order' });

export const metricFilterSchema = z
  .strictObject({
    metric: name.describe('A metric of the dataset or a calculated one; it need not be asked for'),
    operator: z.enum(METRIC_OPERATORS),
    value: z.number().describe("In the metric's unit: currency units, and fractions for per cent (0.25 is 25 %)"),
  })
  .meta({ id: 'MetricFilter' });

export const calculatedSchema = z
  .strictObject({
    name: name.describe('What orderBy, metricFilters and goals call it; none of the dataset’s metrics'),
    title: z.string().min(1).max(100).optional().describe('The name when left out'),
    expression: z
      .string()
      .min(1)
      .max(500)
      .describe(
        'Names of metrics, numbers, + - * / and parentheses: (sales - spend) / clicks. Computed from sums; empty where something is divided by zero',
      ),
    unit: z
      .enum(['currency', 'count', 'percent', 'ratio'])
      .optional()
      .describe("'percent' is a fraction. From the metrics in it when left out"),
    better: z.enum(['up', 'down', 'neutral']).optional().describe('Which direction is good; neutral when left out'),
  })
  .meta({ id: 'CalculatedMetric' });

export const goalSchema = z
  .strictObject({
    metric: name.describe('A metric of the query'),
    value: z.number().describe("In the metric's unit"),
    title: z.string().min(1).max(100).optional().describe("'<metric> goal' when left out"),
  })
  .meta({ id: 'Goal' });

/**
 * One question. Everything has a default, so that a saved query that lacks a field means today what it meant when it was saved.
 * Instants are milliseconds since 1970 UTC; a bucket belongs to the range when its start (UTC midnight of its local date) lies in [from, to).
 */
export const metricQuerySchema = z
  .strictObject({
    refId: z.string().max(64).default('A').describe('Echoed in the answer'),
    queryType: z
      .enum([...QUERY_TYPES, OLD_WEEK_GROWTH])
      .transform((type) => (type === OLD_WEEK_GROWTH ? 'week_growth' : type))
      .prefault('metrics')
      .describe(
        "'metrics': numbers; 'week_growth': how the totals of each week grew with every accepted run, and with format table and grain total (or format numeric) how whole weeks were at an age; 'restatements': one event per week that Amazon changed, for annotations; 'freshness': state of every week; 'collection_health': weeks complete, missing, failed, held and late of each instance and dataset, as a table or numbers for alert rules; 'runs': every run of a week as log lines; 'events': restatements, failed and held weeks, for annotations. 'restatement' is the old word for 'week_growth' and means the same",
      ),
    dataset: name.optional().describe('May be left out when the metrics belong to one dataset only'),
    datasetVersion: z
      .int()
      .min(1)
      .max(999)
      .optional()
      .describe('A version of the dataset, to read an old one beside the new; the newest when left out'),
    metrics: z.array(name).max(30).default([]).describe('Metrics of the catalogue; names of calculated ones put them at their place'),
    calculated: z.array(calculatedSchema).max(10).default([]).describe('Metrics made of others, shown after the metrics'),
    dimensions: z.array(name).max(6).default([]).describe("Dimensions to group by; 'instance' and 'currency' are allowed everywhere"),
    filters: z
      .array(filterSchema)
      .max(20)
      .default([])
      .describe("A filter on 'currency' chooses the advertisers that account in it; counts are theirs too"),
    metricFilters: z
      .array(metricFilterSchema)
      .max(10)
      .default([])
      .describe('Only rows, numbers or series (by their total) whose metrics pass all of these; money within one currency'),
    grain: z.enum(GRAINS).default('auto').describe("'auto' picks day, week or month so that a series stays readable"),
    partial: z.enum(['drop', 'mark']).default('drop').describe('Buckets not fully collected: leave out, or keep and mark'),
    compare: z
      .enum(COMPARISONS)
      .default('none')
      .describe(
        "'previous_period': the month, quarter or year before when the range is whole ones, else as many days just before; 'previous_year': the same weekdays 364 days before; 'previous_year_dates': the same dates a year before; 'custom': the days of compareTo",
      ),
    compareTo: z
      .strictObject({ from: isoDate, to: isoDate })
      .optional()
      .describe(
        "First and last local day (yyyy-mm-dd, both included) that compare 'custom' compares with; of another length too: the first bucket beside the first",
      ),
    transform: z
      .enum(TRANSFORMS)
      .default('none')
      .describe(
        "'share': of the total of all groups, hidden ones included, within a currency; 'cumulative': added up from the first bucket; 'moving_average': over the newest buckets, of ratios the ratio of the sums, empty until there are enough",
      ),
    movingAverage: z
      .strictObject({ points: z.int().min(2).max(52).default(4).describe('Buckets that are averaged') })
      .default({ points: 4 }),
    goals: z.array(goalSchema).max(10).default([]).describe('Constant series, or columns of a table'),
    legend: z
      .string()
      .max(200)
      .optional()
      .describe('Names of series and numbers: text with {{metric}}, {{currency}}, {{period}} and {{<dimension>}}'),
    rest: z
      .enum(['show', 'hide'])
      .optional()
      .describe(
        "What Amazon hid at this level of detail: a row of its own after all others, or left out (the notice still says how much). Left out by default for format numeric and with latest, where it would be an alert's label; else shown",
      ),
    latest: z.boolean().default(false).describe('Only the newest complete bucket in the range: what alert rules ask for'),
    format: z.enum(FORMATS).default('timeseries'),
    orderBy: orderSchema.optional(),
    limit: z.int().min(1).max(10_000).optional().describe('Rows of a table, or series: of several currencies as many of each'),
    others: z.boolean().default(false).describe("With limit: what is beyond it in one last row or series 'Others'"),
  })
  .meta({ id: 'MetricQuery' });

export const queryRequestSchema = z
  .strictObject({
    from: z.int().describe('Start of the range, ms since 1970 UTC, inclusive'),
    to: z.int().describe('End of the range, ms since 1970 UTC, exclusive'),
    timeZone: zoneName
      .default('UTC')
      .describe(
        "The zone the range was chosen in (IANA): the range stands for the local days it covers there, matched with days of each instance's zone",
      ),
    instances: z.array(z.string()).max(200).optional().describe('AMC instance ids; all of the caller’s scope when left out'),
    maxDataPoints: z.int().positive().optional(),
    queries: z.array(metricQuerySchema).min(1).max(50),
  })
  .refine((request) => request.from < request.to, { path: ['to'], message: 'must be later than from' })
  .meta({ id: 'QueryRequest' });

export type MetricFilter = z.output<typeof metricFilterSchema>;
export type Calculated = z.output<typeof calculatedSchema>;
export type Goal = z.output<typeof goalSchema>;
export type Filter = z.output<typeof filterSchema>;
export type MetricQuery = z.output<typeof metricQuerySchema>;
/** What a caller may leave out. */
export type MetricQueryInput = z.input<typeof metricQuerySchema>;
export type QueryRequest = z.output<typeof queryRequestSchema>;
export type QueryRequestInput = z.input<typeof queryRequestSchema>;

export const queryRoutes = {
  query: {
    method: 'post',
    path: '/v1/query',
    role: 'Viewer',
    budget: 'query',
    summary: 'Answers a batch of metric queries',
    description: 'Each query is answered or fails on its own, under its refId. Frames are in the form that Grafana reads.',
    body: queryRequestSchema,
    status: 200,
    response: queryResponseSchema,
    errors: [],
  },
} as const satisfies Routes;
