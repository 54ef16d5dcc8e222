import type { IsoDate } from '../../../ground/calendar/week.ts';
import { oldestCollectableAnchor } from '../../../ground/calendar/window.ts';
import type { Dataset } from '../../../data/catalogue/dataset.ts';
import type { InstanceRow } from '../../../engine/collect/instance.ts';
import { collectionFor } from '../../../engine/collect/collections/row.ts';
import { onlyImported } from '../../../data/catalogue/sql.ts';
import { CollectorError } from '../../../contract/error.ts';
import { narrowed, type UpkeepContext } from '../context.ts';
import { selectServedWeeks } from '../statements/served-weeks.ts';
import {
  boughtWeeks,
  busyWeeks,
  filledWeeks,
  lockCollections,
  lockPlannedRuns,
  moveCollection,
  planWeeks,
  type MovableCollection,
} from './statements.ts';
import type { Tx } from '../../../ground/database.ts';
import { writeAudit } from '../../../ground/audit.ts';
import { announce } from '../../../ground/outbox/announce.ts';
import { collectionChanged } from '../../../engine/collect/events.ts';

export interface MoveRequest {
  instance: InstanceRow;
  from: Dataset;
  to: Dataset;
  /** Move although weeks lack the new version's columns, and have Amazon compute those again. */
  collectMissing: boolean;
}

export interface Moved {
  collections: MovableCollection[];
  /** Weeks put in line to be bought. */
  planned: IsoDate[];
  /** Weeks that only the old version has: Amazon no longer has their events. */
  lost: IsoDate[];
}

/**
 * Moves the live collections of an instance to the new version, all of them and everything about them in one transaction. From then on
 * the new version is collected, and answers (docs/adr/0015-dataset-versions.md); the old one's weeks stay as they are.
 * @throws CollectorError conflict while runs are under way or held, weeks are not filled, or other collections of the new version are in the way
 */
export async function moveCollections(ctx: UpkeepContext, request: MoveRequest): Promise<Moved> {
  const { store, clock, actor, signal } = ctx;
  const { instance, from, to, collectMissing } = request;
  try {
    return await store.transaction(
      async (tx) => {
        const collections = await lockCollections(tx, instance.id, from.dataset, from.version);
        const ids = collections.map(({ id }) => id);
        await lockPlannedRuns(tx, ids);
        const busy = await busyWeeks(tx, ids, from.version);
        if (busy.length > 0) throw notAtRest(instance, busy);
        const unfilled = await findUnfilled(tx, ctx, request);
        const oldest = oldestCollectableAnchor(to.window, clock(), instance.timeZone);
        const moved: Moved = { collections, planned: [], lost: [] };
        for (const collection of collections) {
          const weeks = unfilled.filter((week) => week >= collection.firstWeek && week <= collection.lastWeek);
          if (weeks.length > 0 && !collectMissing) throw notFilled(instance, to, weeks);
          if (weeks.length > 0 && to.sql === undefined) throw onlyImported(to);
          const { workflowId, sqlText } = collectionFor(to, instance, collection.name, actor);
          await moveCollection(tx, collection.id, { version: to.version, workflowId, sqlText });
          const again = weeks.filter((week) => week >= oldest);
          await planWeeks(tx, collection.id, instance.id, again);
          moved.planned.push(...again);
          moved.lost.push(...weeks.filter((week) => week < oldest));
          await writeAudit(tx, {
            workspaceId: instance.workspaceId,
            person: actor,
            action: 'collection.upgrade',
            subject: `collection ${collection.id}`,
            details: { dataset: to.dataset, from: from.version, to: to.version, collectedAgain: again },
          });
          await announce(tx, [collectionChanged({ workspaceId: instance.workspaceId, instanceId: instance.id, id: collection.id })]);
        }
        return moved;
      },
      { signal },
    );
  } catch (error) {
    if ((error as { code?: string }).code !== '23P01') throw error;
    throw conflict(
      `Instance ${instance.amcInstanceId} has live collections of '${to.dataset}' version ${to.version} for some of the weeks. Cancel those or the old version's; data stays in both cases.`,
    );
  }
}

async function findUnfilled(tx: Tx, { scope }: UpkeepContext, { instance, from, to }: MoveRequest): Promise<IsoDate[]> {
  const served = await selectServedWeeks(tx, narrowed(scope, instance.id), { dataset: from.dataset, datasetVersion: from.version });
  const filled = await filledWeeks(tx, instance.id, from.dataset, from.version, to.version);
  const bought = await boughtWeeks(tx, instance.id, to.dataset, to.version);
  return served.map(({ week }) => week).filter((week) => !filled.has(week) && !bought.has(week));
}

const conflict = (message: string): CollectorError => new CollectorError('conflict', message);

const listed = (weeks: readonly string[]): string =>
  weeks.slice(0, 5).join(', ') + (weeks.length > 5 ? ` and ${weeks.length - 5} more` : '');

const notAtRest = (instance: InstanceRow, busy: readonly { week: IsoDate; state: string }[]) =>
  conflict(
    `Instance ${instance.amcInstanceId} was not moved: weeks ${listed(busy.map(({ week, state }) => `${week} (${state})`))} are being collected or wait for a decision. Decide about held runs, let the others end, and repeat the command; what is filled stays filled.`,
  );

const notFilled = (instance: InstanceRow, to: Dataset, weeks: readonly IsoDate[]) =>
  conflict(
    `Instance ${instance.amcInstanceId} was not moved: ${weeks.length} weeks cannot be made from their stored files (${listed(weeks)}). With --collect-missing it is moved, and Amazon computes those weeks for version ${to.version}: ${weeks.length} executions.`,
  );
