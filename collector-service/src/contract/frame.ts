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
  type: z.enum(['time', 'number', 'string', 'boolean', 'other']),
  typeInfo: z.strictObject({
    frame: z.enum(['time.Time', 'float64', 'int64', 'string', 'bool', 'json.RawMessage']),
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
      custom: z
        .strictObject({
          lineStyle: z.strictObject({ fill: z.literal('dash'), dash: z.array(z.number()) }),
          lineWidth: z.number(),
          fillOpacity: z.number(),
        })
        .optional()
        .describe("Style of Grafana's time series: what is compared and goals are dashed, thin and without a fill"),
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

/** What was asked and what answered, in words and names that a person can check. */
export const explainSchema = z
  .strictObject({
    question: z.string().describe('What was asked, in one or two English sentences'),
    source: z.strictObject({
      dataset: z.string(),
      title: z.string(),
      version: z.int(),
      level: z.string().nullable().describe('Level of the dataset that answered; null when it has none'),
      rollup: z.string().nullable().describe('Tables that were read, comma-separated; null when none was'),
      grain: z.string(),
    }),
    days: z.strictObject({ from: z.string(), to: z.string() }).nullable().describe('First and last local day (ISO dates) answered'),
    leftOut: z
      .array(z.string())
      .describe('First days of weeks or months in the range that are not answered: not collected completely, or reaching over its edges'),
    comparison: z
      .strictObject({ from: z.string(), to: z.string() })
      .nullable()
      .describe('First and last local day of what it is compared with; null without a comparison'),
    hidden: z
      .array(z.strictObject({ metric: z.string(), currency: z.string().nullable(), share: z.number() }))
      .describe(
        'What Amazon hides of each metric (its title) at this level of detail, 0 to 1, the most first; those of which nothing is hidden are left out',
      ),
    fresh: z.strictObject({
      dataAsOf: z.string().nullable(),
      completeUntil: z.string().nullable(),
      weeksMissing: z.array(z.string()),
      weeksSettling: z.array(z.string()),
      cached: z.boolean(),
    }),
  })
  .meta({ id: 'Explain' });

export const frameSchema = z
  .strictObject({
    schema: z.strictObject({
      refId: z.string(),
      name: z.string().optional(),
      meta: z.strictObject({
        type: z.enum(['timeseries-multi', 'numeric-multi', 'table', 'log-lines']),
        typeVersion: z.tuple([z.int(), z.int()]),
        notices: z.array(noticeSchema).optional(),
        executedQueryString: z.string().optional(),
        preferredVisualisationType: z.enum(['graph', 'table', 'logs']).optional(),
        custom: z
          .strictObject({
            freshness: freshnessSchema,
            grain: z.string(),
            covers: z
              .strictObject({ from: z.string(), to: z.string() })
              .nullable()
              .describe('First and last local day (ISO dates) that the numbers stand for; null when there are none'),
            explain: explainSchema,
          })
          .optional(),
      }),
      fields: z.array(fieldSchema),
    }),
    data: z.strictObject({
      values: z.array(z.array(z.union([z.string(), z.number(), z.boolean(), z.null(), z.record(z.string(), z.string())]))),
    }),
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
export type Explain = z.output<typeof explainSchema>;
export type Frame = z.output<typeof frameSchema>;
export type QueryResponse = z.output<typeof queryResponseSchema>;
