import type { CoreApp } from '@grafana/data';
import { Combobox, InlineSwitch, Input, RadioButtonGroup, Stack } from '@grafana/ui';
import { datasetOf, type Catalogue } from '../catalogue';
import type { AmcDatasource } from '../datasource';
import { restOf } from '../defaults';
import type { AmcQuery } from '../query';
import { selectors } from '../selectors';
import { FiltersField } from './FiltersField';
import { Hints } from './Hints';
import { hintsFor } from './hints';
import { LabelledField } from './LabelledField';
import { OrderFields } from './OrderFields';
import { MultiChoice } from './MultiChoice';
import { chosen, dimensionOptions, metricOptions, named, variableOptions } from './options';
import { COMPARISONS, FORMATS, GRAINS } from './words';

interface Props {
  query: AmcQuery;
  catalogue: Catalogue;
  datasource: AmcDatasource;
  app: CoreApp | undefined;
  onChange: (change: Partial<AmcQuery>) => void;
}

const comparisons = named(COMPARISONS);
const formats = named(FORMATS);

/** What to compute, what to group it by, and how to show it. */
export function MetricsForm({ query, catalogue, datasource, app, onChange }: Props) {
  const dataset = datasetOf(catalogue, query);
  const variables = variableOptions(datasource.variableNames());
  const metrics = dataset ? metricOptions(dataset) : catalogue.datasets.flatMap(metricOptions);
  const dimensions = dataset ? dimensionOptions(dataset) : [];
  const grains = named(GRAINS).filter(({ value }) => value === 'auto' || !dataset || dataset.grains.includes(value));
  return (
    <>
      <Stack wrap="wrap" gap={1}>
        <LabelledField label="Metrics" grow>
          {(ids) => (
            <MultiChoice
              {...ids}
              data-testid={selectors.query.metrics}
              placeholder="Choose at least one metric"
              options={[...metrics, ...variables]}
              value={chosen(query.metrics, metrics)}
              onChange={(metrics) => onChange({ metrics })}
            />
          )}
        </LabelledField>
        <LabelledField label="Group by" tooltip="One series or row for each combination of these" grow>
          {(ids) => (
            <MultiChoice
              {...ids}
              data-testid={selectors.query.dimensions}
              placeholder="Total"
              isClearable
              options={[...dimensions, ...variables]}
              value={chosen(query.dimensions, dimensions)}
              onChange={(dimensions) => onChange({ dimensions })}
            />
          )}
        </LabelledField>
      </Stack>
      <LabelledField label="Filters" tooltip="All of them must hold. A filter without values filters nothing">
        {() => (
          <FiltersField
            filters={query.filters ?? []}
            dataset={dataset?.name}
            dimensions={dimensions}
            datasource={datasource}
            onChange={(filters) => onChange({ filters })}
          />
        )}
      </LabelledField>
      <Stack wrap="wrap" gap={1}>
        <LabelledField label="Interval" tooltip="Length of a bucket, in the instance's time zone. Auto keeps a series readable">
          {(ids) => (
            <RadioButtonGroup
              id={ids.id}
              aria-label="Interval"
              data-testid={selectors.query.grain}
              options={grains.map(({ value, label }) => ({ value, label: label ?? value }))}
              value={query.grain ?? 'auto'}
              onChange={(grain) => onChange({ grain, ...(isSeriesOfOne(query, grain) && { format: 'table' as const }) })}
            />
          )}
        </LabelledField>
        <LabelledField label="Format">
          {(ids) => (
            <RadioButtonGroup
              id={ids.id}
              aria-label="Format"
              data-testid={selectors.query.format}
              options={formats.map(({ value, label }) => ({ value, label: label ?? value }))}
              value={query.format ?? 'timeseries'}
              onChange={(format) => onChange({ format })}
            />
          )}
        </LabelledField>
        <LabelledField
          label="Compare with"
          tooltip="Period before: the month, quarter or year before when the range is whole ones, else as many days just before. Year before: the same weekdays, 364 days back, or the same dates"
        >
          {(ids) => (
            <Combobox
              {...ids}
              data-testid={selectors.query.compare}
              width={28}
              options={comparisons}
              value={query.compare ?? 'none'}
              onChange={({ value }) => onChange({ compare: value })}
            />
          )}
        </LabelledField>
      </Stack>
      <Stack wrap="wrap" gap={1}>
        <OrderFields
          query={query}
          choices={[...chosen(query.metrics, metrics), ...chosen(query.dimensions, dimensions)]}
          onChange={onChange}
        />
        <LabelledField label="Limit" tooltip="Rows of a table, or number of series. What is cut is said in a notice">
          {(ids) => (
            <Input
              id={ids.id}
              data-testid={selectors.query.limit}
              type="number"
              min={1}
              max={10_000}
              width={12}
              placeholder="None"
              defaultValue={query.limit ?? ''}
              key={query.limit ?? 'none'}
              onBlur={(event) => onChange({ limit: readLimit(event.currentTarget.value) })}
            />
          )}
        </LabelledField>
        <LabelledField label="Incomplete buckets" tooltip="Show buckets that are not fully collected, marked. They are left out otherwise">
          {(ids) => (
            <InlineSwitch
              id={ids.id}
              data-testid={selectors.query.partial}
              value={query.partial === 'mark'}
              onChange={(event) => onChange({ partial: event.currentTarget.checked ? 'mark' : 'drop' })}
            />
          )}
        </LabelledField>
        <LabelledField
          label="Show what Amazon hid"
          tooltip="Breakdowns lack what Amazon hid for privacy. On: it is a last row or series, (suppressed), after all others. Off, as for numbers and the newest bucket: it is left out, and the notice still says how much it is. Totals hold it either way"
        >
          {(ids) => (
            <InlineSwitch
              id={ids.id}
              data-testid={selectors.query.rest}
              value={restOf(query, app) === 'show'}
              onChange={(event) => onChange({ rest: event.currentTarget.checked ? 'show' : 'hide' })}
            />
          )}
        </LabelledField>
        <LabelledField label="Newest only" tooltip="Only the newest complete bucket of the range: what alert rules ask for">
          {(ids) => (
            <InlineSwitch
              id={ids.id}
              data-testid={selectors.query.latest}
              value={query.latest ?? false}
              onChange={(event) => onChange({ latest: event.currentTarget.checked })}
            />
          )}
        </LabelledField>
      </Stack>
      <Hints hints={hintsFor(query, catalogue, app)} onFix={onChange} />
    </>
  );
}

/** Over the whole range a series would be a single point, which a graph does not show; a table does. */
const isSeriesOfOne = ({ format = 'timeseries' }: AmcQuery, grain: AmcQuery['grain']): boolean =>
  grain === 'total' && format === 'timeseries';

/** A whole number the collector accepts; anything else means no limit. */
function readLimit(text: string): number | undefined {
  const limit = Math.trunc(Number(text));
  return limit >= 1 ? Math.min(limit, 10_000) : undefined;
}
