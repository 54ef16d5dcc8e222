-- One table of events for anything that changes, not for collections alone. An event concerns those who see all of its instances (none:
-- everybody of the workspace). Ids go on, so that a listener can resume from the id it heard last.
CREATE TABLE outbox (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  workspace_id bigint NOT NULL REFERENCES workspaces ON DELETE CASCADE,
  instance_ids bigint[] NOT NULL,
  kind text NOT NULL CHECK (kind ~ '^[a-z_]{1,40}$'),
  subject text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX outbox_created ON outbox (created_at);

INSERT INTO outbox (id, workspace_id, instance_ids, kind, subject, created_at) OVERRIDING SYSTEM VALUE
SELECT e.id, e.workspace_id, ARRAY[c.instance_id], CASE WHEN e.week IS NULL THEN 'collection' ELSE 'week' END,
       concat_ws('/', e.collection_id, e.week), e.created_at
FROM collection_events e JOIN report_data_collections c ON c.id = e.collection_id;
SELECT setval(pg_get_serial_sequence('outbox', 'id'), last_value, is_called) FROM collection_events_id_seq;
DROP TABLE collection_events;
