import { createHash } from 'node:crypto';
import type pg from 'pg';
import type { ScannedPart } from '../../resultfile/spool.ts';
import type { MergeInput, StagedWeek, WeekChange } from './input.ts';

export interface ServedWeek {
  /** '0' while nothing is served. */
  dataVersion: string;
  acceptedRunId: string | null;
  rowCount: number;
  checksum: string | null;
  fileSha256: string | null;
}

/** Of all parts together: Amazon may hand out the same parts in another order. */
export const filesHash = (parts: readonly ScannedPart[]): string =>
  parts.length === 1
    ? parts[0]!.sha256
    : createHash('sha256')
        .update(
          parts
            .map((part) => part.sha256)
            .sort()
            .join('\n'),
        )
        .digest('hex');

type WeekKey = Pick<MergeInput, 'instanceId' | 'dataset' | 'week'>;

const weekKey = ({ instanceId, dataset, week }: WeekKey): unknown[] => [instanceId, dataset.dataset, dataset.version, week];

/** Takes the week for this transaction: two runs of one week (an old collection's and its successor's) merge one after the other. */
export async function lockWeek(tx: pg.PoolClient, input: WeekKey): Promise<ServedWeek> {
  await tx.query(
    `INSERT INTO report_data_weeks (instance_id, dataset, dataset_version, week) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`,
    weekKey(input),
  );
  const { rows } = await tx.query<Omit<ServedWeek, 'rowCount'> & { rowCount: string }>(
    `SELECT data_version::text AS "dataVersion", accepted_run_id::text AS "acceptedRunId", row_count::text AS "rowCount",
            rows_checksum AS checksum, file_sha256 AS "fileSha256"
       FROM report_data_weeks WHERE instance_id = $1 AND dataset = $2 AND dataset_version = $3 AND week = $4 FOR UPDATE`,
    weekKey(input),
  );
  return { ...rows[0]!, rowCount: Number(rows[0]!.rowCount) };
}

/** @returns the new data version */
export async function acceptWeek(tx: pg.PoolClient, input: MergeInput, { rows, checksum }: StagedWeek): Promise<string> {
  const { rows: updated } = await tx.query<{ version: string }>(
    `UPDATE report_data_weeks
        SET data_version = data_version + 1, accepted_run_id = $5, collected_at = now(), row_count = $6, rows_checksum = $7,
            file_sha256 = $8, updated_at = now()
      WHERE instance_id = $1 AND dataset = $2 AND dataset_version = $3 AND week = $4
      RETURNING data_version::text AS version`,
    [...weekKey(input), input.runId, rows, checksum, filesHash(input.parts)],
  );
  return updated[0]!.version;
}

export const confirmWeek = (tx: pg.PoolClient, input: MergeInput) =>
  tx.query(
    `UPDATE report_data_weeks SET collected_at = now(), updated_at = now()
      WHERE instance_id = $1 AND dataset = $2 AND dataset_version = $3 AND week = $4`,
    weekKey(input),
  );

/** Remembers what an accepted result changed. Of a week's first one there is nothing before. */
export const writeRevision = (tx: pg.PoolClient, input: MergeInput, dataVersion: string, change: WeekChange, isFirst: boolean) =>
  tx.query(
    `INSERT INTO week_revisions (instance_id, dataset, dataset_version, week, data_version, run_id,
                                 rows_added, rows_changed, rows_vanished, totals_before, totals_after)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [
      ...weekKey(input),
      dataVersion,
      input.runId,
      change.rowsAdded,
      change.rowsChanged,
      change.rowsVanished,
      isFirst ? null : JSON.stringify(change.totalsBefore),
      JSON.stringify(change.totalsAfter),
    ],
  );
