import { Alert, Button, Stack } from '@grafana/ui';
import { toFailure } from '../data/failure';
import { selectors } from '../selectors';

interface FailureAlertProps {
  error: unknown;
  /** What could not be done, when the failure's own title would not say it. */
  title?: string;
  onRetry?: () => void;
  retrying?: boolean;
}

/** A failure where it happened: what, why, what to do, and another try. */
export function FailureAlert({ error, title, onRetry, retrying = false }: FailureAlertProps) {
  const failure = toFailure(error);
  return (
    <Alert severity="error" title={title ?? failure.title} data-testid={selectors.failure}>
      <Stack direction="column" gap={1} alignItems="flex-start">
        <span>
          {title && `${failure.title}. `}
          {failure.message}
          {failure.suggestions.length > 0 && ` Did you mean ${failure.suggestions.join(' or ')}?`}
        </span>
        {failure.remedy && <strong>{failure.remedy}</strong>}
        {onRetry && (
          <Button size="sm" variant="secondary" icon="sync" onClick={onRetry} disabled={retrying}>
            {retrying ? 'Trying again…' : 'Try again'}
          </Button>
        )}
      </Stack>
    </Alert>
  );
}
