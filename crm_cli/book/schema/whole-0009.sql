-- index activity_at activity
CREATE INDEX activity_at ON activity (at_utc) WHERE status = 'done';
-- index activity_company activity
CREATE INDEX activity_company ON activity (company_id) WHERE company_id IS NOT NULL;
-- index activity_custom_field activity_custom
CREATE INDEX activity_custom_field ON activity_custom (field_id, value);
-- index activity_deal activity
CREATE INDEX activity_deal ON activity (deal_id, status, due_utc) WHERE deal_id IS NOT NULL;
-- index activity_follows activity
CREATE INDEX activity_follows ON activity (follows_id) WHERE follows_id IS NOT NULL;
-- index activity_hidden activity
CREATE INDEX activity_hidden ON activity (hidden_until) WHERE status = 'open' AND hidden_until IS NOT NULL;
-- index activity_open activity
CREATE INDEX activity_open ON activity (due_utc, priority <> 'high', id, hidden_until, due_time, due_date)
  WHERE status = 'open';
-- index activity_participant_contact activity_participant
CREATE INDEX activity_participant_contact ON activity_participant (contact_id, reach, at_utc);
-- index activity_promise activity
CREATE INDEX activity_promise ON activity (promise, due_utc) WHERE status = 'open' AND promise <> '';
-- index activity_series activity
CREATE INDEX activity_series ON activity (series_id, occurrence_on) WHERE series_id IS NOT NULL;
-- index change_row_change change_row
CREATE INDEX change_row_change ON change_row (change_id);
-- index change_row_row change_row
CREATE INDEX change_row_row ON change_row (tbl, row_key);
-- index change_subject_of change_subject
CREATE INDEX change_subject_of ON change_subject (kind, subject_id, change_id);
-- index change_undone change
CREATE INDEX change_undone ON change (undone_order) WHERE state = 'undone';
-- index company_custom_field company_custom
CREATE INDEX company_custom_field ON company_custom (field_id, value);
-- index company_name company
CREATE INDEX company_name ON company (name_key, id);
-- index company_tag_tag company_tag
CREATE INDEX company_tag_tag ON company_tag (tag_id, company_id);
-- index company_uid company
CREATE UNIQUE INDEX company_uid ON company (uid);
-- index consent_stopped consent
CREATE INDEX consent_stopped ON consent (channel, contact_id) WHERE state = 'stopped';
-- index contact_anniversary contact
CREATE INDEX contact_anniversary ON contact (substr(anniversary, -5), anniversary) WHERE anniversary IS NOT NULL;
-- index contact_birthday contact
CREATE INDEX contact_birthday ON contact (substr(birthday, -5), birthday) WHERE birthday IS NOT NULL;
-- index contact_custom_field contact_custom
CREATE INDEX contact_custom_field ON contact_custom (field_id, value);
-- index contact_name contact
CREATE INDEX contact_name ON contact (name_key, id);
-- index contact_point_company contact_point
CREATE INDEX contact_point_company ON contact_point (company_id) WHERE company_id IS NOT NULL;
-- index contact_point_contact contact_point
CREATE INDEX contact_point_contact ON contact_point (contact_id) WHERE contact_id IS NOT NULL;
-- index contact_point_norm contact_point
CREATE INDEX contact_point_norm ON contact_point (norm, kind, contact_id, company_id) WHERE norm <> '';
-- index contact_point_reversed contact_point
CREATE INDEX contact_point_reversed ON contact_point (reversed, kind, contact_id, company_id) WHERE reversed <> '';
-- index contact_tag_tag contact_tag
CREATE INDEX contact_tag_tag ON contact_tag (tag_id, contact_id);
-- index contact_uid contact
CREATE UNIQUE INDEX contact_uid ON contact (uid);
-- index contact_updated contact
CREATE INDEX contact_updated ON contact (updated_utc);
-- index deal_closed deal
CREATE INDEX deal_closed ON deal (closed_utc) WHERE closed_utc IS NOT NULL;
-- index deal_company deal
CREATE INDEX deal_company ON deal (company_id) WHERE company_id IS NOT NULL;
-- index deal_custom_field deal_custom
CREATE INDEX deal_custom_field ON deal_custom (field_id, value);
-- index deal_open deal
CREATE INDEX deal_open ON deal (close_on, id) WHERE status = 'open';
-- index deal_participant_contact deal_participant
CREATE INDEX deal_participant_contact ON deal_participant (contact_id, deal_id);
-- index deal_stage deal
CREATE INDEX deal_stage ON deal (stage_id, status);
-- index deal_tag_tag deal_tag
CREATE INDEX deal_tag_tag ON deal_tag (tag_id, deal_id);
-- index deal_title deal
CREATE INDEX deal_title ON deal (title_key, id);
-- index distinct_pair_high distinct_pair
CREATE INDEX distinct_pair_high ON distinct_pair (kind, high_id);
-- index employment_company employment
CREATE INDEX employment_company ON employment (company_id, current, contact_id);
-- index employment_contact employment
CREATE INDEX employment_contact ON employment (contact_id, current);
-- index external_ref_activity external_ref
CREATE INDEX external_ref_activity ON external_ref (activity_id) WHERE activity_id IS NOT NULL;
-- index external_ref_company external_ref
CREATE INDEX external_ref_company ON external_ref (company_id) WHERE company_id IS NOT NULL;
-- index external_ref_contact external_ref
CREATE INDEX external_ref_contact ON external_ref (contact_id) WHERE contact_id IS NOT NULL;
-- index external_ref_deal external_ref
CREATE INDEX external_ref_deal ON external_ref (deal_id) WHERE deal_id IS NOT NULL;
-- index external_ref_key external_ref
CREATE UNIQUE INDEX external_ref_key ON external_ref (source, key);
-- index merge_company merge
CREATE INDEX merge_company ON merge (company_id) WHERE company_id IS NOT NULL;
-- index merge_contact merge
CREATE INDEX merge_contact ON merge (contact_id) WHERE contact_id IS NOT NULL;
-- index merge_loser merge
CREATE INDEX merge_loser ON merge (loser_id);
-- index merge_row_merge merge_row
CREATE INDEX merge_row_merge ON merge_row (merge_id);
-- index merge_uid merge
CREATE INDEX merge_uid ON merge (loser_uid);
-- index outbox_open outbox
CREATE INDEX outbox_open ON outbox (state, next_utc) WHERE state <> 'sent' AND state <> 'passed';
-- index pending_link_activity pending_link
CREATE INDEX pending_link_activity ON pending_link (activity_id) WHERE activity_id IS NOT NULL;
-- index pending_link_contact pending_link
CREATE INDEX pending_link_contact ON pending_link (contact_id) WHERE contact_id IS NOT NULL;
-- index pending_link_deal pending_link
CREATE INDEX pending_link_deal ON pending_link (deal_id) WHERE deal_id IS NOT NULL;
-- index postal_address_company postal_address
CREATE INDEX postal_address_company ON postal_address (company_id) WHERE company_id IS NOT NULL;
-- index postal_address_contact postal_address
CREATE INDEX postal_address_contact ON postal_address (contact_id) WHERE contact_id IS NOT NULL;
-- index postal_address_locality postal_address
CREATE INDEX postal_address_locality ON postal_address (locality) WHERE locality <> '';
-- index relationship_contact relationship
CREATE INDEX relationship_contact ON relationship (contact_id);
-- index relationship_other relationship
CREATE INDEX relationship_other ON relationship (other_id, contact_id);
-- index reminder_activity reminder
CREATE INDEX reminder_activity ON reminder (activity_id);
-- index reminder_at reminder
CREATE INDEX reminder_at ON reminder (at_utc, activity_id, lead_minutes);
-- index rhythm_next rhythm
CREATE INDEX rhythm_next ON rhythm (next_on) WHERE next_on IS NOT NULL;
-- index rhythm_silent rhythm
CREATE INDEX rhythm_silent ON rhythm (silent_on, contact_id, usual_days, last_reach_utc) WHERE silent_on IS NOT NULL;
-- index search_term_backward search_term
CREATE INDEX search_term_backward ON search_term (backward);
-- index search_word_word search_word
CREATE INDEX search_word_word ON search_word (word, doc);
-- index source_property_company source_property
CREATE INDEX source_property_company ON source_property (company_id) WHERE company_id IS NOT NULL;
-- index source_property_contact source_property
CREATE INDEX source_property_contact ON source_property (contact_id) WHERE contact_id IS NOT NULL;
-- index sqlite_autoindex_activity_1 activity
;
-- index sqlite_autoindex_cadence_1 cadence
;
-- index sqlite_autoindex_cadence_2 cadence
;
-- index sqlite_autoindex_consent_1 consent
;
-- index sqlite_autoindex_custom_field_1 custom_field
;
-- index sqlite_autoindex_deal_1 deal
;
-- index sqlite_autoindex_distinct_pair_1 distinct_pair
;
-- index sqlite_autoindex_outbox_1 outbox
;
-- index sqlite_autoindex_pipeline_1 pipeline
;
-- index sqlite_autoindex_segment_1 segment
;
-- index sqlite_autoindex_series_1 series
;
-- index sqlite_autoindex_stage_1 stage
;
-- index sqlite_autoindex_tag_1 tag
;
-- index stage_change_deal stage_change
CREATE INDEX stage_change_deal ON stage_change (deal_id, id);
-- index stage_change_stage stage_change
CREATE INDEX stage_change_stage ON stage_change (stage_id);
-- table activity activity
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
  revision INTEGER NOT NULL DEFAULT 1, deal_id INTEGER REFERENCES deal (id) DEFERRABLE INITIALLY DEFERRED, hidden_until TEXT, series_id INTEGER REFERENCES series (id) DEFERRABLE INITIALLY DEFERRED, occurrence_on TEXT,
  CHECK (status <> 'done' OR at_utc IS NOT NULL),
  CHECK (due_date IS NULL OR due_utc IS NOT NULL)
) STRICT;
-- table activity_custom activity_custom
CREATE TABLE activity_custom (
  activity_id INTEGER NOT NULL REFERENCES activity (id) DEFERRABLE INITIALLY DEFERRED,
  field_id INTEGER NOT NULL REFERENCES custom_field (id) DEFERRABLE INITIALLY DEFERRED,
  value TEXT NOT NULL,
  PRIMARY KEY (activity_id, field_id)
) STRICT, WITHOUT ROWID;
-- table activity_participant activity_participant
CREATE TABLE activity_participant (
  activity_id INTEGER NOT NULL REFERENCES activity (id) DEFERRABLE INITIALLY DEFERRED,
  contact_id INTEGER NOT NULL REFERENCES contact (id) DEFERRABLE INITIALLY DEFERRED,
  reach INTEGER NOT NULL DEFAULT 0 CHECK (reach = 0 OR reach = 1 OR reach = 2),
  at_utc TEXT,
  PRIMARY KEY (activity_id, contact_id)
) STRICT, WITHOUT ROWID;
-- table cadence cadence
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
-- table change change
CREATE TABLE change (
  id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  at_utc TEXT NOT NULL,
  origin TEXT NOT NULL CHECK (origin = 'hand' OR origin = 'script' OR origin = 'cron' OR origin = 'tui'),
  verb TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'done' CHECK (state = 'done' OR state = 'undone' OR state = 'dropped'),
  undone_order INTEGER,
  schema INTEGER NOT NULL
) STRICT;
-- table change_range change_range
CREATE TABLE change_range (
  change_id INTEGER NOT NULL REFERENCES change (id) DEFERRABLE INITIALLY DEFERRED,
  tbl TEXT NOT NULL,
  col TEXT NOT NULL,
  first INTEGER NOT NULL,
  last INTEGER NOT NULL,
  PRIMARY KEY (change_id, tbl, col, first)
) STRICT, WITHOUT ROWID;
-- table change_row change_row
CREATE TABLE change_row (
  id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  change_id INTEGER NOT NULL REFERENCES change (id) DEFERRABLE INITIALLY DEFERRED,
  tbl TEXT NOT NULL,
  row_key TEXT NOT NULL,
  op TEXT NOT NULL CHECK (op = 'insert' OR op = 'update' OR op = 'delete'),
  before TEXT,
  after TEXT
) STRICT;
-- table change_subject change_subject
CREATE TABLE change_subject (
  change_id INTEGER NOT NULL REFERENCES change (id) DEFERRABLE INITIALLY DEFERRED,
  kind TEXT NOT NULL,
  subject_id INTEGER NOT NULL,
  PRIMARY KEY (change_id, kind, subject_id)
) STRICT, WITHOUT ROWID;
-- table company company
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
-- table company_custom company_custom
CREATE TABLE company_custom (
  company_id INTEGER NOT NULL REFERENCES company (id) DEFERRABLE INITIALLY DEFERRED,
  field_id INTEGER NOT NULL REFERENCES custom_field (id) DEFERRABLE INITIALLY DEFERRED,
  value TEXT NOT NULL,
  PRIMARY KEY (company_id, field_id)
) STRICT, WITHOUT ROWID;
-- table company_tag company_tag
CREATE TABLE company_tag (
  company_id INTEGER NOT NULL REFERENCES company (id) DEFERRABLE INITIALLY DEFERRED,
  tag_id INTEGER NOT NULL REFERENCES tag (id) DEFERRABLE INITIALLY DEFERRED,
  PRIMARY KEY (company_id, tag_id)
) STRICT, WITHOUT ROWID;
-- table consent consent
CREATE TABLE consent (
  id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  contact_id INTEGER NOT NULL REFERENCES contact (id) DEFERRABLE INITIALLY DEFERRED,
  channel TEXT NOT NULL CHECK (channel = 'email' OR channel = 'phone'),
  state TEXT NOT NULL CHECK (state = 'stopped' OR state = 'allowed'),
  on_date TEXT NOT NULL,
  source TEXT NOT NULL DEFAULT '',
  UNIQUE (contact_id, channel)
) STRICT;
-- table contact contact
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
-- table contact_custom contact_custom
CREATE TABLE contact_custom (
  contact_id INTEGER NOT NULL REFERENCES contact (id) DEFERRABLE INITIALLY DEFERRED,
  field_id INTEGER NOT NULL REFERENCES custom_field (id) DEFERRABLE INITIALLY DEFERRED,
  value TEXT NOT NULL,
  PRIMARY KEY (contact_id, field_id)
) STRICT, WITHOUT ROWID;
-- table contact_point contact_point
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
-- table contact_tag contact_tag
CREATE TABLE contact_tag (
  contact_id INTEGER NOT NULL REFERENCES contact (id) DEFERRABLE INITIALLY DEFERRED,
  tag_id INTEGER NOT NULL REFERENCES tag (id) DEFERRABLE INITIALLY DEFERRED,
  PRIMARY KEY (contact_id, tag_id)
) STRICT, WITHOUT ROWID;
-- table custom_field custom_field
CREATE TABLE custom_field (
  id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE,
  label TEXT NOT NULL,
  type TEXT NOT NULL CHECK (type = 'text' OR type = 'number' OR type = 'date' OR type = 'yesno' OR type = 'choice'),
  choices TEXT NOT NULL DEFAULT ''
) STRICT;
-- table deal deal
CREATE TABLE deal (
  id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  uid TEXT NOT NULL UNIQUE,
  title TEXT NOT NULL,
  title_key TEXT NOT NULL,
  amount INTEGER CHECK (amount >= 0),
  currency TEXT,
  stage_id INTEGER NOT NULL REFERENCES stage (id) DEFERRABLE INITIALLY DEFERRED,
  probability INTEGER CHECK (probability >= 0 AND probability <= 100),
  close_on TEXT,
  company_id INTEGER REFERENCES company (id) DEFERRABLE INITIALLY DEFERRED,
  source TEXT,
  notes TEXT NOT NULL DEFAULT '',
  status TEXT NOT NULL DEFAULT 'open' CHECK (status = 'open' OR status = 'won' OR status = 'lost'),
  reason TEXT NOT NULL DEFAULT '',
  closed_utc TEXT,
  created_utc TEXT NOT NULL,
  updated_utc TEXT NOT NULL,
  revision INTEGER NOT NULL DEFAULT 1,
  CHECK ((amount IS NULL) = (currency IS NULL)),
  CHECK ((status = 'open') = (closed_utc IS NULL))
) STRICT;
-- table deal_custom deal_custom
CREATE TABLE deal_custom (
  deal_id INTEGER NOT NULL REFERENCES deal (id) DEFERRABLE INITIALLY DEFERRED,
  field_id INTEGER NOT NULL REFERENCES custom_field (id) DEFERRABLE INITIALLY DEFERRED,
  value TEXT NOT NULL,
  PRIMARY KEY (deal_id, field_id)
) STRICT, WITHOUT ROWID;
-- table deal_participant deal_participant
CREATE TABLE deal_participant (
  deal_id INTEGER NOT NULL REFERENCES deal (id) DEFERRABLE INITIALLY DEFERRED,
  contact_id INTEGER NOT NULL REFERENCES contact (id) DEFERRABLE INITIALLY DEFERRED,
  PRIMARY KEY (deal_id, contact_id)
) STRICT, WITHOUT ROWID;
-- table deal_tag deal_tag
CREATE TABLE deal_tag (
  deal_id INTEGER NOT NULL REFERENCES deal (id) DEFERRABLE INITIALLY DEFERRED,
  tag_id INTEGER NOT NULL REFERENCES tag (id) DEFERRABLE INITIALLY DEFERRED,
  PRIMARY KEY (deal_id, tag_id)
) STRICT, WITHOUT ROWID;
-- table deliverer deliverer
CREATE TABLE deliverer (
  id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
  machine TEXT NOT NULL,
  path TEXT NOT NULL,
  since_utc TEXT NOT NULL,
  done_until TEXT NOT NULL
) STRICT;
-- table distinct_pair distinct_pair
CREATE TABLE distinct_pair (
  id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL CHECK (kind = 'contact' OR kind = 'company'),
  low_id INTEGER NOT NULL,
  high_id INTEGER NOT NULL,
  at_utc TEXT NOT NULL,
  UNIQUE (kind, low_id, high_id),
  CHECK (low_id < high_id)
) STRICT;
-- table employment employment
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
-- table erasure erasure
CREATE TABLE erasure (
  id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  at_utc TEXT NOT NULL,
  salt TEXT NOT NULL,
  hash TEXT NOT NULL
) STRICT;
-- table external_ref external_ref
CREATE TABLE external_ref (
  id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  contact_id INTEGER REFERENCES contact (id) DEFERRABLE INITIALLY DEFERRED,
  company_id INTEGER REFERENCES company (id) DEFERRABLE INITIALLY DEFERRED,
  deal_id INTEGER REFERENCES deal (id) DEFERRABLE INITIALLY DEFERRED,
  activity_id INTEGER REFERENCES activity (id) DEFERRABLE INITIALLY DEFERRED,
  source TEXT NOT NULL,
  key TEXT NOT NULL,
  base TEXT NOT NULL DEFAULT '',
  CHECK ((contact_id IS NOT NULL) + (company_id IS NOT NULL) + (deal_id IS NOT NULL) + (activity_id IS NOT NULL) = 1)
) STRICT;
-- table import_run import_run
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
-- table merge merge
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
-- table merge_row merge_row
CREATE TABLE merge_row (
  id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  merge_id INTEGER NOT NULL REFERENCES merge (id) DEFERRABLE INITIALLY DEFERRED,
  tbl TEXT NOT NULL,
  row_key TEXT NOT NULL,
  before TEXT,
  after TEXT
) STRICT;
-- table outbox outbox
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
-- table pending_erasure pending_erasure
CREATE TABLE pending_erasure (
  contact_id INTEGER NOT NULL PRIMARY KEY,
  at_utc TEXT NOT NULL,
  redact INTEGER NOT NULL CHECK (redact = 0 OR redact = 1),
  backups INTEGER NOT NULL CHECK (backups = 0 OR backups = 1)
) STRICT;
-- table pending_link pending_link
CREATE TABLE pending_link (
  id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  contact_id INTEGER REFERENCES contact (id) DEFERRABLE INITIALLY DEFERRED,
  deal_id INTEGER REFERENCES deal (id) DEFERRABLE INITIALLY DEFERRED,
  activity_id INTEGER REFERENCES activity (id) DEFERRABLE INITIALLY DEFERRED,
  target TEXT NOT NULL CHECK (target = 'contact' OR target = 'company' OR target = 'deal' OR target = 'any'),
  key TEXT NOT NULL DEFAULT '',
  name TEXT NOT NULL DEFAULT '',
  CHECK ((contact_id IS NOT NULL) + (deal_id IS NOT NULL) + (activity_id IS NOT NULL) = 1)
) STRICT;
-- table pipeline pipeline
CREATE TABLE pipeline (
  id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL UNIQUE
) STRICT;
-- table postal_address postal_address
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
-- table relationship relationship
CREATE TABLE relationship (
  id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  contact_id INTEGER NOT NULL REFERENCES contact (id) DEFERRABLE INITIALLY DEFERRED,
  kind TEXT NOT NULL,
  other_id INTEGER REFERENCES contact (id) DEFERRABLE INITIALLY DEFERRED,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL,
  uri TEXT NOT NULL DEFAULT '',
  property TEXT NOT NULL DEFAULT '',
  CHECK (contact_id <> other_id)
) STRICT;
-- table reminder reminder
CREATE TABLE reminder (
  id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  activity_id INTEGER NOT NULL REFERENCES activity (id) DEFERRABLE INITIALLY DEFERRED,
  lead_minutes INTEGER,
  on_date TEXT,
  on_time TEXT,
  zone TEXT,
  at_utc TEXT NOT NULL) STRICT;
