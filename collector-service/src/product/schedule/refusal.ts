import { CollectorError } from '../../contract/error.ts';

/** What a person asked for cannot be done, and what to do instead. */
export function refuse(
  code: 'not_found' | 'conflict' | 'invalid_request',
  message: string,
  details?: Record<string, unknown>,
): CollectorError {
  const status = { not_found: 404, conflict: 409, invalid_request: 400 }[code];
  return new CollectorError(message, { code, kind: 'terminal', status, ...(details && { details }) });
}

export const noSchedule = (id: string): CollectorError =>
  refuse('not_found', `There is no schedule ${id} here; list the schedules to see which exist.`);

export const nameTaken = (name: string): CollectorError =>
  refuse('conflict', `This workspace has a schedule named '${name}' already; choose another name.`);
