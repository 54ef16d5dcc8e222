import type { Column } from '../../../data/catalogue/dataset.ts';
import { storedName } from '../../../data/catalogue/tables.ts';
import { weekHash } from '../../../data/store/merge/expressions.ts';
import { ROW_KEY_SAMPLE } from '../../../data/store/row-keys.ts';
import { tableShape } from '../../../data/store/table-shape.ts';
import type { Tx } from '../../../ground/database.ts';
import type { Manifest } from '../manifest.ts';
import { quoted } from './tables.ts';

/** Counts and hashes the rows of every served week and compares them with the week's record. */
export async function checkWeeks(tx: Tx): Promise<Manifest['weeks']> {
  const weeks: Manifest['weeks'] = { checked: 0, differing: [] };
  for (const { name: dataset, version, columns } of await versions(tx)) {
    const { rows } = await tx.query<{ instance: string; week: string; differs: boolean }>(
      `WITH f AS (SELECT instance_id, week, count(*) AS rows, (${weekHash(tableShape({ columns }), storedName)})::text AS checksum
                    FROM ${quoted(`fact_${dataset}_v${version}`)} GROUP BY instance_id, week)
       SELECT w.instance_id::text AS instance, w.week::text AS week,
              coalesce(f.rows, 0) <> w.row_count OR coalesce(f.checksum, '0') <> w.rows_checksum AS differs
         FROM report_data_weeks w LEFT JOIN f USING (instance_id, week)
        WHERE w.dataset = $1 AND w.dataset_version = $2 AND w.data_version > 0 AND w.rows_checksum IS NOT NULL
        ORDER BY w.instance_id, w.week`,
      [dataset, version],
    );
    weeks.checked += rows.length;
    weeks.differing.push(...rows.filter(({ differs }) => differs).map(({ instance, week }) => ({ dataset, version, instance, week })));
  }
  return weeks;
}

async function versions(tx: Tx): Promise<{ name: string; version: number; columns: Column[] }[]> {
  const { rows } = await tx.query<{ name: string; version: number; columns: Column[] }>(
    `SELECT name, version, definition->'columns' AS columns FROM datasets WHERE dropped_at IS NULL ORDER BY name, version`,
  );
  return rows;
}

/** By which hash this server would make the keys of rows (data/store/row-keys.ts). */
export async function rowKeysHere(tx: Tx): Promise<string> {
  return (await tx.query<{ sample: string }>(`SELECT ${ROW_KEY_SAMPLE} AS sample`)).rows[0]!.sample;
}
