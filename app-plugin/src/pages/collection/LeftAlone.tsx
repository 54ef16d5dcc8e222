import type { Collection } from '@amc-reports/collector-service/contract';
import { Alert, Button, Stack } from '@grafana/ui';
import { useState } from 'react';
import { hasRole } from '../../role/role';
import { selectors } from '../../selectors';
import { isLeftAlone } from '../../wording/updates';
import { ScheduleModal } from './ScheduleModal';

/** Says that no schedule collects what comes, and lets who may choose one. */
export function LeftAlone({ collection }: { collection: Collection }) {
  const [choosing, setChoosing] = useState(false);
  if (!isLeftAlone(collection)) return null;
  return (
    <Alert severity="info" title="This collection is not kept up to date" bottomSpacing={0} data-testid={selectors.schedule.missing}>
      <Stack direction="column" gap={1} alignItems="flex-start">
        <span>
          {'No schedule holds it: what comes, and what Amazon changes afterwards, is not collected.'}
          {!hasRole('Editor') && ' Somebody with the role Editor can choose one.'}
        </span>
        {hasRole('Editor') && (
          <Button size="sm" variant="secondary" icon="calendar-alt" onClick={() => setChoosing(true)} data-testid={selectors.schedule.open}>
            Choose a schedule
          </Button>
        )}
      </Stack>
      {choosing && <ScheduleModal collection={collection} onClose={() => setChoosing(false)} />}
    </Alert>
  );
}
