import { CollectorError } from '../../contract/error.ts';

export const noSchedule = (id: string): CollectorError =>
  new CollectorError('not_found', `There is no schedule ${id} here; list the schedules to see which exist.`);

export const nameTaken = (name: string): CollectorError =>
  new CollectorError('conflict', `This workspace has a schedule named '${name}' already; choose another name.`);
