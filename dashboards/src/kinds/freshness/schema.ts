import { z } from 'zod';

/** How sure the numbers of each week are. */
export const freshnessDisplay = z.strictObject({
  as: z.enum(['weeks', 'table']).describe('weeks: a cell per week and instance; table: a row per week with when it was collected'),
});

export type FreshnessDisplay = z.output<typeof freshnessDisplay>;
