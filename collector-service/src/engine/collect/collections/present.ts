import type { ErrorEntry } from '../../../contract/errors/entry.ts';
import { ERRORS } from '../../../contract/errors.ts';
import { WEEK_STATES, type Week } from '../../../contract/weeks.ts';
import type { Collection, CollectionWarning } from '../../../contract/collections.ts';
import { weekAge } from '../../../ground/calendar/age.ts';
import { daysOf } from '../../../ground/calendar/window.ts';
import type { CollectionView, WeekView } from '../statements/read-collections.ts';

/** A collection as the contract has it. */
export function toCollection(
  { timeZone: _zone, attribution: _attribution, refusal, ...view }: CollectionView,
  ageing: CollectionWarning | undefined,
): Collection {
  const weeks = Object.fromEntries(WEEK_STATES.map((state) => [state, view.weeks[state] ?? 0])) as Collection['weeks'];
  const weeksTotal = Object.values(weeks).reduce((sum, count) => sum + count, 0);
  return {
    ...view,
    firstDay: daysOf(view.window, view.firstWeek).firstDay,
    lastDay: daysOf(view.window, view.lastWeek).lastDay,
    state: stateOf(view, weeks, weeksTotal),
    weeks,
    weeksTotal,
    stoppedAt: view.stoppedAt?.toISOString() ?? null,
    refusal: refusal && {
      ...refusal,
      since: new Date(refusal.since).toISOString(),
      nextTryAt: new Date(refusal.nextTryAt).toISOString(),
    },
    rows: Number(view.rows),
    dataAsOf: view.dataAsOf?.toISOString() ?? null,
    createdAt: view.createdAt.toISOString(),
    warnings: ageing ? [ageing] : [],
  };
}

/**
 * When nothing is left to do it does not matter whether the collection is paused. Complete means every week is served: one that was
 * skipped because Amazon no longer has it, or whose only result a person set aside, is a hole.
 */
function stateOf(
  { state, weeksOutOfReach, weeksSetAside }: Pick<CollectionView, 'state' | 'weeksOutOfReach' | 'weeksSetAside'>,
  weeks: Collection['weeks'],
  total: number,
): Collection['state'] {
  if ((state !== 'running' && state !== 'paused') || total === 0 || weeks.done + weeks.skipped < total) return state;
  return weeksOutOfReach + weeksSetAside > 0 ? 'incomplete' : 'complete';
}

/** A week as the contract has it, as old as it is at the calendar's `now` in the instance's zone. */
export function toWeek(
  { errorCode, errorMessage, errorAt, doubt, ...view }: WeekView,
  now: Date,
  { timeZone, attribution, window }: Pick<CollectionView, 'timeZone' | 'attribution' | 'window'>,
): Week {
  return {
    ...view,
    ...daysOf(window, view.week),
    age: weekAge(view.week, now, timeZone, attribution, window),
    dataVersion: Number(view.dataVersion),
    rows: Number(view.rows),
    restatements: Number(view.restatements),
    notBefore: view.notBefore?.toISOString() ?? null,
    collectedAt: view.collectedAt?.toISOString() ?? null,
    error:
      errorCode === null || errorAt === null
        ? null
        : { code: errorCode, message: errorMessage ?? '', remedy: remedyOf(errorCode), at: errorAt.toISOString() },
    doubt: doubt && { findings: doubt.findings.map(({ rule, message }) => ({ rule, message })), note: doubt.note },
    notes: view.notes.map(({ rule, message }) => ({ rule, message })),
  };
}

/** Another version may have written a code that this one does not know. */
const remedyOf = (code: string): string => ((ERRORS as Partial<Record<string, ErrorEntry>>)[code] ?? ERRORS.internal).remedy;
