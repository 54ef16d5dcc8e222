import { z } from 'zod';
import { decimal } from './scalars.ts';

/** How a total moves. Sums are exact decimals as text, money in currency units; a share is a fraction: 0.05 is 5 %. */
export const totalChangeSchema = z
  .strictObject({
    metric: z.string().describe('An additive metric of the catalogue'),
    currency: z.string().nullable().describe('null for counts, and for money in datasets without a currency'),
    before: decimal.nullable().describe('null when nothing was served, or nothing in this currency'),
    after: decimal.nullable().describe('null when the new rows hold nothing in this currency'),
    change: z.number().nullable().describe('(after - before) / |before|; null when there is nothing to compare with'),
  })
  .meta({ id: 'TotalChange' });

export type TotalChange = z.output<typeof totalChangeSchema>;
