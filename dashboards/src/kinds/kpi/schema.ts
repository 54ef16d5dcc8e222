import { z } from 'zod';

/** One number over the range, what it was before, and its way as a line. */
export const kpiDisplay = z.strictObject({
  better: z.enum(['up', 'down', 'neutral']).describe('Which way is good; neutral has no colour'),
  trend: z.enum(['day', 'week', 'month', 'none']).optional().describe('Interval of the small line; week when left out'),
});

export type KpiDisplay = z.output<typeof kpiDisplay>;
