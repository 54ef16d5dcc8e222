import type { Logger } from 'pino';
import type pg from 'pg';
import type { Registry } from 'prom-client';
import type { Authenticator } from '../../engine/access/authenticate.ts';
import type { Caller } from '../../engine/access/caller.ts';
import type { Clock } from '../../ground/calendar/clock.ts';
import type { QueryRequest, QueryResponse } from '../../contract/index.ts';
import type {
  Catalogue,
  Collection,
  CollectionDetail,
  CreateCollection,
  DimensionValues,
  DimensionValuesQuery,
  Week,
} from '../../contract/resources.ts';
import type {
  AcceptanceRule,
  AcceptHeldRun,
  DecideHeldRun,
  HeldRows,
  HeldRowsQuery,
  HeldRunDetail,
  HeldRunList,
  HeldRunsQuery,
  RevisionList,
  RevisionsQuery,
  SetAcceptanceRule,
} from '../../contract/review.ts';
import type { Schedules } from './scheduling.ts';

/** What may be seen: everything below takes it from the caller, and nothing widens it. */
export interface Scope {
  readonly workspaceId: string;
  /** Our ids. */
  readonly instanceIds: readonly string[];
}

/** Numbers and names, as query/ and catalogue/ answer them. */
export interface Answers {
  query(caller: Caller, request: QueryRequest, signal: AbortSignal): Promise<QueryResponse>;
  catalogue(caller: Caller): Catalogue | Promise<Catalogue>;
  /** @throws CollectorError unknown_dataset, unknown_dimension */
  dimensionValues(
    caller: Caller,
    request: DimensionValuesQuery & { readonly dimension: string },
    signal: AbortSignal,
  ): Promise<DimensionValues>;
}

/** Collections, as collect/ keeps them. What lies outside the scope does not exist: not_found. Each call has its own deadline. */
export interface Collections {
  list(scope: Scope): Promise<Collection[]>;
  /** @throws CollectorError not_found */
  detail(scope: Scope, id: string): Promise<CollectionDetail>;
  /** @throws CollectorError not_found, unknown_dataset, conflict, week_out_of_range */
  create(scope: Scope, actor: string, input: CreateCollection): Promise<Collection>;
  /** @throws CollectorError not_found, conflict (the collection's state does not allow it) */
  pause(scope: Scope, actor: string, id: string): Promise<Collection>;
  resume(scope: Scope, actor: string, id: string): Promise<Collection>;
  cancel(scope: Scope, actor: string, id: string): Promise<Collection>;
  /** Plans a new run of the week; what is served stays. `week` is a Monday. */
  retryWeek(scope: Scope, actor: string, id: string, week: string): Promise<Week>;
}

/** Held runs, acceptance rules and revisions, as review/ keeps them. What lies outside the scope does not exist: not_found. */
export interface Reviews {
  list(scope: Scope, query: HeldRunsQuery, signal: AbortSignal): Promise<HeldRunList>;
  /** @throws CollectorError not_found; conflict when the kept file is needed and gone */
  detail(scope: Scope, runId: string, signal: AbortSignal): Promise<HeldRunDetail>;
  rows(scope: Scope, runId: string, query: HeldRowsQuery, signal: AbortSignal): Promise<HeldRows>;
  /** @throws CollectorError not_found, conflict (decided, stale, overtaken, cancelled, or no rows) */
  accept(scope: Scope, actor: string, runId: string, input: AcceptHeldRun, signal: AbortSignal): Promise<HeldRunDetail>;
  keep(scope: Scope, actor: string, runId: string, input: DecideHeldRun, signal: AbortSignal): Promise<HeldRunDetail>;
  runAgain(scope: Scope, actor: string, runId: string, input: DecideHeldRun, signal: AbortSignal): Promise<HeldRunDetail>;
  rules(scope: Scope, signal: AbortSignal): Promise<AcceptanceRule[]>;
  setRule(scope: Scope, actor: string, input: SetAcceptanceRule, signal: AbortSignal): Promise<AcceptanceRule>;
  removeRule(scope: Scope, actor: string, ruleId: string, signal: AbortSignal): Promise<AcceptanceRule>;
  revisions(scope: Scope, collectionId: string, query: RevisionsQuery, signal: AbortSignal): Promise<RevisionList>;
}

/** Everything the HTTP server needs; the composition root passes the real parts. */
export interface HttpDeps {
  readonly logger: Logger;
  /** Of the product, for health and OpenAPI. */
  readonly version: string;
  readonly listen: { readonly host: string; readonly port: number };
  readonly pool: pg.Pool;
  readonly authenticator: Authenticator;
  readonly answers: Answers;
  readonly collections: Collections;
  readonly reviews: Reviews;
  readonly schedules: Schedules;
  /** Proves that Amazon accepts the connection's credentials, cheaply. Throws a CollectorError that says what to do. */
  readonly checkConnection: (connectionId: string, signal: AbortSignal) => Promise<void>;
  /** Where every part of the process registers its metrics; served at /metrics. */
  readonly registry: Registry;
  /** The calendar's now; the real one when left out. */
  readonly clock?: Clock;
  /** Requests a second and bursts, per person or token. */
  readonly limits?: Partial<RateLimits>;
  /** How long a body may take to arrive. */
  readonly bodyTimeoutMs?: number;
  readonly eventTiming?: Partial<EventTiming>;
}

export interface RateLimit {
  readonly burst: number;
  readonly perSecond: number;
}

/** What a request counts against. */
export interface RateLimits {
  readonly read: RateLimit;
  readonly query: RateLimit;
  readonly write: RateLimit;
}

export interface EventTiming {
  /** Between two `: ping` lines, so that proxies keep the connection. */
  readonly pingMs: number;
  /** Between two looks at the table when no notification comes. */
  readonly pollMs: number;
}
