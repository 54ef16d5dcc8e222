-- Everyday work runs on pg-boss, whose tables lie in a schema of their own (pgboss) and are made by the library in the same migrate step
-- (ground/jobs/prepare.ts). No grants to the reader, here or there: these are an operator's tables.

-- Who does the day's clean-up is decided there now.
DROP TABLE upkeep_claims;

-- For which jobs pg-boss's queues and calendar were last prepared; one row at most.
CREATE TABLE job_setup (
  sha256 text NOT NULL
);

-- How often each job ran and for how long, for the metrics: pg-boss forgets what has ended after two weeks.
CREATE TABLE job_totals (
  job text NOT NULL,
  -- completed; retried: failed and is tried again; failed: for good; handed_back: its process stopped.
  outcome text NOT NULL CHECK (outcome IN ('completed', 'retried', 'failed', 'handed_back')),
  runs bigint NOT NULL,
  seconds double precision NOT NULL,
  PRIMARY KEY (job, outcome)
);
