import { z } from 'zod';

/** Every error as a caller sees it (RFC 9457). */
export const problemSchema = z
  .object({
    type: z.string().describe('urn:amc-reports:<code>'),
    title: z.string(),
    status: z.int(),
    detail: z.string().describe('What happened'),
    remedy: z.string().describe('What to do about errors of this code'),
    code: z.string(),
    errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
    suggestions: z.array(z.string()).optional().describe('Nearest known names'),
  })
  .meta({ id: 'Problem' });

export type Problem = z.output<typeof problemSchema>;
