import { CollectorError } from './error.ts';
import { ERRORS, type ErrorCode } from './errors.ts';

/** Read by the compiler alone: each line below an @ts-expect-error must not compile. */
export const errors = [
  new CollectorError('not_found', 'There is none.'),
  new CollectorError('timed_out', 'Too slow.', { status: 408 }),
  // @ts-expect-error no such code
  new CollectorError('nothing_found', 'There is none.'),
  // @ts-expect-error message and code exchanged
  new CollectorError('There is none.', 'not_found'),
  // @ts-expect-error no such kind
  new CollectorError('conflict', 'Under way.', { kind: 'temporary' }),
  // @ts-expect-error the code comes first, not among the options
  new CollectorError('conflict', 'Under way.', { code: 'conflict' }),
];

export const known: readonly ErrorCode[] = ['amc_throttled', 'result_empty'];
// @ts-expect-error a table has no entry for it
export const remedy = ERRORS.nothing_found.remedy;
