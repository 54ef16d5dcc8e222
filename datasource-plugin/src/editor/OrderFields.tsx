import { Combobox, type ComboboxOption } from '@grafana/ui';
import type { AmcQuery } from '../query';
import { selectors } from '../selectors';
import { LabelledField } from './LabelledField';
import { chosen, named } from './options';
import { DIRECTIONS } from './words';

interface Props {
  query: AmcQuery;
  /** Metrics and dimensions of the query: nothing else can be ordered by. */
  choices: ComboboxOption[];
  onChange: (change: Partial<AmcQuery>) => void;
}

const directions = named(DIRECTIONS);

export function OrderFields({ query: { orderBy }, choices, onChange }: Props) {
  return (
    <>
      <LabelledField label="Order by">
        {(ids) => (
          <Combobox
            {...ids}
            data-testid={selectors.query.orderBy}
            width={24}
            isClearable
            placeholder="As it comes"
            options={choices}
            value={orderBy ? (chosen([orderBy.by], choices)[0] ?? null) : null}
            onChange={(option) => onChange({ orderBy: option ? { by: option.value, direction: orderBy?.direction ?? 'desc' } : undefined })}
          />
        )}
      </LabelledField>
      {orderBy && (
        <LabelledField label="Direction">
          {(ids) => (
            <Combobox
              {...ids}
              data-testid={selectors.query.orderDirection}
              width={18}
              options={directions}
              value={orderBy.direction ?? 'desc'}
              onChange={({ value }) => onChange({ orderBy: { ...orderBy, direction: value } })}
            />
          )}
        </LabelledField>
      )}
    </>
  );
}
