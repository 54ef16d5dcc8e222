import { CollectorError } from '../../../contract/error.ts';
import type { QueryResponse } from '../../../contract/frame.ts';
import type { Results } from '../ask/ask.ts';
import type { Result } from '../result.ts';
import { frames } from './frames.ts';

/** The answers to a batch in Grafana's wire form. */
export const responseOf = (results: Results): QueryResponse => ({
  results: Object.fromEntries([...results].map(([refId, result]) => [refId, entryOf(result)])),
});

/** What the asker can change is 'downstream', our own failures are 'plugin' (Grafana's error sources). */
const entryOf = (result: Result | CollectorError): QueryResponse['results'][string] =>
  result instanceof CollectorError
    ? { status: result.status, error: result.message, errorSource: result.kind === 'bug' ? 'plugin' : 'downstream' }
    : { status: 200, frames: frames(result) };
