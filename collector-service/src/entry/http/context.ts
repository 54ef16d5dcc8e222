import type { Caller } from '../../engine/access/caller.ts';
import type { Parts, Scope } from './deps.ts';
import type { EventFeed } from './events/feed.ts';
import type { AmcProbe } from './health/amc-probe.ts';
import type { HttpMetrics } from './metrics/http-metrics.ts';

/** What is at hand whoever asks. */
export interface Server extends Parts {
  readonly feed: EventFeed;
  readonly probe: AmcProbe;
  readonly metrics: HttpMetrics;
}

/** What a handler has at hand besides its validated input. */
export interface Context extends Server {
  readonly scope: Scope;
  /** Who asks, for the record: the person, else `token:<name>`. */
  readonly actor: string;
  readonly caller: Caller;
  /** Fires when the client goes away, the deadline passes or the server stops. */
  readonly signal: AbortSignal;
}
