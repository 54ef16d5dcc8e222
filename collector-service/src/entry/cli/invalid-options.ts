import type { z } from 'zod';
import { CollectorError } from '../../contract/error.ts';

/** Every mistake in the options of a command, in one sentence each. */
export const invalidOptions = (error: z.ZodError): CollectorError =>
  new CollectorError('invalid_request', error.issues.map((issue) => `${issue.path.join('.') || 'options'}: ${issue.message}`).join('\n'));
