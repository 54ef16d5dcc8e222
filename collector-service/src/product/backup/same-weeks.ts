import { CollectorError } from '../../contract/error.ts';
import { ownMigrations } from '../../data/store/migrate.ts';
import type { Tx } from '../../ground/database.ts';
import type { Manifest, WeekName } from './manifest.ts';
import { checkWeeks, rowKeysHere } from './statements/weeks.ts';

/**
 * Proves that every served week has as many rows, of the same hash, as when it was backed up. A week whose record differed from its
 * rows already then must differ now.
 * @returns false when the hashes cannot be compared: this server makes others, or an older version's tables are still to be migrated
 * @throws CollectorError result_value
 */
export async function assertSameWeeks(tx: Tx, { tables, migrations, weeks }: Manifest): Promise<boolean> {
  const here = await rowKeysHere(tx);
  const comparable = tables.every(({ shape }) => shape === null || shape.rowKeys === null || shape.rowKeys === here);
  if (!comparable || migrations.length !== (await ownMigrations()).length) return false;
  const now = await checkWeeks(tx);
  const known = new Set(weeks.differing.map(nameOf));
  const odd = now.differing.filter((week) => !known.has(nameOf(week)));
  if (now.checked === weeks.checked && odd.length === 0) return true;
  const which = odd.length > 0 ? odd.slice(0, 3).map(nameOf).join('; ') : `${now.checked} instead of ${weeks.checked} are served`;
  throw new CollectorError('result_value', `Weeks are not what was backed up (${which}). Nothing was restored.`);
}

const nameOf = ({ dataset, version, instance, week }: WeekName): string => `${dataset} v${version}, instance ${instance}, week ${week}`;
