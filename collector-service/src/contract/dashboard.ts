import { z } from 'zod';
import { NAME_PATTERN } from './query.ts';
import { relativeTimeSchema, widgetSchema } from './widget.ts';

const name = z.string().regex(NAME_PATTERN);
const label = z.string().min(1).max(60);
const description = z.string().min(10).max(600);

const single = z.literal(true).optional().describe('Exactly one value, the first one chosen; several or All when left out');

/** AMC instances; every widget asks those that are chosen. */
const instanceFilter = z.strictObject({ kind: z.literal('instance'), name: z.literal('instance'), single, label, description });

/** One currency at a time: the advertisers that account in it. */
const currencyFilter = z.strictObject({ kind: z.literal('currency'), name: z.literal('currency'), label, description });

/** Values of a dimension, narrowed by those of other filters. */
const dimensionFilter = z.strictObject({
  kind: z.literal('dimension'),
  name: name.describe('Name of the filter, in links too'),
  dimension: name,
  dataset: name.describe('Where the values to choose from are found'),
  within: z.array(name).optional().describe('Filters of the dashboard that narrow the list'),
  single,
  label,
  description,
});

/** One of a few words of the author's, such as a metric or an interval, that queries use as `$name`. */
const choiceFilter = z.strictObject({
  kind: z.literal('choice'),
  name,
  options: z
    .array(z.strictObject({ value: name, title: label }))
    .min(2)
    .max(20),
  label,
  description,
});

/** A typed variable of a dashboard. */
export const dashboardFilterSchema = z
  .discriminatedUnion('kind', [instanceFilter, currencyFilter, dimensionFilter, choiceFilter])
  .meta({ id: 'DashboardFilter' });

/** Widgets under one heading. */
export const sectionSchema = z
  .strictObject({
    title: z.string().min(1).max(120).optional().describe('The first may stand without a heading'),
    collapsed: z.literal(true).optional().describe('Closed until somebody opens it; nothing in it is asked before'),
    widgets: z.array(widgetSchema).max(40),
  })
  .meta({ id: 'Section' });

/**
 * A dashboard as data. Grafana's JSON is compiled from it (dashboards/src/grafana), reports and the viewer draw it, and the builder
 * changes it. Days are days of the instances; a range is one that Grafana's time picker can hold.
 */
export const dashboardSchema = z
  .strictObject({
    uid: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, 'must be lower-case letters, digits and dashes, at most 40 characters'),
    title: z.string().min(1).max(120),
    description: z.string().min(10).max(600),
    tags: z.array(z.string().min(1).max(40)).max(10).optional(),
    version: z.int().min(1).describe('Raised when people should notice that it changed'),
    time: z.strictObject({ from: relativeTimeSchema, to: relativeTimeSchema }),
    filters: z.array(dashboardFilterSchema).max(12),
    events: z.array(name).max(5).optional().describe('Datasets whose restatements are marked in the charts'),
    sections: z.array(sectionSchema).min(1).max(20),
  })
  .superRefine(({ filters, sections }, context) => {
    const wrong = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
    const ids = sections.flatMap((section) => section.widgets.map(({ id }) => id));
    const names = filters.map((filter) => filter.name);
    for (const id of repeated(ids)) wrong('sections', `two widgets have the id ${id}`);
    for (const each of repeated(names)) wrong('filters', `two filters have the name ${each}`);
    for (const filter of filters)
      for (const other of filter.kind === 'dimension' ? (filter.within ?? []) : [])
        if (!names.includes(other)) wrong('filters', `${filter.name} is narrowed by ${other}, which is no filter of this dashboard`);
  })
  .meta({ id: 'Dashboard' });

const repeated = (all: readonly string[]): string[] => all.filter((each, index) => all.indexOf(each) !== index);

export type DashboardFilter = z.input<typeof dashboardFilterSchema>;
export type Section = z.input<typeof sectionSchema>;
/** As it is written and kept. */
export type Dashboard = z.input<typeof dashboardSchema>;
