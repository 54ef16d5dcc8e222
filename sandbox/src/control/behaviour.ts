import { z } from 'zod';

/** Knobs for what Amazon's documents leave open or clients should survive (reference/amc.md §6, §8). */
export const behaviourSchema = z.strictObject({
  wrapped: z.boolean().default(false).describe('Bodies as the specification declares them ({workflow: …}) and not as they were seen'),
  syncValidation: z.boolean().default(false).describe('Bad SQL is refused with 400 when the execution is created, not REJECTED later'),
  resultFiles: z.int().min(1).max(5).default(1).describe('Files into which a result is split'),
  bom: z.boolean().default(false).describe('Result files begin with a byte order mark'),
  crlf: z.boolean().default(false).describe('Result files end lines with CR LF'),
  tokenSeconds: z.number().positive().default(3600).describe('Life of an access token, on the calendar clock'),
  expiredTokenStatus: z.union([z.literal(401), z.literal(403)]).default(401),
  urlSeconds: z.number().positive().default(600).describe('Life of a download URL, on the calendar clock'),
  runningPerInstance: z.int().min(1).default(10).describe('Executions RUNNING at once in an instance'),
  runningPerAccount: z.int().min(1).default(200).describe('Executions RUNNING at once in the account'),
  executionsPerDay: z
    .int()
    .min(1)
    .optional()
    .describe("Executions an instance may create in a UTC day; Amazon's text says 30, and nobody saw it enforced"),
  requestsPerSecond: z.number().positive().optional().describe('Token bucket over all requests: 429 with Retry-After when it is empty'),
});
export type Behaviour = z.output<typeof behaviourSchema>;
export type BehaviourInput = z.input<typeof behaviourSchema>;