-- table rhythm rhythm
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
-- table row_sum row_sum
CREATE TABLE row_sum (
  block INTEGER NOT NULL,
  tbl TEXT NOT NULL,
  sums BLOB NOT NULL,
  PRIMARY KEY (block, tbl)
) STRICT, WITHOUT ROWID;
-- table search_doc search_doc
CREATE TABLE search_doc (
  id INTEGER NOT NULL PRIMARY KEY,
  names TEXT NOT NULL,
  body TEXT NOT NULL
) STRICT;
-- table search_fts search_fts
CREATE VIRTUAL TABLE search_fts USING fts5 (
  names, body, content='search_doc', content_rowid='id', prefix='2 3', detail='full', columnsize=0,
  tokenize="unicode61 remove_diacritics 0 categories 'L* N* Co Mn Mc'"
);
-- table search_fts_config search_fts_config
CREATE TABLE 'search_fts_config'(k PRIMARY KEY, v) WITHOUT ROWID;
-- table search_fts_data search_fts_data
CREATE TABLE 'search_fts_data'(id INTEGER PRIMARY KEY, block BLOB);
-- table search_fts_idx search_fts_idx
CREATE TABLE 'search_fts_idx'(segid, term, pgno, PRIMARY KEY(segid, term)) WITHOUT ROWID;
-- table search_term search_term
CREATE TABLE search_term (
  term TEXT NOT NULL PRIMARY KEY,
  backward TEXT NOT NULL
) STRICT, WITHOUT ROWID;
-- table search_word search_word
CREATE TABLE search_word (
  doc INTEGER NOT NULL,
  word TEXT NOT NULL,
  PRIMARY KEY (doc, word)
) STRICT, WITHOUT ROWID;
-- table segment segment
CREATE TABLE segment (
  id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL UNIQUE,
  query TEXT NOT NULL
) STRICT;
-- table series series
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
-- table source_property source_property
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
-- table sqlite_sequence sqlite_sequence
CREATE TABLE sqlite_sequence(name,seq);
-- table stage stage
CREATE TABLE stage (
  id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  pipeline_id INTEGER NOT NULL REFERENCES pipeline (id) DEFERRABLE INITIALLY DEFERRED,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL,
  place INTEGER NOT NULL,
  probability INTEGER CHECK (probability >= 0 AND probability <= 100),
  archived INTEGER NOT NULL DEFAULT 0 CHECK (archived = 0 OR archived = 1),
  UNIQUE (pipeline_id, name_key)
) STRICT;
-- table stage_change stage_change
CREATE TABLE stage_change (
  id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  deal_id INTEGER NOT NULL REFERENCES deal (id) DEFERRABLE INITIALLY DEFERRED,
  stage_id INTEGER NOT NULL REFERENCES stage (id) DEFERRABLE INITIALLY DEFERRED,
  status TEXT NOT NULL CHECK (status = 'open' OR status = 'won' OR status = 'lost'),
  reason TEXT NOT NULL DEFAULT '',
  at_utc TEXT NOT NULL
) STRICT;
-- table tag tag
CREATE TABLE tag (
  id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL UNIQUE
) STRICT;
-- table told told
CREATE TABLE told (
  key TEXT NOT NULL PRIMARY KEY,
  at_utc TEXT NOT NULL
) STRICT, WITHOUT ROWID;
