import { setTimeout as sleep } from 'node:timers/promises';
import { brokeOff, isAway } from '../database/away.ts';
import type { SandboxDatabase } from '../database/open.ts';
import { insertExecution, loadExecutions, saveExecution } from './execution-store.ts';
import { isTerminal, type Execution, type Status } from './record.ts';

/** One execution of Amazon's, as once observed: validated after 3 s, queued for almost two minutes, computed in 55 s (reference/amc.md §3). */
export const REAL_DURATIONS = { validation: 3_000, queue: 110_000, compute: 55_000 } as const;

export interface QueueOptions {
  readonly database: SandboxDatabase;
  readonly timeFactor: () => number;
  /** Most RUNNING at once. */
  readonly limits: () => { readonly runningPerInstance: number; readonly runningPerAccount: number };
  /** Calendar clock, for what clients see. */
  readonly now: () => Date;
  /** Says whether Amazon would accept the SQL: a reason to reject, or undefined. */
  readonly validate: (execution: Execution) => Promise<string | undefined>;
  /** Runs the SQL and stores the files. */
  readonly compute: (execution: Execution) => Promise<void>;
  readonly onError: (error: unknown, execution: Execution) => void;
}

/** How often a query may see the database go down under it. */
const MOST_BREAKS = 3;

/** Between two questions to a database that is away. */
const DATABASE_AWAY_MS = 250;

/**
 * The executions of all instances and their way through PENDING, RUNNING and an end. Durations are counted on the
 * machine's clock and divided by the time factor; whoever looks, and a timer, moves due executions on. Every step is
 * stored, so that a restarted sandbox goes on where it was.
 */
export class ExecutionQueue {
  readonly executions = new Map<string, Execution>();
  /** Most RUNNING at once since the start, by instance. */
  readonly mostRunning = new Map<string, number>();
  /** Most that had been created and had not ended, dry runs left out, by instance and ('') in all: what a client's limit is about. */
  readonly mostOpen = new Map<string, number>();
  private readonly options: QueueOptions;
  private readonly verdicts = new Map<string, { reason: string | undefined } | 'waiting'>();
  private readonly computing = new Set<string>();
  private readonly underWay = new Set<Promise<void>>();
  private readonly unfinished = new Set<Execution>();
  private timer: NodeJS.Timeout | undefined;
  private closed = false;
  private lastSequence = 0;
  /** One write after the other, each of the newest state, so that an older one can never overtake. */
  private saved: Promise<void> = Promise.resolve();

  constructor(options: QueueOptions) {
    this.options = options;
  }

  async load(): Promise<void> {
    for (const execution of await loadExecutions(this.options.database.owner)) {
      this.executions.set(execution.id, execution);
      this.lastSequence = Math.max(this.lastSequence, execution.sequence);
      if (!isTerminal(execution.status)) this.unfinished.add(execution);
    }
    this.advance();
  }

  nextSequence(): number {
    return ++this.lastSequence;
  }

  /** Accepted: from here on it exists, whether the client hears of it or not. */
  async add(execution: Execution): Promise<void> {
    await this.patiently(() => insertExecution(this.options.database.owner, execution));
    this.executions.set(execution.id, execution);
    this.unfinished.add(execution);
    this.countOpen(execution.instanceId);
    this.countOpen('');
    this.advance();
  }

  private countOpen(instanceId: string): void {
    let open = 0;
    for (const { dryRun, instanceId: own } of this.unfinished) if (!dryRun && (instanceId === '' || own === instanceId)) open++;
    this.mostOpen.set(instanceId, Math.max(open, this.mostOpen.get(instanceId) ?? 0));
  }

  async cancel(execution: Execution): Promise<boolean> {
    this.advance();
    if (isTerminal(execution.status)) return false;
    await this.move(execution, 'CANCELLED');
    this.advance();
    return true;
  }

  running(instanceId?: string): number {
    let count = 0;
    for (const execution of this.unfinished) {
      if (execution.status === 'RUNNING' && (instanceId === undefined || execution.instanceId === instanceId)) count++;
    }
    return count;
  }

  /** Moves on whatever is due. Cheap: only unfinished executions are looked at, oldest first. */
  advance(): void {
    if (this.closed) return;
    let next = Infinity;
    for (const execution of this.unfinished) next = Math.min(next, this.step(execution));
    clearTimeout(this.timer);
    if (next !== Infinity) {
      this.timer = setTimeout(() => this.advance(), Math.max(1, Math.min(next - Date.now(), 60_000)));
      this.timer.unref();
    }
  }

