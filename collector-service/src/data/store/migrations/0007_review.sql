-- What a person looks at before deciding about a held run: the rows in which its file differs from what is served. Made from the kept
-- file at the first request and gone with the decision, so it need not survive a crash: unlogged, and both tables lose their rows together.
CREATE UNLOGGED TABLE held_differences (
  run_id bigint PRIMARY KEY REFERENCES held_runs ON DELETE CASCADE,
  instance_id bigint NOT NULL,
  -- The data version that the file was compared with; made anew when another one is served.
  served_version bigint NOT NULL,
  -- Rows and totals before and after (store/merge/input.ts WeekChange).
  change jsonb NOT NULL,
  made_at timestamptz NOT NULL DEFAULT now()
);

-- Numbered from 1 by how much the row moves the week's totals.
CREATE UNLOGGED TABLE held_rows (
  run_id bigint NOT NULL REFERENCES held_differences ON DELETE CASCADE,
  instance_id bigint NOT NULL,
  kind text NOT NULL CHECK (kind IN ('added', 'changed', 'vanished')),
  row_no integer NOT NULL,
  -- As stored, in the order of the dataset's columns: what names the row, and its numbers on both sides.
  keys text[] NOT NULL,
  before numeric[],
  after numeric[],
  -- Values of columns that the dataset does not know.
  extra_before jsonb,
  extra_after jsonb,
  PRIMARY KEY (run_id, kind, row_no)
);

GRANT SELECT ON held_runs, held_differences, held_rows, acceptance_rules TO amc_reports_reader;

DO $$
DECLARE
  protected text;
BEGIN
  FOREACH protected IN ARRAY ARRAY['held_runs', 'held_differences', 'held_rows'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', protected);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', protected);
    EXECUTE format('CREATE POLICY owner_all ON %I TO CURRENT_USER USING (true) WITH CHECK (true)', protected);
    EXECUTE format(
      'CREATE POLICY reader_scope ON %I FOR SELECT TO amc_reports_reader '
      'USING (instance_id = ANY ((SELECT string_to_array(current_setting(''app.scope'', true), '',''))::bigint[]))',
      protected);
  END LOOP;
END $$;

-- A rule for a whole workspace concerns everybody who sees one of its instances; which those are, the policy on instances says.
ALTER TABLE acceptance_rules ENABLE ROW LEVEL SECURITY;
ALTER TABLE acceptance_rules FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON acceptance_rules TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY reader_scope ON acceptance_rules FOR SELECT TO amc_reports_reader USING (
  EXISTS (SELECT FROM instances i WHERE i.workspace_id = acceptance_rules.workspace_id
                                    AND (acceptance_rules.instance_id IS NULL OR i.id = acceptance_rules.instance_id)));
