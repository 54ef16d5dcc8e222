-- Executions of a UTC day, counted before each create request is sent: the optional limits per day are exact across processes and
-- crashes. Counted also while no limit is set, so that one takes effect in the middle of a day. Amazon knows days, not our weeks:
-- scope is an instance (our id) or an account (Amazon's).
CREATE TABLE execution_days (
  kind text NOT NULL CHECK (kind IN ('instance', 'account')),
  scope text NOT NULL,
  day date NOT NULL,
  used integer NOT NULL DEFAULT 0 CHECK (used >= 0),
  PRIMARY KEY (kind, scope, day)
);
-- An instance's own limit; NULL takes the collector's setting.
ALTER TABLE instances ADD COLUMN executions_per_day integer CHECK (executions_per_day > 0);
-- The day under which a create request of unknown or undecided fate is counted; NULL once it has become an execution or nothing.
ALTER TABLE week_runs ADD COLUMN counted_on date;

-- A rotated token may go on for a while, so that its users can be changed over one by one.
ALTER TABLE workspace_tokens ADD COLUMN previous_sha256 bytea UNIQUE, ADD COLUMN previous_until timestamptz,
  ADD CHECK ((previous_sha256 IS NULL) = (previous_until IS NULL));

-- Where a workspace's Grafana is asked for the teams of a person, and the service account's token for it (AES-256-GCM as in connections).
ALTER TABLE workspaces ADD COLUMN grafana_api_url text, ADD COLUMN grafana_key_id text, ADD COLUMN grafana_nonce bytea,
  ADD COLUMN grafana_ciphertext bytea,
  ADD CHECK (num_nulls(grafana_key_id, grafana_nonce, grafana_ciphertext) IN (0, 3));

-- What a person or a Grafana team may see of a workspace. A workspace without grants shows all of itself to everybody its Grafana vouches for.
CREATE TABLE scope_grants (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  workspace_id bigint NOT NULL REFERENCES workspaces ON DELETE CASCADE,
  kind text NOT NULL CHECK (kind IN ('person', 'team')),
  -- person: login, verified e-mail, user:<id>, or * for everybody who is signed in. team: id or name.
  subject text NOT NULL CHECK (subject <> ''),
  -- AMC instances (our ids); NULL means all of the workspace.
  instance_ids bigint[],
  -- The most that the person may do here, whatever the role in Grafana; NULL leaves it to Grafana.
  role text CHECK (role IN ('Viewer', 'Editor', 'Admin')),
  created_by text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (workspace_id, kind, subject)
);

-- Records outlive what they speak of: deleting a workspace is itself a deed on record. Its id is never given out again.
ALTER TABLE audit_log DROP CONSTRAINT audit_log_workspace_id_fkey;
CREATE INDEX audit_log_by_workspace ON audit_log (workspace_id, id DESC);

-- Token buckets of actions (not of reads), shared by all processes that answer HTTP. Lost in a crash of the database without harm.
CREATE UNLOGGED TABLE request_buckets (
  key text PRIMARY KEY,
  tokens double precision NOT NULL,
  filled_at timestamptz NOT NULL
);

-- The limits per day as the workers have them set, for those who tell how long the line will take; NULL is no limit.
CREATE TABLE execution_limits (
  kind text PRIMARY KEY CHECK (kind IN ('instance', 'account')),
  per_day integer
);
