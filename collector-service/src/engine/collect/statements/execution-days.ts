import type { IsoDate } from '../../../ground/calendar/week.ts';
import type { ClaimedRun } from '../run.ts';
import type { Tx } from '../../../ground/database.ts';
import type { ChangedWeek } from '../events.ts';

/** How many executions a day has seen, and how many it may see at most. */
export interface DayCount {
  kind: 'account' | 'instance';
  used: number;
  /** null: as many as there are slots for. */
  limit: number | null;
}

export interface Today {
  /** The UTC day by the database's clock. */
  day: IsoDate;
  /** Its end, and how far away that is by the database's clock. */
  endsAt: Date;
  endsInMs: number;
  /** The account's first: always locked in this order. */
  counts: DayCount[];
  /** The day under which this run is counted already, because a create request of its came to no clear end; else null. */
  countedOn: IsoDate | null;
}

/**
 * Locks today's counts of a run's account and instance. The rows are made first and locked in one order, so that any number of
 * workers count one after the other and never wait for each other in a circle.
 */
export async function lockToday(tx: Tx, run: ClaimedRun, limits: { instance: number | null; account: number | null }): Promise<Today> {
  const { rows } = await tx.query<{ day: IsoDate; endsAt: Date; endsInMs: number; countedOn: IsoDate | null; ownLimit: number | null }>(
    `SELECT (now() AT TIME ZONE 'UTC')::date::text AS day,
            ((now() AT TIME ZONE 'UTC')::date + 1)::timestamp AT TIME ZONE 'UTC' AS "endsAt",
            (extract(epoch FROM ((now() AT TIME ZONE 'UTC')::date + 1)::timestamp AT TIME ZONE 'UTC' - now()) * 1000)::float8 AS "endsInMs",
            r.counted_on::text AS "countedOn", i.executions_per_day AS "ownLimit"
     FROM week_runs r JOIN instances i ON i.id = r.instance_id WHERE r.id = $1`,
    [run.id],
  );
  const { day, endsAt, endsInMs, countedOn: counted, ownLimit } = rows[0]!;
  await tx.query(`INSERT INTO execution_days (kind, scope, day) VALUES ('account', $1, $3), ('instance', $2, $3) ON CONFLICT DO NOTHING`, [
    run.accountId,
    run.instanceId,
    day,
  ]);
  const counts = await tx.query<{ kind: DayCount['kind']; used: number }>(
    `SELECT kind, used FROM execution_days
     WHERE day = $3 AND ((kind = 'account' AND scope = $1) OR (kind = 'instance' AND scope = $2))
     ORDER BY kind FOR UPDATE`,
    [run.accountId, run.instanceId, day],
  );
  const limit = { account: limits.account, instance: ownLimit ?? limits.instance };
  return { day, endsAt, endsInMs, countedOn: counted, counts: counts.rows.map(({ kind, used }) => ({ kind, used, limit: limit[kind] })) };
}

/** Counts one execution more, or less, of the run's account and instance. The account's row first, as lockToday() does. */
export async function count(tx: Tx, run: ClaimedRun, day: IsoDate, by: 1 | -1): Promise<void> {
  for (const [kind, scope] of [
    ['account', run.accountId],
    ['instance', run.instanceId],
  ])
    await tx.query('UPDATE execution_days SET used = used + $4 WHERE kind = $1 AND scope = $2 AND day = $3 AND used + $4 >= 0', [
      kind,
      scope,
      day,
      by,
    ]);
}

/** Notes, or forgets, that an undecided create request of the run is counted under a day. */
export async function setCountedOn(tx: Tx, run: ClaimedRun, day: IsoDate | null): Promise<void> {
  await tx.query('UPDATE week_runs SET counted_on = $2 WHERE id = $1', [run.id, day]);
}

/** The day under which an undecided create request of the run is counted. */
export async function countedOn(tx: Tx, run: ClaimedRun): Promise<IsoDate | null> {
  const { rows } = await tx.query<{ day: IsoDate | null }>('SELECT counted_on::text AS day FROM week_runs WHERE id = $1', [run.id]);
  return rows[0]?.day ?? null;
}

/** All weeks in line behind a limit wait until it ends, with the reason in sight, instead of being claimed and put back one by one. */
export async function parkInLine(
  tx: Tx,
  where: { accountId: string } | { instanceId: string },
  until: Date,
  reason: string,
): Promise<ChangedWeek[]> {
  const [column, value] = 'accountId' in where ? ['i.account_id', where.accountId] : ['i.id', where.instanceId];
  const { rows } = await tx.query<ChangedWeek>(
    `UPDATE week_runs r SET not_before = $2, error_code = 'day_limit', error_message = $3, error_at = now(), updated_at = now()
     FROM report_data_collections c, instances i
     WHERE c.id = r.collection_id AND i.id = r.instance_id AND r.id IN (
       SELECT r.id FROM week_runs r JOIN instances i ON i.id = r.instance_id
       WHERE ${column} = $1 AND r.state = 'planned' AND r.not_before < $2 AND r.create_attempted_at IS NULL
       ORDER BY r.id FOR UPDATE OF r SKIP LOCKED)
     RETURNING c.workspace_id AS "workspaceId", r.instance_id AS "instanceId", r.collection_id AS "collectionId", r.week::text AS week`,
    [value, until, reason],
  );
  return rows;
}

/**
 * Puts weeks back in line that wait for a limit with room again: it was raised or lifted, or a counted request bought nothing. If
 * there is not room for all of them, the next claims find out and park the rest again.
 */
export async function unpark(tx: Tx, limits: { instance: number | null; account: number | null }): Promise<ChangedWeek[]> {
  const { rows } = await tx.query<ChangedWeek>(
    `UPDATE week_runs r SET not_before = now(), error_code = NULL, error_message = NULL, error_at = NULL, updated_at = now()
     FROM report_data_collections c, instances i
     WHERE c.id = r.collection_id AND i.id = r.instance_id AND r.id IN (
       SELECT r.id FROM week_runs r JOIN instances i ON i.id = r.instance_id
       WHERE r.state = 'planned' AND r.error_code = 'day_limit' AND r.not_before > now()
         AND NOT EXISTS (
           SELECT FROM execution_days d
           WHERE d.day = (now() AT TIME ZONE 'UTC')::date
             AND ((d.kind = 'account' AND d.scope = i.account_id AND d.used >= $2::int)
               OR (d.kind = 'instance' AND d.scope = i.id::text AND d.used >= coalesce(i.executions_per_day, $1::int))))
       ORDER BY r.id FOR UPDATE OF r SKIP LOCKED)
     RETURNING c.workspace_id AS "workspaceId", r.instance_id AS "instanceId", r.collection_id AS "collectionId", r.week::text AS week`,
    [limits.instance, limits.account],
  );
  return rows;
}

/** Keeps the settings where those can read them who tell how long the line will take. */
export async function writeLimits(tx: Tx, limits: { instance: number | null; account: number | null }): Promise<void> {
  await tx.query(
    `INSERT INTO execution_limits AS l (kind, per_day) VALUES ('account', $2), ('instance', $1)
     ON CONFLICT (kind) DO UPDATE SET per_day = excluded.per_day WHERE l.per_day IS DISTINCT FROM excluded.per_day`,
    [limits.instance, limits.account],
  );
}

/** Counts of days gone by are of no use. */
export async function removeOldDays(tx: Tx): Promise<void> {
  await tx.query(`DELETE FROM execution_days WHERE day < (now() AT TIME ZONE 'UTC')::date - 60`);
}
