import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { RouteDeclaration } from '../../contract/route.ts';
import type { Catalogue } from '../../data/catalogue/catalogue.ts';
import type { ServerState } from '../../data/store/embedded/supervise.ts';
import type { Store } from '../../data/store/store.ts';
import type { Authenticator } from '../../engine/access/authenticate.ts';
import type { QueryCache } from '../../engine/query/index.ts';
import type { Clock } from '../../ground/calendar/clock.ts';
import type { EventTiming } from '../../ground/outbox/feed.ts';

/** The parts of the process that the server hands to what it calls. */
export interface Parts {
  readonly store: Store;
  /** What the embedded database server is doing, when it is this process's own. */
  readonly databaseServer?: (() => ServerState) | undefined;
  readonly catalogue: Catalogue;
  /** The calendar's now. */
  readonly clock: Clock;
  readonly logger: Logger;
  /** Folder for kept files while they are compared with what is served. */
  readonly spoolDirectory: string;
  /** Divides every wait of the collecting. */
  readonly timeFactor: number;
  /** Answers to metric queries. */
  readonly cache: QueryCache;
  readonly authenticator: Authenticator;
  /** Of the product, for health and OpenAPI. */
  readonly version: string;
}

/** Everything the HTTP server needs; the composition root passes the real parts. */
export interface HttpDeps extends Parts {
  readonly listen: { readonly host: string; readonly port: number };
  /** Proves that Amazon accepts the connection's credentials, cheaply. Throws a CollectorError that says what to do. */
  readonly checkConnection: (connectionId: string, signal: AbortSignal) => Promise<void>;
  /** Where every part of the process registers its metrics; served at /metrics. */
  readonly registry: Registry;
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
export type RateLimits = Readonly<Record<RouteDeclaration['budget'], RateLimit>>;
