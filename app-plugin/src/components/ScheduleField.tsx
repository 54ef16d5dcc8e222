import type { Schedule, ScheduleTemplate } from '@amc-reports/collector-service/contract';
import { Combobox, Field, Input } from '@grafana/ui';
import { countOf } from '../format/count';
import { formatInstant } from '../format/instant';
import { selectors } from '../selectors';
import { freeName, isNew, NO_SCHEDULE, type ScheduleDraft } from './schedule-draft';

interface ScheduleFieldProps {
  schedules: readonly Schedule[];
  templates: readonly ScheduleTemplate[];
  draft: ScheduleDraft;
  onChange: (draft: ScheduleDraft) => void;
  /** Whether leaving the collection alone is among the choices. */
  optional?: boolean;
  nameError?: string | undefined;
}

/** What keeps a collection up to date: a schedule that exists, a new one from a template, or nothing. */
export function ScheduleField({ schedules, templates, draft, onChange, optional = false, nameError }: ScheduleFieldProps) {
  const options = [
    ...schedules.map(({ id, name, nextAt, collections }) => ({
      value: `id:${id}`,
      label: name,
      description: `${nextAt === null ? 'Paused' : `Next ${formatInstant(nextAt)}`} · ${countOf(collections.length, 'collection')}`,
    })),
    ...templates.map(({ template, title, description }) => ({ value: `template:${template}`, label: `New: ${title}`, description })),
    ...(optional ? [{ value: NO_SCHEDULE, label: 'None', description: 'Collected once; what comes later is not collected' }] : []),
  ];
  const choose = (choice: string) => {
    const template = templates.find((each) => `template:${each.template}` === choice);
    onChange({ choice, name: template ? freeName(template.title, schedules) : '' });
  };
  return (
    <>
      <Field
        label="Keep up to date"
        description="A schedule collects what comes, and what Amazon changes afterwards. Each is a paid execution."
        htmlFor="amc-schedule"
      >
        <Combobox
          id="amc-schedule"
          options={options}
          value={draft.choice}
          onChange={({ value }) => choose(value)}
          data-testid={selectors.schedule.choice}
        />
      </Field>
      {isNew(draft) && (
        <Field
          label="Name of the new schedule"
          htmlFor="amc-schedule-name"
          required
          {...(nameError !== undefined && { invalid: true, error: nameError })}
        >
          <Input
            id="amc-schedule-name"
            value={draft.name}
            maxLength={200}
            onChange={({ currentTarget }) => onChange({ ...draft, name: currentTarget.value })}
            data-testid={selectors.schedule.name}
          />
        </Field>
      )}
    </>
  );
}
