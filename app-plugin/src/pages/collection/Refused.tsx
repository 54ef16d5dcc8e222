import type { Collection } from '@amc-reports/collector-service/contract';
import { Alert } from '@grafana/ui';
import { formatInstant } from '../../format/instant';

/** What Amazon refuses the collection: whether it is stopped, since when, why, and when it is tried again. */
export function Refused({ collection: { state, stopReason, stoppedAt, refusal } }: { collection: Collection }) {
  if (state === 'stopped') {
    const since = stoppedAt === null ? '' : ` since ${formatInstant(stoppedAt)}`;
    return (
      <Alert severity="error" title={`Amazon stopped this collection${since}`}>
        {refusal?.message ?? stopReason ?? 'Amazon gave no reason.'}{' '}
        {refusal
          ? `Amazon is asked again at ${formatInstant(refusal.nextTryAt)}, which costs nothing, and the collection goes on by itself when it agrees.`
          : 'Put right what Amazon objects to; then resume.'}
      </Alert>
    );
  }
  if (!refusal || state === 'cancelled' || state === 'complete') return null;
  return (
    <Alert severity="warning" title={`Amazon refuses this collection something since ${formatInstant(refusal.since)}`}>
      {refusal.message} It may be a slip: it is tried again at {formatInstant(refusal.nextTryAt)}, and nothing is bought until then.
    </Alert>
  );
}
