import { z } from 'zod';
import { NAME_PATTERN } from '../../contract/query.ts';
import { qualitySchema } from './quality.ts';
import { WINDOWS } from '../../contract/window.ts';

/**
 * The form of a dataset file: one AMC query, what its result holds and what may be asked of it.
 * Shipped datasets and a user's own are the same YAML, read by the same loader (load.ts).
 */
const name = z
  .string()
  .regex(NAME_PATTERN, 'must start with a letter and hold only lower-case letters, digits and underscores (at most 41)');

/** Amazon's advertiser types (reference: GET /amc/instances, advertiserTypes). */
export const ADVERTISER_TYPES = ['DISPLAY', 'SPONSORED_ADS', 'SAS'] as const;

const partSchema = z.strictObject({
  name,
  when: z.enum(ADVERTISER_TYPES).optional().describe('Only for instances with this advertiser type; always when left out'),
  currency_column: z
    .string()
    .regex(NAME_PATTERN)
    .optional()
    .describe('Repeat the part for each currency of the instance, with the currency as a literal'),
  sql: z.string().min(1),
});

const sqlSchema = z.strictObject({
  template: z.string().min(1).describe('The whole query; {{parts.NAME}} is replaced by the parts joined with UNION ALL'),
  filtered_column: name.optional().describe('filteredMetricsDiscriminatorColumn of the AMC workflow'),
  parts: z.record(name, z.array(partSchema).min(1)),
});

const headerName = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .regex(/^\P{Cc}+$/u, 'must be one line of text');

const columnSchema = z.strictObject({
  name,
  header: z
    .union([headerName, z.array(headerName).min(1).max(20)])
    .optional()
    .describe('What files call the column beside its name, such as "Ad Spend", or several such; a file’s header is matched in any case'),
  type: z.enum(['string', 'integer', 'decimal', 'boolean', 'date']),
  role: z
    .enum(['key', 'day', 'week', 'dimension', 'currency', 'filtered', 'level', 'measure', 'distinct'])
    .describe('What the column is for: part of the row key, something to ask for, or a number'),
  unit: z.enum(['currency', 'microcents', 'millicents']).optional().describe('What Amazon sends; money is stored in currency units'),
  value: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe('What every row has, for files that lack the column: the currency of all their money'),
  as: name.optional().describe('Name in the fact table, when it differs from the file'),
});

export const UNITS = ['currency', 'count', 'percent', 'ratio'] as const;

const metricBase = {
  name,
  title: z.string().min(1),
  description: z.string().min(1),
  unit: z.enum(UNITS).describe("'percent' is a fraction: 0.25 is shown as 25 %"),
  better: z.enum(['up', 'down', 'neutral']).describe('Which direction is good'),
};

export const metricSchema = z.discriminatedUnion('kind', [
  z.strictObject({ ...metricBase, kind: z.literal('additive'), sum: z.array(name).min(1) }),
  z.strictObject({
    ...metricBase,
    kind: z.literal('ratio'),
    numerator: name,
    denominator: name,
    scale: z.number().positive().default(1),
  }),
  z.strictObject({ ...metricBase, kind: z.literal('distinct'), distinct: name }),
]);

export const dimensionSchema = z.strictObject({
  name,
  title: z.string().min(1),
  description: z.string().min(1),
  member: name.optional().describe('The dimension that its values are told apart by, such as an id; shown by its newest name'),
  named_by: name.optional().describe('The dimension that holds the name of that member in each week'),
  labels: z.record(z.string(), z.string()).optional().describe('What to show for a value'),
});

export const ROLLUP_GRAINS = ['day', 'week', 'month'] as const;

const rollupSchema = z.strictObject({
  name,
  dimensions: z.array(name),
  grains: z.array(z.enum(ROLLUP_GRAINS)).min(1).default(['day', 'week', 'month']),
  lookups: z.array(name).optional().describe('Dimensions of the roll-up that single values are looked up by; each gets an index'),
});

const levelSchema = z.union([z.array(name), z.strictObject({ dimensions: z.array(name), by: z.enum(['day', 'week']) })]);

export const datasetSchema = z.strictObject({
  dataset: name,
  version: z.int().min(1).max(999),
  title: z.string().min(1),
  description: z.string().min(1),
  window: z
    .enum(WINDOWS)
    .describe('What one execution covers: a Monday week in the instance’s time zone, the weeks that end with it, or a month'),
  also_windows: z
    .array(z.enum(WINDOWS))
    .min(1)
    .optional()
    .describe('The same query over these windows too, each as a dataset of its own named <dataset>_<window>'),
  attribution: z
    .enum(['traffic_time', 'conversion_time', 'none'])
    .describe('By which time conversions are attributed, which decides when numbers stop changing; none for traffic alone'),
  sql: sqlSchema.optional().describe('Left out of datasets that are only imported'),
  columns: z.array(columnSchema).min(1).max(100),
  levels: z.record(z.string(), levelSchema).optional(),
  dimensions: z.array(dimensionSchema),
  metrics: z.array(metricSchema).min(1),
  rollups: z.array(rollupSchema).default([]),
  quality: qualitySchema,
});

export type DatasetFile = z.input<typeof datasetSchema>;
export type Dataset = z.output<typeof datasetSchema> & {
  /** The dataset whose file asked for this window too (also_windows); the two share their query, metrics and version. */
  readonly window_of?: string;
};
export type Column = Dataset['columns'][number];
export type Metric = Dataset['metrics'][number];
export type Dimension = Dataset['dimensions'][number];
export type Rollup = Dataset['rollups'][number];
export type RollupGrain = (typeof ROLLUP_GRAINS)[number];
export type AdvertiserType = (typeof ADVERTISER_TYPES)[number];
