import { CollectorError } from '../../contract/error.ts';
import type { Store } from '../../data/store/store.ts';
import { describeError } from './failure.ts';
import type { ClaimedRun } from './run.ts';
import type { CollectSettings } from './settings.ts';
import {
  count,
  countedOn,
  lockToday,
  parkInLine,
  setCountedOn,
  unpark,
  writeLimits,
  type DayCount,
  type Today,
} from './statements/execution-days.ts';
import { markNotCreated, postpone } from './statements/transitions.ts';
import type { Tx } from '../../ground/database.ts';
import { announce } from '../../ground/outbox/announce.ts';
import { weekChanged } from './events.ts';

/** No execution may be created today: the instance, or its account, has had as many as it may. */
export class DayLimitReached extends Error {
  override readonly name = 'DayLimitReached';
  readonly kind: DayCount['kind'];
  readonly until: Date;
  readonly waitMs: number;
  readonly explanation: CollectorError;

  constructor(run: ClaimedRun, full: DayCount, { endsAt, endsInMs }: Pick<Today, 'endsAt' | 'endsInMs'>) {
    super('The limit of executions per day is reached.');
    this.kind = full.kind;
    this.until = endsAt;
    this.waitMs = endsInMs;
    const whose = full.kind === 'instance' ? `Instance ${run.amcInstanceId}` : `Account ${run.accountId}`;
    this.explanation = new CollectorError(
      'day_limit',
      `${whose} has had its ${full.limit} executions of this day (UTC); the week goes on at ${endsAt.toISOString().slice(0, 16)}Z.`,
    );
  }
}

/** Lets weeks go on whose limit was raised or lifted. Done now and then by every worker. */
export async function keepDayLimits(store: Store, settings: CollectSettings): Promise<void> {
  await store.transaction(async (tx) => {
    await announce(tx, (await unpark(tx, limitsOf(settings))).map(weekChanged));
    await writeLimits(tx, limitsOf(settings));
  });
}

const limitsOf = ({ instancePerDay, accountPerDay }: CollectSettings) => ({ instance: instancePerDay, account: accountPerDay });

/**
 * Counts the execution that is about to be created under today (UTC, by the database's clock), in the transaction that notes the
 * attempt: whatever happens to this process then, the count holds. A request that was counted before and never got through is not
 * counted twice, but moves to today.
 * @throws DayLimitReached
 */
export async function countExecution(tx: Tx, run: ClaimedRun, settings: CollectSettings): Promise<void> {
  const today = await lockToday(tx, run, limitsOf(settings));
  if (today.countedOn === today.day) return;
  const full = today.counts.find(({ used, limit }) => limit !== null && used >= limit);
  if (full) throw new DayLimitReached(run, full, today);
  if (today.countedOn !== null) await count(tx, run, today.countedOn, -1);
  await count(tx, run, today.day, 1);
  await setCountedOn(tx, run, today.day);
}

/** The create request certainly bought nothing: it does not count, and a week that waits for the next day may have its place. */
export async function uncountExecution(tx: Tx, run: ClaimedRun, settings: CollectSettings): Promise<void> {
  const day = await countedOn(tx, run);
  if (day === null) return;
  await count(tx, run, day, -1);
  await setCountedOn(tx, run, null);
  await announce(tx, (await unpark(tx, limitsOf(settings))).map(weekChanged));
}

/**
 * Lets the run and everything in line behind the limit wait for the next day, where a person sees why. A run whose earlier request
 * found no clear end keeps its slot and its note, so that an execution Amazon lists very late is still found.
 */
export async function parkUntilTomorrow(tx: Tx, run: ClaimedRun, reached: DayLimitReached): Promise<void> {
  const error = describeError(reached.explanation);
  if (run.createAttemptedAt !== null) await postpone(tx, run, reached.waitMs, error);
  else await markNotCreated(tx, run, reached.waitMs, error);
  const where = reached.kind === 'account' ? { accountId: run.accountId } : { instanceId: run.instanceId };
  await announce(tx, (await parkInLine(tx, where, reached.until, reached.explanation.message)).map(weekChanged));
}
