import type { ScheduleTick } from '../../contract/schedule-ticks.ts';
import type { Schedule, ScheduleDetail } from '../../contract/schedules.ts';
import { textTable } from './table.ts';

export const scheduleTable = (schedules: readonly Schedule[]): string =>
  textTable(
    ['schedule', 'id', 'state', 'cron', 'zone', 'collections', 'next (UTC)', 'last tick (UTC)', 'planned', 'skipped'],
    schedules.map(({ name, id, state, cron, timeZone, collections, nextAt, lastTick, failure }) => [
      name,
      id,
      failure === null ? state : 'failing',
      cron,
      timeZone,
      String(collections.length),
      minute(nextAt),
      minute(lastTick?.tickedAt ?? null),
      String(lastTick?.weeksPlanned ?? ''),
      String(lastTick?.weeksSkipped ?? ''),
    ]),
  );

export function scheduleText(detail: ScheduleDetail): string {
  const { name, id, state, cron, timeZone, restateWeeks, deepRestateWeeks, staggerSeconds, collections, nextRuns, history, failure } =
    detail;
  const restated = restateWeeks === null ? 'as many weeks as the dataset’s attribution asks for' : `${restateWeeks} weeks`;
  const deep = deepRestateWeeks === null ? '' : `, ${deepRestateWeeks} weeks at the first tick of a month`;
  return [
    `${name} (${id}) is ${state}: ${cron} in ${timeZone}`,
    `Collects again: ${restated}${deep}. Between two collections: ${staggerSeconds} s.`,
    ...(failure === null ? [] : [`Its last tick could not be made and is tried again: ${failure}`]),
    `Next (UTC${state === 'paused' ? ', once resumed' : ''}): ${nextRuns.map(minute).join(', ')}`,
    '',
    textTable(
      ['collection', 'id', 'instance', 'dataset', 'state', 'last week'],
      collections.map((each) => [each.name, each.id, each.instance, each.dataset, each.state, each.lastWeek]),
    ),
    ...history.flatMap((tick) => ['', tickText(tick)]),
  ].join('\n');
}

const KINDS: Record<ScheduleTick['kind'], string> = { scheduled: 'on time', caught_up: 'made up for', manual: 'by hand' };

/** A tick with a line per collection: what was planned, what became of it, and why something was not. */
export function tickText({ tickedAt, kind, missed, deep, askedBy, collections }: ScheduleTick): string {
  const what = [KINDS[kind], ...(missed > 0 ? [`${missed} missed`] : []), ...(deep ? ['in depth'] : []), askedBy].join(', ');
  const lines = collections.flatMap((each) => {
    const runs = Object.entries(each.runs).map(([state, count]) => `${count} ${state}`);
    const planned = `${each.added.length} new, ${each.restated.length} again, ${each.retried.length} retried`;
    return [
      `  ${each.collection} (${each.instance}): ${planned}${runs.length === 0 ? '' : `; now ${runs.join(', ')}`}`,
      ...each.skipped.map(({ week, note }) => `    not ${week}: ${note}`),
      ...(each.note === null ? [] : [`    ${each.note}`]),
    ];
  });
  return [`Tick of ${minute(tickedAt)} UTC (${what})`, ...lines].join('\n');
}

const minute = (instant: string | null): string => instant?.slice(0, 16).replace('T', ' ') ?? '';
