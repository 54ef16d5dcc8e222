import { RadioButtonGroup, Stack } from '@grafana/ui';
import { datasetOf, type Catalogue } from '../catalogue';
import type { AmcDatasource } from '../datasource';
import type { AmcQuery } from '../query';
import { selectors } from '../selectors';
import { words } from '../words';
import { LabelledField } from './LabelledField';
import { MultiChoice } from './MultiChoice';
import { growthViews, named } from './labels';
import { chosen, metricOptions, variableOptions } from './options';

interface Props {
  query: AmcQuery;
  catalogue: Catalogue;
  datasource: AmcDatasource;
  onChange: (change: Partial<AmcQuery>) => void;
}

type View = keyof ReturnType<typeof growthViews>;

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

/** Whose growth is followed, and how it is shown. Totals of people do not exist, so counts of people are not offered. */
export function GrowthForm({ query, catalogue, datasource, onChange }: Props) {
  const dataset = datasetOf(catalogue, query);
  const offered = metricOptions((dataset ? [dataset] : catalogue.datasets).filter(({ levels }) => !levels));
  return (
    <>
      {/* In a row of its own: what grows in a column would grow in height. */}
      <Stack wrap="wrap" gap={1}>
        <LabelledField label={words('metrics.label', 'Metrics')} grow>
          {(ids) => (
            <MultiChoice
              {...ids}
              data-testid={selectors.query.metrics}
              placeholder={words('metrics.placeholder', 'Choose at least one metric')}
              options={[...offered, ...variableOptions(datasource.variableNames())]}
              value={chosen(query.metrics, offered)}
              onChange={(metrics) => onChange({ metrics })}
            />
          )}
        </LabelledField>
      </Stack>
      <Stack wrap="wrap" gap={1}>
        <LabelledField
          label={words('format.label', 'Format')}
          tooltip={words(
            'growth.tooltip',
            'A line per week over the time of its runs; a row per run; or how complete weeks were at an age, learnt from final weeks',
          )}
        >
          {(ids) => (
            <RadioButtonGroup
              id={ids.id}
              aria-label={words('format.label', 'Format')}
              data-testid={selectors.query.format}
              options={named(growthViews())}
              value={viewOf(query)}
              onChange={(view) => onChange(AS_QUERY[view])}
            />
          )}
        </LabelledField>
      </Stack>
    </>
  );
}
