import { Button, Stack, type ComboboxOption } from '@grafana/ui';
import type { AmcDatasource } from '../datasource';
import type { AmcFilter } from '../query';
import { selectors } from '../selectors';
import { FilterRow } from './FilterRow';

interface Props {
  filters: readonly AmcFilter[];
  dataset: string | undefined;
  dimensions: ComboboxOption[];
  datasource: AmcDatasource;
  onChange: (filters: AmcFilter[]) => void;
}

export function FiltersField({ filters, onChange, ...shared }: Props) {
  return (
    <Stack direction="column" gap={0.5} alignItems="flex-start">
      {filters.map((filter, index) => (
        // Filters have no name of their own, and one is only ever removed by its place.
        <FilterRow
          key={`${index} of ${filters.length}`}
          index={index}
          filter={filter}
          others={filters.filter((_, place) => place !== index)}
          {...shared}
          onChange={(changed) => onChange(filters.map((each, place) => (place === index ? changed : each)))}
          onRemove={() => onChange(filters.filter((_, place) => place !== index))}
        />
      ))}
      <Button
        size="sm"
        variant="secondary"
        icon="plus"
        data-testid={selectors.query.addFilter}
        onClick={() => onChange([...filters, { dimension: '', operator: 'in', values: [] }])}
      >
        Filter
      </Button>
    </Stack>
  );
}
