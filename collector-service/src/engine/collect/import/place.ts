import { addDays, type IsoDate } from '../../../ground/calendar/week.ts';
import type { Dataset } from '../../../data/catalogue/dataset.ts';
import type { Tx } from '../../../ground/database.ts';
import { collectionFor } from '../collections/row.ts';
import type { InstanceRow } from '../instance.ts';
import { insertCollection } from '../statements/collections.ts';
import { coveringCollection } from './statements.ts';

/** The collection of every week; weeks without one get a new one per stretch, so that it holds no week that nobody asked for. */
export async function collectionsFor(
  tx: Tx,
  dataset: Dataset,
  instance: InstanceRow,
  weeks: readonly IsoDate[],
  person: string,
): Promise<Map<IsoDate, string>> {
  const found = new Map<IsoDate, string>();
  let stretch: IsoDate[] = [];
  const close = async () => {
    if (stretch.length === 0) return;
    const row = { ...collectionFor(dataset, instance, 'Imported files', person), firstWeek: stretch[0]!, lastWeek: stretch.at(-1)! };
    const id = await insertCollection(tx, row);
    for (const week of stretch) found.set(week, id);
    stretch = [];
  };
  for (const week of weeks) {
    const id = await coveringCollection(tx, instance.id, dataset.dataset, dataset.version, week);
    if (id !== undefined || (stretch.length > 0 && addDays(stretch.at(-1)!, 7) !== week)) await close();
    if (id === undefined) stretch.push(week);
    else found.set(week, id);
  }
  await close();
  return found;
}
