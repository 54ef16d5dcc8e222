import { z } from 'zod';

/** One metric by two dimensions, or by one dimension and time: the darker, the more. */
export const heatMapDisplay = z.strictObject({
  rows: z.string().min(1).describe('Title of the dimension that makes the rows'),
  columns: z.string().min(1).describe('Title of the dimension that makes the columns, or Time'),
  value: z.string().min(1).describe('Title of the metric'),
});

export type HeatMapDisplay = z.output<typeof heatMapDisplay>;
