import type { HeldQuestion } from '@amc-reports/collector-service/contract';
import { Alert, Button, Stack, Text } from '@grafana/ui';
import { useState } from 'react';
import { useDecideHeldRuns, type HeldDecision } from '../../data/held-questions';
import { countOf, formatCount } from '../../format/count';
import { selectors } from '../../selectors';
import { DecisionModal } from './DecisionModal';
import { WORDS } from './wording';

interface DecisionBarProps {
  /** Whether there is anything to choose from. */
  waiting: boolean;
  /** What is chosen. */
  questions: readonly HeldQuestion[];
  onDecided: () => void;
}

/** How much is chosen and what can be decided about it, while something waits; and what came of the last decision. */
export function DecisionBar({ waiting, questions, onDecided }: DecisionBarProps) {
  const [asking, setAsking] = useState<HeldDecision>();
  const decide = useDecideHeldRuns();
  const runs = questions.flatMap(({ runIds }) => runIds);
  const refused = decide.data?.refused ?? [];

  return (
    <Stack direction="column" gap={1} data-testid={selectors.held.bar}>
      {waiting && (
        <Stack gap={1} wrap="wrap" alignItems="center">
          {(Object.keys(WORDS) as HeldDecision[]).map((decision) => (
            <Button
              key={decision}
              icon={WORDS[decision].icon}
              variant={decision === 'accept' ? 'primary' : 'secondary'}
              disabled={runs.length === 0 || decide.isPending || (decision === 'accept' && questions.some(({ acceptable }) => !acceptable))}
              onClick={() => setAsking(decision)}
              data-testid={selectors.held.decide(decision)}
            >
              {WORDS[decision].verb}
            </Button>
          ))}
          <div role="status">
            <Text color="secondary">
              {runs.length === 0
                ? 'Choose what to decide about.'
                : `${countOf(questions.length, 'question')}, ${countOf(runs.length, 'result')} chosen`}
            </Text>
          </div>
        </Stack>
      )}
      {decide.data && (
        <Alert
          severity={refused.length > 0 ? 'warning' : 'success'}
          title={`${countOf(decide.data.decided.length, 'result')} decided${refused.length > 0 ? `, ${formatCount(refused.length)} left as before` : ''}`}
          bottomSpacing={0}
          onRemove={() => decide.reset()}
        >
          {refused.slice(0, 5).map(({ runId, message }) => (
            <p key={runId}>{message}</p>
          ))}
        </Alert>
      )}
      {asking && (
        <DecisionModal
          decision={asking}
          questions={questions}
          onDismiss={() => setAsking(undefined)}
          onConfirm={(reason) => {
            setAsking(undefined);
            decide.mutate({ decision: asking, reason, runs }, { onSuccess: onDecided });
          }}
        />
      )}
    </Stack>
  );
}
