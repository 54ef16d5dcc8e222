import { CollectorError } from '../../contract/error.ts';

/** What lies outside the scope does not exist. */
export const noHeldRun = (runId: string) =>
  new CollectorError(`There is no held run ${runId} here; list the held runs to see which wait for a person.`, {
    code: 'not_found',
    kind: 'terminal',
    status: 404,
  });

/** The state of things does not allow what was asked. */
export const conflict = (message: string, details?: Record<string, unknown>) =>
  new CollectorError(message, { code: 'conflict', kind: 'terminal', status: 409, ...(details === undefined ? {} : { details }) });
