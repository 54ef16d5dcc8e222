import type { Caller } from '../../engine/access/caller.ts';
import type { QueryScope } from '../../engine/query/index.ts';
import type { BoundedScope, Context as UseCaseContext } from '../../ground/context.ts';
import type { EventFeed } from '../../ground/outbox/feed.ts';
import type { Parts } from './deps.ts';
import type { AmcProbe } from './health/amc-probe.ts';
import type { HttpMetrics } from './metrics/http-metrics.ts';

/** What is at hand whoever asks. */
export interface Server extends Parts {
  readonly feed: EventFeed;
  readonly probe: AmcProbe;
  readonly metrics: HttpMetrics;
}

/** What a handler has at hand besides its validated input: everything that any use-case takes. */
export interface Context extends Server, UseCaseContext {
  readonly store: Server['store'];
  readonly scope: BoundedScope & QueryScope;
  readonly caller: Caller;
}
