import type { Notice } from '../../../contract/frame.ts';
import type { Dataset } from '../../../data/catalogue/dataset.ts';
import type { WeekGrowth } from '../result.ts';
import type { Revision } from './growth.ts';

const warning = (text: string): Notice => ({ severity: 'warning', text });
const info = (text: string): Notice => ({ severity: 'info', text });

export interface GrowthRead {
  dataset: Dataset;
  revisions: readonly Revision[];
  weeks: readonly WeekGrowth[];
  /** Titles of ratios left out because several currencies make them unclear. */
  mixed: readonly string[];
  /** Titles of counts left out because a filter on the currency asks for some advertisers only. */
  counts: readonly string[];
  /** How many runs were read, when there are more. */
  cutAt: number | null;
}

/** What is to be said of the runs that were read, however they are shown. */
export function noticesOfRead({ dataset, revisions, weeks, mixed, counts, cutAt }: GrowthRead): Notice[] {
  const begin = weeksBegunLate(revisions);
  return [
    ...(cutAt === null ? [] : [warning(`Only the newest ${cutAt.toLocaleString('en-US')} runs of this range were read. Shorten it.`)]),
    ...(mixed.length === 0
      ? []
      : [warning(`${mixed.join(', ')}: left out, because the weeks hold several currencies and their counts are kept over all of them.`)]),
    ...(counts.length === 0
      ? []
      : [
          warning(
            `${counts.join(', ')}: left out, because totals of weeks keep counts over all advertisers, whatever currency they account in.`,
          ),
        ]),
    ...(begin === 0
      ? []
      : [
          info(
            `${begin === 1 ? '1 week begins' : `${begin} weeks begin`} with the first restatement, because the run before it left no totals.`,
          ),
        ]),
    ...(weeks.length > 0 ? [] : [warning(`No week of '${dataset.title}' in this range has an accepted run.`)]),
  ];
}

/** In databases older than revisions of first runs. */
function weeksBegunLate(revisions: readonly Revision[]): number {
  const first = new Map<string, Revision>();
  for (const revision of revisions) {
    const key = `${revision.week} ${revision.instance}`;
    if (!first.has(key)) first.set(key, revision);
  }
  return [...first.values()].filter(({ before }) => before !== null).length;
}

/** What shares by age are worth: those of final weeks stand, others will fall. */
export function noticesByAge(weeks: readonly WeekGrowth[], final: readonly WeekGrowth[]): Notice[] {
  if (weeks.length === 0) return [];
  return final.length > 0
    ? [info(`Shares of the final value, learnt from the ${final.length} of ${weeks.length} weeks that Amazon changes no more.`)]
    : [warning('No week of this range is final yet, so the shares are of the newest value and will fall as the weeks grow.')];
}

/** Weeks that the limit left out, and weeks whose newest value is not the last. */
export function noticesByRun(weeks: readonly WeekGrowth[], shown: readonly WeekGrowth[]): Notice[] {
  const young = shown.filter(({ isFinal }) => !isFinal).length;
  return [
    ...(shown.length < weeks.length
      ? [warning(`Only ${shown.length} of ${weeks.length} weeks are shown, the newest. Raise the limit to see others.`)]
      : []),
    ...(young > 0 ? [info(`Amazon may still change ${young === 1 ? '1 week' : `${young} weeks`}; shares are of the newest value.`)] : []),
  ];
}
