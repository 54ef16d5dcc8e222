import { z } from 'zod';

/** Groups of people that exclude each other: reached by one kind of ads, by another, by both. */
export const overlapDisplay = z.strictObject({
  group: z.string().min(1).describe('Title of the dimension that names the groups'),
  people: z.string().min(1).describe('Title of the metric that counts people'),
});

export type OverlapDisplay = z.output<typeof overlapDisplay>;
