import type { Request, Response } from 'express';
import type { z } from 'zod';
import type { RouteDeclaration, Routes } from '../../contract/route.ts';
import type { Context, Server } from './context.ts';

type Parsed<R, P extends string> = R extends Readonly<Record<P, infer S extends z.ZodType>> ? z.output<S> : undefined;

/** What a request brought, as the route's schemas have parsed it. */
export interface Input<R extends RouteDeclaration> {
  readonly params: Parsed<R, 'params'>;
  readonly query: Parsed<R, 'query'>;
  readonly body: Parsed<R, 'body'>;
}

type Answer<R extends RouteDeclaration> = z.input<R['response']>;
type Handle<R extends RouteDeclaration> = (context: Context, input: Input<R>) => Promise<Answer<R>>;

/** A handler that can also answer when nobody can be recognised, because the database is away. For others that is an error. */
interface Undaunted<R extends RouteDeclaration> {
  readonly handle: Handle<R>;
  readonly withoutDatabase: (server: Server) => Answer<R>;
}

/** Writes server-sent events until one side ends. */
type HandleStream<R extends RouteDeclaration> = (context: Context, input: Input<R>, exchange: Exchange) => Promise<void>;
interface Exchange {
  readonly req: Request;
  readonly res: Response;
}

type Handler<R extends RouteDeclaration> = R extends { readonly stream: true } ? HandleStream<R> : Handle<R> | Undaunted<R>;

type AnyInput = Readonly<Record<'params' | 'query' | 'body', unknown>>;

/** A route with its handler, as mount.ts calls it: with input that the route's schemas have parsed. */
export type HandledRoute =
  | {
      readonly declaration: RouteDeclaration;
      readonly handle: (context: Context, input: AnyInput) => Promise<unknown>;
      readonly withoutDatabase?: (server: Server) => unknown;
    }
  | {
      readonly declaration: RouteDeclaration;
      readonly handleStream: (context: Context, input: AnyInput, exchange: Exchange) => Promise<void>;
    };

/** Ties the routes of a resource to what answers them: a handler that is missing, misnamed or answers something else does not compile. */
export function handlers<R extends Routes>(
  routes: R,
  byName: { readonly [N in keyof R]: Handler<R[N]> },
): { readonly [N in keyof R]: HandledRoute } {
  const handled = Object.entries(routes).map(([name, declaration]) => {
    const handler = byName[name] as Handle<RouteDeclaration> | Undaunted<RouteDeclaration> | HandleStream<RouteDeclaration>;
    if (declaration.stream) return [name, { declaration, handleStream: handler }];
    return [name, { declaration, ...(typeof handler === 'function' ? { handle: handler } : handler) }];
  });
  return Object.fromEntries(handled) as { [N in keyof R]: HandledRoute };
}
