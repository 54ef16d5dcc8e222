import { CollectorError } from '../../../contract/error.ts';
import type { ReportingCalendar } from '../../../ground/calendar/reporting-calendar.ts';
import type { Filter } from '../../../contract/query.ts';

/** An AMC instance a caller may see. `id` is ours (a bigint as text), `amcInstanceId` is Amazon's, `timeZone` an IANA name. */
export interface ScopedInstance {
  id: string;
  amcInstanceId: string;
  name: string;
  timeZone: string;
}

/** Whose data a question may touch. Cache keys hold the workspace; every statement holds the instances. */
export interface QueryScope {
  workspaceId: string;
  instances: readonly ScopedInstance[];
  /** The weeks and months of the workspace; Monday weeks and calendar months when left out. */
  calendar?: ReportingCalendar;
}

/**
 * The instances of a request: all of the scope, or those named by Amazon's id.
 * @throws CollectorError forbidden for an instance outside the scope; the same words whether or not it exists elsewhere
 */
export function instancesAsked(scope: QueryScope, asked: readonly string[] | undefined): ScopedInstance[] {
  if (asked === undefined || asked.length === 0) return [...scope.instances];
  const known = new Set(scope.instances.map((instance) => instance.amcInstanceId));
  const foreign = [...new Set(asked)].filter((id) => !known.has(id));
  if (foreign.length > 0) {
    const named = foreign
      .slice(0, 3)
      .map((id) => `'${id.slice(0, 60)}'`)
      .join(', ');
    throw new CollectorError(
      'forbidden',
      `You may not see instance ${named}. Choose one of the instances that the catalogue lists, or leave the instances out.`,
    );
  }
  const wanted = new Set(asked);
  return scope.instances.filter((instance) => wanted.has(instance.amcInstanceId));
}

/** What to call each instance, by our id: its name, and Amazon's id beside it where two share a name. */
export function instanceTitles(instances: readonly ScopedInstance[]): Map<string, string> {
  const count = new Map<string, number>();
  for (const { name } of instances) count.set(name, (count.get(name) ?? 0) + 1);
  return new Map(instances.map(({ id, name, amcInstanceId }) => [id, count.get(name) === 1 ? name : `${name} (${amcInstanceId})`]));
}

/** Filters on 'instance' compare Amazon's id or the shown name, and leave fewer instances to read. */
export function filterInstances(instances: readonly ScopedInstance[], filters: readonly Filter[]): ScopedInstance[] {
  const titles = instanceTitles(instances);
  return instances.filter((instance) => {
    const words = [instance.amcInstanceId, instance.name, titles.get(instance.id) ?? ''];
    return filters.every(({ operator, values }) => {
      if (operator === 'contains') return values.some((value) => words.some((word) => word.toLowerCase().includes(value.toLowerCase())));
      const named = words.some((word) => values.includes(word));
      return operator === '!=' || operator === 'not in' ? !named : named;
    });
  });
}
