import { z } from 'zod';

/**
 * Grafana's data frame JSON as its Go SDK reads it: `schema` before `data`, `typeInfo` on every field, times in epoch
 * milliseconds, `meta.type` with a non-zero `meta.typeVersion` so that alerting does not guess (reference: SDK data/frame_json.go).
 */
export const noticeSchema = z.strictObject({
  severity: z.enum(['info', 'warning', 'error']),
  text: z.string(),
});

export const fieldSchema = z.strictObject({
  name: z.string(),
  type: z.enum(['time', 'number', 'string', 'boolean']),
  typeInfo: z.strictObject({
    frame: z.enum(['time.Time', 'float64', 'int64', 'string', 'bool']),
    nullable: z.boolean().optional(),
  }),
  labels: z.record(z.string(), z.string()).optional(),
  config: z
    .strictObject({
      displayName: z.string().optional(),
      displayNameFromDS: z.string().optional(),
      description: z.string().optional(),
      unit: z.string().optional(),
      decimals: z.int().optional(),
      noValue: z.string().optional(),
    })
    .optional(),
});

export const freshnessSchema = z
  .strictObject({
    dataAsOf: z.string().nullable().describe('Instant of the newest accepted run behind the answer, ISO 8601 UTC'),
    completeUntil: z.string().nullable().describe('End (exclusive) of the newest complete week, ISO date'),
    weeksExpected: z.int(),
    weeksMissing: z.array(z.string()).describe('Mondays (ISO dates) in the range that have no data'),
    weeksSettling: z.array(z.string()).describe('Mondays whose numbers Amazon may still change'),
    weeksDoubtful: z
      .array(z.string())
      .optional()
      .describe('Mondays whose result differs much from those of the weeks around them; left out when there is none'),
    suppressedShare: z
      .number()
      .nullable()
      .describe('Share of the additive metric of which Amazon hid most at this level of detail, 0 to 1'),
    truncated: z.boolean(),
    cached: z.boolean(),
  })
  .meta({ id: 'Freshness' });

export const frameSchema = z
  .strictObject({
    schema: z.strictObject({
      refId: z.string(),
      name: z.string().optional(),
      meta: z.strictObject({
        type: z.enum(['timeseries-multi', 'numeric-multi', 'table']),
        typeVersion: z.tuple([z.int(), z.int()]),
        notices: z.array(noticeSchema).optional(),
        executedQueryString: z.string().optional(),
        preferredVisualisationType: z.enum(['graph', 'table']).optional(),
        custom: z
          .strictObject({
            freshness: freshnessSchema,
            grain: z.string(),
            covers: z
              .strictObject({ from: z.string(), to: z.string() })
              .nullable()
              .describe('First and last local day (ISO dates) that the numbers stand for; null when there are none'),
          })
          .optional(),
      }),
      fields: z.array(fieldSchema),
    }),
    data: z.strictObject({ values: z.array(z.array(z.union([z.string(), z.number(), z.boolean(), z.null()]))) }),
  })
  .meta({ id: 'Frame' });

/** The answer to a batch: Grafana's own wire form, so that the Go backend passes it on unread. */
export const queryResponseSchema = z
  .strictObject({
    results: z.record(
      z.string(),
      z.strictObject({
        status: z.int(),
        frames: z.array(frameSchema).optional(),
        error: z.string().optional(),
        errorSource: z.enum(['downstream', 'plugin']).optional(),
      }),
    ),
  })
  .meta({ id: 'QueryResponse' });

export type Notice = z.output<typeof noticeSchema>;
export type Field = z.output<typeof fieldSchema>;
export type Freshness = z.output<typeof freshnessSchema>;
export type Frame = z.output<typeof frameSchema>;
export type QueryResponse = z.output<typeof queryResponseSchema>;
