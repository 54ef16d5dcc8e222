import { z } from 'zod';

/** Metrics, or one metric by groups, over time. */
export const lineDisplay = z.strictObject({
  style: z.enum(['line', 'area', 'bars']).optional().describe('line when left out'),
  stacked: z.literal(true).optional().describe('Parts of a whole; only for what can be added'),
  scale: z.literal('log').optional().describe('For numbers of very different size'),
  rightAxis: z
    .array(z.strictObject({ title: z.string().min(1).describe('Title of the metric or series') }))
    .max(4)
    .optional()
    .describe('Series with an axis of their own on the right, named after the first of them'),
  colourBy: z.literal('series').optional().describe('A colour for each series, where one metric has several; else each metric has its own'),
  leftAxis: z.string().max(60).optional().describe('Name of the left axis'),
});

export type LineDisplay = z.output<typeof lineDisplay>;
