import { addDays, daysBetween, type IsoDate } from '../../../ground/calendar/week.ts';
import { windowDays, windowName, type WindowDays } from '../../../ground/calendar/window.ts';
import type { Dataset } from '../../../data/catalogue/dataset.ts';
import { bucketEnd } from './buckets.ts';
import type { Coverage } from './coverage.ts';
import { newestWeekOfAll } from './freshness.ts';
import { chooseLevel, dimensionsTouched } from './level.ts';
import { measuresOf } from '../cells/measure.ts';
import { choosePeriod, type Period } from './period.ts';
import { isBase, type Question } from '../ask/question.ts';
import type { Reader } from '../ask/reader.ts';
import { countsPeople, hasWholeLevels, levelFor } from '../../../data/catalogue/levels.ts';
import { ISO_CALENDAR } from '../../../ground/calendar/reporting-calendar.ts';
import { hasDays } from './grain.ts';
import type { Days } from './local-days.ts';
import type { ScopedInstance } from '../ask/scope.ts';
import { lengthOf, windowAsked, type WindowAsked } from './window-asked.ts';

/** The dataset and the buckets that a question comes to. */
export interface WindowChoice {
  /** About the dataset whose executions answer. */
  question: Question;
  coverage: Coverage;
  period: Period;
  /** What freshness is told of: the days asked for, or the one window's bucket. */
  asked: Days;
  /** The days of the one window that answers a total; null when buckets are answered or added. */
  covers: WindowDays | null;
  /** Instances that have no execution over that window. */
  lacking: readonly ScopedInstance[];
  /** Why counts that cannot be added have no number; null when they have one. */
  refusal: string | null;
}

/**
 * Chooses the buckets of an answer. Of counts that cannot be added, and of windows that share days with each other, a total is answered
 * by the one execution over the very window asked for, or not at all: then the answer names the windows that exist (design.md §4.6).
 */
export async function chooseWindow(reader: Reader, question: Question, days: Days, now: Date): Promise<WindowChoice> {
  if (!needsOneWindow(question)) return bucketsAdded(reader, question, days, null);
  const asked = windowAsked(days, newestWeekOfAll(question.instances, now, 'week'));
  if (asked === null) return bucketsAdded(reader, question, days, null);
  for (const { kind, anchor } of asked.windows) {
    const dataset = question.windows.find((each) => each.window === kind && (isBase(question.dataset) || each === question.dataset));
    const choice = dataset && (await oneWindow(reader, { ...question, dataset }, anchor));
    if (choice) return choice;
  }
  return bucketsAdded(reader, question, days, await noSuchWindow(reader, question, asked));
}

/** Whether the total of the question may not be made of several buckets. What no level can answer is refused for that instead. */
function needsOneWindow(question: Question): boolean {
  const { dataset, grain, metrics, metricFilters } = question;
  if (grain !== 'total') return false;
  if (dataset.levels === undefined || hasWholeLevels(dataset)) return dataset.window !== 'week';
  if (chooseLevel(question).distinctRefusal !== null) return false;
  return (
    dataset.window !== 'week' ||
    measuresOf(dataset, [...metrics, ...metricFilters.map(({ metric }) => metric)]).measures.some(({ isDistinct }) => isDistinct)
  );
}

async function bucketsAdded(reader: Reader, question: Question, asked: Days, refusal: string | null): Promise<WindowChoice> {
  const { dataset, query, grain, calendar } = question;
  const coverage = await reader.coverage(dataset, question.instances);
  const choice = {
    grain: grain === 'total' ? totalGrain(question) : grain,
    window: dataset.window,
    calendar,
    partial: query.partial,
    latest: query.latest,
  };
  return { question, coverage, period: choosePeriod(choice, asked, coverage), asked, covers: null, lacking: [], refusal };
}

/** What a total is made of: days, so that it is exact to the day, else weeks or other windows. */
function totalGrain(question: Question): 'day' | 'week' | 'month' {
  const { dataset } = question;
  if (answersDays(question)) return 'day';
  return dataset.window === 'month' ? 'month' : 'week';
}

