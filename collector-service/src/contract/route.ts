import type { z } from 'zod';
import type { ErrorCode } from './errors.ts';

/** A role includes those below it: Viewer reads, Editor acts, Admin configures. */
export type Role = 'Viewer' | 'Editor' | 'Admin';

/**
 * A route of the HTTP API, declared once: the server mounts and checks it, OpenAPI and docs/api.md show it, and clients take their types
 * from it (api.ts). Dates are ISO days, instants ISO 8601 UTC, ids decimal strings. Every error is a Problem.
 */
export interface RouteDeclaration {
  readonly method: 'get' | 'post' | 'patch' | 'delete';
  /** With `{name}` for each of the params. */
  readonly path: `/v1/${string}`;
  /** The least that may use it. */
  readonly role: Role;
  /** The limit that a request counts against. */
  readonly budget: 'read' | 'query' | 'write';
  /** One sentence without a full stop. */
  readonly summary: string;
  readonly description?: string;
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  readonly status: 200 | 201 | 202;
  readonly response: z.ZodType;
  /** Server-sent events until one side ends; `response` is the schema of an event's data. */
  readonly stream?: true;
  /** What it may answer with, beyond what every route may and what its input and writing bring along (errorsOf). */
  readonly errors: readonly ErrorCode[];
}

/** The routes of a resource by name, which is their operationId: `{ … } as const satisfies Routes`. */
export type Routes = Readonly<Record<string, RouteDeclaration>>;

const EVERY_ROUTE: readonly ErrorCode[] = [
  'unauthenticated',
  'forbidden',
  'rate_limited',
  'internal',
  'database_unavailable',
  'identity_unavailable',
  'shutting_down',
  'timed_out',
];
const WITH_BODY: readonly ErrorCode[] = ['unsupported_media_type', 'too_large'];
/** Of the database: two changes at once, no room left. */
const WRITING: readonly ErrorCode[] = ['conflict', 'disk_full'];

/** Every code that a route may answer with, each once. */
export function errorsOf({ budget, params, query, body, errors }: RouteDeclaration): readonly ErrorCode[] {
  const ofInput: readonly ErrorCode[] = params || query || body ? ['invalid_request'] : [];
  return [...new Set([...EVERY_ROUTE, ...ofInput, ...(body ? WITH_BODY : []), ...(budget === 'write' ? WRITING : []), ...errors])];
}
