import { z } from 'zod';

const instant = z
  .string()
  .nullish()
  .transform((value) => value ?? null);

/** What an execution has come to. Amazon's unknown statuses count as open until our own deadline (reference/amc.md §3.4). */
export type ExecutionOutcome = 'open' | 'succeeded' | 'failed' | 'cancelled' | 'rejected';

const OUTCOMES: Readonly<Record<string, ExecutionOutcome>> = {
  SUCCEEDED: 'succeeded',
  FAILED: 'failed',
  CANCELLED: 'cancelled',
  CANCELED: 'cancelled',
  REJECTED: 'rejected',
};

/** An execution as Amazon tells it, with every absent value null. */
export const executionSchema = z
  .object({
    workflowExecutionId: z.string().min(1),
    workflowId: instant,
    status: z.string().min(1),
    statusReason: z
      .string()
      .nullish()
      .transform((value) => value ?? ''),
    createTime: instant,
    lastUpdatedTime: instant,
    timeWindowStart: instant,
    timeWindowEnd: instant,
    timeWindowStartOriginal: instant,
    timeWindowEndOriginal: instant,
    timeWindowTimeZoneOriginal: instant,
    timeWindowTimeZone: instant,
    parameterValues: z.record(z.string(), z.unknown()).nullish(),
    executionTime: z.coerce.number().nullish().catch(null),
  })
  .transform((raw) => ({
    executionId: raw.workflowExecutionId,
    workflowId: raw.workflowId,
    /** Amazon's word, in capitals. */
    status: raw.status.toUpperCase(),
    outcome: OUTCOMES[raw.status.toUpperCase()] ?? ('open' as const),
    /** Amazon's reason for a rejection or failure; empty when it gives none. */
    statusReason: raw.statusReason,
    /** ISO 8601 UTC by Amazon's clock. */
    createdAt: raw.createTime,
    updatedAt: raw.lastUpdatedTime,
    window: {
      /** ISO 8601 UTC. */
      start: raw.timeWindowStart,
      end: raw.timeWindowEnd,
      /** As it was asked for: local time without offset. */
      localStart: raw.timeWindowStartOriginal,
      localEnd: raw.timeWindowEndOriginal,
      timeZone: raw.timeWindowTimeZoneOriginal ?? raw.timeWindowTimeZone,
    },
    /** Values as text: Amazon takes numbers too and gives them back. */
    parameterValues: Object.fromEntries(Object.entries(raw.parameterValues ?? {}).map(([name, value]) => [name, String(value)])),
    /** Seconds of computing, once it succeeded. */
    computeSeconds: raw.executionTime ?? null,
  }));

export type Execution = z.output<typeof executionSchema>;
