import type { Pool } from 'pg';

/**
 * What the product does not keep, for this database only: every change of a run's state, fence and purchase with the transaction that
 * made it, and the transaction of every event.
 */
export const recordChanges = (pool: Pool) =>
  pool.query(`
    CREATE TABLE crash_changes (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      at timestamptz NOT NULL DEFAULT clock_timestamp(),
      xact xid8 NOT NULL DEFAULT pg_current_xact_id(),
      run_id bigint NOT NULL, collection_id bigint NOT NULL, week date NOT NULL,
      from_state text, to_state text NOT NULL, from_fence bigint, to_fence bigint NOT NULL,
      owner text, execution_id text,
      -- A create request was about to be sent.
      attempt boolean NOT NULL
    );
    CREATE INDEX ON crash_changes (run_id, id);
    CREATE FUNCTION crash_record() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      INSERT INTO crash_changes (run_id, collection_id, week, from_state, to_state, from_fence, to_fence, owner, execution_id, attempt)
      VALUES (NEW.id, NEW.collection_id, NEW.week, OLD.state, NEW.state, OLD.fence, NEW.fence, NEW.lease_owner, NEW.execution_id,
        NEW.create_attempted_at IS NOT NULL AND (OLD.create_attempted_at IS NULL OR OLD.looked_at IS NOT NULL AND NEW.looked_at IS NULL));
      RETURN NULL;
    END $$;
    CREATE TRIGGER crash_changed AFTER UPDATE ON week_runs FOR EACH ROW
      WHEN (OLD.state <> NEW.state OR OLD.fence <> NEW.fence OR OLD.execution_id IS DISTINCT FROM NEW.execution_id
        OR OLD.create_attempted_at IS DISTINCT FROM NEW.create_attempted_at OR OLD.looked_at IS DISTINCT FROM NEW.looked_at)
      EXECUTE FUNCTION crash_record();
    CREATE TABLE crash_events (xact xid8 NOT NULL, collection_id bigint NOT NULL, week date);
    CREATE INDEX ON crash_events (xact);
    CREATE FUNCTION crash_record_event() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      INSERT INTO crash_events
      SELECT pg_current_xact_id(), split_part(NEW.subject, '/', 1)::bigint, nullif(split_part(NEW.subject, '/', 2), '')::date
      WHERE NEW.kind IN ('collection', 'week');
      RETURN NULL;
    END $$;
    CREATE TRIGGER crash_event AFTER INSERT ON outbox FOR EACH ROW EXECUTE FUNCTION crash_record_event();
  `);
