import { z } from 'zod';

/** Paths to purchase, the most frequent first. */
export const pathsDisplay = z.strictObject({
  path: z.string().min(1).describe('Title of the dimension that holds the path'),
  weight: z.string().min(1).describe('Title of the metric that says how much a path counts'),
});

export type PathsDisplay = z.output<typeof pathsDisplay>;
