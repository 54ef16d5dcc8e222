-- Whether what is served of a week looks like the weeks around it. Results that came first were judged by nothing, for there was nothing to
-- compare them with; once a collection has no run in line its weeks are compared with those before and after (engine/collect/look-back.ts).
ALTER TABLE report_data_weeks
  -- When its served result was last compared; NULL or before collected_at: it has not been.
  ADD COLUMN compared_at timestamptz,
  -- The run that asks Amazon once more because the week's first result was suspicious: one per week, ever. Runs are forgotten, this is not.
  ADD COLUMN asked_again_run_id bigint,
  -- Why a served week is doubtful, NULL when it is not: {"findings": [{"rule", "message", "details"}], "note": what became of asking again}.
  ADD COLUMN doubt jsonb,
  -- The data version of which a person said that it is right as it is: not doubtful while that is served.
  ADD COLUMN confirmed_version bigint;

CREATE INDEX report_data_weeks_to_compare ON report_data_weeks (instance_id, dataset, dataset_version)
  WHERE data_version > 0 AND (compared_at IS NULL OR compared_at < collected_at);
