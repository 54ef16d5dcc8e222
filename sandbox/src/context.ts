import type { SandboxDatabase } from './database/open.ts';
import type { Behaviour } from './control/behaviour.ts';
import type { SandboxClock } from './control/clock.ts';
import type { Faults } from './control/faults.ts';
import type { RequestStatistics } from './control/statistics.ts';
import type { ExecutionQueue } from './execution/queue.ts';
import type { QueryService } from './execution/query-service.ts';
import type { Tokens } from './wire/tokens.ts';

export interface SandboxLogger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** What the routes work with. */
export interface SandboxContext {
  readonly database: SandboxDatabase;
  readonly clock: SandboxClock;
  readonly queue: ExecutionQueue;
  readonly queries: QueryService;
  readonly faults: Faults;
  readonly tokens: Tokens;
  readonly statistics: RequestStatistics;
  readonly logger: SandboxLogger;
  /** Signs download URLs. */
  readonly urlKey: Buffer;
  readonly adminToken: string;
  behaviour: Behaviour;
  timeFactor: number;
  /** Makes the days up to the clock's. */
  readonly extendEvents: () => Promise<{ days: number; milliseconds: number }>;
}
