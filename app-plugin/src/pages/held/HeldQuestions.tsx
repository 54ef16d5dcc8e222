import { Alert, Box, Combobox, EmptyState, FilterInput, LoadingPlaceholder, Stack } from '@grafana/ui';
import { useState } from 'react';
import { FailureAlert } from '../../components/FailureAlert';
import { useHeldQuestions } from '../../data/held-questions';
import { hasRole } from '../../role/role';
import { selectors } from '../../selectors';
import { DecisionBar } from './DecisionBar';
import { QuestionTable } from './QuestionTable';
import { keyOf, matches, soleRules, type QuestionFilter } from './questions';

/** The list in each of its states, and what is chosen of it. What a filter hides is not chosen. */
export function HeldQuestions() {
  const { data, error, isPending, isFetching, refetch } = useHeldQuestions();
  const [filter, setFilter] = useState<QuestionFilter>({ search: '', rule: undefined });
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());

  if (isPending) return <LoadingPlaceholder text="Loading held results" />;
  const failure = error && (
    <FailureAlert
      error={error}
      title={data ? 'The list may be out of date' : 'The held results cannot be shown'}
      onRetry={() => void refetch()}
      retrying={isFetching}
    />
  );
  if (!data) return failure;
  const shown = data.questions.filter((question) => matches(question, filter));
  const picked = shown.filter((question) => chosen.has(keyOf(question)));
  return (
    <Stack direction="column" gap={2}>
      {failure}
      {hasRole('Editor') && <DecisionBar waiting={data.questions.length > 0} questions={picked} onDecided={() => setChosen(new Set())} />}
      {data.questions.length === 0 ? (
        <EmptyState variant="completed" message="Nothing waits for a person" />
      ) : (
        <>
          <Filters filter={filter} rules={soleRules(data.questions)} onChange={setFilter} />
          {data.truncated && (
            <Alert severity="info" title="More is held than is shown: decide about some to see the rest" bottomSpacing={0} />
          )}
          {shown.length === 0 ? (
            <EmptyState variant="not-found" message="No held result matches the filter" />
          ) : (
            <QuestionTable questions={shown} chosen={chosen} onChoose={setChosen} />
          )}
        </>
      )}
    </Stack>
  );
}

interface FiltersProps {
  filter: QuestionFilter;
  rules: readonly string[];
  onChange: (filter: QuestionFilter) => void;
}

function Filters({ filter, rules, onChange }: FiltersProps) {
  return (
    <Stack gap={1} wrap="wrap">
      <Box flex={1} minWidth={25}>
        <FilterInput
          value={filter.search}
          onChange={(search) => onChange({ ...filter, search })}
          escapeRegex={false}
          placeholder="Search collection, instance, dataset or rule"
          aria-label="Search held results"
          data-testid={selectors.held.search}
        />
      </Box>
      <Box minWidth={25}>
        <Combobox
          options={rules.map((value) => ({ value, label: value }))}
          value={filter.rule ?? null}
          onChange={(option) => onChange({ ...filter, rule: option?.value })}
          isClearable
          placeholder="Every rule"
          data-testid={selectors.held.rule}
        />
      </Box>
    </Stack>
  );
}
