import { z } from 'zod';
import type { Routes } from './route.ts';

export const HOPS = ['collector', 'database', 'amc', 'datasets', 'collections'] as const;

/** Every hop from the collector to Amazon, each with what to do about it. */
export const healthSchema = z
  .strictObject({
    status: z.enum(['ok', 'degraded', 'failed']),
    version: z.string(),
    hops: z.array(
      z.strictObject({
        hop: z.enum(HOPS),
        status: z.enum(['ok', 'degraded', 'failed', 'unknown']),
        message: z.string(),
        remedy: z.string().nullable(),
      }),
    ),
    caller: z
      .strictObject({ workspace: z.string(), role: z.enum(['Viewer', 'Editor', 'Admin']), person: z.string().nullable() })
      .nullable(),
  })
  .meta({ id: 'Health' });

export const healthRoutes = {
  health: {
    method: 'get',
    path: '/v1/health',
    role: 'Viewer',
    budget: 'read',
    summary: 'Every hop from here to Amazon: whether it works, and what to do if not',
    status: 200,
    response: healthSchema,
    errors: [],
  },
} as const satisfies Routes;

export type Health = z.output<typeof healthSchema>;
