import type { CollectionDetail, Week } from '@amc-reports/collector-service/contract';
import { Button, Text } from '@grafana/ui';
import { useRetryWeek } from '../../data/collection';
import { hasRole } from '../../role/role';
import { selectors } from '../../selectors';
import { isOpen } from '../../wording/week-state';

interface RetryWeekProps {
  collection: Pick<CollectionDetail, 'id' | 'state'>;
  week: Pick<Week, 'week' | 'state'>;
}

/** Collects the week again. Hidden while a run is under way, since there is at most one, and from Viewers. */
export function RetryWeek({ collection, week }: RetryWeekProps) {
  const retry = useRetryWeek(collection.id);
  if (!hasRole('Editor')) return null;
  if (collection.state === 'cancelled')
    return <Text color="secondary">The collection is cancelled. To collect this week again, start a new collection.</Text>;
  if (isOpen(week.state)) return null;
  const troubled = week.state === 'failed' || week.state === 'held';
  return (
    <div>
      <Button
        icon="repeat"
        variant={troubled ? 'primary' : 'secondary'}
        disabled={retry.isPending}
        onClick={() => retry.mutate(week.week)}
        data-testid={selectors.collection.retry}
      >
        {troubled ? 'Retry this week' : 'Collect this week again'}
      </Button>
      <Text element="p" variant="bodySmall" color="secondary">
        Asks Amazon again. What is served now stays until the new run is accepted.
      </Text>
    </div>
  );
}
