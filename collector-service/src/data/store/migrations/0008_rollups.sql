-- A month's rows keep their week, so that a roll-up by month answers weeks too; its table by week held the same rows once more
-- (docs/adr/0019-weeks-from-months.md). What stays leaves room in its pages for updates from now on; rows that are there stay as they lie.
DO $$
DECLARE
  rollup record;
BEGIN
  FOR rollup IN
    SELECT week.table_name FROM report_data_aggregates week
      JOIN report_data_aggregates month USING (dataset, dataset_version, rollup)
     WHERE week.grain = 'week' AND month.grain = 'month'
  LOOP
    EXECUTE format('DROP TABLE IF EXISTS %I', rollup.table_name);
    DELETE FROM report_data_aggregates WHERE table_name = rollup.table_name;
  END LOOP;
  FOR rollup IN SELECT table_name FROM report_data_aggregates LOOP
    EXECUTE format('ALTER TABLE IF EXISTS %I SET (fillfactor = 50)', rollup.table_name);
  END LOOP;
END $$;
