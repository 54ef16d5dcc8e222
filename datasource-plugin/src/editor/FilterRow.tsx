import { Combobox, IconButton, Input, MultiCombobox, Stack, type ComboboxOption } from '@grafana/ui';
import { useCallback, useRef } from 'react';
import type { AmcDatasource } from '../datasource';
import { marked } from '../looks-like-variable';
import type { AmcFilter } from '../query';
import { selectors } from '../selectors';
import { named, variableOptions } from './options';
import { OPERATORS } from './words';

interface Props {
  index: number;
  filter: AmcFilter;
  dataset: string | undefined;
  /** The query's other filters narrow what is offered. */
  others: readonly AmcFilter[];
  dimensions: ComboboxOption[];
  datasource: AmcDatasource;
  onChange: (filter: AmcFilter) => void;
  onRemove: () => void;
}

const operators = named(OPERATORS);

/**
 * One filter: by what, how, with which values. Values are looked up while typing; one that is not found can be typed in. What the
 * collector offered is a name and stays one, even if it reads like a variable; what is typed may hold variables.
 */
export function FilterRow({ index, filter, others, dataset, dimensions, datasource, onChange, onRemove }: Props) {
  const { dimension, operator, values } = filter;
  const offered = useRef(new Set(filter.fixed));
  const search = useCallback(
    async (text: string): Promise<ComboboxOption[]> => {
      const { values: found } = await datasource.dimensionValues(dimension, {
        dataset,
        search: text,
        filters: datasource.fill({ refId: '', filters: [...others] }).filters ?? [],
      });
      found.forEach(({ value }) => offered.current.add(value));
      const variables = variableOptions(datasource.variableNames()).filter((option) => option.value.includes(text));
      return [...found, ...variables];
    },
    [datasource, dimension, dataset, others],
  );
  const change = (part: Partial<AmcFilter>) => {
    const { fixed: _, ...changed } = { ...filter, ...part };
    onChange({ ...changed, ...marked(changed.values, (value) => offered.current.has(value)) });
  };
  const name = `Filter ${index + 1}`;
  return (
    <div role="group" aria-label={name} data-testid={selectors.query.filter(index)}>
      <Stack alignItems="center" gap={0.5} wrap="wrap">
        <Combobox
          data-testid={selectors.query.filterDimension(index)}
          placeholder="Dimension"
          width={22}
          options={dimensions}
          value={dimension || null}
          onChange={(option) => change({ dimension: option.value, values: [] })}
        />
        <Combobox
          data-testid={selectors.query.filterOperator(index)}
          width={16}
          options={operators}
          value={operator}
          onChange={(option) => change({ operator: option.value, values: isSingle(option.value) ? values.slice(0, 1) : values })}
        />
        {operator === 'contains' ? (
          <Input
            data-testid={selectors.query.filterValues(index)}
            aria-label={`${name} text`}
            placeholder="Text"
            width={30}
            defaultValue={values[0] ?? ''}
            onBlur={(event) => change({ values: event.currentTarget.value === '' ? [] : [event.currentTarget.value] })}
          />
        ) : isSingle(operator) ? (
          <Combobox
            key={`${dimension}${dataset ?? ''}`}
            data-testid={selectors.query.filterValues(index)}
            placeholder="All"
            width={30}
            isClearable
            createCustomValue
            disabled={dimension === ''}
            options={search}
            value={values[0] ?? null}
            onChange={(option) => change({ values: option ? [option.value] : [] })}
          />
        ) : (
          <MultiCombobox
            key={`${dimension}${dataset ?? ''}`}
            data-testid={selectors.query.filterValues(index)}
            placeholder="All"
            width="auto"
            minWidth={30}
            maxWidth={80}
            isClearable
            createCustomValue
            disabled={dimension === ''}
            options={search}
            value={values.map((value) => ({ value, label: value }))}
            onChange={(options) => change({ values: options.map((option) => option.value) })}
          />
        )}
        <IconButton name="trash-alt" size="lg" tooltip={`Remove filter ${index + 1}`} onClick={onRemove} />
      </Stack>
    </div>
  );
}

const isSingle = (operator: AmcFilter['operator']): boolean => operator === '=' || operator === '!=' || operator === 'contains';
