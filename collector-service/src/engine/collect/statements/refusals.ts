import type { ErrorCode } from '../../../contract/errors.ts';
import type { ASKED } from '../failure.ts';
import { COLLECTION_AT_AMAZON, type CollectionAtAmazon } from './validation.ts';
import type { RunError } from './transitions.ts';
import type { Tx } from '../../../ground/database.ts';

export type Asked = (typeof ASKED)[number];

export interface Pauses {
  firstMs: number;
  longestMs: number;
}

/**
 * Amazon refused a live collection something. Of many weeks that are refused together the first counts; the pause doubles with each.
 * @returns for how long it has been refused (ms); undefined when another week has noted it in this pause, or nothing is to be noted
 */
export async function noteRefusal(
  tx: Tx,
  collectionId: string,
  asked: Asked,
  error: RunError,
  { firstMs, longestMs }: Pauses,
): Promise<number | undefined> {
  const { rows } = await tx.query<{ lastedMs: number }>(
    `INSERT INTO collection_refusals AS f (collection_id, asked, code, message, next_try_at)
     SELECT c.id, $2, $3, $4, now() + $5::float8 * interval '1 ms'
     FROM report_data_collections c WHERE c.id = $1 AND c.state IN ('running', 'paused')
     ON CONFLICT (collection_id) DO UPDATE SET code = excluded.code, message = excluded.message, tries = f.tries + 1,
       next_try_at = now() + least($6::float8, $5::float8 * power(2, least(f.tries, 30))) * interval '1 ms'
       WHERE f.next_try_at <= now()
     RETURNING (extract(epoch FROM now() - f.since) * 1000)::float8 AS "lastedMs"`,
    [collectionId, asked, error.code, error.message, firstMs, longestMs],
  );
  return rows[0]?.lastedMs;
}

/** Amazon granted what it had refused these collections. One that is stopped goes on when its probe says so. @returns those of which this was news */
export async function forgetRefusals(tx: Tx, collectionIds: readonly string[], asked: Asked): Promise<string[]> {
  const { rows } = await tx.query<{ id: string }>(
    `DELETE FROM collection_refusals f USING report_data_collections c
     WHERE c.id = f.collection_id AND c.state <> 'stopped' AND f.collection_id = ANY ($1) AND f.asked = $2
     RETURNING f.collection_id AS id`,
    [collectionIds, asked],
  );
  return rows.map(({ id }) => id);
}

/** A person decided: whatever was refused before counts no longer. */
export async function clearRefusal(tx: Tx, collectionId: string): Promise<void> {
  await tx.query('DELETE FROM collection_refusals WHERE collection_id = $1', [collectionId]);
}

/** The stop heals by itself: the first probe is after a pause. */
export async function probeFirst(tx: Tx, collectionId: string, delayMs: number): Promise<void> {
  await tx.query(`UPDATE collection_refusals SET tries = 1, next_try_at = now() + $2::float8 * interval '1 ms' WHERE collection_id = $1`, [
    collectionId,
    delayMs,
  ]);
}

/** The probe found no better answer; `error` is the newest one. */
export async function probeLater(tx: Tx, collectionId: string, error: RunError, { firstMs, longestMs }: Pauses): Promise<void> {
  await tx.query(
    `UPDATE collection_refusals f SET code = $2, message = $3, tries = f.tries + 1,
       next_try_at = now() + least($5::float8, $4::float8 * power(2, least(f.tries, 30))) * interval '1 ms' WHERE f.collection_id = $1`,
    [collectionId, error.code, error.message, firstMs, longestMs],
  );
}

/** Takes the probe back, or keeps others away while it lasts. */
export async function moveProbe(tx: Tx, collectionId: string, delayMs: number): Promise<void> {
  await tx.query(`UPDATE collection_refusals SET next_try_at = now() + $2::float8 * interval '1 ms' WHERE collection_id = $1`, [
    collectionId,
    delayMs,
  ]);
}

export interface StoppedCollection extends CollectionAtAmazon {
  asked: Asked;
  /** A result that waits to be fetched, if there is one. */
  executionId: string | null;
}

/** Takes a stopped collection whose probe is due; nobody else takes it for as long as the lease. */
export async function claimProbe(tx: Tx, leaseMs: number): Promise<StoppedCollection | undefined> {
  const { rows } = await tx.query<StoppedCollection>(
    `UPDATE collection_refusals f SET next_try_at = now() + $1::float8 * interval '1 ms'
     FROM report_data_collections c, instances i
     WHERE c.id = f.collection_id AND i.id = c.instance_id AND f.collection_id = (
       SELECT f.collection_id FROM collection_refusals f JOIN report_data_collections c ON c.id = f.collection_id
       WHERE c.state = 'stopped' AND f.next_try_at <= now()
       ORDER BY f.next_try_at LIMIT 1
       FOR UPDATE OF f SKIP LOCKED)
     RETURNING ${COLLECTION_AT_AMAZON}, f.asked,
       (SELECT r.execution_id FROM week_runs r
        WHERE r.collection_id = c.id AND r.state = 'downloading' AND r.source = 'amazon' ORDER BY r.week LIMIT 1) AS "executionId"`,
    [leaseMs],
  );
  return rows[0];
}

/** Amazon grants it again. The caller holds the collection's lock. @returns whether it was still stopped */
export async function goOn(tx: Tx, collectionId: string): Promise<boolean> {
  const { rowCount } = await tx.query(
    `UPDATE report_data_collections SET state = 'running', stop_reason = NULL, stop_code = NULL, stopped_at = NULL, updated_at = now()
     WHERE id = $1 AND state = 'stopped' AND EXISTS (SELECT FROM collection_refusals f WHERE f.collection_id = $1)`,
    [collectionId],
  );
  await clearRefusal(tx, collectionId);
  return rowCount === 1;
}

/** A stop that was to heal has become one for a person: another reason, and no probe any more. */
export async function stopForPerson(tx: Tx, collectionId: string, code: ErrorCode, reason: string): Promise<void> {
  await tx.query(
    `UPDATE report_data_collections SET stop_code = $2, stop_reason = $3, updated_at = now() WHERE id = $1 AND state = 'stopped'`,
    [collectionId, code, reason],
  );
  await clearRefusal(tx, collectionId);
}
