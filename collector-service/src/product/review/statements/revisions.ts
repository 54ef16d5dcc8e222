import type { ReadTransaction } from '../../../data/store/scope.ts';
import type { IsoDate } from '../../../ground/calendar/week.ts';
import type { Totals } from '../../../data/store/merge/input.ts';
import type { BoundedScope } from '../../../ground/context.ts';
import type { Place } from '../page.ts';

export interface RevisionRow {
  week: IsoDate;
  version: string;
  acceptedAt: Date;
  acceptedAtMicros: string;
  runId: string;
  rowsAdded: string;
  rowsChanged: string;
  rowsVanished: string;
  totalsBefore: Totals | null;
  totalsAfter: Totals;
}

export interface RevisionFilter {
  week: IsoDate | null;
  after: Place | null;
  limit: number;
}

const MICROS = '(extract(epoch FROM v.accepted_at) * 1000000)::bigint';

/** Of a collection's weeks, newest first; undefined when there is no such collection in the scope. */
export async function selectRevisions(
  tx: ReadTransaction,
  scope: BoundedScope,
  collectionId: string,
  { week, after, limit }: RevisionFilter,
): Promise<RevisionRow[] | undefined> {
  const { rows } = await tx.query<RevisionRow | Record<keyof RevisionRow, null>>(
    `SELECT v.* FROM report_data_collections c
       LEFT JOIN LATERAL (
         SELECT v.week::text AS week, v.data_version::text AS version, v.accepted_at AS "acceptedAt", ${MICROS}::text AS "acceptedAtMicros",
                v.run_id::text AS "runId", v.rows_added::text AS "rowsAdded", v.rows_changed::text AS "rowsChanged",
                v.rows_vanished::text AS "rowsVanished", v.totals_before AS "totalsBefore", v.totals_after AS "totalsAfter"
           FROM week_revisions v
          WHERE v.instance_id = c.instance_id AND v.dataset = c.dataset AND v.dataset_version = c.dataset_version
            AND v.week BETWEEN c.first_week AND c.last_week AND ($4::date IS NULL OR v.week = $4)
            AND ($5::bigint IS NULL OR (${MICROS}, v.run_id) < ($5, $6::bigint))
          ORDER BY ${MICROS} DESC, v.run_id DESC LIMIT $7) v ON true
      WHERE c.id = $1 AND c.workspace_id = $2 AND c.instance_id = ANY ($3::bigint[])
      ORDER BY v."acceptedAtMicros"::bigint DESC, v."runId"::bigint DESC`,
    [collectionId, scope.workspaceId, scope.instanceIds, week, after?.at ?? null, after?.id ?? null, limit],
  );
  if (rows.length === 0) return undefined;
  return rows.filter((row): row is RevisionRow => row.runId !== null);
}
