import { Combobox, InlineSwitch, Stack, type ComboboxOption } from '@grafana/ui';
import type { AmcQuery } from '../query';
import { selectors } from '../selectors';
import { words } from '../words';
import { directions, named } from './labels';
import { LabelledField } from './LabelledField';
import { chosen } from './options';
import { Section } from './Section';
import { TypedInput } from './TypedInput';

interface Props {
  query: AmcQuery;
  /** Metrics and dimensions of the query: nothing else can be ordered by. */
  choices: ComboboxOption[];
  onChange: (change: Partial<AmcQuery>) => void;
}

/** Which rows or series come first, how many, and what becomes of the others. */
export function OrderSection({ query, choices, onChange }: Props) {
  const { orderBy, limit, others } = query;
  const by = orderBy ? chosen([orderBy.by], choices)[0] : undefined;
  return (
    <Section
      title={words('order.title', 'Order and limit')}
      summary={[
        by && words('order.summary', 'By {{what}}', { what: by.label ?? by.value }),
        limit !== undefined && words('limit.summary', 'First {{limit}}', { limit }),
        others && words('others.label', 'Others in one'),
      ]}
      testId={selectors.query.orderSection}
    >
      <Stack wrap="wrap" gap={1}>
        <LabelledField label={words('order.label', 'Order by')}>
          {(ids) => (
            <Combobox
              {...ids}
              data-testid={selectors.query.orderBy}
              width={24}
              isClearable
              placeholder={words('order.placeholder', 'As it comes')}
              options={choices}
              value={by ?? null}
              onChange={(option) =>
                onChange({ orderBy: option ? { by: option.value, direction: orderBy?.direction ?? 'desc' } : undefined })
              }
            />
          )}
        </LabelledField>
        {orderBy && (
          <LabelledField label={words('direction.label', 'Direction')}>
            {(ids) => (
              <Combobox
                {...ids}
                data-testid={selectors.query.orderDirection}
                width={18}
                options={named(directions())}
                value={orderBy.direction ?? 'desc'}
                onChange={({ value }) => onChange({ orderBy: { ...orderBy, direction: value } })}
              />
            )}
          </LabelledField>
        )}
        <LabelledField
          label={words('limit.label', 'Limit')}
          tooltip={words(
            'limit.tooltip',
            'Rows of a table, or number of series; of several currencies as many of each. What is cut is said in a notice',
          )}
        >
          {({ id }) => (
            <TypedInput
              id={id}
              data-testid={selectors.query.limit}
              type="number"
              min={1}
              max={10_000}
              width={12}
              placeholder={words('limit.placeholder', 'None')}
              value={limit === undefined ? '' : String(limit)}
              onCommit={(text) => onChange(limited(text))}
            />
          )}
        </LabelledField>
        {limit !== undefined && (
          <LabelledField
            label={words('others.label', 'Others in one')}
            tooltip={words('others.tooltip', 'What is beyond the limit, in one last row or series')}
          >
            {({ id }) => (
              <InlineSwitch
                id={id}
                data-testid={selectors.query.others}
                value={others ?? false}
                onChange={(event) => onChange({ others: event.currentTarget.checked })}
              />
            )}
          </LabelledField>
        )}
      </Stack>
    </Section>
  );
}

/** A whole number the collector accepts; anything else means no limit, and then there are no others. */
function limited(text: string): Partial<AmcQuery> {
  const limit = Math.trunc(Number(text));
  return limit >= 1 ? { limit: Math.min(limit, 10_000) } : { limit: undefined, others: undefined };
}
