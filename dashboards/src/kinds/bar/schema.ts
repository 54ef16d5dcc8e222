import { z } from 'zod';

/** One metric by the values of one dimension, longest first. */
export const barDisplay = z.strictObject({
  colour: z.string().min(1).max(40).optional().describe('Name of a colour of Grafana’s palette; the metric’s own when left out'),
});

export type BarDisplay = z.output<typeof barDisplay>;
