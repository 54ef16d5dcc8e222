-- What Amazon refused, and the time that was seen: one fault outside stops nothing for good.

ALTER TABLE report_data_collections
  ADD COLUMN stopped_at timestamptz,
  -- A code of the table of errors; stop_reason has the sentence.
  ADD COLUMN stop_code text;
UPDATE report_data_collections SET stopped_at = updated_at WHERE state = 'stopped';

-- A collection that Amazon refuses: while it runs, since when and when it is tried again; when it is stopped, when the same is asked
-- anew, free of charge. Gone as soon as Amazon grants what it refused. A stop without a row here waits for a person (rejected SQL).
CREATE TABLE collection_refusals (
  collection_id bigint PRIMARY KEY REFERENCES report_data_collections ON DELETE CASCADE,
  asked text NOT NULL CHECK (asked IN ('validate', 'create', 'list', 'download')),
  code text NOT NULL,
  message text NOT NULL,
  since timestamptz NOT NULL DEFAULT now(),
  -- Refusals, then probes in a row; the pause doubles with each.
  tries integer NOT NULL DEFAULT 1,
  -- Nothing is bought before then. A lease too: whoever probes moves it on.
  next_try_at timestamptz NOT NULL
);

-- Since when the step fails with this very error_code.
ALTER TABLE week_runs ADD COLUMN failing_since timestamptz;

-- Amazon asked (Retry-After) for no request before then.
ALTER TABLE connections ADD COLUMN bucket_rests_until timestamptz;

-- The newest time that the database's clock has shown while it was believed.
CREATE TABLE clock_seen (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  seen_at timestamptz NOT NULL DEFAULT now()
);
INSERT INTO clock_seen DEFAULT VALUES;
