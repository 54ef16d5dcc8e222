import { CollectorError } from '../../contract/error.ts';

/** What lies outside the scope does not exist. */
export const noHeldRun = (runId: string) =>
  new CollectorError('not_found', `There is no held run ${runId} here; list the held runs to see which wait for a person.`);

/** The state of things does not allow what was asked. */
export const conflict = (message: string, details?: Record<string, unknown>) => new CollectorError('conflict', message, { details });
