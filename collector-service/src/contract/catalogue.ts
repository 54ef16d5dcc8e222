import { z } from 'zod';
import type { Routes } from './route.ts';
import { WINDOWS } from './window.ts';

/** What can be asked, and about which AMC instances. */
export const instanceSchema = z
  .strictObject({
    instance: z.string(),
    name: z.string(),
    connection: z.string(),
    marketplaceId: z.string(),
    timeZone: z.string(),
    advertiserTypes: z.array(z.string()),
    currencies: z.array(z.string()),
  })
  .meta({ id: 'Instance' });

export const catalogueSchema = z
  .strictObject({
    datasets: z.array(
      z.strictObject({
        name: z.string(),
        version: z.int(),
        title: z.string(),
        description: z.string(),
        window: z.enum(WINDOWS).optional().describe('What one execution covers; a week when left out'),
        windowOf: z.string().optional().describe('The dataset that asks the same over another window'),
        grains: z.array(z.enum(['total', 'day', 'week', 'month'])),
        dimensions: z.array(
          z.strictObject({
            name: z.string(),
            title: z.string(),
            description: z.string(),
            labels: z.record(z.string(), z.string()).optional(),
          }),
        ),
        metrics: z.array(
          z.strictObject({
            name: z.string(),
            title: z.string(),
            description: z.string(),
            kind: z.enum(['additive', 'ratio', 'distinct']),
            unit: z.enum(['currency', 'count', 'percent', 'ratio']),
            better: z.enum(['up', 'down', 'neutral']),
            formula: z.string().nullable().describe('Readable, for ratios'),
          }),
        ),
        levels: z.array(z.array(z.string())).optional().describe('For distinct counts: the sets of dimensions that can be asked for'),
      }),
    ),
    instances: z.array(instanceSchema),
  })
  .meta({ id: 'Catalogue' });

export const catalogueRoutes = {
  catalogue: {
    method: 'get',
    path: '/v1/catalogue',
    role: 'Viewer',
    budget: 'read',
    summary: 'What can be asked: datasets with their metrics and dimensions, and the instances the caller may see',
    status: 200,
    response: catalogueSchema,
    errors: [],
  },
} as const satisfies Routes;

export type Instance = z.output<typeof instanceSchema>;
export type Catalogue = z.output<typeof catalogueSchema>;