/** Whether the dataset knows days, with the columns that the question touches. */
export const answersDays = (question: Question): boolean =>
  hasDays(question.dataset) &&
  (!hasWholeLevels(question.dataset) || levelFor(question.dataset, dimensionsTouched(question), 'day') !== undefined);

/** The answer out of one window's executions, or undefined when no instance has one. */
async function oneWindow(reader: Reader, question: Question, anchor: IsoDate): Promise<WindowChoice | undefined> {
  const { dataset, instances } = question;
  const coverage = await reader.coverage(dataset, instances);
  const lacking = instances.filter(({ id }) => !coverage.get(id)?.served.has(anchor));
  if (lacking.length === instances.length) return undefined;
  const covers = windowDays(dataset.window, anchor);
  const [grain, bucket] = dataset.window === 'month' ? (['month', covers.start] as const) : (['week', anchor] as const);
  const asked = { start: bucket, end: bucketEnd(grain, bucket) };
  const period: Period = { grain, window: dataset.window, calendar: ISO_CALENDAR, buckets: [bucket], partial: [], dropped: [], cut: [] };
  return { question, coverage, period, asked, covers: dataset.window === 'week' ? null : covers, lacking, refusal: null };
}

/** "Reach counts people, … no execution covers exactly 2026-10-05 to 2026-10-25 (3 weeks). There is one for: 4 weeks ending …"; null without any */
async function noSuchWindow(reader: Reader, question: Question, asked: WindowAsked): Promise<string | null> {
  const { start, end } = asked.days;
  const nearest: { name: string; distance: number }[] = [];
  for (const dataset of question.windows) {
    const found = nearestAnchor(dataset, await reader.coverage(dataset, question.instances), asked.days);
    if (found) nearest.push({ name: windowName(dataset.window, found.anchor), distance: found.distance });
  }
  // Where nothing was collected at all, the answer says so anyway.
  if (nearest.length === 0) return null;
  const names = nearest.sort((a, b) => a.distance - b.distance).map(({ name }) => name);
  const fitting = question.windows.find(({ window }) => asked.windows.some(({ kind }) => kind === window));
  const missing = fitting !== undefined && nearest.every(({ distance }) => distance > 0) ? fitting : undefined;
  const none = isBase(question.dataset) ? 'no execution covers' : `'${question.dataset.title}' has none that covers`;
  return [
    `${whatCannotBeAdded(question)}, and ${none} exactly ${start} to ${addDays(end, -1)} (${lengthOf(asked.days)}).`,
    `There is one for: ${names.join('; ')}. Set the range to one of them.`,
    ...(missing ? [`Or collect '${missing.title}' (${missing.dataset}).`] : []),
    ...(isBase(question.dataset) ? [] : [`Dataset '${question.dataset.window_of}' takes the window that fits the range.`]),
  ].join(' ');
}

function whatCannotBeAdded({ dataset, metrics }: Question): string {
  const distinct = dataset.metrics.find(({ kind }) => kind === 'distinct');
  const asksDistinct = countsPeople(dataset) && measuresOf(dataset, metrics).measures.some(({ isDistinct }) => isDistinct);
  return distinct && asksDistinct
    ? `${distinct.title} counts people, who cannot be added over weeks`
    : `The windows of '${dataset.title}' share days with each other, so they cannot be added`;
}

/** The served window nearest to some days, by the days between their beginnings and between their ends. */
function nearestAnchor(
  { window }: Dataset,
  coverage: Coverage,
  { start, end }: WindowDays,
): { anchor: IsoDate; distance: number } | undefined {
  let best: { anchor: IsoDate; distance: number } | undefined;
  for (const anchor of new Set([...coverage.values()].flatMap(({ served }) => [...served.keys()]))) {
    const days = windowDays(window, anchor);
    const distance = Math.abs(daysBetween(start, days.start)) + Math.abs(daysBetween(end, days.end));
    if (best === undefined || distance < best.distance || (distance === best.distance && anchor > best.anchor)) best = { anchor, distance };
  }
  return best;
}
