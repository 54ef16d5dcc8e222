import type { HeldQuestion, HeldQuestionList, HeldQuestionsQuery } from '../../contract/held-questions.ts';
import { readScoped } from '../../data/store/scope.ts';
import { daysOf, type WindowKind } from '../../ground/calendar/window.ts';
import type { ReadContext } from './context.ts';
import { selectOpenRuns, selectWindows, type OpenRun } from './statements/questions.ts';

/** Held runs that are read for a list of questions: forty collections of a year. */
const MOST_RUNS = 2_000;

/**
 * What waits for a person, newest first. Runs of a collection whose weeks follow each other and that were held for the same reason are
 * one question: a paused account is asked about once, and not once a week.
 */
export async function listHeldQuestions({ store, scope, signal }: ReadContext, where: HeldQuestionsQuery): Promise<HeldQuestionList> {
  const filter = { where, runs: null, limit: MOST_RUNS };
  const runs = await readScoped(store, scope.instanceIds, (tx) => selectOpenRuns(tx, scope, filter), { signal });
  const byRow = new Map<string, OpenRun[]>();
  for (const run of runs) byRow.set(run.row, [...(byRow.get(run.row) ?? []), run]);
  const windows = await selectWindows(store.pool);
  const questions = [...byRow.values()]
    .map((row) => toQuestion(row, windows))
    .sort((left, right) => right.heldAt.localeCompare(left.heldAt));
  return { questions, truncated: (runs[0]?.matching ?? 0) > runs.length };
}

/** Runs come with the oldest week first. */
function toQuestion(runs: readonly OpenRun[], windows: ReadonlyMap<string, WindowKind>): HeldQuestion {
  const newest = runs.reduce((latest, run) => (run.heldAt > latest.heldAt ? run : latest));
  const { collectionId, collection, instance, instanceName, dataset, datasetVersion, rules, message, empty, acceptable, heldAt } = newest;
  const window = windows.get(`${dataset} ${datasetVersion}`)!;
  const [firstWeek, lastWeek] = [runs[0]!.week, runs.at(-1)!.week];
  return {
    collectionId,
    collection,
    instance,
    instanceName,
    dataset,
    datasetVersion,
    rules,
    message,
    empty,
    acceptable,
    window,
    firstWeek,
    lastWeek,
    firstDay: daysOf(window, firstWeek).firstDay,
    lastDay: daysOf(window, lastWeek).lastDay,
    heldAt: heldAt.toISOString(),
    runIds: runs.map(({ runId }) => runId),
  };
}
