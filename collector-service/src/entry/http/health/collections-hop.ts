import type { Collection } from '../../../contract/collections.ts';
import type { WeekState } from '../../../contract/weeks.ts';
import { OPEN_STATES } from '../../../engine/collect/states.ts';
import { formatWindows } from '../../../ground/calendar/window-words.ts';
import { degraded, failed, ok, type Hop } from './hop.ts';

/** What the collections of the scope do, in the words of their lists, and what needs a person. Cancelled ones have been dealt with. */
export function collectionsHop(all: readonly Collection[]): Hop {
  const collections = all.filter(({ state }) => state !== 'cancelled');
  if (collections.length === 0)
    return degraded('collections', 'There is no collection.', 'Start one on the Collections page, or run `collector backfill`.');
  const stopped = collections.filter(({ state }) => state === 'stopped');
  if (stopped.length > 0) {
    const reasons = stopped.map(
      ({ name, stopReason, refusal }) => `${name}: ${refusal?.message ?? stopReason ?? 'no reason is known'}${again(refusal)}`,
    );
    return failed(
      'collections',
      `Stopped: ${reasons.join(' ')}`,
      stopped.every(({ refusal }) => refusal !== null)
        ? 'Correct the cause: the collection goes on by itself at its next try, or at once when you resume it.'
        : 'Correct the cause, then resume the collection.',
    );
  }
  const refused = collections.filter(({ state, refusal }) => state === 'running' && refusal !== null);
  if (refused.length > 0) {
    const reasons = refused.map(({ name, refusal }) => `${name}: ${refusal!.message}${again(refusal)}`);
    return degraded(
      'collections',
      `Amazon refuses what may be a slip: ${reasons.join(' ')}`,
      'Wait: it is tried again, and stops if it stays so for an hour.',
    );
  }
  const failedWeeks = weeksIn(collections, ['failed']);
  const held = weeksIn(collections, ['held']);
  const message = [counts(collections), ...holes(collections)].join(' ');
  if (failedWeeks + held > 0)
    return degraded(
      'collections',
      `${message} ${failedWeeks} failed, ${held} held.`,
      'Open the collection and read each reason: retry a failed one, decide about a held one (collector held list).',
    );
  return ok('collections', message, remedyOf(collections));
}

const again = (refusal: Collection['refusal']): string =>
  refusal === null ? '' : ` (next try ${new Date(refusal.nextTryAt).toISOString().slice(0, 19)}Z)`;

const weeksIn = (collections: readonly Collection[], states: readonly WeekState[]): number =>
  total(collections, ({ weeks }) => states.reduce((sum, state) => sum + weeks[state], 0));

const total = (collections: readonly Collection[], count: (collection: Collection) => number): number =>
  collections.reduce((sum, collection) => sum + count(collection), 0);

/** So many weeks; months or windows where the collections hold these. */
const named = (collections: readonly Collection[], count: number): string =>
  formatWindows(
    count,
    collections.map(({ window }) => window),
  );

function counts(collections: readonly Collection[]): string {
  const inState = (state: Collection['state']): string =>
    `${collections.filter((collection) => collection.state === state).length} ${state}`;
  const states = (['running', 'paused', 'complete', 'incomplete'] as const).filter(
    (state) => state === 'running' || state === 'paused' || collections.some((collection) => collection.state === state),
  );
  return `${states.map(inState).join(', ')}; ${named(collections, weeksIn(collections, OPEN_STATES))} to go.`;
}

/** Weeks that are not served and will not come by themselves, and those that are served and doubtful. */
function holes(collections: readonly Collection[]): string[] {
  const outOfReach = total(collections, ({ weeksOutOfReach }) => weeksOutOfReach);
  const setAside = total(collections, ({ weeksSetAside }) => weeksSetAside);
  const doubtful = total(collections, ({ weeksDoubtful }) => weeksDoubtful);
  return [
    ...(outOfReach > 0 ? [`${named(collections, outOfReach)} out of reach.`] : []),
    ...(setAside > 0 ? [`${named(collections, setAside)} set aside.`] : []),
    ...(doubtful > 0 ? [`${named(collections, doubtful)} doubtful.`] : []),
  ];
}

/** Neither is a fault of today, so they leave the hop as it is. */
function remedyOf(collections: readonly Collection[]): string | null {
  const remedies = [
    collections.some(({ weeksOutOfReach }) => weeksOutOfReach > 0) &&
      'Amazon keeps 13 months: import the result files of weeks out of reach if you have them (collector import).',
    collections.some(({ weeksDoubtful }) => weeksDoubtful > 0) &&
      'A doubtful week differs much from its neighbours: open the collection to read why.',
  ].filter((each) => each !== false);
  return remedies.length > 0 ? remedies.join(' ') : null;
}
