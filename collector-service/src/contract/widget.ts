import { z } from 'zod';
import { metricQuerySchema, NAME_PATTERN, orderSchema } from './query.ts';

/** Grafana's grid: a dashboard is this many columns wide, a row is 30 px high and 8 px apart from the next. */
export const GRID_COLUMNS = 24;
const MOST_ROWS = 60;

const slug = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, 'must be lower-case letters, digits and dashes, at most 40 characters');

/** Where a widget stands within its section, in columns and rows of Grafana's grid. One value: nobody moves half a place. */
export const placeSchema = z
  .strictObject({
    x: z
      .int()
      .min(0)
      .max(GRID_COLUMNS - 1),
    y: z.int().min(0).max(1_000),
    w: z.int().min(1).max(GRID_COLUMNS),
    h: z.int().min(1).max(MOST_ROWS),
  })
  .refine(({ x, w }) => x + w <= GRID_COLUMNS, { message: `must end within ${GRID_COLUMNS} columns` })
  .meta({ id: 'Place' });

/** Grafana's relative time: now, less an amount, rounded down to a unit: now-13w/w. */
export const relativeTimeSchema = z.string().regex(/^now(-\d{1,4}[dwMQy])?(\/[dwMQy])?$/, 'must be a relative time such as now-13w/w');

/** A name, or `$name` of a choice of the dashboard, which is filled in before anybody asks. */
const nameOrChoice = z.string().regex(/^\$?[a-z][a-z0-9_]{0,40}$/, 'must be a name, or $ and the name of a choice of the dashboard');

/** A metric query as a widget keeps it: without a range, which is the dashboard's. */
export const widgetQuerySchema = metricQuerySchema
  .extend({
    metrics: z.array(nameOrChoice).max(30).default([]),
    dimensions: z.array(nameOrChoice).max(6).default([]),
    orderBy: orderSchema.extend({ by: nameOrChoice }).optional(),
  })
  .meta({ id: 'WidgetQuery' });

/** Opens another dashboard. Time range and filters go along. */
export const widgetLinkSchema = z
  .strictObject({
    title: z.string().min(1).max(80),
    dashboard: slug.describe('Uid of the dashboard that opens'),
    set: z
      .strictObject({ filter: z.string().regex(NAME_PATTERN), field: z.string().min(1) })
      .optional()
      .describe('In a table: the filter of that dashboard that becomes the value of this column in the clicked row'),
  })
  .meta({ id: 'WidgetLink' });

/**
 * What is shown, whatever shows it: a panel of Grafana, a chart in a report, a table, words. The range of time comes from the dashboard
 * (or the widget's own `relativeTime`), instances and filters from the dashboard's filters, unless the widget leaves them out.
 */
export const widgetSchema = z
  .strictObject({
    id: slug.describe('Stays when the widget moves or is renamed; unique in its dashboard'),
    kind: z.string().regex(NAME_PATTERN).describe('A folder of dashboards/src/kinds, which says what `display` may hold'),
    title: z.string().min(1).max(120),
    description: z.string().min(10).max(600).describe('What is shown and how to read it, for whoever asks'),
    queries: z.array(widgetQuerySchema).max(6),
    display: z.record(z.string(), z.unknown()).describe('How the kind shows it; its schema belongs to the kind'),
    place: placeSchema,
    filters: z
      .enum(['all', 'instances', 'none'])
      .optional()
      .describe(
        "Which filters of the dashboard hold: 'all' (when left out) whose dimension the query's dataset has, only the chosen 'instances', or 'none'",
      ),
    relativeTime: relativeTimeSchema.optional().describe('A start of its own, instead of the time range of the dashboard'),
    empty: z.string().min(1).max(200).optional().describe('What to say when there is no number'),
    links: z.array(widgetLinkSchema).max(5).optional(),
  })
  .meta({ id: 'Widget' });

export type Place = z.output<typeof placeSchema>;
export type WidgetLink = z.output<typeof widgetLinkSchema>;
/** As it is written and kept: whatever a query leaves out means what it means everywhere. */
export type WidgetQuery = z.input<typeof widgetQuerySchema>;
export type Widget = z.input<typeof widgetSchema>;
