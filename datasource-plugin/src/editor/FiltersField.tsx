import { Combobox, Stack, type ComboboxOption } from '@grafana/ui';
import type { AmcDatasource } from '../datasource';
import type { AmcQuery, MetricFilter } from '../query';
import { selectors } from '../selectors';
import { words } from '../words';
import { isCurrencyChoice } from './CurrencyField';
import { DimensionFilters } from './DimensionFilters';
import { metricOperators, named } from './labels';
import { ListField } from './ListField';
import { chosen } from './options';
import { readNumber, TypedInput } from './TypedInput';

interface Props {
  query: AmcQuery;
  dataset: string | undefined;
  dimensions: ComboboxOption[];
  metrics: ComboboxOption[];
  datasource: AmcDatasource;
  onChange: (change: Partial<AmcQuery>) => void;
}

/** Filters on dimensions, with values looked up, and on metrics (spend > 100). The choice of a currency has a field of its own. */
export function FiltersField({ query: { filters = [], metricFilters = [] }, metrics, onChange, ...shared }: Props) {
  const currency = filters.filter(isCurrencyChoice);
  const shown = filters.filter((filter) => !isCurrencyChoice(filter));
  return (
    <Stack direction={shown.length + metricFilters.length === 0 ? 'row' : 'column'} gap={0.5}>
      <DimensionFilters
        filters={shown}
        beside={currency}
        {...shared}
        onChange={(changed) => onChange({ filters: [...changed, ...currency] })}
      />
      <ListField<MetricFilter>
        items={metricFilters}
        name={words('metric-filters.item', 'Metric filter')}
        addTestId={selectors.query.addMetricFilter}
        empty={{ metric: metrics[0]?.value ?? '', operator: '>', value: 0 }}
        row={(filter, change, index) => (
          <Stack gap={0.5}>
            <Combobox
              aria-label={words('metrics.one', 'Metric')}
              width={22}
              data-testid={selectors.query.metricFilter(index)}
              options={metrics}
              value={chosen([filter.metric], metrics)[0] ?? null}
              onChange={({ value }) => change({ ...filter, metric: value })}
            />
            <Combobox
              aria-label={words('operator.label', 'Operator')}
              width={8}
              data-testid={selectors.query.metricFilterOperator(index)}
              options={named(metricOperators())}
              value={filter.operator}
              onChange={({ value }) => change({ ...filter, operator: value })}
            />
            <TypedInput
              aria-label={words('value.label', 'Value')}
              width={14}
              data-testid={selectors.query.metricFilterValue(index)}
              value={String(filter.value)}
              onCommit={(text) => change({ ...filter, value: readNumber(text) ?? filter.value })}
            />
          </Stack>
        )}
        onChange={(changed) => onChange({ metricFilters: changed })}
      />
    </Stack>
  );
}
