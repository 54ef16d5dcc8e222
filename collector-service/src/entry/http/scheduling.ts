import type { ReadScope } from '../../engine/collect/statements/read-collections.ts';
import type { CreateSchedule, EditSchedule, ScheduleHistoryQuery } from '../../contract/schedules.ts';
import { editSchedule, pauseSchedule, removeSchedule, resumeSchedule, runNow } from '../../product/schedule/control.ts';
import { createSchedule } from '../../product/schedule/create.ts';
import type { ScheduleDeps } from '../../product/schedule/deps.ts';
import { listSchedules, scheduleDetail, scheduleHistory } from '../../product/schedule/read.ts';

/** schedule/ in the form that the routes use. A schedule that also holds instances outside the scope does not exist: not_found. */
export const schedulingOf = (deps: ScheduleDeps) => ({
  list: (scope: ReadScope) => listSchedules(deps.store, scope),
  detail: (scope: ReadScope, id: string) => scheduleDetail(deps.store, scope, id),
  history: (scope: ReadScope, id: string, query: ScheduleHistoryQuery) => scheduleHistory(deps.store, scope, id, query),
  /** @throws CollectorError invalid_request, not_found, unknown_dataset, conflict */
  create: (scope: ReadScope, person: string, input: CreateSchedule) => createSchedule(deps, { scope, person }, input),
  edit: (scope: ReadScope, person: string, id: string, input: EditSchedule) => editSchedule(deps.store, { scope, person }, id, input),
  remove: (scope: ReadScope, person: string, id: string) => removeSchedule(deps.store, { scope, person }, id),
  pause: (scope: ReadScope, person: string, id: string) => pauseSchedule(deps.store, { scope, person }, id),
  resume: (scope: ReadScope, person: string, id: string) => resumeSchedule(deps.store, { scope, person }, id),
  run: (scope: ReadScope, person: string, id: string) => runNow(deps, { scope, person }, id),
});
export type Schedules = ReturnType<typeof schedulingOf>;
