import { CollectorError } from '../../contract/error.ts';
import type { IsoDate } from '../../ground/calendar/week.ts';
import type { Tx } from '../../ground/database.ts';
import type { WeekState } from './states.ts';

/** The newest run of a week. */
export async function newestRun(tx: Tx, collectionId: string, week: IsoDate): Promise<{ id: string; state: WeekState } | undefined> {
  const { rows } = await tx.query<{ id: string; state: WeekState }>(
    'SELECT id, state FROM week_runs WHERE collection_id = $1 AND week = $2 ORDER BY id DESC LIMIT 1',
    [collectionId, week],
  );
  return rows[0];
}

/**
 * Plans a run of a week.
 * @returns undefined when the week has an open run already (unique index week_runs_one_open)
 * @throws CollectorError conflict for a collection of imported files that Amazon cannot be asked for
 */
export async function insertRun(
  tx: Tx,
  collectionId: string,
  instanceId: string,
  week: IsoDate,
  priority: number,
): Promise<string | undefined> {
  const { rowCount } = await tx.query(`SELECT FROM report_data_collections WHERE id = $1 AND sql_text = ''`, [collectionId]);
  if (rowCount === 1)
    throw new CollectorError(
      'conflict',
      `Week ${week} was imported, and Amazon cannot be asked for it. Import a file that holds the whole week (collector import).`,
    );
  const { rows } = await tx.query<{ id: string }>(
    `INSERT INTO week_runs (collection_id, instance_id, week, priority) VALUES ($1, $2, $3, $4)
     ON CONFLICT (collection_id, week) WHERE state IN ('planned', 'creating', 'running', 'downloading', 'merging') DO NOTHING
     RETURNING id`,
    [collectionId, instanceId, week, priority],
  );
  return rows[0]?.id;
}
