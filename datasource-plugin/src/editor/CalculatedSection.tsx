import { Combobox, FieldValidationMessage, Stack } from '@grafana/ui';
import { useState } from 'react';
import type { Dataset } from '../catalogue';
import type { AmcQuery, Calculated } from '../query';
import { selectors } from '../selectors';
import { words } from '../words';
import { mistakeIn } from './expression';
import { betters, named, units } from './labels';
import { ListField } from './ListField';
import { Section } from './Section';
import { TypedInput } from './TypedInput';

interface Props {
  query: AmcQuery;
  dataset: Dataset | undefined;
  onChange: (change: Partial<AmcQuery>) => void;
}

/** Metrics made of others, for this query alone. Computed by the collector from sums; here only read for mistakes while typing. */
export function CalculatedSection({ query, dataset, onChange }: Props) {
  const { calculated = [] } = query;
  return (
    <Section
      title={words('calculated.title', 'Calculated metrics')}
      summary={calculated.map(({ name, title, expression }) => `${title || name} = ${expression}`)}
      testId={selectors.query.calculatedSection}
    >
      <ListField<Calculated>
        items={calculated}
        name={words('calculated.item', 'Calculated metric')}
        addTestId={selectors.query.addCalculated}
        empty={{ name: '', expression: '' }}
        row={(item, change, index) => <CalculatedRow item={item} index={index} dataset={dataset} onChange={change} />}
        onChange={(changed) => onChange({ calculated: changed })}
      />
    </Section>
  );
}

interface RowProps {
  item: Calculated;
  index: number;
  dataset: Dataset | undefined;
  onChange: (item: Calculated) => void;
}

function CalculatedRow({ item, index, dataset, onChange }: RowProps) {
  const [typed, setTyped] = useState(item.expression);
  const [name, setName] = useState(item.title ?? item.name);
  const metrics = dataset?.metrics.map((metric) => metric.name) ?? [];
  const mistake = typed === '' || metrics.length === 0 ? undefined : mistakeIn(typed, metrics);
  const taken = metrics.includes(asName(name));
  return (
    <Stack direction="column" gap={0.5}>
      <Stack gap={0.5} wrap="wrap">
        <TypedInput
          aria-label={words('calculated.name', 'Name')}
          placeholder={words('calculated.name', 'Name')}
          width={20}
          invalid={taken}
          data-testid={selectors.query.calculatedName(index)}
          value={item.title ?? item.name}
          onTyped={setName}
          onCommit={(title) => onChange({ ...item, name: asName(title), title: title.trim() || undefined })}
        />
        <TypedInput
          aria-label={words('calculated.expression', 'Expression')}
          placeholder="sales / clicks"
          width={40}
          invalid={mistake !== undefined}
          data-testid={selectors.query.calculatedExpression(index)}
          value={item.expression}
          onTyped={setTyped}
          onCommit={(expression) => onChange({ ...item, expression: expression.trim() })}
        />
        <Combobox
          aria-label={words('calculated.unit', 'Unit')}
          placeholder={words('calculated.unit', 'Unit')}
          width={14}
          isClearable
          data-testid={selectors.query.calculatedUnit(index)}
          options={named(units())}
          value={item.unit ?? null}
          onChange={(option) => onChange({ ...item, unit: option?.value })}
        />
        <Combobox
          aria-label={words('calculated.better', 'Good direction')}
          width={22}
          data-testid={selectors.query.calculatedBetter(index)}
          options={named(betters())}
          value={item.better ?? 'neutral'}
          onChange={({ value }) => onChange({ ...item, better: value })}
        />
      </Stack>
      <div role="status">
        {taken && (
          <FieldValidationMessage>
            {words('calculated.taken', 'The dataset has a metric of this name. Choose another.')}
          </FieldValidationMessage>
        )}
        {mistake && (
          <FieldValidationMessage>
            {words('calculated.mistake', 'At position {{position}}: {{text}}', { position: mistake.position, text: mistake.text })}
          </FieldValidationMessage>
        )}
      </div>
    </Stack>
  );
}

/** The name by which order, filters and goals call it: of what a person wrote, what the contract allows. */
const asName = (title: string): string =>
  title
    .trim()
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^[^a-z]+|_+$/g, '')
    .slice(0, 41);
