import type { CollectionDetail, Week } from '@amc-reports/collector-service/contract';
import { Alert, Button, Field, Input, Stack } from '@grafana/ui';
import { useId, useState } from 'react';
import { useConfirmWeek } from '../../data/collection';
import { hasRole } from '../../role/role';
import { selectors } from '../../selectors';
import { shortNoun } from '../../wording/windows';

interface DoubtfulWeekProps {
  collection: Pick<CollectionDetail, 'id' | 'window'>;
  week: Pick<Week, 'week' | 'doubt'>;
}

/** Why what dashboards show of a week may not be right, and a way to say that it is. */
export function DoubtfulWeek({ collection, week: { week, doubt } }: DoubtfulWeekProps) {
  const [reason, setReason] = useState('');
  const confirm = useConfirmWeek(collection);
  const id = useId();
  const noun = shortNoun(collection.window);
  if (!doubt) return null;
  return (
    <Alert severity="warning" title={`This ${noun} is doubtful`} bottomSpacing={0} data-testid={selectors.collection.doubt}>
      <Stack direction="column" gap={1}>
        {doubt.findings.map(({ rule, message }) => (
          <span key={rule}>{message}</span>
        ))}
        <span>{doubt.note}</span>
        {hasRole('Editor') && (
          <Stack gap={1} alignItems="flex-end" wrap="wrap">
            <Field label="It is right, because" noMargin htmlFor={id}>
              <Input id={id} value={reason} maxLength={1000} onChange={({ currentTarget }) => setReason(currentTarget.value)} />
            </Field>
            <Button
              variant="secondary"
              icon="check"
              disabled={reason.trim() === '' || confirm.isPending}
              onClick={() => confirm.mutate({ week, reason: reason.trim() })}
              data-testid={selectors.collection.confirm}
            >
              Confirm this {noun}
            </Button>
          </Stack>
        )}
      </Stack>
    </Alert>
  );
}
