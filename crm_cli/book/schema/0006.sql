-- Schema 6: series of activities, cadence, and what was delivered.
-- A series has at most one open activity; "occurrence_on" is the day of the series that it stands for, even if it was
-- moved. "from_completion": the next day is counted from the day of completion.

CREATE TABLE series (
  id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  uid TEXT NOT NULL UNIQUE,
  rule TEXT NOT NULL,
  from_completion INTEGER NOT NULL DEFAULT 0 CHECK (from_completion = 0 OR from_completion = 1),
  start_on TEXT NOT NULL,
  time TEXT,
  zone TEXT,
  created_utc TEXT NOT NULL
) STRICT;
ALTER TABLE activity ADD COLUMN series_id INTEGER REFERENCES series (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE activity ADD COLUMN occurrence_on TEXT;
CREATE INDEX activity_series ON activity (series_id, occurrence_on) WHERE series_id IS NOT NULL;
UPDATE change_row SET before = json_insert(before, '$.series_id', NULL, '$.occurrence_on', NULL)
  WHERE tbl = 'activity' AND json_valid(before);
UPDATE change_row SET after = json_insert(after, '$.series_id', NULL, '$.occurrence_on', NULL)
  WHERE tbl = 'activity' AND json_valid(after);

-- How often to keep in touch with a person, or with everyone who has a tag. "every" is a span (6w), empty if the row only
-- pauses; "from_on" is a day before which nothing is due.

CREATE TABLE cadence (
  id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  contact_id INTEGER UNIQUE REFERENCES contact (id) DEFERRABLE INITIALLY DEFERRED,
  tag_id INTEGER UNIQUE REFERENCES tag (id) DEFERRABLE INITIALLY DEFERRED,
  every TEXT NOT NULL DEFAULT '',
  paused INTEGER NOT NULL DEFAULT 0 CHECK (paused = 0 OR paused = 1),
  paused_until TEXT,
  from_on TEXT,
  CHECK ((contact_id IS NULL) <> (tag_id IS NULL))
) STRICT;

-- The rhythm of a person, derived from cadence and activities: the shortest cadence, when the next reach is due, and the
-- number of days within which nine of ten reaches followed the one before.

CREATE TABLE rhythm (
  contact_id INTEGER NOT NULL PRIMARY KEY,
  every TEXT NOT NULL DEFAULT '',
  next_on TEXT,
  last_reach_utc TEXT,
  last_attempt_utc TEXT,
  reaches INTEGER NOT NULL DEFAULT 0,
  usual_days INTEGER,
  silent_on TEXT
) STRICT;
CREATE INDEX rhythm_next ON rhythm (next_on) WHERE next_on IS NOT NULL;
CREATE INDEX rhythm_silent ON rhythm (silent_on) WHERE silent_on IS NOT NULL;

-- What is delivered: a row is written before, and marked after. The key tells what is delivered ("reminder:7@2026-11-29T03:30:00Z"),
-- and refers to nothing, so that an undo cannot send it again. A run holds a row until "held_until"; then another one may
-- take it.

CREATE TABLE outbox (
  id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  key TEXT NOT NULL,
  route TEXT NOT NULL,
  address TEXT NOT NULL DEFAULT '',
  state TEXT NOT NULL CHECK (state = 'sending' OR state = 'sent' OR state = 'failed' OR state = 'waiting' OR state = 'passed'),
  tries INTEGER NOT NULL DEFAULT 0,
  held_until TEXT,
  next_utc TEXT,
  error TEXT NOT NULL DEFAULT '',
  created_utc TEXT NOT NULL,
  updated_utc TEXT NOT NULL,
  UNIQUE (key, route, address)
) STRICT;
CREATE INDEX outbox_open ON outbox (state, next_utc) WHERE state <> 'sent' AND state <> 'passed';

-- The machine and path that deliver, and up to which instant.

CREATE TABLE deliverer (
  id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
  machine TEXT NOT NULL,
  path TEXT NOT NULL,
  since_utc TEXT NOT NULL,
  done_until TEXT NOT NULL
) STRICT;

-- What is told at most once in a while: a deal without a next step, at most once a week.

CREATE TABLE told (
  key TEXT NOT NULL PRIMARY KEY,
  at_utc TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX activity_promise ON activity (promise, due_utc) WHERE status = 'open' AND promise <> '';
CREATE INDEX contact_anniversary ON contact (substr(anniversary, -5), anniversary) WHERE anniversary IS NOT NULL;
