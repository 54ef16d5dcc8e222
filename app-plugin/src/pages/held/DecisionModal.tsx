import type { HeldQuestion } from '@amc-reports/collector-service/contract';
import { Button, Field, Modal, Stack, TextArea } from '@grafana/ui';
import { useId, useState } from 'react';
import type { HeldDecision } from '../../data/held-questions';
import { countOf } from '../../format/count';
import { selectors } from '../../selectors';
import { WORDS } from './wording';

interface DecisionModalProps {
  decision: HeldDecision;
  questions: readonly HeldQuestion[];
  onConfirm: (reason: string) => void;
  onDismiss: () => void;
}

/** Says what the decision is about and what comes of it, and asks why, for the record. */
export function DecisionModal({ decision, questions, onConfirm, onDismiss }: DecisionModalProps) {
  const [reason, setReason] = useState('');
  const id = useId();
  const { verb, consequence } = WORDS[decision];
  const results = questions.reduce((sum, { runIds }) => sum + runIds.length, 0);
  const collections = new Set(questions.map(({ collectionId }) => collectionId)).size;
  return (
    <Modal isOpen title={`${verb}: ${countOf(results, 'result')} of ${countOf(collections, 'collection')}`} onDismiss={onDismiss}>
      <Stack direction="column" gap={2}>
        <span>{consequence} Each result is decided about for itself; one that cannot be is left as it is.</span>
        <Field label="Why" description="Kept in the audit log with your name." noMargin htmlFor={id}>
          <TextArea
            id={id}
            value={reason}
            maxLength={1000}
            onChange={({ currentTarget }) => setReason(currentTarget.value)}
            data-testid={selectors.held.reason}
          />
        </Field>
      </Stack>
      <Modal.ButtonRow>
        <Button variant="secondary" fill="outline" onClick={onDismiss}>
          Not now
        </Button>
        <Button disabled={reason.trim() === ''} onClick={() => onConfirm(reason.trim())} data-testid={selectors.held.confirm}>
          {verb}
        </Button>
      </Modal.ButtonRow>
    </Modal>
  );
}
