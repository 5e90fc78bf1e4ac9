-- Schema 8: deals and activities of other products: their keys there, tags and custom fields, and links that wait.
-- A deal and an activity have keys in other products too. SQLite cannot change the CHECK of a table, so it is made anew.

CREATE TEMP TABLE kept_ref AS SELECT id, contact_id, company_id, source, key, base FROM external_ref;
CREATE TEMP TABLE kept_sequence AS SELECT seq FROM main.sqlite_sequence WHERE name = 'external_ref';
DROP TABLE external_ref;
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
INSERT INTO external_ref (id, contact_id, company_id, source, key, base)
  SELECT id, contact_id, company_id, source, key, base FROM temp.kept_ref;
DELETE FROM sqlite_sequence WHERE name = 'external_ref';
INSERT INTO sqlite_sequence (name, seq) SELECT 'external_ref', seq FROM temp.kept_sequence;
DROP TABLE temp.kept_ref;
DROP TABLE temp.kept_sequence;
CREATE UNIQUE INDEX external_ref_key ON external_ref (source, key);
CREATE INDEX external_ref_contact ON external_ref (contact_id) WHERE contact_id IS NOT NULL;
CREATE INDEX external_ref_company ON external_ref (company_id) WHERE company_id IS NOT NULL;
CREATE INDEX external_ref_deal ON external_ref (deal_id) WHERE deal_id IS NOT NULL;
CREATE INDEX external_ref_activity ON external_ref (activity_id) WHERE activity_id IS NOT NULL;
UPDATE change_row SET before = json_insert(before, '$.deal_id', NULL, '$.activity_id', NULL)
  WHERE tbl = 'external_ref' AND json_valid(before);
UPDATE change_row SET after = json_insert(after, '$.deal_id', NULL, '$.activity_id', NULL)
  WHERE tbl = 'external_ref' AND json_valid(after);

-- A link of an imported record to a record that is not in the book yet: by its key in the source, its name, or both. It
-- is resolved, and its row removed, when that record comes.

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
CREATE INDEX pending_link_contact ON pending_link (contact_id) WHERE contact_id IS NOT NULL;
CREATE INDEX pending_link_deal ON pending_link (deal_id) WHERE deal_id IS NOT NULL;
CREATE INDEX pending_link_activity ON pending_link (activity_id) WHERE activity_id IS NOT NULL;

CREATE TABLE deal_tag (
  deal_id INTEGER NOT NULL REFERENCES deal (id) DEFERRABLE INITIALLY DEFERRED,
  tag_id INTEGER NOT NULL REFERENCES tag (id) DEFERRABLE INITIALLY DEFERRED,
  PRIMARY KEY (deal_id, tag_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX deal_tag_tag ON deal_tag (tag_id, deal_id);

CREATE TABLE deal_custom (
  deal_id INTEGER NOT NULL REFERENCES deal (id) DEFERRABLE INITIALLY DEFERRED,
  field_id INTEGER NOT NULL REFERENCES custom_field (id) DEFERRABLE INITIALLY DEFERRED,
  value TEXT NOT NULL,
  PRIMARY KEY (deal_id, field_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX deal_custom_field ON deal_custom (field_id, value);

CREATE TABLE activity_custom (
  activity_id INTEGER NOT NULL REFERENCES activity (id) DEFERRABLE INITIALLY DEFERRED,
  field_id INTEGER NOT NULL REFERENCES custom_field (id) DEFERRABLE INITIALLY DEFERRED,
  value TEXT NOT NULL,
  PRIMARY KEY (activity_id, field_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX activity_custom_field ON activity_custom (field_id, value);
