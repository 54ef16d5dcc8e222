import type { Catalogue, Collection, Schedule, ScheduleTemplate } from '@amc-reports/collector-service/contract';
import { Button, Combobox, Field, Input, Stack } from '@grafana/ui';
import { useState, type FormEvent } from 'react';
import { FailureAlert } from '../../../components/FailureAlert';
import { proposedSchedule } from '../../../components/schedule-draft';
import { ScheduleField } from '../../../components/ScheduleField';
import { useCollectableWindows } from '../../../data/catalogue';
import { useCreateCollection } from '../../../data/collections';
import { toFailure } from '../../../data/failure';
import { selectors } from '../../../selectors';
import { CollectableRange } from './CollectableRange';
import { EMPTY_DRAFT, mistakesOf, rangeOf, toInput, type Draft, type DraftField, type Mistakes } from './draft';

interface StartFormProps {
  catalogue: Catalogue;
  schedules: readonly Schedule[];
  templates: readonly ScheduleTemplate[];
  onStarted: (collection: Collection) => void;
  onCancel: () => void;
}

export function StartForm({ catalogue: { instances, datasets }, schedules, templates, onStarted, onCancel }: StartFormProps) {
  const [draft, setDraft] = useState<Draft>(() => ({
    ...EMPTY_DRAFT,
    instance: onlyOne(instances)?.instance ?? null,
    dataset: onlyOne(datasets)?.name ?? null,
    schedule: proposedSchedule(schedules, templates),
  }));
  const [submitted, setSubmitted] = useState(false);
  const create = useCreateCollection();
  const dataset = datasets.find(({ name }) => name === draft.dataset);
  const collectable = useCollectableWindows(draft.instance, draft.dataset);
  const range = collectable.data && rangeOf(draft, collectable.data.windows);
  const own = mistakesOf(draft, collectable.data);
  const mistakes = submitted ? { ...theirs(create.error), ...own } : {};
  const errorOf = (field: DraftField) => (mistakes[field] ? { invalid: true, error: mistakes[field] } : {});

  const change = (part: Partial<Draft>) => {
    setDraft((old) => ({ ...old, ...part }));
    create.reset();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setSubmitted(true);
    if (range && Object.keys(own).length === 0) create.mutate(toInput(draft, range), { onSuccess: onStarted });
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
          onChange={({ value }) => change({ instance: value, ...OTHER_WINDOWS })}
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
          onChange={({ value }) => change({ dataset: value, ...OTHER_WINDOWS })}
          placeholder="Choose a dataset"
          data-testid={selectors.startForm.dataset}
        />
      </Field>
      <CollectableRange draft={draft} collectable={collectable.data} failure={collectable.error} errorOf={errorOf} onChange={change} />
      <Field label="Name" description="Leave empty to name it after dataset and instance" htmlFor="amc-name" {...errorOf('name')}>
        <Input
          id="amc-name"
          value={draft.name}
          maxLength={200}
          onChange={({ currentTarget }) => change({ name: currentTarget.value })}
          data-testid={selectors.startForm.name}
        />
      </Field>
      <ScheduleField
        schedules={schedules}
        templates={templates}
        draft={draft.schedule}
        onChange={(schedule) => change({ schedule })}
        optional
        nameError={mistakes.schedule}
      />
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

/** What was said about the windows of another dataset, or in another zone, says nothing of these. */
const OTHER_WINDOWS = { count: null, firstWeek: null, lastWeek: null } as const;

const onlyOne = <T,>(list: readonly T[]): T | undefined => (list.length === 1 ? list[0] : undefined);

/** What the collector said about single fields. */
function theirs(error: Error | null): Mistakes {
  if (!error) return {};
  const known = toFailure(error).fields.filter(({ path }) => path in EMPTY_DRAFT);
  return Object.fromEntries(known.map(({ path, message }) => [path, message]));
}
