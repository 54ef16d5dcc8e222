import { RadioButtonGroup, Stack } from '@grafana/ui';
import { datasetOf, type Catalogue } from '../catalogue';
import type { AmcDatasource } from '../datasource';
import type { AmcQuery } from '../query';
import { selectors } from '../selectors';
import { Hints } from './Hints';
import type { Hint } from './hints';
import { LabelledField } from './LabelledField';
import { MultiChoice } from './MultiChoice';
import { chosen, metricOptions, named, variableOptions } from './options';
import { GROWTH_VIEWS } from './words';

interface Props {
  query: AmcQuery;
  catalogue: Catalogue;
  datasource: AmcDatasource;
  hints: readonly Hint[];
  onChange: (change: Partial<AmcQuery>) => void;
}

type View = keyof typeof GROWTH_VIEWS;

/** How the views are asked for: a table in total is about ages, any other about weeks. */
const AS_QUERY: Readonly<Record<View, Partial<AmcQuery>>> = {
  lines: { format: 'timeseries', grain: 'week' },
  runs: { format: 'table', grain: 'week' },
  ages: { format: 'table', grain: 'total' },
  numbers: { format: 'numeric', grain: 'total' },
};

function viewOf({ format, grain }: AmcQuery): View {
  if (format === 'numeric') {
    return 'numbers';
  }
  return format === 'table' ? (grain === 'total' ? 'ages' : 'runs') : 'lines';
}

const views = named(GROWTH_VIEWS).map(({ value, label }) => ({ value, label: label ?? value }));

/** Whose growth is followed, and how it is shown. Totals of people do not exist, so counts of people are not offered. */
export function GrowthForm({ query, catalogue, datasource, hints, onChange }: Props) {
  const dataset = datasetOf(catalogue, query);
  const offered = (dataset ? [dataset] : catalogue.datasets).filter(({ levels }) => !levels).flatMap(metricOptions);
  return (
    <>
      {/* In a row of its own: what grows in a column would grow in height. */}
      <Stack wrap="wrap" gap={1}>
        <LabelledField label="Metrics" grow>
          {(ids) => (
            <MultiChoice
              {...ids}
              data-testid={selectors.query.metrics}
              placeholder="Choose at least one metric"
              options={[...offered, ...variableOptions(datasource.variableNames())]}
              value={chosen(query.metrics, offered)}
              onChange={(metrics) => onChange({ metrics })}
            />
          )}
        </LabelledField>
      </Stack>
      <Stack wrap="wrap" gap={1}>
        <LabelledField
          label="Format"
          tooltip="A line per week over the time of its runs; a row per run; or how whole weeks were at an age, learnt from final weeks"
        >
          {(ids) => (
            <RadioButtonGroup
              id={ids.id}
              aria-label="Format"
              data-testid={selectors.query.format}
              options={views}
              value={viewOf(query)}
              onChange={(view) => onChange(AS_QUERY[view])}
            />
          )}
        </LabelledField>
      </Stack>
      <Hints hints={hints} onFix={onChange} />
    </>
  );
}
