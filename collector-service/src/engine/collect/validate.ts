import { validateSql } from '../../data/amc/validate-sql.ts';
import { addDays } from '../../ground/calendar/week.ts';
import { windowDays } from '../../ground/calendar/window.ts';
import { instanceRef } from './amazon.ts';
import { crashPoint } from '../../ground/crash-point.ts';
import type { CollectDeps } from './deps.ts';
import { backOff, describeError, isDifferencing, reasonOf, refusesTheCollection, rejectsTheSql } from './failure.ts';
import { granted, refused } from './refused.ts';
import { scaled } from './settings.ts';
import { markValidated, postponeValidation, type CollectionAtAmazon } from './statements/validation.ts';
import { stopCollection } from './stop.ts';
import { announce } from '../../ground/outbox/announce.ts';
import { collectionChanged } from './events.ts';

/** Between two looks at the dry run, and how long Amazon may take for it. */
const POLL_MS = 2_000;
const DEADLINE_MS = 15 * 60_000;

/**
 * Before a collection's first paid query: saves the workflow and has Amazon check its SQL. A refusal stops the whole collection with
 * Amazon's reason. Costs nothing and may be repeated.
 */
export async function validate(deps: CollectDeps, collection: CollectionAtAmazon, signal: AbortSignal): Promise<void> {
  const keepAway = setInterval(() => {
    void deps.store.transaction((tx) => postponeValidation(tx, collection.collectionId, deps.settings.leaseMs)).catch(() => undefined);
  }, deps.settings.leaseMs / 3);
  try {
    await checkAtAmazon(deps, collection, signal);
    await deps.store.transaction(async (tx) => {
      await markValidated(tx, collection.collectionId);
      await granted(tx, [collection], 'validate');
      await announce(tx, [collectionChanged({ ...collection, id: collection.collectionId })]);
      crashPoint('validate.beforeCommit');
    });
  } catch (error) {
    await giveBack(deps, collection, error, signal);
  } finally {
    clearInterval(keepAway);
  }
}

/** Saves the workflow and has Amazon try it as a dry run. Free. @throws CollectorError execution_rejected when Amazon does not accept the SQL */
export async function checkAtAmazon(deps: CollectDeps, collection: CollectionAtAmazon, signal: AbortSignal): Promise<void> {
  const dataset = deps.catalogue.findDataset(collection.dataset, collection.datasetVersion);
  const client = await deps.amc(collection.connectionId);
  const { workflowId, sqlText } = collection;
  await client.workflows.put(
    instanceRef(collection),
    { workflowId, sqlQuery: sqlText, filteredColumn: dataset.sql?.filtered_column },
    signal,
  );
  crashPoint('validate.afterSaved');
  // One day, not a week: a dry run must never look like an execution of a week that could be adopted (adopt.ts).
  const { start } = windowDays(dataset.window, collection.firstWeek);
  const window = { start, end: addDays(start, 1), timeZone: collection.timeZone };
  const timing = { pollMs: scaled(POLL_MS, deps.settings), deadlineMs: scaled(DEADLINE_MS, deps.settings) + deps.settings.leaseMs };
  await validateSql(client, instanceRef(collection), { workflowId, window }, signal, timing);
}

async function giveBack(deps: CollectDeps, collection: CollectionAtAmazon, error: unknown, signal: AbortSignal): Promise<void> {
  const delayMs = signal.aborted ? 0 : delayAfter(deps, error);
  await deps.store.transaction((tx) => postponeValidation(tx, collection.collectionId, delayMs));
  if (signal.aborted) return;
  deps.logger.warn({ err: error, collection: collection.collectionId }, 'The collection could not be validated at Amazon.');
  if (rejectsTheSql(error)) return stopCollection(deps, collection, describeError(error));
  if (!refusesTheCollection(error, 'validate') || isDifferencing(reasonOf(error))) return;
  // Amazon may refuse bad SQL at once, in so many words: whether that was meant shows when it is asked the same again.
  const sameAgain = error.code === 'amc_rejected_request' ? () => checkAtAmazon(deps, collection, signal) : undefined;
  await refused(deps, collection, 'validate', error, signal, sameAgain);
}

function delayAfter({ settings }: CollectDeps, error: unknown): number {
  if (isDifferencing(reasonOf(error))) return scaled(settings.differencingParkMs, settings);
  return backOff({ lastDelayMs: null }, { ...settings, backOffFirstMs: 30_000 }, error);
}
