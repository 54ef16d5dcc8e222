import type { ChooseSchedule, Schedule, ScheduleTemplate } from '@amc-reports/collector-service/contract';

/** What was chosen so far: `id:3`, `template:weekly` with the name of the new schedule, or none. */
export interface ScheduleDraft {
  readonly choice: string;
  readonly name: string;
}

export const NO_SCHEDULE = 'none';
export const isNew = ({ choice }: ScheduleDraft): boolean => choice.startsWith('template:');

/** A weekly schedule that ticks, or any that does; a new weekly one where there is none. */
export function proposedSchedule(schedules: readonly Schedule[], templates: readonly ScheduleTemplate[]): ScheduleDraft {
  const active = schedules.filter(({ state }) => state === 'active');
  const known = active.find(({ template }) => template?.startsWith('weekly')) ?? active[0];
  if (known) return { choice: `id:${known.id}`, name: '' };
  const template = templates[0];
  return template
    ? { choice: `template:${template.template}`, name: freeName(template.title, schedules) }
    : { choice: NO_SCHEDULE, name: '' };
}

/** 'Weekly update', or 'Weekly update 2' where there is one of that name. */
export function freeName(title: string, schedules: ReadonlyArray<Pick<Schedule, 'name'>>): string {
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? title : `${title} ${number}`;
    if (!schedules.some((each) => each.name === name)) return name;
  }
}

/** What is wrong with the name of a new schedule. */
export function nameMistake(draft: ScheduleDraft): string | undefined {
  if (!isNew(draft)) return undefined;
  const { length } = draft.name.trim();
  if (length === 0) return 'Give the new schedule a name';
  return length > 100 ? 'A name has at most 100 characters' : undefined;
}

/** What the collector is asked for; undefined for none. */
export function toChoice({ choice, name }: ScheduleDraft): ChooseSchedule | undefined {
  const [kind, value] = choice.split(':');
  if (kind === 'id') return { id: value! };
  return kind === 'template' ? { template: value as ScheduleTemplate['template'], name: name.trim() } : undefined;
}
