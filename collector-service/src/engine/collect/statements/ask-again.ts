import type { IsoDate } from '../../../ground/calendar/week.ts';
import type { Tx } from '../../../ground/database.ts';

export interface WeekKey {
  instanceId: string;
  dataset: string;
  datasetVersion: number;
  week: IsoDate;
}

const keyOf = ({ instanceId, dataset, datasetVersion, week }: WeekKey): unknown[] => [instanceId, dataset, datasetVersion, week];
const OF_THE_WEEK = 'instance_id = $1 AND dataset = $2 AND dataset_version = $3 AND week = $4';

/** Takes the week for this transaction, unless Amazon was asked again about it before. */
export async function claimAskingAgain(tx: Tx, key: WeekKey): Promise<boolean> {
  const { rowCount } = await tx.query(
    `SELECT FROM report_data_weeks WHERE ${OF_THE_WEEK} AND asked_again_run_id IS NULL FOR UPDATE`,
    keyOf(key),
  );
  return rowCount === 1;
}

export const noteAskedAgain = (tx: Tx, key: WeekKey, runId: string) =>
  tx.query(`UPDATE report_data_weeks SET asked_again_run_id = $5, updated_at = now() WHERE ${OF_THE_WEEK}`, [...keyOf(key), runId]);
