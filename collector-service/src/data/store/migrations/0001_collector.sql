-- The collector's own tables. Fact and roll-up tables are made from the datasets (store/dataset-tables.ts).
--
-- instance_id leads every key of facts, roll-ups and result files, which have no triggers: they can be distributed by Citus.
-- Workspaces, collections, weeks, runs and slots stay on the coordinator.
-- Money is numeric in currency units; times are timestamptz; days and weeks are dates in the instance's zone.

CREATE TABLE workspaces (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL UNIQUE,
  -- Who may be believed: X-Grafana-Id tokens of this issuer, for these orgs, signed with keys of this URL.
  grafana_issuer text,
  grafana_keys_url text,
  grafana_orgs integer[] NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);

-- A token is shown once; only its SHA-256 is kept (256 random bits need no slow hash).
CREATE TABLE workspace_tokens (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  workspace_id bigint NOT NULL REFERENCES workspaces ON DELETE CASCADE,
  name text NOT NULL,
  token_sha256 bytea NOT NULL UNIQUE,
  -- What a caller with this token and no verified person may do at most; reads only by default.
  role text NOT NULL DEFAULT 'Viewer' CHECK (role IN ('Viewer', 'Editor', 'Admin')),
  -- AMC instances the token may see; NULL means all of the workspace.
  instance_ids bigint[],
  created_at timestamptz NOT NULL DEFAULT now(),
  revoked_at timestamptz,
  UNIQUE (workspace_id, name)
);

CREATE TABLE connections (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  workspace_id bigint NOT NULL REFERENCES workspaces ON DELETE CASCADE,
  name text NOT NULL,
  api_url text NOT NULL,
  token_url text NOT NULL,
  client_id text NOT NULL,
  -- AES-256-GCM of {"clientSecret","refreshToken"}: key id, 12-byte nonce, ciphertext with tag.
  secret_key_id text NOT NULL,
  secret_nonce bytea NOT NULL,
  secret_ciphertext bytea NOT NULL,
  -- Token bucket shared by every process: requests left and when it was last filled (database clock).
  bucket_tokens double precision NOT NULL DEFAULT 10,
  bucket_rate double precision NOT NULL DEFAULT 10,
  bucket_at timestamptz NOT NULL DEFAULT now(),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (workspace_id, name)
);

CREATE TABLE instances (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  workspace_id bigint NOT NULL REFERENCES workspaces ON DELETE CASCADE,
  connection_id bigint NOT NULL REFERENCES connections ON DELETE CASCADE,
  amc_instance_id text NOT NULL,
  name text NOT NULL,
  account_id text NOT NULL,
  marketplace_id text NOT NULL,
  time_zone text NOT NULL,
  advertiser_types text[] NOT NULL DEFAULT '{}',
  currencies text[] NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (workspace_id, amc_instance_id)
);

-- A dataset version never changes once it has a table: the hash of its definition says so.
CREATE TABLE datasets (
  name text NOT NULL,
  version integer NOT NULL,
  definition jsonb NOT NULL,
  definition_sha256 text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (name, version)
);

-- The pre-aggregated tables that exist, so that a person can find them.
CREATE TABLE report_data_aggregates (
  table_name text PRIMARY KEY,
  dataset text NOT NULL,
  dataset_version integer NOT NULL,
  rollup text NOT NULL,
  grain text NOT NULL CHECK (grain IN ('day', 'week', 'month')),
  FOREIGN KEY (dataset, dataset_version) REFERENCES datasets (name, version)
);

