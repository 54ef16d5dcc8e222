import type { Pool } from 'pg';
import type { Logger } from 'pino';
import type { Clock } from '../../ground/calendar/clock.ts';
import { addDays, localDate, oldestCollectableWeek } from '../../ground/calendar/week.ts';
import { oldestCollectableAnchor, WINDOW_WEEKS } from '../../ground/calendar/window.ts';
import type { CollectionWarning } from '../../contract/collections.ts';
import { selectOldWeeksInLine, type OldWeeksInLine } from './statements/in-line.ts';
import type { Scope } from '../../ground/context.ts';

/**
 * How many days before a week grows too old for Amazon anybody looks at it; the longest window grows too old with its first week.
 * Weeks far from the edge cost nothing to watch.
 */
const HORIZON_DAYS = 42 + 7 * (Math.max(...Object.values(WINDOW_WEEKS).map((weeks) => weeks ?? 0)) - 1);
/** Of a collection that does not run, weeks are told this long before they are lost. */
const NOTICE_DAYS = 14;
/** Until an instance has shown its own pace: Amazon's executions take minutes as a rule and hours at times (reference/amc.md §3.4). */
const ASSUMED_MS = 30 * 60_000;
const DAY_MS = 86_400_000;

/**
 * The collections whose weeks will be older than the 13 months Amazon keeps before their turn comes, by id. An estimate from the
 * line's pace: the weeks before it, divided by the slots and multiplied by what a week takes as a rule, and the limit per day.
 * @param scope null: all workspaces @param id one collection only
 */
export async function ageingWarnings(pool: Pool, clock: Clock, scope: Scope | null, id?: string): Promise<Map<string, CollectionWarning>> {
  const now = clock();
  const horizon = addDays(oldestCollectableWeek(now, 'UTC'), HORIZON_DAYS);
  const lines = await selectOldWeeksInLine(pool, scope, horizon, id);
  return new Map(
    lines.flatMap((line) => {
      const warning = ageingWarning(line, now);
      return warning ? [[line.collectionId, warning]] : [];
    }),
  );
}

/** What to tell about one collection's place in line; null when every week is in time. */
export function ageingWarning(line: OldWeeksInLine, now: Date): CollectionWarning | null {
  const weeks = line.weeks.filter(({ week, place }) => {
    const turn = new Date(now.getTime() + (line.state === 'running' ? waitMs(line, place) : NOTICE_DAYS * DAY_MS));
    return week < oldestCollectableAnchor(line.window, turn, line.timeZone);
  });
  const first = weeks[0];
  if (!first) return null;
  const many = weeks.length === 1 ? `Week ${first.week}` : `${weeks.length} weeks, the oldest ${first.week},`;
  const lost = `${many} will be older than the 13 months Amazon keeps`;
  return { code: 'weeks_ageing_out', message: `${lost} ${whyAndWhat(line, now)}`, weeks: weeks.map(({ week }) => week) };
}

function whyAndWhat(line: OldWeeksInLine, now: Date): string {
  if (line.state !== 'running') return `within ${NOTICE_DAYS} days, and the collection is ${line.state}. Resume it before then.`;
  const last = Math.max(...line.weeks.map(({ place }) => place));
  const turn = localDate(new Date(now.getTime() + waitMs(line, last)), line.timeZone);
  const limit = line.perDay === null ? '' : ` and at most ${line.perDay} a day`;
  const typical = Math.max(1, Math.round((line.typicalMs ?? ASSUMED_MS) / 60_000));
  return `before their turn comes, about ${turn}: ${line.slots} at a time, ${typical} min each${limit}. Raise the limits, or cancel what else waits for this instance.`;
}

/** From now until the run at a place of the line may be sent to Amazon. */
function waitMs({ slots, typicalMs, leftToday, perDay, dayEndsInMs }: OldWeeksInLine, place: number): number {
  const bySlots = Math.floor((place - 1) / slots) * (typicalMs ?? ASSUMED_MS);
  if (perDay === null || leftToday === null || place <= leftToday) return bySlots;
  const daysLater = Math.ceil((place - Math.max(0, leftToday)) / perDay);
  return Math.max(bySlots, dayEndsInMs + (daysLater - 1) * DAY_MS);
}

/** Writes a line of the log when a collection's warning is new or has changed. */
export function createAgeingWatch(pool: Pool, clock: Clock, logger: Logger): () => Promise<void> {
  let told = new Map<string, string>();
  return async () => {
    const warnings = await ageingWarnings(pool, clock, null);
    for (const [collection, { message, weeks, code }] of warnings)
      if (told.get(collection) !== weeks.join()) logger.warn({ collection, code, weeks: weeks.length }, message);
    told = new Map([...warnings].map(([collection, { weeks }]) => [collection, weeks.join()]));
  };
}
