import type { CoreApp } from '@grafana/data';
import { RadioButtonGroup, Stack } from '@grafana/ui';
import { candidatesFor, datasetOf, type Catalogue } from '../catalogue';
import type { AmcDatasource } from '../datasource';
import type { AmcQuery } from '../query';
import { selectors } from '../selectors';
import { words } from '../words';
import { CalculatedSection } from './CalculatedSection';
import { ComparisonSection } from './ComparisonSection';
import { CurrencyField } from './CurrencyField';
import { FiltersField } from './FiltersField';
import { formats, grains, named } from './labels';
import { LabelledField } from './LabelledField';
import { LegendSection } from './LegendSection';
import { MultiChoice } from './MultiChoice';
import { OrderSection } from './OrderSection';
import { RowsSection } from './RowsSection';
import { calculatedOptions, chosen, dimensionOptions, metricOptions, variableOptions } from './options';

interface Props {
  query: AmcQuery;
  catalogue: Catalogue;
  datasource: AmcDatasource;
  app: CoreApp | undefined;
  onChange: (change: Partial<AmcQuery>) => void;
}

/** What to compute, what to group it by, and how to show it. */
export function MetricsForm({ query, catalogue, datasource, app, onChange }: Props) {
  const dataset = datasetOf(catalogue, query);
  const candidates = candidatesFor(catalogue, query);
  const variables = variableOptions(datasource.variableNames());
  const metrics = metricOptions(dataset ? [dataset] : catalogue.datasets);
  const filtered = (query.filters ?? []).map(({ dimension }) => dimension).filter((name) => name !== '');
  const dimensions = dimensionOptions(catalogue, candidates, [...(query.dimensions ?? []), ...filtered]);
  const calculated = calculatedOptions(query);
  const intervals = named(grains()).filter(({ value }) => value === 'auto' || !dataset || dataset.grains.includes(value));
  // What can be ordered by, limited or compared with a goal: what the query shows.
  const shown = [...chosen(query.metrics, metrics), ...calculated];
  const section = { query, onChange };
  return (
    <>
      <Stack wrap="wrap" gap={1}>
        <LabelledField label={words('metrics.label', 'Metrics')} grow>
          {(ids) => (
            <MultiChoice
              {...ids}
              data-testid={selectors.query.metrics}
              placeholder={words('metrics.placeholder', 'Choose at least one metric')}
              options={[...metrics, ...calculated, ...variables]}
              value={chosen(query.metrics, [...metrics, ...calculated])}
              onChange={(changed) => onChange({ metrics: changed })}
            />
          )}
        </LabelledField>
        <LabelledField
          label={words('dimensions.label', 'Group by')}
          tooltip={words('dimensions.tooltip', 'One series or row for each combination of these')}
          grow
        >
          {(ids) => (
            <MultiChoice
              {...ids}
              data-testid={selectors.query.dimensions}
              placeholder={words('dimensions.placeholder', 'Total')}
              isClearable
              options={[...dimensions, ...variables]}
              value={chosen(query.dimensions, dimensions)}
              onChange={(changed) => onChange({ dimensions: changed })}
            />
          )}
        </LabelledField>
      </Stack>
      <LabelledField
        label={words('filters.label', 'Filters')}
        tooltip={words('filters.tooltip', 'All of them must hold. A filter without values filters nothing')}
      >
        {() => (
          <FiltersField
            query={query}
            dataset={dataset?.name}
            dimensions={dimensions}
            metrics={[...metrics, ...calculated]}
            datasource={datasource}
            onChange={onChange}
          />
        )}
      </LabelledField>
      <Stack wrap="wrap" gap={1}>
        <LabelledField
          label={words('grain.label', 'Interval')}
          tooltip={words('grain.tooltip', "Length of a bucket, in the instance's time zone. Auto keeps a series readable")}
        >
          {(ids) => (
            <RadioButtonGroup
              id={ids.id}
              aria-label={words('grain.label', 'Interval')}
              data-testid={selectors.query.grain}
              options={intervals}
              value={query.grain ?? 'auto'}
              onChange={(grain) => onChange({ grain, ...(isSeriesOfOne(query, grain) && { format: 'table' as const }) })}
            />
          )}
        </LabelledField>
        <LabelledField label={words('format.label', 'Format')}>
          {(ids) => (
            <RadioButtonGroup
              id={ids.id}
              aria-label={words('format.label', 'Format')}
              data-testid={selectors.query.format}
              options={named(formats())}
              value={query.format ?? 'timeseries'}
              onChange={(format) => onChange({ format })}
            />
          )}
        </LabelledField>
        <CurrencyField query={query} catalogue={catalogue} variables={variables} onChange={onChange} />
      </Stack>
      <div>
        <ComparisonSection {...section} />
        <OrderSection {...section} choices={[...shown, ...chosen(query.dimensions, dimensions)]} />
        <CalculatedSection {...section} dataset={dataset} />
        <LegendSection {...section} metrics={shown} />
        <RowsSection {...section} app={app} />
      </div>
    </>
  );
}

/** Over the whole range a series would be a single point, which a graph does not show; a table does. */
const isSeriesOfOne = ({ format = 'timeseries' }: AmcQuery, grain: AmcQuery['grain']): boolean =>
  grain === 'total' && format === 'timeseries';
