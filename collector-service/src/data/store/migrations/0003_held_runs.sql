-- A held run: its result contradicts what is served, or is not what the dataset promises. What is served stays, the new file is kept
-- (result_files, under the run's id), and a person decides. Written in the transaction that holds the run.
CREATE TABLE held_runs (
  run_id bigint PRIMARY KEY REFERENCES week_runs ON DELETE CASCADE,
  workspace_id bigint NOT NULL REFERENCES workspaces ON DELETE CASCADE,
  instance_id bigint NOT NULL REFERENCES instances ON DELETE CASCADE,
  dataset text NOT NULL,
  dataset_version integer NOT NULL,
  week date NOT NULL CHECK (extract(isodow FROM week) = 1),
  held_at timestamptz NOT NULL DEFAULT now(),
  -- Every objection, in the order they were made: [{"rule", "message", "details"}]. Rules are those of catalogue/quality.ts.
  objections jsonb NOT NULL,
  -- Whether a person may take the result as it is: false when it could not be read as rows of the dataset.
  acceptable boolean NOT NULL,
  -- Rows and totals before and after (store/merge/input.ts WeekChange); NULL when the file could not be read as rows.
  change jsonb,
  -- The data version that was served when the difference was computed; a later one makes the difference stale.
  served_version bigint NOT NULL,
  -- 'superseded': a later run of the week was accepted before anybody decided.
  decision text CHECK (decision IN ('accepted', 'kept', 'run_again', 'superseded')),
  decided_by text,
  decided_at timestamptz,
  decision_reason text,
  CHECK ((decision IS NULL) = (decided_at IS NULL))
);
CREATE INDEX held_runs_open ON held_runs (workspace_id, instance_id, held_at) WHERE decision IS NULL;

-- 'stored': the run's result is taken from result_files instead of Amazon, after a person accepted it.
ALTER TABLE week_runs ADD COLUMN source text NOT NULL DEFAULT 'amazon' CHECK (source IN ('amazon', 'stored'));
-- A person looked at the held result and takes it: quality rules are not asked again, every other check stays.
ALTER TABLE week_runs ADD COLUMN overrule boolean NOT NULL DEFAULT false;

-- "Always accept moves under x %": objections about moved totals and changed or vanished rows are waived below max_move.
CREATE TABLE acceptance_rules (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  workspace_id bigint NOT NULL REFERENCES workspaces ON DELETE CASCADE,
  dataset text NOT NULL,
  -- NULL: every instance of the workspace.
  instance_id bigint REFERENCES instances ON DELETE CASCADE,
  -- A fraction: 0.05 is 5 %.
  max_move double precision NOT NULL CHECK (max_move > 0 AND max_move <= 1),
  reason text NOT NULL,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX acceptance_rules_one ON acceptance_rules (workspace_id, dataset, coalesce(instance_id, 0));
