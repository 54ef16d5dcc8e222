import type pg from 'pg';
import type { Logger } from 'pino';
import type { Dataset } from '../catalogue/dataset.ts';
import { factTable, rollupTable, storedName } from '../catalogue/tables.ts';
import { groupKey, storedRowKey, weekHash } from './merge/expressions.ts';
import { rollupGrains, rollupTexts, tableShape } from './table-shape.ts';

/**
 * Keys are hashes of what a row holds, made by the database. A result staged tomorrow finds today's rows only while the hash stays
 * what it was, so every fact table carries a sample of it: after a move to a machine or a version that hashes otherwise, and
 * in tables from before keys were 64-bit hashes, keys and checksums are made again from the stored rows.
 */
export async function renewRowKeys(db: pg.PoolClient, dataset: Dataset, logger?: Logger): Promise<void> {
  const { now, stored } = await readSamples(db, dataset);
  if (now === stored) return;
  logger?.info({ dataset: dataset.dataset, version: dataset.version }, 'Making the keys of stored rows again.');
  const shape = tableShape(dataset);
  await db.query('BEGIN');
  await db.query(`ALTER TABLE ${factTable(dataset)} ALTER COLUMN row_key TYPE bigint USING ${storedRowKey(shape)}`);
  for (const { rollup, grain } of rollupGrains(dataset)) {
    const key = groupKey(rollupTexts(shape, rollup), shape.filtered);
    await db.query(`ALTER TABLE ${rollupTable(dataset, rollup, grain)} ALTER COLUMN group_key TYPE bigint USING ${key}`);
  }
  await renewChecksums(db, dataset);
  await writeSample(db, dataset, now);
  await db.query('COMMIT');
}

/** For tables that were made just now. */
export const noteRowKeys = async (db: pg.PoolClient, dataset: Dataset): Promise<void> =>
  writeSample(db, dataset, (await readSamples(db, dataset)).now);

const writeSample = async (db: pg.PoolClient, dataset: Dataset, sample: string): Promise<void> =>
  void (await db.query(`COMMENT ON COLUMN ${factTable(dataset)}.row_key IS '${sample}'`));

/** SQL: what a database makes of a fixed row with one column of each type that keys have. */
export const ROW_KEY_SAMPLE = `'hash ' || hash_record_extended(ROW('sample'::text, DATE '2026-01-05', true), 0)`;

/** The sample as this database makes it, and what the table's keys were made by. */
async function readSamples(db: pg.PoolClient, dataset: Dataset): Promise<{ now: string; stored: string | null }> {
  const { rows } = await db.query<{ now: string; stored: string | null }>(
    `SELECT ${ROW_KEY_SAMPLE} AS now, col_description(attrelid, attnum) AS stored
       FROM pg_attribute WHERE attrelid = $1::regclass AND attname = 'row_key'`,
    [factTable(dataset)],
  );
  return rows[0]!;
}

/** A week that is served has as many rows as were counted; weeks that hold none yet keep their empty checksum. */
const renewChecksums = (db: pg.PoolClient, dataset: Dataset) =>
  db.query(
    `UPDATE report_data_weeks w SET rows_checksum = coalesce(f.checksum, '0')
       FROM report_data_weeks v
       LEFT JOIN (SELECT instance_id, week, (${weekHash(tableShape(dataset), storedName)})::text AS checksum
                    FROM ${factTable(dataset)} GROUP BY instance_id, week) f USING (instance_id, week)
      WHERE v.dataset = $1 AND v.dataset_version = $2 AND v.rows_checksum IS NOT NULL
        AND w.instance_id = v.instance_id AND w.dataset = v.dataset AND w.dataset_version = v.dataset_version AND w.week = v.week`,
    [dataset.dataset, dataset.version],
  );
