-- Schema 9: records that were merged, pairs that are not the same, and people who were erased.

-- A record that was merged into another: its id and uid lead to the survivor, whose row refers to it by contact_id or
-- company_id. If the survivor is merged in turn, its rows go on to the next one.
CREATE TABLE merge (
  id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  at_utc TEXT NOT NULL,
  contact_id INTEGER REFERENCES contact (id) DEFERRABLE INITIALLY DEFERRED,
  company_id INTEGER REFERENCES company (id) DEFERRABLE INITIALLY DEFERRED,
  loser_id INTEGER NOT NULL,
  loser_uid TEXT NOT NULL,
  name TEXT NOT NULL,
  choices TEXT NOT NULL DEFAULT '',
  CHECK ((contact_id IS NULL) <> (company_id IS NULL))
) STRICT;
CREATE INDEX merge_contact ON merge (contact_id) WHERE contact_id IS NOT NULL;
CREATE INDEX merge_company ON merge (company_id) WHERE company_id IS NOT NULL;
CREATE INDEX merge_loser ON merge (loser_id);
CREATE INDEX merge_uid ON merge (loser_uid);

-- What a merge wrote, row by row, with the row before and after it (JSON, as in change_row), and later links of the
-- survivor that came by an address or a key of the merged record.
CREATE TABLE merge_row (
  id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  merge_id INTEGER NOT NULL REFERENCES merge (id) DEFERRABLE INITIALLY DEFERRED,
  tbl TEXT NOT NULL,
  row_key TEXT NOT NULL,
  before TEXT,
  after TEXT
) STRICT;
CREATE INDEX merge_row_merge ON merge_row (merge_id);

-- Two people or companies that are not the same, whatever they have in common.
CREATE TABLE distinct_pair (
  id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL CHECK (kind = 'contact' OR kind = 'company'),
  low_id INTEGER NOT NULL,
  high_id INTEGER NOT NULL,
  at_utc TEXT NOT NULL,
  UNIQUE (kind, low_id, high_id),
  CHECK (low_id < high_id)
) STRICT;
CREATE INDEX distinct_pair_high ON distinct_pair (kind, high_id);

-- A salted hash of an identifier (an e-mail address, a phone number …) of a person who was erased, so that a later
-- import of the same person is noticed.
CREATE TABLE erasure (
  id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  at_utc TEXT NOT NULL,
  salt TEXT NOT NULL,
  hash TEXT NOT NULL
) STRICT;

-- An erasure that was begun and is not finished: whom it forgets, and how. Removed with the last step.
CREATE TABLE pending_erasure (
  contact_id INTEGER NOT NULL PRIMARY KEY,
  at_utc TEXT NOT NULL,
  redact INTEGER NOT NULL CHECK (redact = 0 OR redact = 1),
  backups INTEGER NOT NULL CHECK (backups = 0 OR backups = 1)
) STRICT;
