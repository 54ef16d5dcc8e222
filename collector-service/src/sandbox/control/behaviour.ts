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
});
export type Behaviour = z.output<typeof behaviourSchema>;
export type BehaviourInput = z.input<typeof behaviourSchema>;