CREATE TABLE report_data_collections (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  workspace_id bigint NOT NULL REFERENCES workspaces ON DELETE CASCADE,
  instance_id bigint NOT NULL REFERENCES instances ON DELETE CASCADE,
  dataset text NOT NULL,
  dataset_version integer NOT NULL,
  name text NOT NULL,
  state text NOT NULL DEFAULT 'running' CHECK (state IN ('running', 'paused', 'cancelled', 'stopped')),
  -- Why Amazon made us stop (a rejected SQL stops the whole collection).
  stop_reason text,
  first_week date NOT NULL CHECK (extract(isodow FROM first_week) = 1),
  last_week date NOT NULL CHECK (extract(isodow FROM last_week) = 1),
  -- The SQL as it was made for this instance, byte-identical for every week, and the saved workflow that holds it.
  workflow_id text NOT NULL,
  sql_text text NOT NULL,
  -- Set once Amazon accepted workflow and dry run.
  validated_at timestamptz,
  -- Nobody (else) validates before then: a lease and a back-off in one, since validating twice costs nothing.
  validate_after timestamptz NOT NULL DEFAULT '-infinity',
  created_by text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CHECK (first_week <= last_week),
  FOREIGN KEY (dataset, dataset_version) REFERENCES datasets (name, version)
);
-- Two collections never hold the same week of the same dataset: ranges of live collections may not overlap.
CREATE EXTENSION IF NOT EXISTS btree_gist;
ALTER TABLE report_data_collections ADD CONSTRAINT report_data_collections_no_overlap
  EXCLUDE USING gist (instance_id WITH =, dataset WITH =, dataset_version WITH =, daterange(first_week, last_week, '[]') WITH &&)
  WHERE (state <> 'cancelled');

-- What is served of a week. Weeks belong to instance and dataset, so that a cancelled collection's data stays.
CREATE TABLE report_data_weeks (
  instance_id bigint NOT NULL REFERENCES instances ON DELETE CASCADE,
  dataset text NOT NULL,
  dataset_version integer NOT NULL,
  week date NOT NULL CHECK (extract(isodow FROM week) = 1),
  -- 0 while nothing is served; bumped by every accepted run that changed something. Cache keys hold it.
  data_version bigint NOT NULL DEFAULT 0,
  accepted_run_id bigint,
  collected_at timestamptz,
  row_count bigint NOT NULL DEFAULT 0,
  -- Independent of row order: sum over rows of a 64-bit hash, as text.
  rows_checksum text,
  -- Of the file's bytes: only a shortcut.
  file_sha256 text,
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (instance_id, dataset, dataset_version, week)
);

CREATE TABLE week_runs (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  collection_id bigint NOT NULL REFERENCES report_data_collections ON DELETE CASCADE,
  instance_id bigint NOT NULL REFERENCES instances ON DELETE CASCADE,
  week date NOT NULL CHECK (extract(isodow FROM week) = 1),
  state text NOT NULL DEFAULT 'planned'
    CHECK (state IN ('planned', 'creating', 'running', 'downloading', 'merging', 'done', 'held', 'failed', 'skipped')),
  -- Smaller first: a person's retry (10) before schedules (50) before backfill (100).
  priority smallint NOT NULL DEFAULT 100,
  attempt integer NOT NULL DEFAULT 0,
  -- Rises at every claim and never falls; every write of a worker carries it.
  fence bigint NOT NULL DEFAULT 0,
  lease_until timestamptz,
  lease_owner text,
  not_before timestamptz NOT NULL DEFAULT now(),
  -- When we were about to send the create request (database clock): an execution Amazon dates before this is never adopted.
  create_attempted_at timestamptz,
  -- When a first look for an execution of unknown fate found none (database clock); only a second, later look may conclude.
  looked_at timestamptz,
  execution_id text,
  execution_status text,
  file_sha256 text,
  file_bytes bigint,
  rows_total bigint,
  rows_added bigint,
  rows_changed bigint,
  rows_vanished bigint,
  error_code text,
  error_message text,
  error_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  finished_at timestamptz
);
-- One run of a week at a time; one owner per execution.
CREATE UNIQUE INDEX week_runs_one_open ON week_runs (collection_id, week)
  WHERE state IN ('planned', 'creating', 'running', 'downloading', 'merging');
CREATE UNIQUE INDEX week_runs_execution ON week_runs (instance_id, execution_id) WHERE execution_id IS NOT NULL;
CREATE INDEX week_runs_ready ON week_runs (instance_id, priority, week, not_before)
  WHERE state IN ('planned', 'creating', 'running', 'downloading', 'merging');
CREATE INDEX week_runs_by_week ON week_runs (collection_id, week, id);

