import type { z } from 'zod';
import { acceptanceRuleRoutes } from './acceptance-rules.ts';
import { auditRoutes } from './audit.ts';
import { catalogueRoutes } from './catalogue.ts';
import { collectionRoutes } from './collections.ts';
import { dimensionValueRoutes } from './dimension-values.ts';
import { eventRoutes } from './events.ts';
import { healthRoutes } from './health.ts';
import { heldQuestionRoutes } from './held-questions.ts';
import { heldRunRoutes } from './held-runs.ts';
import { queryRoutes } from './query.ts';
import { revisionRoutes } from './revisions.ts';
import type { RouteDeclaration } from './route.ts';
import { scheduleTemplateRoutes } from './schedule-templates.ts';
import { scheduleTickRoutes } from './schedule-ticks.ts';
import { scheduleRoutes } from './schedules.ts';

/** Every route by name, in the order of the documentation. */
export const API = {
  ...healthRoutes,
  ...catalogueRoutes,
  ...dimensionValueRoutes,
  ...queryRoutes,
  ...collectionRoutes,
  ...revisionRoutes,
  ...heldRunRoutes,
  ...heldQuestionRoutes,
  ...acceptanceRuleRoutes,
  ...scheduleRoutes,
  ...scheduleTickRoutes,
  ...scheduleTemplateRoutes,
  ...eventRoutes,
  ...auditRoutes,
} as const;
export type RouteName = keyof typeof API;

type Declared = typeof API;
type Key<R extends RouteDeclaration> = `${R['method']} ${R['path']}`;
/** A part of the input: absent when the route takes none, optional when everything in it may be left out. */
type Part<R, P extends string> =
  R extends Readonly<Record<P, infer S extends z.ZodType>>
    ? Partial<z.input<S>> extends z.input<S>
      ? { readonly [K in P]?: z.input<S> }
      : { readonly [K in P]: z.input<S> }
    : { readonly [K in P]?: never };

/**
 * What a client sends and gets, by `"<method> <path>"`: `Api['post /v1/collections/{id}/pause']`. Types only, so that a client that is
 * checked against it brings neither this table nor zod along (docs/adr/0025). Every error is a Problem.
 */
export type Api = {
  readonly [N in keyof Declared as Declared[N] extends { stream: true } ? never : Key<Declared[N]>]: {
    readonly input: Part<Declared[N], 'params'> & Part<Declared[N], 'query'> & Part<Declared[N], 'body'>;
    readonly response: z.output<Declared[N]['response']>;
  };
};

/** The same of routes that answer with server-sent events: the data of one. */
export type Streams = {
  readonly [N in keyof Declared as Declared[N] extends { stream: true } ? Key<Declared[N]> : never]: z.output<Declared[N]['response']>;
};