  /** Resolves when nothing is computed any more and everything so far is stored. */
  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.timer);
    await Promise.all(this.underWay);
    await this.saved;
  }

  private lasts(execution: Execution, part: keyof typeof REAL_DURATIONS): number {
    return (REAL_DURATIONS[part] * (execution.slowness ?? 1)) / this.options.timeFactor();
  }

  /** @returns when to look again, on the machine's clock; Infinity when something else will call */
  private step(execution: Execution): number {
    const now = Date.now();
    if (execution.status === 'PENDING') {
      const validated = execution.createdWall + this.lasts(execution, 'validation');
      const verdict = this.verdict(execution);
      if (verdict === 'waiting') return Infinity;
      if (now < validated) return validated;
      execution.validatedAt ??= execution.createdAt + Math.round(this.lasts(execution, 'validation'));
      const reason = execution.fate?.status === 'REJECTED' ? execution.fate.reason : verdict.reason;
      if (reason !== undefined) return this.end(execution, 'REJECTED', reason);
      if (execution.dryRun) return this.end(execution, 'SUCCEEDED');
      const queued = validated + this.lasts(execution, 'queue');
      if (now < queued) return queued;
      const { runningPerInstance, runningPerAccount } = this.options.limits();
      if (this.running(execution.instanceId) >= runningPerInstance || this.running() >= runningPerAccount) return Infinity;
      execution.startedWall = now;
      void this.move(execution, 'RUNNING');
      const running = this.running(execution.instanceId);
      this.mostRunning.set(execution.instanceId, Math.max(running, this.mostRunning.get(execution.instanceId) ?? 0));
    }
    if (execution.status !== 'RUNNING') return Infinity;
    const done = (execution.startedWall ?? now) + this.lasts(execution, 'compute');
    if (execution.fate?.status === 'FAILED') {
      if (now >= done) void this.move(execution, 'FAILED', execution.fate.reason);
      return done;
    }
    if (!execution.computed && execution.failure === undefined) {
      this.compute(execution);
      return Infinity;
    }
    if (now < done) return done;
    execution.executionSeconds = Math.round(REAL_DURATIONS.compute / 1000);
    if (execution.failure !== undefined) void this.move(execution, 'FAILED', execution.failure);
    else void this.move(execution, 'SUCCEEDED');
    return Infinity;
  }

  private end(execution: Execution, status: Status, reason?: string): number {
    void this.move(execution, status, reason);
    return Infinity;
  }

  private verdict(execution: Execution): { reason: string | undefined } | 'waiting' {
    const known = this.verdicts.get(execution.id);
    if (known) return known;
    this.verdicts.set(execution.id, 'waiting');
    this.track(
      this.patiently(() => this.options.validate(execution), MOST_BREAKS)
        .then((reason) => void this.verdicts.set(execution.id, { reason }))
        .catch((error: unknown) => {
          this.options.onError(error, execution);
          this.verdicts.set(execution.id, {
            reason:
              error instanceof Error && error.message.startsWith('Execution ')
                ? error.message
                : 'Internal error while validating the query',
          });
        })
        .then(() => this.advance()),
    );
    return 'waiting';
  }

  private compute(execution: Execution): void {
    if (this.computing.has(execution.id)) return;
    this.computing.add(execution.id);
    this.track(
      this.patiently(() => this.options.compute(execution), MOST_BREAKS)
        .then(() => void (execution.computed = true))
        .catch((error: unknown) => {
          this.options.onError(error, execution);
          execution.failure = error instanceof Error ? error.message : String(error);
        })
        .then(() => {
          this.computing.delete(execution.id);
          this.advance();
        }),
    );
  }

  /**
   * A database that is away is no fate of an execution: whatever it was asked is asked again. One that breaks off under the
   * same question again and again is: the question then is what ends it.
   */
  private async patiently<T>(ask: () => Promise<T>, mostBreaks = Infinity): Promise<T> {
    for (let breaks = 0; ;) {
      try {
        return await ask();
      } catch (error) {
        if (this.closed || !isAway(error)) throw error;
        if (brokeOff(error) && ++breaks >= mostBreaks)
          throw new Error('Execution failed: the query needs more than the sandbox has', { cause: error });
        await sleep(DATABASE_AWAY_MS);
      }
    }
  }

  private track(work: Promise<void>): void {
    this.underWay.add(work);
    void work.finally(() => this.underWay.delete(work));
  }

  /** The change counts at once; the promise is for those who must know that it is stored. */
  private async move(execution: Execution, status: Status, reason?: string): Promise<void> {
    execution.status = status;
    if (reason !== undefined) execution.statusReason = reason;
    execution.updatedAt = this.options.now().getTime();
    if (isTerminal(status)) {
      this.unfinished.delete(execution);
      this.verdicts.delete(execution.id);
      // A place is free: those who wait for one are not on any timer.
      setImmediate(() => this.advance());
    }
    this.saved = this.saved
      .then(() => this.patiently(() => saveExecution(this.options.database.owner, execution)))
      .catch((error: unknown) => {
        if (!this.closed) this.options.onError(error, execution);
      });
    await this.saved;
  }
}
