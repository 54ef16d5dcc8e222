import { CollectorError } from '../../../contract/error.ts';
import type { Catalogue } from '../../../data/catalogue/catalogue.ts';
import type { Dataset } from '../../../data/catalogue/dataset.ts';
import { onlyImported } from '../../../data/catalogue/sql.ts';
import { isRegistered } from '../../../data/store/registered.ts';
import type { AuditEntry } from '../../../ground/audit.ts';
import { anchors } from '../../../ground/calendar/window.ts';
import type { Context } from '../../../ground/context.ts';
import type { Tx } from '../../../ground/database.ts';
import { assertConnected, findInstance, type InstanceRow } from '../instance.ts';
import { chooseWeeks, type RangeRequest } from '../range.ts';
import { AMAZON_ACCOUNT_LIMIT, DEFAULT_SETTINGS } from '../settings.ts';
import { insertCollection, insertWeeks, type CollectionRow } from '../statements/collections.ts';
import { growAccountSlots, growInstanceSlots } from '../statements/slots.ts';
import { collectionFor } from './row.ts';

export interface PlanContext extends Context {
  readonly catalogue: Catalogue;
}

export interface NewCollection extends RangeRequest {
  /** AMC instance id. */
  instance: string;
  dataset: string;
  /** The dataset's title when left out. */
  name?: string | undefined;
}

/** A collection that may be written: whose it is, and which weeks it is to hold. */
export interface Plan {
  row: CollectionRow;
  dataset: Dataset;
}

/** @throws CollectorError not_found (instance), unknown_dataset, week_out_of_range, invalid_request */
export async function planCollection(tx: Tx, { catalogue, scope, clock, actor }: PlanContext, input: NewCollection): Promise<Plan> {
  const dataset = catalogue.findDataset(input.dataset);
  const instance = await findInstance(tx, scope, input.instance);
  assertCollectable(dataset, instance);
  if (!(await isRegistered(tx, dataset.dataset, dataset.version))) throw notRegistered(dataset);
  const range = chooseWeeks(input, clock(), instance.timeZone, dataset.window);
  return { row: { ...collectionFor(dataset, instance, input.name, actor), ...range }, dataset };
}

/** One run per week, or other window of the dataset. @returns the collection's id @throws a database error 23P01, see retriedOnce */
export async function writeCollection(tx: Tx, { row, dataset }: Plan): Promise<string> {
  const id = await insertCollection(tx, row);
  await insertWeeks(tx, id, row, anchors(dataset.window, row.firstWeek, row.lastWeek));
  await giveSlots(tx, row.instanceId);
  return id;
}

export const recordOf = ({ row }: Plan, id: string): Pick<AuditEntry, 'subject' | 'details'> => ({
  subject: `collection ${id}`,
  details: { dataset: row.dataset, firstWeek: row.firstWeek, lastWeek: row.lastWeek },
});

/** Somebody may plan the same weeks at the same moment: the exclusion constraint decides, and a second look sees who won. */
export async function retriedOnce<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if ((error as { code?: string }).code !== '23P01') throw error;
    return work();
  }
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

/** @throws CollectorError when Amazon cannot be asked for the dataset, or for the instance's data */
export function assertCollectable(dataset: Dataset, instance: InstanceRow): void {
  if (dataset.sql === undefined) throw onlyImported(dataset);
  assertConnected(instance);
}

export const notRegistered = (dataset: Dataset): CollectorError =>
  new CollectorError(
    'unknown_dataset',
    `Dataset ${dataset.dataset} version ${dataset.version} has no tables yet; run collector migrate (or restart) and try again.`,
    { status: 409 },
  );
