import { Combobox, MultiCombobox, type ComboboxOption } from '@grafana/ui';
import { useCallback, useRef } from 'react';
import type { AmcDatasource } from '../datasource';
import { marked } from '../looks-like-variable';
import type { AmcFilter } from '../query';
import { selectors } from '../selectors';
import { words } from '../words';
import { named, operators } from './labels';
import { variableOptions } from './options';
import { TypedInput } from './TypedInput';

interface Props {
  index: number;
  filter: AmcFilter;
  dataset: string | undefined;
  /** The query's other filters narrow what is offered. */
  others: readonly AmcFilter[];
  dimensions: ComboboxOption[];
  datasource: AmcDatasource;
  onChange: (filter: AmcFilter) => void;
}

/**
 * One filter: by what, how, with which values. Values are looked up while typing; one that is not found can be typed in. What the
 * collector offered is a name and stays one, even if it reads like a variable; what is typed may hold variables.
 */
export function FilterRow({ index, filter, others, dataset, dimensions, datasource, onChange }: Props) {
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
  return (
    <>
      <Combobox
        data-testid={selectors.query.filterDimension(index)}
        aria-label={words('filter.dimension', 'Dimension')}
        placeholder={words('filter.dimension', 'Dimension')}
        width={22}
        options={dimensions}
        value={dimension || null}
        onChange={(option) => change({ dimension: option.value, values: [] })}
      />
      <Combobox
        data-testid={selectors.query.filterOperator(index)}
        width={16}
        aria-label={words('operator.label', 'Operator')}
        options={named(operators())}
        value={operator}
        onChange={(option) => change({ operator: option.value, values: isSingle(option.value) ? values.slice(0, 1) : values })}
      />
      {operator === 'contains' ? (
        <TypedInput
          data-testid={selectors.query.filterValues(index)}
          aria-label={words('filter.text', 'Text')}
          placeholder={words('filter.text', 'Text')}
          width={30}
          value={values[0] ?? ''}
          onCommit={(text) => change({ values: text === '' ? [] : [text] })}
        />
      ) : isSingle(operator) ? (
        <Combobox
          key={`${dimension}${dataset ?? ''}`}
          data-testid={selectors.query.filterValues(index)}
          placeholder={words('filter.all', 'All')}
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
          placeholder={words('filter.all', 'All')}
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
    </>
  );
}

const isSingle = (operator: AmcFilter['operator']): boolean => operator === '=' || operator === '!=' || operator === 'contains';
