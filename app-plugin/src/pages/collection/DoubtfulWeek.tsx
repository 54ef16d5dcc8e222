import type { CollectionDetail, Week } from '@amc-reports/collector-service/contract';
import { Alert, Button, Field, Input, Stack } from '@grafana/ui';
import { useId, useState } from 'react';
import { useConfirmWeek } from '../../data/collection';
import { hasRole } from '../../role/role';
import { selectors } from '../../selectors';

interface DoubtfulWeekProps {
  collection: Pick<CollectionDetail, 'id'>;
  week: Pick<Week, 'week' | 'doubt'>;
}

/** Why a served week may not be right, and a way to say that it is. */
export function DoubtfulWeek({ collection, week: { week, doubt } }: DoubtfulWeekProps) {
  const [reason, setReason] = useState('');
  const confirm = useConfirmWeek(collection.id);
  const id = useId();
  if (!doubt) return null;
  return (
    <Alert severity="warning" title="This week is doubtful" bottomSpacing={0} data-testid={selectors.collection.doubt}>
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
              Confirm this week
            </Button>
          </Stack>
        )}
      </Stack>
    </Alert>
  );
}
