-- What a person should know of an accepted result: quality rules that only warn, objections that a rule waived or a person overruled,
-- columns that the dataset does not know. [{"rule", "message", "details"}]
ALTER TABLE week_runs ADD COLUMN notes jsonb NOT NULL DEFAULT '[]';

-- A later result of the week finds the held ones that nobody decided about.
CREATE INDEX held_runs_by_week ON held_runs (instance_id, dataset, dataset_version, week);
