import type { Logger } from 'pino';
import type { Clock } from './calendar/clock.ts';
import type { Database } from './database.ts';

/** What may be seen: a workspace, and which of its instances. Nothing below widens it. */
export interface Scope {
  readonly workspaceId: string;
  /** Instances (our ids); null: all of the workspace, those to come included. */
  readonly instanceIds: readonly string[] | null;
}

/** A scope with its instances by name, as row-level security needs them. */
export interface BoundedScope extends Scope {
  readonly instanceIds: readonly string[];
}

/** What every use-case takes first. A room that needs more (the catalogue, a folder) says so in a type of its own that extends this. */
export interface Context {
  readonly store: Database;
  /** The calendar's now; no use-case asks the machine. */
  readonly clock: Clock;
  readonly logger: Logger;
  readonly scope: Scope;
  /** Who asks, for the record: a login, `token:<name>`, `command line`, `provisioning`, `collector`. */
  readonly actor: string;
  /** Fires when the asker goes away, the deadline passes or the process stops. */
  readonly signal: AbortSignal;
}
