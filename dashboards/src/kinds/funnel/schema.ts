import { z } from 'zod';

const step = z.strictObject({
  metric: z.string().min(1).describe('An additive metric of the query’s dataset'),
  title: z.string().min(1).max(60).describe('Its title in the catalogue'),
});

/** Steps from many to few, each with its share of the step before. */
export const funnelDisplay = z.strictObject({ steps: z.array(step).min(2).max(10) });

export type FunnelDisplay = z.output<typeof funnelDisplay>;
