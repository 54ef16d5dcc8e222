import type { Collection } from '@amc-reports/collector-service/contract';
import { Button, ConfirmModal, Stack } from '@grafana/ui';
import { useState } from 'react';
import { useCollectionAction } from '../data/collection';
import { hasRole } from '../role/role';
import { selectors } from '../selectors';

interface CollectionActionsProps {
  collection: Pick<Collection, 'id' | 'name' | 'state'>;
  size?: 'sm' | 'md';
}

/** Pause, resume and cancel, as far as the collection's state and the person's role allow. */
export function CollectionActions({ collection: { id, name, state }, size = 'md' }: CollectionActionsProps) {
  const [confirming, setConfirming] = useState(false);
  const pause = useCollectionAction(id, 'pause');
  const resume = useCollectionAction(id, 'resume');
  const cancel = useCollectionAction(id, 'cancel');
  if (!hasRole('Editor') || ['cancelled', 'complete', 'incomplete'].includes(state)) return null;
  const busy = pause.isPending || resume.isPending || cancel.isPending;
  const named = (action: string) => (size === 'sm' ? { 'aria-label': `${action} ${name}` } : {});

  return (
    <Stack gap={1} wrap="wrap">
      {state === 'running' ? (
        <Button
          size={size}
          variant="secondary"
          icon="pause"
          disabled={busy}
          onClick={() => pause.mutate()}
          data-testid={selectors.actions.pause}
          {...named('Pause')}
        >
          Pause
        </Button>
      ) : (
        <Button
          size={size}
          variant="secondary"
          icon="play"
          disabled={busy}
          onClick={() => resume.mutate()}
          data-testid={selectors.actions.resume}
          {...named('Resume')}
        >
          Resume
        </Button>
      )}
      <Button
        size={size}
        variant="destructive"
        fill="outline"
        icon="times"
        disabled={busy}
        onClick={() => setConfirming(true)}
        data-testid={selectors.actions.cancel}
        {...named('Cancel')}
      >
        Cancel
      </Button>
      <ConfirmModal
        isOpen={confirming}
        title={`Cancel ${name}?`}
        body="What is not collected yet will not be. A cancelled collection cannot be resumed."
        description="What was collected stays on the dashboards; a new collection can collect the same days."
        confirmText="Cancel the collection"
        dismissText="Keep collecting"
        onConfirm={() => cancel.mutateAsync().then(close, close)}
        onDismiss={close}
      />
    </Stack>
  );

  function close() {
    setConfirming(false);
  }
}
