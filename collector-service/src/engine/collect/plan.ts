import { createHash } from 'node:crypto';
import type { Clock } from '../../ground/calendar/clock.ts';
import { anchors } from '../../ground/calendar/window.ts';
import type { Catalogue } from '../../data/catalogue/catalogue.ts';
import type { Dataset } from '../../data/catalogue/dataset.ts';
import { datasetSql } from '../../data/catalogue/sql.ts';
import { CollectorError } from '../../contract/error.ts';
import type { Collection } from '../../contract/collections.ts';
import type { Store } from '../../data/store/store.ts';
import { writeAudit } from './statements/audit.ts';
import {
  findByName,
  findOverlap,
  insertCollection,
  insertWeeks,
  isRegistered,
  type CollectionRow,
  type Overlap,
} from './statements/collections.ts';
import { announce } from './statements/events.ts';
import { findInstance, type InstanceRow } from './instance.ts';
import { chooseWeeks, type RangeRequest } from './range.ts';
import { readCollection } from './read.ts';
import type { Tx } from './run.ts';
import { AMAZON_ACCOUNT_LIMIT, DEFAULT_SETTINGS } from './settings.ts';
import { growAccountSlots, growInstanceSlots } from './statements/slots.ts';

export interface PlanDeps {
  store: Store;
  catalogue: Catalogue;
  clock: Clock;
}

export interface NewCollection extends RangeRequest {
  workspaceId: string;
  /** Instances (our ids) the caller may see; all of the workspace when left out. */
  instanceIds?: readonly string[] | undefined;
  /** AMC instance id. */
  instance: string;
  dataset: string;
  /** The dataset's title when left out. */
  name?: string | undefined;
  /** Who asks, for the record. */
  createdBy: string;
}

/**
 * Plans a dataset for an instance: one run per week (or other window of the dataset), claimed oldest first because Amazon forgets the oldest first. The SQL is made
 * once and kept, so that every week runs the very same text (Amazon's differencing protection, reference/amc.md §4.1).
 * @throws CollectorError not_found (instance), unknown_dataset, week_out_of_range, invalid_request, conflict naming the collection in the way
 */
export async function createCollection(deps: PlanDeps, input: NewCollection): Promise<Collection> {
  const id = await planning(deps, input, async (tx, row, dataset) => {
    const overlap = await findOverlap(tx, row);
    if (overlap) throw inTheWay(overlap);
    return writeCollection(tx, dataset, row);
  });
  return readCollection(deps.store, id, deps.clock);
}

/**
 * The same for provisioning, which runs at every start: a collection of that name, or one that already holds some of the weeks, is
 * left as it is, also when it is of an older version of the dataset; so is one that a person cancelled.
 */
export async function ensureCollection(deps: PlanDeps, input: NewCollection): Promise<{ collection: Collection; created: boolean }> {
  let created = false;
  const id = await planning(deps, input, async (tx, row, dataset) => {
    const existing = (await findByName(tx, row)) ?? (await findOverlap(tx, row, { anyVersion: true }))?.id;
    if (existing !== undefined) return existing;
    created = true;
    return writeCollection(tx, dataset, row);
  });
  return { collection: await readCollection(deps.store, id, deps.clock), created };
}

async function planning(
  deps: PlanDeps,
  input: NewCollection,
  decide: (tx: Tx, row: CollectionRow, dataset: Dataset) => Promise<string>,
): Promise<string> {
  const dataset = deps.catalogue.findDataset(input.dataset);
  let row: CollectionRow | undefined;
  try {
    return await deps.store.transaction(async (tx) => {
      const instance = await findInstance(tx, input.workspaceId, input.instance, input.instanceIds);
      if (!(await isRegistered(tx, dataset.dataset, dataset.version))) throw notRegistered(dataset);
      const range = chooseWeeks(input, deps.clock(), instance.timeZone, dataset.window);
      row = { ...collectionFor(dataset, instance, input.name, input.createdBy), ...range };
      return decide(tx, row, dataset);
    });
  } catch (error) {
    // Somebody planned the same weeks at the same moment: the exclusion constraint decided.
    if (!row || (error as { code?: string }).code !== '23P01') throw error;
    return deps.store.transaction((tx) => decide(tx, row!, dataset));
  }
}

/** What does not depend on the weeks. */
export function collectionFor(
  dataset: Dataset,
  instance: InstanceRow,
  name: string | undefined,
  createdBy: string,
): Omit<CollectionRow, 'firstWeek' | 'lastWeek'> {
  const sqlText = datasetSql(dataset, {
    timeZone: instance.timeZone,
    advertiserTypes: instance.advertiserTypes,
    currencies: instance.currencies,
  });
  return {
    workspaceId: instance.workspaceId,
    instanceId: instance.id,
    dataset: dataset.dataset,
    datasetVersion: dataset.version,
    name: name ?? dataset.title,
    workflowId: workflowId(dataset, sqlText),
    sqlText,
    createdBy,
  };
}

/** Names the saved workflow by what it computes: the same SQL is the same workflow, other SQL never overwrites it. */
function workflowId(dataset: Dataset, sqlText: string): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([sqlText, dataset.sql.filtered_column ?? null]))
    .digest('hex')
    .slice(0, 12);
  return `amcreports_${dataset.dataset}_v${dataset.version}_${hash}`;
}

async function writeCollection(tx: Tx, { window }: Dataset, row: CollectionRow): Promise<string> {
  const id = await insertCollection(tx, row);
  await insertWeeks(tx, id, row, anchors(window, row.firstWeek, row.lastWeek));
  await giveSlots(tx, row.instanceId);
  await writeAudit(tx, {
    workspaceId: row.workspaceId,
    person: row.createdBy,
    action: 'collection.create',
    subject: `collection ${id}`,
    details: { dataset: row.dataset, firstWeek: row.firstWeek, lastWeek: row.lastWeek },
  });
  await announce(tx, [{ workspaceId: row.workspaceId, collectionId: id, week: null }]);
  return id;
}

/** A new instance gets slots at once, so that nothing waits for a worker's next upkeep; the workers set the configured numbers. */
async function giveSlots(tx: Tx, instanceId: string): Promise<void> {
  const { rows } = await tx.query<{ account_id: string; has_account: boolean; has_instance: boolean }>(
    `SELECT i.account_id, EXISTS (SELECT FROM account_slots s WHERE s.account_id = i.account_id) AS has_account,
            EXISTS (SELECT FROM instance_slots s WHERE s.instance_id = i.id) AS has_instance
     FROM instances i WHERE i.id = $1`,
    [instanceId],
  );
  const found = rows[0]!;
  if (!found.has_account) await growAccountSlots(tx, found.account_id, AMAZON_ACCOUNT_LIMIT);
  if (!found.has_instance) await growInstanceSlots(tx, instanceId, DEFAULT_SETTINGS.instanceLimit);
}

const inTheWay = (overlap: Overlap) =>
  new CollectorError(
    `Collection '${overlap.name}' (${overlap.id}, ${overlap.state}) already collects this dataset for weeks ${overlap.firstWeek} to ${overlap.lastWeek}. Choose other weeks, or cancel it first; its data stays.`,
    { code: 'conflict', kind: 'terminal', status: 409, details: { collectionId: overlap.id } },
  );

const notRegistered = (dataset: Dataset) =>
  new CollectorError(
    `Dataset ${dataset.dataset} version ${dataset.version} has no tables yet; run collector migrate (or restart) and try again.`,
    {
      code: 'unknown_dataset',
      kind: 'terminal',
      status: 409,
    },
  );