-- Limits are rows: a slot is taken with the week and freed only in the transaction that ends the execution.
CREATE TABLE account_slots (
  account_id text NOT NULL,
  slot_no integer NOT NULL,
  run_id bigint REFERENCES week_runs ON DELETE SET NULL,
  PRIMARY KEY (account_id, slot_no)
);
CREATE TABLE instance_slots (
  instance_id bigint NOT NULL REFERENCES instances ON DELETE CASCADE,
  slot_no integer NOT NULL,
  run_id bigint REFERENCES week_runs ON DELETE SET NULL,
  PRIMARY KEY (instance_id, slot_no)
);
CREATE UNIQUE INDEX account_slots_run ON account_slots (run_id) WHERE run_id IS NOT NULL;
CREATE UNIQUE INDEX instance_slots_run ON instance_slots (run_id) WHERE run_id IS NOT NULL;

-- The accepted result files, compressed: a week can be merged again or audited without asking Amazon.
CREATE TABLE result_files (
  instance_id bigint NOT NULL,
  run_id bigint NOT NULL,
  part integer NOT NULL,
  chunk integer NOT NULL,
  gzip bytea NOT NULL,
  PRIMARY KEY (instance_id, run_id, part, chunk)
);
-- Compressed already: PostgreSQL need not try again.
ALTER TABLE result_files ALTER COLUMN gzip SET STORAGE EXTERNAL;

-- One row per accepted run that changed a served week: what Amazon restated. Totals are additive metrics by name, as text so that
-- no digit is lost; money of a dataset with a currency is an object by currency.
CREATE TABLE week_revisions (
  instance_id bigint NOT NULL REFERENCES instances ON DELETE CASCADE,
  dataset text NOT NULL,
  dataset_version integer NOT NULL,
  week date NOT NULL,
  data_version bigint NOT NULL,
  run_id bigint NOT NULL,
  accepted_at timestamptz NOT NULL DEFAULT now(),
  rows_added bigint NOT NULL,
  rows_changed bigint NOT NULL,
  rows_vanished bigint NOT NULL,
  totals_before jsonb,
  totals_after jsonb NOT NULL,
  PRIMARY KEY (instance_id, dataset, dataset_version, week, data_version)
);

-- What server-sent events replay. Written in the transaction of the change, read by id; old rows are removed by the worker.
CREATE TABLE collection_events (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  workspace_id bigint NOT NULL REFERENCES workspaces ON DELETE CASCADE,
  collection_id bigint NOT NULL REFERENCES report_data_collections ON DELETE CASCADE,
  week date,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX collection_events_created ON collection_events (created_at);

CREATE TABLE audit_log (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  workspace_id bigint NOT NULL REFERENCES workspaces ON DELETE CASCADE,
  person text NOT NULL,
  action text NOT NULL,
  subject text NOT NULL,
  details jsonb NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL DEFAULT now()
);

-- Reads for callers run as amc_reports_reader (store/reader-role.ts makes it): it owns nothing, sees the instances named in
-- app.scope and nothing else. The sub-select makes PostgreSQL read the setting once instead of once per row.
-- Everything else here (secrets, tokens, result files) it may not touch at all.
GRANT SELECT ON instances, report_data_collections, report_data_weeks, week_runs, week_revisions TO amc_reports_reader;

DO $$
DECLARE
  protected record;
BEGIN
  FOR protected IN
    SELECT * FROM (VALUES
      ('instances', 'id'),
      ('report_data_collections', 'instance_id'),
      ('report_data_weeks', 'instance_id'),
      ('week_runs', 'instance_id'),
      ('week_revisions', 'instance_id'),
      ('result_files', 'instance_id')) AS tables (name, scope_column)
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', protected.name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', protected.name);
    EXECUTE format('CREATE POLICY owner_all ON %I TO CURRENT_USER USING (true) WITH CHECK (true)', protected.name);
    EXECUTE format(
      'CREATE POLICY reader_scope ON %I FOR SELECT TO amc_reports_reader '
      'USING (%I = ANY ((SELECT string_to_array(current_setting(''app.scope'', true), '',''))::bigint[]))',
      protected.name, protected.scope_column);
  END LOOP;
END $$;
