-- Upkeep: what was checked against its stored file, what a new dataset version was filled from, and who does the daily clean-up.
-- No grants to the reader: these are an operator's tables.

-- The last time a served week was compared with its stored file (collector rebuild), so that an interrupted run can be resumed.
CREATE TABLE week_checks (
  instance_id bigint NOT NULL REFERENCES instances ON DELETE CASCADE,
  dataset text NOT NULL,
  dataset_version integer NOT NULL,
  week date NOT NULL,
  checked_at timestamptz NOT NULL DEFAULT now(),
  -- The data version that was found, or made, right; NULL when the outcome says otherwise.
  data_version bigint,
  -- same: nothing differed. rebuilt: differed and was made anew. drift: differs and was left (--verify).
  -- no_file: nothing is stored to compare with. failed: the file could not be read or merged.
  outcome text NOT NULL CHECK (outcome IN ('same', 'rebuilt', 'drift', 'no_file', 'failed')),
  note text,
  PRIMARY KEY (instance_id, dataset, dataset_version, week)
);

-- Which run's stored file a week of a newer dataset version was made from. A later run of the old version makes the entry stale.
CREATE TABLE version_fills (
  instance_id bigint NOT NULL REFERENCES instances ON DELETE CASCADE,
  dataset text NOT NULL,
  from_version integer NOT NULL,
  to_version integer NOT NULL,
  week date NOT NULL,
  from_run_id bigint NOT NULL,
  filled_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (instance_id, dataset, from_version, to_version, week)
);

-- One row per recurring piece of upkeep: whoever moves claimed_at on does it (database clock), so that of many workers one cleans up a day.
CREATE TABLE upkeep_claims (
  task text PRIMARY KEY,
  claimed_at timestamptz NOT NULL,
  finished_at timestamptz,
  -- What was removed, for people: [{"what", "rows", "bytes"}].
  outcome jsonb
);

-- Set when a person removed the version's tables; its weeks are no longer served. Loading the version again makes new ones.
ALTER TABLE datasets ADD COLUMN dropped_at timestamptz;

-- Retention looks for runs by their end.
CREATE INDEX week_runs_finished ON week_runs (finished_at) WHERE finished_at IS NOT NULL;
