/** What must survive a restart: workflows, schedules, executions and their results. */
export const EXECUTION_TABLES = `
  CREATE TABLE IF NOT EXISTS sandbox.setting (name text PRIMARY KEY, value text NOT NULL);

  CREATE TABLE IF NOT EXISTS sandbox.workflow (
    instance_id text NOT NULL, workflow_id text NOT NULL, definition jsonb NOT NULL,
    PRIMARY KEY (instance_id, workflow_id)
  );

  CREATE TABLE IF NOT EXISTS sandbox.schedule (
    instance_id text NOT NULL, schedule_id text NOT NULL, definition jsonb NOT NULL, checked_at timestamptz NOT NULL,
    PRIMARY KEY (instance_id, schedule_id)
  );

  CREATE TABLE IF NOT EXISTS sandbox.execution (
    execution_id uuid PRIMARY KEY, sequence bigint NOT NULL UNIQUE, record jsonb NOT NULL
  );

  CREATE TABLE IF NOT EXISTS sandbox.result_file (
    execution_id uuid NOT NULL REFERENCES sandbox.execution ON DELETE CASCADE, part int NOT NULL, body text NOT NULL,
    PRIMARY KEY (execution_id, part)
  );
`;
