-- Roll-ups made before their tables left room for updates (dataset-tables.ts) leave it from now on; rows that are there stay as they lie.
DO $$
DECLARE
  rollup record;
BEGIN
  FOR rollup IN SELECT table_name FROM report_data_aggregates LOOP
    EXECUTE format('ALTER TABLE %I SET (fillfactor = 50)', rollup.table_name);
  END LOOP;
END $$;
