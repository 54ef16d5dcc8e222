import { Combobox, type ComboboxOption } from '@grafana/ui';
import type { Catalogue } from '../catalogue';
import type { AmcFilter, AmcQuery } from '../query';
import { selectors } from '../selectors';
import { words } from '../words';
import { LabelledField } from './LabelledField';
import { chosen } from './options';

interface Props {
  query: AmcQuery;
  catalogue: Catalogue;
  variables: ComboboxOption[];
  onChange: (change: Partial<AmcQuery>) => void;
}

/** The filter of one currency, which has a field of its own: it decides whose advertisers everything speaks of. */
export const isCurrencyChoice = ({ dimension, operator, values }: AmcFilter): boolean =>
  dimension === 'currency' && (operator === '=' || operator === 'in') && values.length === 1;

export function CurrencyField({ query: { filters = [] }, catalogue, variables, onChange }: Props) {
  const known = [...new Set(catalogue.instances.flatMap(({ currencies }) => currencies))].map((value) => ({ value, label: value }));
  const value = filters.find(isCurrencyChoice)?.values[0];
  const choose = (currency: string | undefined) => {
    const others = filters.filter((filter) => !isCurrencyChoice(filter));
    onChange({ filters: currency ? [...others, { dimension: 'currency', operator: 'in', values: [currency] }] : others });
  };
  return (
    <LabelledField
      label={words('currency.label', 'Currency')}
      tooltip={words(
        'currency.tooltip',
        'Only advertisers that account in it; counts are theirs too. Without it, money has a series per currency',
      )}
    >
      {(ids) => (
        <Combobox
          {...ids}
          data-testid={selectors.query.currency}
          width={16}
          isClearable
          placeholder={words('currency.placeholder', 'Each')}
          options={[...known, ...variables]}
          value={value ? (chosen([value], known)[0] ?? null) : null}
          onChange={(option) => choose(option?.value)}
        />
      )}
    </LabelledField>
  );
}
