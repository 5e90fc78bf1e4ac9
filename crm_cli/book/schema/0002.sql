-- Schema 2: deals, pipelines and saved queries (segments).
-- Amounts are in whole minor units (ISO 4217), probabilities in per cent; unknown values are NULL.

CREATE TABLE pipeline (
  id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL UNIQUE
) STRICT;

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
CREATE INDEX deal_title ON deal (title_key, id);
CREATE INDEX deal_open ON deal (close_on, id) WHERE status = 'open';
CREATE INDEX deal_closed ON deal (closed_utc) WHERE closed_utc IS NOT NULL;
CREATE INDEX deal_stage ON deal (stage_id, status);
CREATE INDEX deal_company ON deal (company_id) WHERE company_id IS NOT NULL;

CREATE TABLE deal_participant (
  deal_id INTEGER NOT NULL REFERENCES deal (id) DEFERRABLE INITIALLY DEFERRED,
  contact_id INTEGER NOT NULL REFERENCES contact (id) DEFERRABLE INITIALLY DEFERRED,
  PRIMARY KEY (deal_id, contact_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX deal_participant_contact ON deal_participant (contact_id, deal_id);

-- One row when a deal is added, and one whenever it is moved to another stage or is won, lost or reopened.
CREATE TABLE stage_change (
  id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  deal_id INTEGER NOT NULL REFERENCES deal (id) DEFERRABLE INITIALLY DEFERRED,
  stage_id INTEGER NOT NULL REFERENCES stage (id) DEFERRABLE INITIALLY DEFERRED,
  status TEXT NOT NULL CHECK (status = 'open' OR status = 'won' OR status = 'lost'),
  reason TEXT NOT NULL DEFAULT '',
  at_utc TEXT NOT NULL
) STRICT;
CREATE INDEX stage_change_deal ON stage_change (deal_id, id);
CREATE INDEX stage_change_stage ON stage_change (stage_id);

ALTER TABLE activity ADD COLUMN deal_id INTEGER REFERENCES deal (id) DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX activity_deal ON activity (deal_id, status, due_utc) WHERE deal_id IS NOT NULL;

CREATE TABLE segment (
  id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL UNIQUE,
  query TEXT NOT NULL
) STRICT;

INSERT INTO pipeline (id, name, name_key) VALUES (1, 'Sales', 'sales');
INSERT INTO stage (pipeline_id, name, name_key, place, probability) VALUES
  (1, 'Lead', 'lead', 1, 10),
  (1, 'Qualified', 'qualified', 2, 25),
  (1, 'Proposal', 'proposal', 3, 50),
  (1, 'Negotiation', 'negotiation', 4, 75);
