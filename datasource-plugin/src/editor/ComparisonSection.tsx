import { Combobox, Stack } from '@grafana/ui';
import type { AmcQuery } from '../query';
import { selectors } from '../selectors';
import { words } from '../words';
import { comparisons, named, transforms } from './labels';
import { LabelledField } from './LabelledField';
import { Section } from './Section';
import { readNumber, TypedInput } from './TypedInput';

interface Props {
  query: AmcQuery;
  onChange: (change: Partial<AmcQuery>) => void;
}

const POINTS = 4;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** What the numbers are set beside, and what is made of them. */
export function ComparisonSection({ query, onChange }: Props) {
  const { compare = 'none', transform = 'none' } = query;
  return (
    <Section
      title={words('comparison.title', 'Compare and transform')}
      summary={[compare !== 'none' && comparisons()[compare], transform !== 'none' && transforms()[transform]]}
      testId={selectors.query.comparisonSection}
    >
      <Stack wrap="wrap" gap={1}>
        <LabelledField
          label={words('compare.label', 'Compare with')}
          tooltip={words(
            'compare.tooltip',
            'Period before: the month, quarter or year before when the range is whole ones, else as many days just before. Year before: the same weekdays, 364 days back, or the same dates',
          )}
        >
          {(ids) => (
            <Combobox
              {...ids}
              data-testid={selectors.query.compare}
              width={28}
              options={named(comparisons())}
              value={compare}
              onChange={({ value }) => onChange({ compare: value, ...(value !== 'custom' && { compareTo: undefined }) })}
            />
          )}
        </LabelledField>
        {compare === 'custom' && <CustomDays query={query} onChange={onChange} />}
        <LabelledField
          label={words('transform.label', 'Show')}
          tooltip={words(
            'transform.tooltip',
            'Share: of the total of all groups. Cumulative: added up from the first bucket. Moving average: over the newest buckets; of ratios the ratio of the sums',
          )}
        >
          {(ids) => (
            <Combobox
              {...ids}
              data-testid={selectors.query.transform}
              width={20}
              options={named(transforms())}
              value={transform}
              onChange={({ value }) => onChange({ transform: value, ...(value !== 'moving_average' && { movingAverage: undefined }) })}
            />
          )}
        </LabelledField>
        {transform === 'moving_average' && (
          <LabelledField label={words('moving-average.label', 'Buckets')}>
            {({ id }) => (
              <TypedInput
                id={id}
                type="number"
                min={2}
                max={52}
                width={10}
                data-testid={selectors.query.movingAverage}
                value={String(query.movingAverage?.points ?? POINTS)}
                onCommit={(text) =>
                  onChange({ movingAverage: { points: Math.min(52, Math.max(2, Math.trunc(readNumber(text) ?? POINTS))) } })
                }
              />
            )}
          </LabelledField>
        )}
      </Stack>
    </Section>
  );
}

/** First and last day of what is compared with, both included. */
function CustomDays({ query: { compareTo }, onChange }: Props) {
  const change = (part: Partial<NonNullable<AmcQuery['compareTo']>>) => {
    const days = { from: '', to: '', ...compareTo, ...part };
    onChange({ compareTo: days });
  };
  const day = (end: 'from' | 'to', label: string) => (
    <LabelledField label={label}>
      {({ id }) => (
        <TypedInput
          id={id}
          width={18}
          placeholder="2026-01-31"
          invalid={!DAY.test(compareTo?.[end] ?? '')}
          data-testid={selectors.query.compareTo(end)}
          value={compareTo?.[end] ?? ''}
          onCommit={(text) => change({ [end]: text.trim() })}
        />
      )}
    </LabelledField>
  );
  return (
    <>
      {day('from', words('compare.from', 'First day'))}
      {day('to', words('compare.to', 'Last day'))}
    </>
  );
}
