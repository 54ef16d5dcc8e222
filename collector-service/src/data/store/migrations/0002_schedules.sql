-- Schedules: when collections get their newest week, and which past weeks are collected again because Amazon restates them.
--
-- When a tick is due is decided by the database's clock (next_at, now()); which weeks are complete, by the calendar.
-- No grants to the reader: a schedule is seen whole or not at all, which its statements decide (schedule/statements/read.ts).

CREATE TABLE schedules (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  workspace_id bigint NOT NULL REFERENCES workspaces ON DELETE CASCADE,
  name text NOT NULL,
  -- The template it was made from, for people.
  template text,
  -- Five fields, local time of the zone.
  cron text NOT NULL,
  time_zone text NOT NULL,
  -- Weeks before the newest one that are collected again; NULL: what the dataset's attribution asks for (catalogue/restatement.ts).
  restate_weeks integer CHECK (restate_weeks BETWEEN 0 AND 56),
  -- The same at the first tick of a month; NULL: that tick is like the others.
  deep_restate_weeks integer CHECK (deep_restate_weeks BETWEEN 0 AND 56),
  -- Between the starts of two of its collections at a tick.
  stagger_seconds integer NOT NULL DEFAULT 0 CHECK (stagger_seconds BETWEEN 0 AND 86400),
  state text NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'paused')),
  next_at timestamptz,
  -- Month (yyyy-mm, in its zone) of the last tick by the clock: the first one of a later month is the deep one.
  last_month text NOT NULL CHECK (last_month ~ '^\d{4}-\d\d$'),
  -- A tick that failed as a whole: why, and when it is tried again. next_at stays, so nothing is missed.
  failure text,
  retry_after timestamptz NOT NULL DEFAULT '-infinity',
  created_by text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (workspace_id, name),
  CHECK ((state = 'active') = (next_at IS NOT NULL))
);
CREATE INDEX schedules_due ON schedules (next_at) WHERE state = 'active';

-- No two schedules over the same collection: they would buy the same weeks twice.
CREATE TABLE schedule_collections (
  collection_id bigint PRIMARY KEY REFERENCES report_data_collections ON DELETE CASCADE,
  schedule_id bigint NOT NULL REFERENCES schedules ON DELETE CASCADE
);
CREATE INDEX schedule_collections_schedule ON schedule_collections (schedule_id);

CREATE TABLE schedule_ticks (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  schedule_id bigint NOT NULL REFERENCES schedules ON DELETE CASCADE,
  kind text NOT NULL CHECK (kind IN ('scheduled', 'caught_up', 'manual')),
  -- The (newest) time it was due; when it was asked for, if a person did.
  due_at timestamptz NOT NULL,
  ticked_at timestamptz NOT NULL DEFAULT now(),
  -- How many due times had passed unnoticed and are made up for by this tick.
  missed integer NOT NULL DEFAULT 0,
  deep boolean NOT NULL DEFAULT false,
  asked_by text NOT NULL
);
-- Exactly one tick per due time, whatever the clock and the workers do.
CREATE UNIQUE INDEX schedule_ticks_once ON schedule_ticks (schedule_id, due_at) WHERE kind <> 'manual';
CREATE INDEX schedule_ticks_history ON schedule_ticks (schedule_id, id);

-- What a tick decided about each collection. What came of it is read from its runs (week_runs.tick_id).
CREATE TABLE schedule_tick_results (
  tick_id bigint NOT NULL REFERENCES schedule_ticks ON DELETE CASCADE,
  collection_id bigint NOT NULL REFERENCES report_data_collections ON DELETE CASCADE,
  -- Weeks that were planned: new ones, served ones collected again, failed ones tried again.
  added date[] NOT NULL,
  restated date[] NOT NULL,
  retried date[] NOT NULL,
  -- Weeks that were wanted and not planned: [{"week", "reason", "note"}].
  skipped jsonb NOT NULL,
  -- Why nothing, or less than wanted, was planned for the collection.
  note text,
  PRIMARY KEY (tick_id, collection_id)
);

ALTER TABLE week_runs ADD COLUMN tick_id bigint REFERENCES schedule_ticks ON DELETE SET NULL;
CREATE INDEX week_runs_by_tick ON week_runs (tick_id) WHERE tick_id IS NOT NULL;
