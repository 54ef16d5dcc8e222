import { CollectorError } from '../../contract/error.ts';
import type { Dataset } from '../../data/catalogue/dataset.ts';
import { judgeAmongNeighbours, type NeighbourWeek } from '../../data/store/merge/quality-neighbours.ts';
import type { Finding } from '../../data/store/merge/refusal.ts';
import { addDays, type IsoDate } from '../../ground/calendar/week.ts';
import { crashPoint } from '../../ground/crash-point.ts';
import type { Tx } from '../../ground/database.ts';
import { announce } from '../../ground/outbox/announce.ts';
import { askAgain } from './ask-again.ts';
import type { CollectDeps } from './deps.ts';
import { weekChanged } from './events.ts';
import {
  lockCollectionToCompare,
  markCompared,
  readComparedWeeks,
  readDays,
  writeDoubts,
  type CollectionToCompare,
  type ComparedWeek,
  type Doubt,
} from './statements/look-back.ts';

/** No week is compared with one further away. */
const DAYS_AROUND = 182;

/**
 * Compares the served weeks of a collection that has nothing in line with those before and after them. A week that is odd among them is
 * asked again once, which is paid for, and is marked as doubtful until it is not odd any more or a person says that it is right. What is
 * served stays served: an account may really be small, or paused. One transaction, so that a crash leaves all of it or nothing.
 * @returns false when somebody else has the collection, or it is at work again: it is not compared then
 */
export async function lookBack(deps: CollectDeps, collectionId: string, signal: AbortSignal): Promise<boolean> {
  const found = await deps.store.transaction(
    async (tx) => {
      const collection = await lockCollectionToCompare(tx, collectionId);
      if (!collection) return undefined;
      const doubts = await compare(tx, deps, collection);
      await markCompared(tx, collection);
      crashPoint('lookback.beforeCommit');
      return doubts;
    },
    { signal },
  );
  crashPoint('lookback.afterCommit');
  for (const { week, doubt } of found ?? [])
    if (doubt) deps.logger.warn({ collection: collectionId, week, findings: doubt.findings, note: doubt.note }, 'A week is doubtful.');
  return found !== undefined;
}

/** @returns the weeks of which something else is known than before */
async function compare(tx: Tx, deps: CollectDeps, collection: CollectionToCompare): Promise<Doubt[]> {
  const dataset = findDataset(deps, collection);
  if (!dataset) return [];
  const weeks = await readComparedWeeks(tx, collection);
  const fresh = weeks.filter(({ toCompare, week }) => toCompare && week >= collection.firstWeek && week <= collection.lastWeek);
  if (fresh.length === 0) return [];
  const [from, to] = [addDays(fresh[0]!.week, -2 * DAYS_AROUND), addDays(fresh.at(-1)!.week, 2 * DAYS_AROUND)];
  const neighbours = toNeighbours(weeks, dataset, await readDays(tx, dataset, collection.instanceId, from, to));
  const doubts: Doubt[] = [];
  for (const [index, week] of weeks.entries()) {
    if (!isAffected(week.week, collection, fresh)) continue;
    const findings = judgeAmongNeighbours(neighbours, index, dataset.quality);
    const doubt = await doubtOf(tx, deps, collection, dataset, week, findings);
    if (JSON.stringify(doubt) !== JSON.stringify(week.doubt)) doubts.push({ week: week.week, doubt });
  }
  await writeDoubts(tx, collection, doubts);
  await announce(
    tx,
    doubts.map(({ week }) => weekChanged({ ...collection, collectionId: collection.id, week })),
  );
  return doubts;
}

/** A version whose definition is gone is not judged. */
function findDataset({ catalogue }: CollectDeps, { dataset, datasetVersion }: CollectionToCompare): Dataset | undefined {
  try {
    return catalogue.findDataset(dataset, datasetVersion);
  } catch (error) {
    if (error instanceof CollectorError && error.code === 'unknown_dataset') return undefined;
    throw error;
  }
}

const toNeighbours = (weeks: readonly ComparedWeek[], dataset: Dataset, days: ReadonlyMap<IsoDate, number>): NeighbourWeek[] =>
  weeks.map(({ week, rows, totals }) => ({ week, rows, totals, days: dataset.window === 'week' ? (days.get(week) ?? null) : null }));

/** A new result may say something else about weeks near it, of the collection's own. */
const isAffected = (week: IsoDate, { firstWeek, lastWeek }: CollectionToCompare, fresh: readonly ComparedWeek[]): boolean =>
  week >= firstWeek &&
  week <= lastWeek &&
  fresh.some((each) => addDays(each.week, -DAYS_AROUND) <= week && week <= addDays(each.week, DAYS_AROUND));

async function doubtOf(
  tx: Tx,
  deps: CollectDeps,
  collection: CollectionToCompare,
  dataset: Dataset,
  week: ComparedWeek,
  findings: readonly Finding[],
): Promise<Doubt['doubt']> {
  if (findings.length === 0 || week.overruled || week.confirmedVersion === week.dataVersion) return null;
  const rules = findings.map(({ rule }) => rule);
  const suspicious = { ...collection, collectionId: collection.id, week: week.week };
  // More than one result means that Amazon was asked again already; none, that the rows came from elsewhere.
  const isAsked = week.results === 1 && !week.wasAskedAgain && (await askAgain(tx, deps, dataset.window, suspicious, rules));
  return { findings: [...findings], note: isAsked ? 'Amazon is asked again, once.' : noteOf(week) };
}

function noteOf({ results, wasAskedAgain, again, doubt }: ComparedWeek): string {
  if (!wasAskedAgain) {
    if (results > 1) return `It was collected ${results} times, and Amazon said the same each time or mended it to this.`;
    return results === 0
      ? 'It was not asked again: its rows were imported.'
      : 'It was not asked again: Amazon no longer has it, or it is in line.';
  }
  if (again?.state === 'done') return again.changed ? 'Asked again, Amazon gave this result.' : 'Asked again, Amazon gave the same.';
  if (again === null) return doubt?.note ?? 'Amazon was asked again.';
  return `Amazon was asked again, and that run is ${again.state}.`;
}
