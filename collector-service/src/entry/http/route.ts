import type { Request, Response } from 'express';
import type { z } from 'zod';
import type { Caller } from '../../engine/access/caller.ts';
import type { RouteName } from '../../contract/routes.ts';
import type { HttpDeps, RateLimits, Scope } from './deps.ts';
import type { EventFeed } from './events/feed.ts';

/** What a handler has at hand besides its validated input. */
export interface Context {
  readonly deps: HttpDeps;
  readonly feed: EventFeed;
  readonly caller: Caller;
  readonly scope: Scope;
  /** Fires when the client goes away, the deadline passes or the server stops. */
  readonly signal: AbortSignal;
}

interface RouteBase {
  readonly name: RouteName;
  readonly summary: string;
  readonly description?: string;
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  /** The limit that a request counts against. */
  readonly budget: keyof RateLimits;
  readonly status: 200 | 201 | 202;
  readonly response: z.ZodType;
}

export interface JsonRoute extends RouteBase {
  readonly kind: 'json';
  handle(input: { params: unknown; query: unknown; body: unknown }, context: Context): Promise<unknown>;
  /** The answer when nobody can be recognised because the database is away. Without it that is an error. */
  withoutDatabase?(deps: HttpDeps): unknown;
}

/** A route that writes server-sent events until one side ends; `response` is the schema of an event's data. */
export interface StreamRoute extends RouteBase {
  readonly kind: 'stream';
  handle(req: Request, res: Response, context: Context): Promise<void>;
}

export type Route = JsonRoute | StreamRoute;

type Output<T> = T extends z.ZodType ? z.output<T> : undefined;

interface TypedRoute<
  P extends z.ZodObject | undefined,
  Q extends z.ZodObject | undefined,
  B extends z.ZodType | undefined,
  R extends z.ZodType,
> extends Omit<JsonRoute, 'kind' | 'params' | 'query' | 'body' | 'response' | 'handle' | 'withoutDatabase'> {
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  readonly response: R;
  handle(input: { params: Output<P>; query: Output<Q>; body: Output<B> }, context: Context): Promise<z.input<R>>;
  withoutDatabase?(deps: HttpDeps): z.input<R>;
}

/** Ties a handler's types to its schemas; mount.ts calls it with input that those schemas have parsed. */
export const defineRoute = <
  R extends z.ZodType,
  P extends z.ZodObject | undefined = undefined,
  Q extends z.ZodObject | undefined = undefined,
  B extends z.ZodType | undefined = undefined,
>(
  route: TypedRoute<P, Q, B, R>,
): JsonRoute => ({ ...route, kind: 'json' }) as unknown as JsonRoute;
