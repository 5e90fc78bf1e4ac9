-- Schema 1: people, companies, activities, imports, the journal and the search index.
-- CHECKs use OR, not IN: SQLite would build a table from the IN list for each row it checks.
-- Columns filled by imports are unique by an index, not by UNIQUE: a first import builds its indexes after all rows.
-- Instants are UTC text (2026-01-02T03:04:05Z), days are 2026-01-02, birthdays without a year are --01-02.

CREATE TABLE contact (
  id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  uid TEXT NOT NULL,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL,
  prefix TEXT NOT NULL DEFAULT '',
  given TEXT NOT NULL DEFAULT '',
  additional TEXT NOT NULL DEFAULT '',
  family TEXT NOT NULL DEFAULT '',
  suffix TEXT NOT NULL DEFAULT '',
  nickname TEXT NOT NULL DEFAULT '',
  birthday TEXT,
  anniversary TEXT,
  notes TEXT NOT NULL DEFAULT '',
  status TEXT,
  status_on TEXT,
  source TEXT,
  zone TEXT,
  language TEXT,
  created_utc TEXT NOT NULL,
  updated_utc TEXT NOT NULL,
  revision INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE UNIQUE INDEX contact_uid ON contact (uid);
CREATE INDEX contact_name ON contact (name_key, id);
CREATE INDEX contact_updated ON contact (updated_utc);
CREATE INDEX contact_birthday ON contact (substr(birthday, -5), birthday) WHERE birthday IS NOT NULL;

CREATE TABLE company (
  id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  uid TEXT NOT NULL,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL,
  notes TEXT NOT NULL DEFAULT '',
  source TEXT,
  created_utc TEXT NOT NULL,
  updated_utc TEXT NOT NULL,
  revision INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE UNIQUE INDEX company_uid ON company (uid);
CREATE INDEX company_name ON company (name_key, id);

CREATE TABLE employment (
  id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  contact_id INTEGER NOT NULL REFERENCES contact (id) DEFERRABLE INITIALLY DEFERRED,
  company_id INTEGER REFERENCES company (id) DEFERRABLE INITIALLY DEFERRED,
  title TEXT NOT NULL DEFAULT '',
  department TEXT NOT NULL DEFAULT '',
  since TEXT,
  until TEXT,
  current INTEGER NOT NULL DEFAULT 1 CHECK (current = 0 OR current = 1)
) STRICT;
CREATE INDEX employment_contact ON employment (contact_id, current);
CREATE INDEX employment_company ON employment (company_id, current, contact_id);

CREATE TABLE contact_point (
  id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  contact_id INTEGER REFERENCES contact (id) DEFERRABLE INITIALLY DEFERRED,
  company_id INTEGER REFERENCES company (id) DEFERRABLE INITIALLY DEFERRED,
  kind TEXT NOT NULL CHECK (kind = 'email' OR kind = 'phone' OR kind = 'url' OR kind = 'social' OR kind = 'im'),
  value TEXT NOT NULL,
  label TEXT NOT NULL DEFAULT '',
  service TEXT NOT NULL DEFAULT '',
  norm TEXT NOT NULL DEFAULT '',
  reversed TEXT NOT NULL DEFAULT '',
  state TEXT NOT NULL DEFAULT 'current' CHECK (state = 'current' OR state = 'former' OR state = 'bounced'),
  preferred INTEGER NOT NULL DEFAULT 0 CHECK (preferred = 0 OR preferred = 1),
  params TEXT NOT NULL DEFAULT '',
  CHECK ((contact_id IS NULL) <> (company_id IS NULL))
) STRICT;
CREATE INDEX contact_point_contact ON contact_point (contact_id) WHERE contact_id IS NOT NULL;
CREATE INDEX contact_point_company ON contact_point (company_id) WHERE company_id IS NOT NULL;
CREATE INDEX contact_point_norm ON contact_point (norm, kind, contact_id, company_id) WHERE norm <> '';
CREATE INDEX contact_point_reversed ON contact_point (reversed, kind, contact_id, company_id) WHERE reversed <> '';

CREATE TABLE postal_address (
  id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  contact_id INTEGER REFERENCES contact (id) DEFERRABLE INITIALLY DEFERRED,
  company_id INTEGER REFERENCES company (id) DEFERRABLE INITIALLY DEFERRED,
  street TEXT NOT NULL DEFAULT '',
  extended TEXT NOT NULL DEFAULT '',
  po_box TEXT NOT NULL DEFAULT '',
  locality TEXT NOT NULL DEFAULT '',
  region TEXT NOT NULL DEFAULT '',
  code TEXT NOT NULL DEFAULT '',
  country TEXT NOT NULL DEFAULT '',
  label TEXT NOT NULL DEFAULT '',
  preferred INTEGER NOT NULL DEFAULT 0 CHECK (preferred = 0 OR preferred = 1),
  params TEXT NOT NULL DEFAULT '',
  CHECK ((contact_id IS NULL) <> (company_id IS NULL))
) STRICT;
CREATE INDEX postal_address_contact ON postal_address (contact_id) WHERE contact_id IS NOT NULL;
CREATE INDEX postal_address_locality ON postal_address (locality) WHERE locality <> '';
CREATE INDEX postal_address_company ON postal_address (company_id) WHERE company_id IS NOT NULL;

CREATE TABLE tag (
  id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE contact_tag (
  contact_id INTEGER NOT NULL REFERENCES contact (id) DEFERRABLE INITIALLY DEFERRED,
  tag_id INTEGER NOT NULL REFERENCES tag (id) DEFERRABLE INITIALLY DEFERRED,
  PRIMARY KEY (contact_id, tag_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX contact_tag_tag ON contact_tag (tag_id, contact_id);

CREATE TABLE company_tag (
  company_id INTEGER NOT NULL REFERENCES company (id) DEFERRABLE INITIALLY DEFERRED,
  tag_id INTEGER NOT NULL REFERENCES tag (id) DEFERRABLE INITIALLY DEFERRED,
  PRIMARY KEY (company_id, tag_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX company_tag_tag ON company_tag (tag_id, company_id);

CREATE TABLE custom_field (
  id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE,
  label TEXT NOT NULL,
  type TEXT NOT NULL CHECK (type = 'text' OR type = 'number' OR type = 'date' OR type = 'yesno' OR type = 'choice'),
  choices TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE TABLE contact_custom (
  contact_id INTEGER NOT NULL REFERENCES contact (id) DEFERRABLE INITIALLY DEFERRED,
  field_id INTEGER NOT NULL REFERENCES custom_field (id) DEFERRABLE INITIALLY DEFERRED,
  value TEXT NOT NULL,
  PRIMARY KEY (contact_id, field_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX contact_custom_field ON contact_custom (field_id, value);

CREATE TABLE company_custom (
  company_id INTEGER NOT NULL REFERENCES company (id) DEFERRABLE INITIALLY DEFERRED,
  field_id INTEGER NOT NULL REFERENCES custom_field (id) DEFERRABLE INITIALLY DEFERRED,
  value TEXT NOT NULL,
  PRIMARY KEY (company_id, field_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX company_custom_field ON company_custom (field_id, value);

CREATE TABLE activity (
  id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  uid TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL CHECK (kind = 'call' OR kind = 'meeting' OR kind = 'email' OR kind = 'message' OR kind = 'letter' OR kind = 'note' OR kind = 'task'),
  status TEXT NOT NULL CHECK (status = 'open' OR status = 'done' OR status = 'cancelled'),
  subject TEXT NOT NULL DEFAULT '',
  body TEXT NOT NULL DEFAULT '',
  direction TEXT NOT NULL DEFAULT '' CHECK (direction = '' OR direction = 'in' OR direction = 'out'),
  outcome TEXT NOT NULL DEFAULT '',
  priority TEXT NOT NULL DEFAULT '' CHECK (priority = '' OR priority = 'high' OR priority = 'low'),
  promise TEXT NOT NULL DEFAULT '' CHECK (promise = '' OR promise = 'owe' OR promise = 'await'),
  reach INTEGER NOT NULL DEFAULT 0 CHECK (reach = 0 OR reach = 1 OR reach = 2),
  at_utc TEXT,
  minutes INTEGER CHECK (minutes >= 0),
  due_date TEXT,
  due_time TEXT,
  zone TEXT,
  due_utc TEXT,
  company_id INTEGER REFERENCES company (id) DEFERRABLE INITIALLY DEFERRED,
  follows_id INTEGER REFERENCES activity (id) DEFERRABLE INITIALLY DEFERRED,
  created_utc TEXT NOT NULL,
  updated_utc TEXT NOT NULL,
  revision INTEGER NOT NULL DEFAULT 1,
  CHECK (status <> 'done' OR at_utc IS NOT NULL),
  CHECK (due_date IS NULL OR due_utc IS NOT NULL)
) STRICT;
CREATE INDEX activity_open ON activity (due_utc, priority <> 'high') WHERE status = 'open';
CREATE INDEX activity_at ON activity (at_utc) WHERE status = 'done';
CREATE INDEX activity_company ON activity (company_id) WHERE company_id IS NOT NULL;
CREATE INDEX activity_follows ON activity (follows_id) WHERE follows_id IS NOT NULL;

-- reach and at_utc are copied from the activity, so that a person's last reach takes a single seek.
CREATE TABLE activity_participant (
  activity_id INTEGER NOT NULL REFERENCES activity (id) DEFERRABLE INITIALLY DEFERRED,
  contact_id INTEGER NOT NULL REFERENCES contact (id) DEFERRABLE INITIALLY DEFERRED,
  reach INTEGER NOT NULL DEFAULT 0 CHECK (reach = 0 OR reach = 1 OR reach = 2),
  at_utc TEXT,
  PRIMARY KEY (activity_id, contact_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX activity_participant_contact ON activity_participant (contact_id, reach, at_utc);

CREATE TABLE reminder (
  id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  activity_id INTEGER NOT NULL REFERENCES activity (id) DEFERRABLE INITIALLY DEFERRED,
  lead_minutes INTEGER,
  on_date TEXT,
  on_time TEXT,
  zone TEXT,
  at_utc TEXT NOT NULL,
  snoozed INTEGER NOT NULL DEFAULT 0 CHECK (snoozed = 0 OR snoozed = 1)
) STRICT;
CREATE UNIQUE INDEX reminder_activity ON reminder (activity_id);
CREATE INDEX reminder_at ON reminder (at_utc);
CREATE INDEX reminder_snoozed ON reminder (at_utc, activity_id) WHERE snoozed = 1;

CREATE TABLE external_ref (
  id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  contact_id INTEGER REFERENCES contact (id) DEFERRABLE INITIALLY DEFERRED,
  company_id INTEGER REFERENCES company (id) DEFERRABLE INITIALLY DEFERRED,
  source TEXT NOT NULL,
  key TEXT NOT NULL,
  base TEXT NOT NULL DEFAULT '',
  CHECK ((contact_id IS NULL) <> (company_id IS NULL))
) STRICT;
CREATE UNIQUE INDEX external_ref_key ON external_ref (source, key);
CREATE INDEX external_ref_contact ON external_ref (contact_id) WHERE contact_id IS NOT NULL;
CREATE INDEX external_ref_company ON external_ref (company_id) WHERE company_id IS NOT NULL;

CREATE TABLE source_property (
  id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  contact_id INTEGER REFERENCES contact (id) DEFERRABLE INITIALLY DEFERRED,
  company_id INTEGER REFERENCES company (id) DEFERRABLE INITIALLY DEFERRED,
  grp TEXT NOT NULL DEFAULT '',
  name TEXT NOT NULL,
  params TEXT NOT NULL DEFAULT '',
  value TEXT NOT NULL,
  CHECK ((contact_id IS NULL) <> (company_id IS NULL))
) STRICT;
CREATE INDEX source_property_contact ON source_property (contact_id) WHERE contact_id IS NOT NULL;
CREATE INDEX source_property_company ON source_property (company_id) WHERE company_id IS NOT NULL;

-- Below: operational tables, neither journaled nor undone.

CREATE TABLE import_run (
  id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  at_utc TEXT NOT NULL,
  file TEXT NOT NULL,
  format TEXT NOT NULL,
  read INTEGER NOT NULL,
  new INTEGER NOT NULL,
  changed INTEGER NOT NULL,
  same INTEGER NOT NULL,
  rejected INTEGER NOT NULL,
  rejects TEXT NOT NULL DEFAULT '',
  change_id INTEGER
) STRICT;

CREATE TABLE change (
  id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  at_utc TEXT NOT NULL,
  origin TEXT NOT NULL CHECK (origin = 'hand' OR origin = 'script' OR origin = 'cron' OR origin = 'tui'),
  verb TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'done' CHECK (state = 'done' OR state = 'undone' OR state = 'dropped'),
  undone_order INTEGER,
  schema INTEGER NOT NULL
) STRICT;
CREATE INDEX change_undone ON change (undone_order) WHERE state = 'undone';

CREATE TABLE change_subject (
  change_id INTEGER NOT NULL REFERENCES change (id) DEFERRABLE INITIALLY DEFERRED,
  kind TEXT NOT NULL,
  subject_id INTEGER NOT NULL,
  PRIMARY KEY (change_id, kind, subject_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX change_subject_of ON change_subject (kind, subject_id, change_id);

CREATE TABLE change_row (
  id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  change_id INTEGER NOT NULL REFERENCES change (id) DEFERRABLE INITIALLY DEFERRED,
  tbl TEXT NOT NULL,
  row_key TEXT NOT NULL,
  op TEXT NOT NULL CHECK (op = 'insert' OR op = 'update' OR op = 'delete'),
  before TEXT,
  after TEXT
) STRICT;
CREATE INDEX change_row_change ON change_row (change_id);
CREATE INDEX change_row_row ON change_row (tbl, row_key);

-- Rows that a bulk insert added: those of tbl whose col lies between first and last.
CREATE TABLE change_range (
  change_id INTEGER NOT NULL REFERENCES change (id) DEFERRABLE INITIALLY DEFERRED,
  tbl TEXT NOT NULL,
  col TEXT NOT NULL,
  first INTEGER NOT NULL,
  last INTEGER NOT NULL,
  PRIMARY KEY (change_id, tbl, col, first)
) STRICT, WITHOUT ROWID;

-- id combines the record's id and the number of its kind; the newest schema file that mentions it defines how.
CREATE TABLE search_doc (
  id INTEGER NOT NULL PRIMARY KEY,
  names TEXT NOT NULL,
  body TEXT NOT NULL
) STRICT;
CREATE VIRTUAL TABLE search_fts USING fts5 (
  names, body, content='search_doc', content_rowid='id', prefix='2 3', detail='full', columnsize=0,
  tokenize="unicode61 remove_diacritics 0 categories 'L* N* Co Mn Mc'"
);
CREATE TABLE search_word (
  doc INTEGER NOT NULL,
  word TEXT NOT NULL,
  PRIMARY KEY (doc, word)
) STRICT, WITHOUT ROWID;
CREATE INDEX search_word_word ON search_word (word, doc);
CREATE TABLE search_term (
  term TEXT NOT NULL PRIMARY KEY,
  backward TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX search_term_backward ON search_term (backward);
