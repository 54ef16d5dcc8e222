import type { CollectionDetail, Week } from '@amc-reports/collector-service/contract';
import { Button, Text } from '@grafana/ui';
import { useRetryWeek } from '../../data/collection';
import { hasRole } from '../../role/role';
import { selectors } from '../../selectors';
import { isOpen } from '../../wording/week-state';
import { shortNoun } from '../../wording/windows';

interface RetryWeekProps {
  collection: Pick<CollectionDetail, 'id' | 'state' | 'window'>;
  week: Pick<Week, 'week' | 'state'>;
}

/** Collects the week again. Hidden while a run is under way, since there is at most one, and from Viewers. */
export function RetryWeek({ collection, week }: RetryWeekProps) {
  const retry = useRetryWeek(collection);
  const noun = shortNoun(collection.window);
  if (!hasRole('Editor')) return null;
  if (collection.state === 'cancelled')
    return <Text color="secondary">{`The collection is cancelled. To collect this ${noun} again, start a new collection.`}</Text>;
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
        {troubled ? `Retry this ${noun}` : `Collect this ${noun} again`}
      </Button>
      <Text element="p" variant="bodySmall" color="secondary">
        Asks Amazon again, which costs an execution. Dashboards keep what they show until the new result is accepted.
      </Text>
    </div>
  );
}
