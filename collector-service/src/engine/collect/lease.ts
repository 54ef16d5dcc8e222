import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { crashPoint } from '../../ground/crash-point.ts';
import { lostFence, type ClaimedRun } from './run.ts';
import { releaseLeases, renewLeases } from './statements/leases.ts';

interface Held {
  run: ClaimedRun;
  controller: AbortController;
}

/** A claimed run in this process's care; the signal aborts when the run is no longer ours. */
export interface Hold {
  signal: AbortSignal;
  letGo(): void;
}

/**
 * Keeps the leases of this process alive: one batched renewal for all of them at a third of the lease. A step whose run was taken
 * over is aborted, and so are all steps when the database could not be reached for a whole lease, since somebody else may then
 * hold their runs. A process that was stopped for longer finds the local deadline passed before it sends anything more.
 */
export function createLeaseKeeper(pool: Pool, leaseMs: number, logger: Logger) {
  const held = new Set<Held>();
  let renewedAt = performance.now();
  let renewing: Promise<void> | undefined;

  const abort = (each: Held) => each.controller.abort(lostFence(each.run));

  async function renew(): Promise<void> {
    if (held.size === 0) return void (renewedAt = performance.now());
    const batch = [...held];
    const startedAt = performance.now();
    try {
      crashPoint('lease.beforeRenewal');
      const lost = new Set(
        await renewLeases(
          pool,
          batch.map((each) => each.run),
          leaseMs,
        ),
      );
      crashPoint('lease.afterRenewal');
      renewedAt = startedAt;
      for (const each of batch) if (lost.has(each.run.id)) abort(each);
    } catch (error) {
      logger.warn({ err: error }, 'Leases could not be renewed; trying again.');
    }
  }

  function tick(): void {
    if (held.size > 0 && performance.now() - renewedAt > leaseMs) for (const each of held) abort(each);
    renewing ??= renew().finally(() => (renewing = undefined));
  }
  const timer = setInterval(tick, leaseMs / 3);

  return {
    hold(run: ClaimedRun): Hold {
      const mine: Held = { run, controller: new AbortController() };
      if (held.size === 0) renewedAt = performance.now();
      held.add(mine);
      return { signal: mine.controller.signal, letGo: () => void held.delete(mine) };
    },
    /** Ends the renewals and gives back what is still held, so that other workers take over at once. */
    async stop(): Promise<void> {
      clearInterval(timer);
      await renewing;
      const left = [...held];
      for (const each of left) abort(each);
      if (left.length > 0)
        await releaseLeases(
          pool,
          left.map((each) => each.run),
        );
    },
  };
}
export type LeaseKeeper = ReturnType<typeof createLeaseKeeper>;
