-- Schema 5: relationships between people.
-- "Other is contact's kind": other 7 is 12's spouse. The name is the other person's when the row was made; it is used
-- while that person is not in the book. A row that was read from a card keeps the card's line in "property".

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
CREATE INDEX relationship_contact ON relationship (contact_id);
CREATE INDEX relationship_other ON relationship (other_id, contact_id);

-- The agenda counts sections of thousands of activities: with the day and time in it, the index alone answers.

DROP INDEX activity_open;
CREATE INDEX activity_open ON activity (due_utc, priority <> 'high', id, hidden_until, due_time, due_date)
  WHERE status = 'open';
