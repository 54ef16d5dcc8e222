import { Combobox, Stack, type ComboboxOption } from '@grafana/ui';
import type { AmcQuery, Goal } from '../query';
import { selectors } from '../selectors';
import { words } from '../words';
import { LabelledField } from './LabelledField';
import { ListField } from './ListField';
import { chosen } from './options';
import { Section } from './Section';
import { readNumber, TypedInput } from './TypedInput';

interface Props {
  query: AmcQuery;
  /** Metrics of the query: a goal belongs to one of them. */
  metrics: ComboboxOption[];
  onChange: (change: Partial<AmcQuery>) => void;
}

/** How series are named, and the lines they are to reach. */
export function LegendSection({ query, metrics, onChange }: Props) {
  const { goals = [], legend } = query;
  return (
    <Section
      title={words('legend.title', 'Legend and goals')}
      summary={[legend, ...goals.map(({ metric, value, title }) => `${title ?? metric}: ${value}`)]}
      testId={selectors.query.legendSection}
    >
      <LabelledField
        label={words('legend.label', 'Legend')}
        tooltip={words(
          'legend.tooltip',
          'Names of series: text with the names of metric, currency, period and dimensions in double braces',
        )}
      >
        {({ id }) => (
          <TypedInput
            id={id}
            width={40}
            data-testid={selectors.query.legend}
            placeholder="{{metric}} {{campaign}}"
            value={legend ?? ''}
            onCommit={(text) => onChange({ legend: text.trim() || undefined })}
          />
        )}
      </LabelledField>
      <LabelledField
        label={words('goals.label', 'Goals')}
        tooltip={words('goals.tooltip', "A dashed line, or a column of a table, in the metric's unit")}
      >
        {() => (
          <ListField<Goal>
            items={goals}
            name={words('goals.item', 'Goal')}
            addTestId={selectors.query.addGoal}
            empty={{ metric: metrics[0]?.value ?? '', value: 0 }}
            row={(goal, change, index) => (
              <Stack gap={0.5} wrap="wrap">
                <Combobox
                  aria-label={words('metrics.one', 'Metric')}
                  width={24}
                  data-testid={selectors.query.goalMetric(index)}
                  options={metrics}
                  value={chosen([goal.metric], metrics)[0] ?? null}
                  onChange={({ value }) => change({ ...goal, metric: value })}
                />
                <TypedInput
                  aria-label={words('value.label', 'Value')}
                  width={14}
                  data-testid={selectors.query.goalValue(index)}
                  value={String(goal.value)}
                  onCommit={(text) => change({ ...goal, value: readNumber(text) ?? goal.value })}
                />
                <TypedInput
                  aria-label={words('goals.title', 'Title')}
                  placeholder={words('goals.title', 'Title')}
                  width={20}
                  value={goal.title ?? ''}
                  onCommit={(text) => change({ ...goal, title: text.trim() || undefined })}
                />
              </Stack>
            )}
            onChange={(changed) => onChange({ goals: changed })}
          />
        )}
      </LabelledField>
    </Section>
  );
}
