import { z } from 'zod';

export const logDisplay = z.strictObject({
  wrap: z.literal(true).optional().describe('Long lines over several rows'),
});

export type LogDisplay = z.output<typeof logDisplay>;
