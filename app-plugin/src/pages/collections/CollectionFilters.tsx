import { Box, Combobox, FilterInput, Stack } from '@grafana/ui';
import { useSearchParams } from 'react-router-dom';
import { selectors } from '../../selectors';
import { COLLECTION_STATUS, COLLECTION_STATUS_ORDER, type CollectionStatus } from '../../wording/collection-status';
import type { CollectionFilter } from './filter';

/** The filter lives in the address, so that a link or the back button brings it back. */
export function useCollectionFilters(): [CollectionFilter, (filter: CollectionFilter) => void] {
  const [params, setParams] = useSearchParams();
  const state = COLLECTION_STATUS_ORDER.find((known) => known === params.get('state'));
  const change = ({ search, state: chosen }: CollectionFilter) =>
    setParams(
      (old) => {
        const next = new URLSearchParams(old);
        for (const [name, value] of Object.entries({ search, state: chosen })) {
          if (value) next.set(name, value);
          else next.delete(name);
        }
        return next;
      },
      { replace: true },
    );
  return [{ search: params.get('search') ?? '', state }, change];
}

interface CollectionFiltersProps {
  filter: CollectionFilter;
  onChange: (filter: CollectionFilter) => void;
}

export function CollectionFilters({ filter, onChange }: CollectionFiltersProps) {
  const options = COLLECTION_STATUS_ORDER.map((value) => ({ value, label: COLLECTION_STATUS[value].label }));
  return (
    <Stack gap={1} wrap="wrap">
      <Box flex={1} minWidth={25}>
        <FilterInput
          value={filter.search}
          onChange={(search) => onChange({ ...filter, search })}
          escapeRegex={false}
          placeholder="Search name, instance or dataset"
          aria-label="Search collections"
          data-testid={selectors.collections.search}
        />
      </Box>
      <Box minWidth={25}>
        <Combobox<CollectionStatus>
          options={options}
          value={filter.state ?? null}
          onChange={(option) => onChange({ ...filter, state: option?.value })}
          isClearable
          placeholder="Every state"
          data-testid={selectors.collections.state}
        />
      </Box>
    </Stack>
  );
}
