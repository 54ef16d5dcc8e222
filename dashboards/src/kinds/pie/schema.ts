import { z } from 'zod';

/** Parts of a whole that can be added, for few parts. */
export const pieDisplay = z.strictObject({
  shape: z.enum(['donut', 'pie']).optional().describe('donut when left out'),
});

export type PieDisplay = z.output<typeof pieDisplay>;
