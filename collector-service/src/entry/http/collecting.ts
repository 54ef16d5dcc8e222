import { cancel, pause, resume, retryWeek } from '../../engine/collect/control.ts';
import { createCollection, type PlanDeps } from '../../engine/collect/plan.ts';
import { collectionDetail, listCollections } from '../../engine/collect/read.ts';
import type { Collections } from './deps.ts';

/** collect/ in the form that the routes use. */
export const collectingOf = ({ store, catalogue, clock }: PlanDeps): Collections => ({
  list: (scope) => listCollections(store, scope, clock),
  detail: (scope, id) => collectionDetail(store, clock, scope, id),
  create: (scope, actor, input) => createCollection({ store, catalogue, clock }, { ...scope, ...input, createdBy: actor }),
  pause: (scope, person, id) => pause(store, { scope, person }, id),
  resume: (scope, person, id) => resume(store, { scope, person }, id),
  cancel: (scope, person, id) => cancel(store, { scope, person }, id),
  retryWeek: (scope, person, id, week) => retryWeek(store, clock, { scope, person }, id, week),
});
