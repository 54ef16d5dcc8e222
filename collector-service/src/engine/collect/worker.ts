import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { CollectorError } from '../../contract/error.ts';
import { createAgeingWatch } from './ageing.ts';
import { claimFinished, claimPoll, claimUnclear, claimWeek } from './claim.ts';
import { createClockWatch } from './clock-watch.ts';
import { create } from './create.ts';
import { keepDayLimits } from './day-limit.ts';
import type { CollectDeps } from './deps.ts';
import { createLeaseKeeper } from './lease.ts';
import { lookBack } from './look-back.ts';
import { finish } from './merge.ts';
import { poll } from './poll.ts';
import { probe } from './probe.ts';
import type { ClaimedRun } from './run.ts';
import { ensureSlots } from './slots.ts';
import { findCollectionToCompare } from './statements/look-back.ts';
import { nextDueMs } from './statements/next-due.ts';
import { claimUnvalidated } from './statements/validation.ts';
import { claimProbe } from './statements/refusals.ts';
import { validate } from './validate.ts';
import { createAlarm } from '../../ground/outbox/alarm.ts';
import { wakeWorkers } from '../../ground/outbox/announce.ts';

/** Longest sleep: what no notification and no date announces (another machine's slot limits, a lost notification) is found by then. */
const LONGEST_SLEEP_MS = 5_000;
const SHORTEST_SLEEP_MS = 20;
const UPKEEP_EVERY_MS = 60_000;
const AFTER_DATABASE_ERROR_MS = 1_000;
/** How long aborted steps may take to end. */
const AFTER_ABORT_MS = 1_500;

/** Steps of one kind in flight in this process. */
interface Bench {
  readonly limit: number;
  readonly busy: Set<Promise<void>>;
}

/**
 * Collects until the signal aborts: claims what is ready, a few steps at a time, and sleeps in between. Any number of workers, in
 * any number of processes, share the work; each may be killed at any moment. Database errors are waited out.
 *
 * After an abort nothing new is claimed, running steps get stopGraceMs to end, and the leases of the rest are given back. Resolves then.
 */
export async function runWorker(deps: CollectDeps, signal: AbortSignal): Promise<void> {
  const { store, settings, logger } = deps;
  const lease = { owner: `${hostname()}:${process.pid}:${randomUUID().slice(0, 8)}`, leaseMs: settings.leaseMs };
  const leases = createLeaseKeeper(store.pool, settings.leaseMs, logger);
  const alarm = createAlarm(store.sessions, logger);
  const hardStop = new AbortController();
  const calls: Bench = { limit: settings.apiSteps, busy: new Set() };
  const merges: Bench = { limit: settings.mergeSteps, busy: new Set() };
  const watchAgeing = createAgeingWatch(store.pool, deps.clock, logger);
  const watchClocks = createClockWatch(deps);
  let upkeepAt = 0;
  let lookBackAt = 0;

  /** Runs a step in the background, its leases kept alive; it is over when its promise leaves the bench. */
  function start(bench: Bench, runs: readonly ClaimedRun[], what: string, work: (stepSignal: AbortSignal) => Promise<void>): void {
    const holds = runs.map((run) => leases.hold(run));
    const stepSignal = AbortSignal.any([hardStop.signal, ...holds.map((hold) => hold.signal)]);
    const running = work(stepSignal)
      .catch((error: unknown) => {
        // What the worker could not finish stays claimed until its lease ends; then it, or another, starts over.
        const log = { err: error, runs: runs.map((run) => run.id) };
        if (stepSignal.aborted || (error instanceof CollectorError && error.code === 'lost_fence'))
          logger.info(log, `${what} was given up.`);
        else logger.error(log, `${what} failed; it is taken up again when its lease ends.`);
      })
      .finally(() => {
        bench.busy.delete(running);
        if (!hardStop.signal.aborted) for (const hold of holds) hold.letGo();
        alarm.wake();
      });
    bench.busy.add(running);
  }

  /** Claims one piece of work; the later a step the sooner it is served, so that what is paid for gets finished first. */
  async function claimOne(): Promise<boolean> {
    return (merges.busy.size < merges.limit && (await claimMerge())) || (calls.busy.size < calls.limit && (await claimCall()));
  }

  async function claimMerge(): Promise<boolean> {
    const run = await claimFinished(store, lease);
    if (run) start(merges, [run], `Collecting week ${run.week}`, (step) => finish(deps, run, step));
    return run !== undefined;
  }

  async function claimCall(): Promise<boolean> {
    const running = await claimPoll(store, lease);
    if (running.length > 0) {
      start(calls, running, 'A poll', (step) => poll(deps, running, step));
      return true;
    }
    const run = (await claimUnclear(store, lease)) ?? (await claimWeek(store, lease));
    if (run) {
      start(calls, [run], `Buying week ${run.week}`, (step) => create(deps, run, step));
      return true;
    }
    const collection = await store.transaction((tx) => claimUnvalidated(tx, settings.leaseMs));
    if (collection) {
      start(calls, [], 'A validation', (step) => validate(deps, collection, step));
      return true;
    }
    const stopped = await store.transaction((tx) => claimProbe(tx, settings.leaseMs));
    if (stopped) start(calls, [], 'A probe', (step) => probe(deps, stopped, step));
    return stopped !== undefined || claimLookBack();
  }

  /** One at a time, and after a failure not at once again: nothing waits for it. */
  async function claimLookBack(): Promise<boolean> {
    if (performance.now() < lookBackAt) return false;
    const id = await findCollectionToCompare(store.pool);
    if (id === null) return false;
    lookBackAt = performance.now() + UPKEEP_EVERY_MS;
    start(calls, [], 'Comparing weeks with their neighbours', async (step) => {
      lookBackAt = (await lookBack(deps, id, step)) ? 0 : performance.now() + LONGEST_SLEEP_MS;
    });
    return true;
  }

  async function upkeep(): Promise<void> {
    if (performance.now() < upkeepAt) return;
    upkeepAt = performance.now() + UPKEEP_EVERY_MS;
    await watchClocks();
    await ensureSlots(store, settings);
    await keepDayLimits(store, settings);
    await watchAgeing();
  }

  async function rest(lookedAt: number): Promise<void> {
    const due = (await nextDueMs(store.pool, performance.now() - lookedAt)) ?? LONGEST_SLEEP_MS;
    await alarm.sleep(Math.min(LONGEST_SLEEP_MS, Math.max(SHORTEST_SLEEP_MS, due)), signal);
  }

  while (!signal.aborted) {
    try {
      await upkeep();
      const lookedAt = performance.now();
      if (!(await claimOne())) await rest(lookedAt);
    } catch (error) {
      logger.warn({ err: error }, 'The database did not do what was asked; trying again.');
      await sleep(AFTER_DATABASE_ERROR_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  const left = [...calls.busy, ...merges.busy];
  await ended(left, settings.stopGraceMs);
  hardStop.abort(new CollectorError('internal', 'The collector is stopping.', { kind: 'transient' }));
  await leases.stop().catch((error: unknown) => logger.warn({ err: error }, 'Leases could not be given back; they run out by themselves.'));
  await ended(left, AFTER_ABORT_MS);
  alarm.stop();
  // A validation that was given up gives no lease back: this tells the others of it.
  await wakeWorkers(store.pool).catch(() => undefined);
}

/** Waits for steps to end, but not longer than the time. */
async function ended(steps: readonly Promise<void>[], ms: number): Promise<void> {
  const over = new AbortController();
  await Promise.race([Promise.allSettled(steps), sleep(ms, undefined, { signal: over.signal }).catch(() => undefined)]);
  over.abort();
}
