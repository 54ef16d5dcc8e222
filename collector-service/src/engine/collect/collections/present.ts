import type { ErrorEntry } from '../../../contract/errors/entry.ts';
import { ERRORS } from '../../../contract/errors.ts';
import { WEEK_STATES, type Week } from '../../../contract/weeks.ts';
import type { Collection, CollectionWarning } from '../../../contract/collections.ts';
import { weekAge } from '../../../ground/calendar/age.ts';
import type { CollectionView, WeekView } from '../statements/read-collections.ts';

/** A collection as the contract has it. */
export function toCollection(
  { timeZone: _zone, attribution: _attribution, window: _window, refusal, ...view }: CollectionView,
  ageing: CollectionWarning | undefined,
): Collection {
  const weeks = Object.fromEntries(WEEK_STATES.map((state) => [state, view.weeks[state] ?? 0])) as Collection['weeks'];
  const weeksTotal = Object.values(weeks).reduce((sum, count) => sum + count, 0);
  return {
    ...view,
    state: isComplete(view, weeks, weeksTotal) ? 'complete' : view.state,
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

/** Nothing is left to do, so it does not matter whether it is paused; weeks that Amazon no longer has are skipped and count as dealt with. */
const isComplete = (view: Pick<CollectionView, 'state'>, weeks: Collection['weeks'], total: number): boolean =>
  (view.state === 'running' || view.state === 'paused') && total > 0 && weeks.done + weeks.skipped === total;

/** A week as the contract has it, as old as it is at the calendar's `now` in the instance's zone. */
export function toWeek(
  { errorCode, errorMessage, errorAt, ...view }: WeekView,
  now: Date,
  { timeZone, attribution, window }: Pick<CollectionView, 'timeZone' | 'attribution' | 'window'>,
): Week {
  return {
    ...view,
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
    notes: view.notes.map(({ rule, message }) => ({ rule, message })),
  };
}

/** Another version may have written a code that this one does not know. */
const remedyOf = (code: string): string => ((ERRORS as Partial<Record<string, ErrorEntry>>)[code] ?? ERRORS.internal).remedy;
