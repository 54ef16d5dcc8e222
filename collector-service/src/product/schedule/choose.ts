import { addDays, type IsoDate } from '../../ground/calendar/week.ts';
import { anchors, newestCompleteAnchor, oldestCollectableAnchor, type WindowKind } from '../../ground/calendar/window.ts';
import { OPEN_STATES } from '../../engine/collect/states.ts';
import type { SkippedWeek } from '../../contract/schedule-ticks.ts';
import type { Target, WeekFact } from './statements/targets.ts';

/** Weeks a collection grows by. */
export interface Growth {
  /** Mondays to collect. */
  added: IsoDate[];
  /** Mondays in between that Amazon no longer has. */
  tooOld: IsoDate[];
  newest: IsoDate;
  /** The oldest that Amazon still has whole. */
  oldest: IsoDate;
  /** Why it does not reach the newest week. */
  note: string | null;
}

/** Everything complete after the last week, up to where another collection holds the weeks. */
export function growthOf(target: Target, window: WindowKind, now: Date): Growth {
  const newest = newestCompleteAnchor(window, now, target.timeZone);
  const oldest = oldestCollectableAnchor(window, now, target.timeZone);
  const blocked = target.nextFirstWeek !== null && target.nextFirstWeek <= newest;
  const until = blocked ? addDays(target.nextFirstWeek!, -7) : newest;
  const weeks = anchors(window, addDays(target.lastWeek, 7), until);
  return {
    added: weeks.filter((week) => week >= oldest),
    tooOld: weeks.filter((week) => week < oldest),
    newest,
    oldest,
    note: blocked
      ? `Collection '${target.nextName}' (${target.nextId}) holds the weeks from ${target.nextFirstWeek} on; this one ends before it.`
      : null,
  };
}

export interface Choice {
  restated: IsoDate[];
  retried: IsoDate[];
  skipped: SkippedWeek[];
}

/**
 * Which weeks that are there already are collected again: the newest `restateWeeks` of those that are at most so many weeks older than
 * the newest complete one; older ones that were last collected while they still moved, since ticks were missed then; and whatever
 * failed. A week with an open run, or with a result that waits for a person, is left alone.
 */
export function chooseAgain(
  facts: readonly WeekFact[],
  newest: IsoDate,
  restateWeeks: number,
  wasMoving: (fact: WeekFact) => boolean,
): Choice {
  const from = addDays(newest, -7 * restateWeeks);
  const recent = facts
    .filter((fact) => fact.week >= from && fact.week <= newest && (fact.served || whyNot(fact) !== null || fact.state === 'failed'))
    .sort((a, b) => (a.week < b.week ? 1 : -1))
    .slice(0, restateWeeks);
  const others = facts.filter(
    (fact) => !recent.includes(fact) && (fact.state === 'failed' || (fact.week < from && fact.served && wasMoving(fact))),
  );
  const wanted = [...recent, ...others].sort((a, b) => (a.week < b.week ? -1 : 1));
  const choice: Choice = { restated: [], retried: [], skipped: [] };
  for (const fact of wanted) {
    const reason = whyNot(fact);
    if (reason !== null) choice.skipped.push({ week: fact.week, ...reason });
    else (fact.state === 'failed' ? choice.retried : choice.restated).push(fact.week);
  }
  return choice;
}

/** Why no run of the week may be planned; null when one may. */
function whyNot({ state, parkedUntil, errorMessage, held }: WeekFact): Omit<SkippedWeek, 'week'> | null {
  if (parkedUntil !== null) {
    return { reason: 'parked', note: `It is in line and rests until ${parkedUntil.toISOString()}: ${errorMessage ?? 'it was refused'}` };
  }
  if (OPEN_STATES.some((open) => open === state)) return { reason: 'in_flight', note: `A run of it is ${state}.` };
  if (held) return { reason: 'held', note: 'A result of it is held and waits for a decision.' };
  return null;
}
