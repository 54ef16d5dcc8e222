import type { Catalogue, Collection } from '@amc-reports/collector-service/contract';
import { Button, Combobox, Field, Input, RadioButtonGroup, Stack } from '@grafana/ui';
import { useMemo, useState, type FormEvent } from 'react';
import { FailureAlert } from '../../../components/FailureAlert';
import { useCreateCollection } from '../../../data/collections';
import { toFailure } from '../../../data/failure';
import { selectors } from '../../../selectors';
import { collectableWeeks } from './collectable-weeks';
import { EMPTY_DRAFT, mistakesOf, rangeOf, toInput, type Draft, type DraftField, type Mistakes } from './draft';
import { RangeFields } from './RangeFields';
import { RangePreview } from './RangePreview';

interface StartFormProps {
  catalogue: Catalogue;
  onStarted: (collection: Collection) => void;
  onCancel: () => void;
}

export function StartForm({ catalogue: { instances, datasets }, onStarted, onCancel }: StartFormProps) {
  const [draft, setDraft] = useState<Draft>({
    ...EMPTY_DRAFT,
    instance: onlyOne(instances)?.instance ?? null,
    dataset: onlyOne(datasets)?.name ?? null,
  });
  const [submitted, setSubmitted] = useState(false);
  const create = useCreateCollection();
  const instance = instances.find((known) => known.instance === draft.instance);
  const dataset = datasets.find(({ name }) => name === draft.dataset);
  const timeZone = instance?.timeZone ?? 'UTC';
  const collectable = useMemo(() => collectableWeeks(new Date(), timeZone), [timeZone]);
  const own = mistakesOf(draft, collectable);
  const mistakes = submitted ? { ...theirs(create.error), ...own } : {};
  const errorOf = (field: DraftField) => (mistakes[field] ? { invalid: true, error: mistakes[field] } : {});

  const change = (part: Partial<Draft>) => {
    setDraft((old) => ({ ...old, ...part }));
    create.reset();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setSubmitted(true);
    if (Object.keys(own).length === 0) create.mutate(toInput(draft), { onSuccess: onStarted });
  };

  return (
    <form onSubmit={submit} noValidate data-testid={selectors.startForm.container}>
      <Field
        label="Instance"
        description="The AMC instance whose data is collected"
        required
        htmlFor="amc-instance"
        {...errorOf('instance')}
      >
        <Combobox
          id="amc-instance"
          options={instances.map(({ instance: value, name, timeZone: zone }) => ({
            value,
            label: name,
            description: `${value} · ${zone}`,
          }))}
          value={draft.instance}
          onChange={({ value }) => change({ instance: value })}
          placeholder="Choose an instance"
          data-testid={selectors.startForm.instance}
        />
      </Field>
      <Field
        label="Dataset"
        description={dataset?.description ?? 'What is asked of Amazon'}
        required
        htmlFor="amc-dataset"
        {...errorOf('dataset')}
      >
        <Combobox
          id="amc-dataset"
          options={datasets.map(({ name: value, title, version }) => ({ value, label: title, description: `${value} v${version}` }))}
          value={draft.dataset}
          onChange={({ value }) => change({ dataset: value })}
          placeholder="Choose a dataset"
          data-testid={selectors.startForm.dataset}
        />
      </Field>
      <Field label="Weeks">
        <RadioButtonGroup
          options={[
            { value: 'newest', label: 'The newest weeks' },
            { value: 'range', label: 'From … to …' },
          ]}
          value={draft.mode}
          onChange={(mode: Draft['mode']) => change({ mode })}
          aria-label="How the weeks are chosen"
        />
      </Field>
      <RangeFields draft={draft} collectable={collectable} errorOf={errorOf} onChange={change} />
      <RangePreview range={rangeOf(draft, collectable)} timeZone={instance?.timeZone} />
      <Field label="Name" description="Leave empty to name it after dataset and instance" htmlFor="amc-name" {...errorOf('name')}>
        <Input
          id="amc-name"
          value={draft.name}
          maxLength={200}
          onChange={({ currentTarget }) => change({ name: currentTarget.value })}
          data-testid={selectors.startForm.name}
        />
      </Field>
      {create.error && <FailureAlert error={create.error} title="The collection was not started" />}
      <Stack gap={1}>
        <Button type="submit" disabled={create.isPending} data-testid={selectors.startForm.submit}>
          {create.isPending ? 'Starting…' : 'Start collecting'}
        </Button>
        <Button variant="secondary" onClick={onCancel}>
          Close
        </Button>
      </Stack>
    </form>
  );
}

const onlyOne = <T,>(list: readonly T[]): T | undefined => (list.length === 1 ? list[0] : undefined);

/** What the collector said about single fields. */
function theirs(error: Error | null): Mistakes {
  if (!error) return {};
  const known = toFailure(error).fields.filter(({ path }) => path in EMPTY_DRAFT);
  return Object.fromEntries(known.map(({ path, message }) => [path, message]));
}
