import type { IsoDate } from '../../../ground/calendar/week.ts';
import type { Tx } from '../../../ground/database.ts';

/** @returns whether the week was doubtful */
export async function confirmServedWeek(tx: Tx, collectionId: string, week: IsoDate): Promise<boolean> {
  const { rowCount } = await tx.query(
    `UPDATE report_data_weeks w SET confirmed_version = w.data_version, doubt = NULL, updated_at = now()
       FROM report_data_collections c
      WHERE c.id = $1 AND w.instance_id = c.instance_id AND w.dataset = c.dataset AND w.dataset_version = c.dataset_version
        AND w.week = $2 AND w.week BETWEEN c.first_week AND c.last_week AND w.doubt IS NOT NULL`,
    [collectionId, week],
  );
  return rowCount === 1;
}
