import { addDays, localDate, oldestCollectableWeek } from '../../ground/calendar/week.ts';
import { windowDays, type WindowKind } from '../../ground/calendar/window.ts';
import type { Dataset } from '../../data/catalogue/dataset.ts';
import { defaultRestateWeeks } from '../../data/catalogue/restatement.ts';
import { extendCollections, planTickRuns, recordTooOld, type TickRun } from '../../engine/collect/extend.ts';
import { PRIORITY } from '../../engine/collect/priority.ts';
import { scaled } from '../../engine/collect/settings.ts';
import { CollectorError } from '../../contract/error.ts';
import { chooseAgain, growthOf, type Choice, type Growth } from './choose.ts';
import type { TickDeps } from './context.ts';
import type { ScheduleRow } from './statements/schedules.ts';
import { lockTargets, readWeekFacts, type Target, type WeekFact } from './statements/targets.ts';
import { collectionChanged, weekChanged } from '../../engine/collect/events.ts';
import { insertResults, insertTick, type Occasion, type TickResult } from './statements/ticks.ts';
import type { Tx } from '../../ground/database.ts';
import { announce } from '../../ground/outbox/announce.ts';

interface Plan extends Growth, Choice {
  target: Target;
}

/**
 * One tick of a schedule, in the caller's transaction: collections grow to the newest complete week, and past weeks are planned again.
 * The SQL and the workflow of a collection stay, only the window changes. A handful of statements whatever the number of collections.
 * @returns the tick's id
 */
export async function tick(tx: Tx, deps: TickDeps, schedule: ScheduleRow, occasion: Occasion): Promise<string> {
  const tickId = await insertTick(tx, schedule.id, occasion);
  const targets = await lockTargets(tx, schedule.id);
  const byId = new Map(targets.map((target) => [target.id, target]));
  const plans: Plan[] = [];
  const idle: TickResult[] = [];
  const facts = await factsOf(tx, deps, targets);
  for (const target of targets) {
    const decided = decide(deps, schedule, occasion, target, facts.get(target.id) ?? []);
    if (typeof decided === 'string')
      idle.push({ collectionId: target.id, added: [], restated: [], retried: [], skipped: [], note: decided });
    else plans.push(decided);
  }

  const growing = plans.filter(({ added, tooOld }) => added.length + tooOld.length > 0);
  await extendCollections(
    tx,
    growing.map(({ target, added, tooOld }) => ({ collectionId: target.id, weeks: [...tooOld, ...added] })),
  );
  await recordTooOld(
    tx,
    growing.flatMap(({ target, tooOld }) => tooOld.map((week) => ({ collectionId: target.id, week }))),
    tickId,
  );
  const planned = await planTickRuns(
    tx,
    tickId,
    occasion.kind === 'manual' ? PRIORITY.person : PRIORITY.schedule,
    staggered(plans, schedule, deps),
  );
  const done = new Set(planned.map(({ collectionId, week }) => `${collectionId} ${week}`));
  await insertResults(tx, tickId, [...idle, ...plans.map((plan) => resultOf(plan, (week) => done.has(`${plan.target.id} ${week}`)))]);
  await announce(tx, [
    ...planned.map(({ collectionId, week }) => weekChanged({ ...byId.get(collectionId)!, collectionId, week })),
    ...growing.map(({ target }) => collectionChanged(target)),
  ]);
  return tickId;
}

/** Weeks that Amazon may still have, by collection. */
async function factsOf(tx: Tx, { clock }: TickDeps, targets: readonly Target[]): Promise<Map<string, WeekFact[]>> {
  const living = targets.filter((target) => target.live);
  const oldest = living.map(({ timeZone }) => oldestCollectableWeek(clock(), timeZone)).sort()[0];
  if (oldest === undefined) return new Map();
  const facts = await readWeekFacts(
    tx,
    living.map(({ id }) => id),
    // The Monday of a month may lie up to six days before its first day.
    addDays(oldest, -7),
  );
  const byCollection = new Map<string, WeekFact[]>(living.map(({ id }) => [id, []]));
  for (const fact of facts) byCollection.get(fact.collectionId)!.push(fact);
  return byCollection;
}

/** What to plan for a collection, or why nothing. */
function decide(
  { catalogue, clock }: TickDeps,
  schedule: ScheduleRow,
  { deep }: Occasion,
  target: Target,
  facts: readonly WeekFact[],
): Plan | string {
  if (!target.live) return notLive(target);
  let dataset: Dataset;
  try {
    dataset = catalogue.findDataset(target.dataset, target.datasetVersion);
  } catch (error) {
    if (error instanceof CollectorError && error.code === 'unknown_dataset') return error.message;
    throw error;
  }
  const growth = growthOf(target, dataset.window, clock());
  const usual = schedule.restateWeeks ?? defaultRestateWeeks(dataset.attribution);
  const again = chooseAgain(
    facts.filter(({ week }) => week >= growth.oldest),
    growth.newest,
    deep ? Math.max(usual, schedule.deepRestateWeeks ?? 0) : usual,
    (fact) => wasMoving(fact, target, dataset.window, usual, clock().getTime() - schedule.now.getTime()),
  );
  return { target, ...growth, ...again };
}

/** Whether a week was last collected before its numbers stopped moving. `offsetMs` takes the database's clock to the calendar. */
function wasMoving(
  { week, collectedAt }: WeekFact,
  { timeZone }: Target,
  window: WindowKind,
  restateWeeks: number,
  offsetMs: number,
): boolean {
  if (collectedAt === null) return false;
  const day = localDate(new Date(collectedAt.getTime() + offsetMs), timeZone);
  return day < addDays(windowDays(window, week).end, 7 * restateWeeks);
}

function notLive({ state, stopReason }: Target): string {
  if (state === 'paused') return 'The collection is paused; resume it to have it updated.';
  if (state === 'cancelled') return 'The collection is cancelled; take it out of the schedule, or put its successor in.';
  return `The collection was stopped (${stopReason ?? 'no reason was kept'}); mend that and resume it.`;
}

/** One collection after the other, so that many instances do not ask Amazon for everything in the same second. */
function staggered(plans: readonly Plan[], { staggerSeconds }: ScheduleRow, { timeFactor }: TickDeps): TickRun[] {
  const step = staggerSeconds === 0 ? 0 : scaled(staggerSeconds * 1000, { timeFactor });
  return plans
    .map(({ target, added, restated, retried }) => ({ collectionId: target.id, weeks: [...added, ...restated, ...retried] }))
    .filter(({ weeks }) => weeks.length > 0)
    .flatMap(({ collectionId, weeks }, index) => weeks.map((week) => ({ collectionId, week, delayMs: index * step })));
}

/** A week that got a run by other hands in this very moment is in flight, and the tick says so. */
function resultOf({ target, added, restated, retried, skipped, tooOld, note }: Plan, isPlanned: (week: string) => boolean): TickResult {
  const beaten = [...added, ...restated, ...retried].filter((week) => !isPlanned(week));
  return {
    collectionId: target.id,
    added: added.filter(isPlanned),
    restated: restated.filter(isPlanned),
    retried: retried.filter(isPlanned),
    skipped: [
      ...tooOld.map((week) => ({ week, reason: 'too_old' as const, note: 'Amazon keeps 13 months.' })),
      ...skipped,
      ...beaten.map((week) => ({ week, reason: 'in_flight' as const, note: 'A run of it was planned at the same moment.' })),
    ],
    note,
  };
}
