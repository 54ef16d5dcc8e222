import type { ComboboxOption } from '@grafana/ui';
import type { AmcDatasource } from '../datasource';
import type { AmcFilter } from '../query';
import { selectors } from '../selectors';
import { words } from '../words';
import { FilterRow } from './FilterRow';
import { ListField } from './ListField';

interface Props {
  filters: readonly AmcFilter[];
  /** Filters that stand elsewhere; they narrow the values that are offered, too. */
  beside?: readonly AmcFilter[];
  dataset: string | undefined;
  dimensions: ComboboxOption[];
  datasource: AmcDatasource;
  onChange: (filters: AmcFilter[]) => void;
}

export function DimensionFilters({ filters, beside = [], onChange, ...shared }: Props) {
  return (
    <ListField<AmcFilter>
      items={filters}
      name={words('filters.item', 'Filter')}
      addTestId={selectors.query.addFilter}
      empty={{ dimension: '', operator: 'in', values: [] }}
      row={(filter, change, index) => (
        <FilterRow
          index={index}
          filter={filter}
          others={[...filters, ...beside].filter((each) => each !== filter)}
          {...shared}
          onChange={change}
        />
      )}
      onChange={onChange}
    />
  );
}
