-- Schema 4: more kinds of search documents, several reminders per activity, snoozed activities.
-- The id of a search document is 32 x the record's id + the number of its kind (core/kinds.py); before, it was 4 x.

UPDATE search_doc SET id = -(id / 4 * 32 + id % 4);
UPDATE search_doc SET id = -id;
UPDATE search_word SET doc = -(doc / 4 * 32 + doc % 4);
UPDATE search_word SET doc = -doc;
INSERT INTO search_fts (search_fts) VALUES ('rebuild');

-- An activity has any number of reminders. A snooze is not a reminder: it hides the activity itself until an instant.
-- The journal is updated: its rows gain the new columns, and reminders lose "snoozed" if it was 0. A row that keeps it
-- cannot be restored (crm_cli/book/undo.py).

ALTER TABLE activity ADD COLUMN hidden_until TEXT;
UPDATE activity SET hidden_until = (SELECT at_utc FROM reminder WHERE activity_id = activity.id)
  WHERE id IN (SELECT activity_id FROM reminder WHERE snoozed = 1);
DELETE FROM reminder WHERE snoozed = 1;
DROP INDEX activity_open;
CREATE INDEX activity_open ON activity (due_utc, priority <> 'high', id, hidden_until) WHERE status = 'open';
CREATE INDEX activity_hidden ON activity (hidden_until) WHERE status = 'open' AND hidden_until IS NOT NULL;

DROP INDEX reminder_snoozed;
DROP INDEX reminder_activity;
ALTER TABLE reminder DROP COLUMN snoozed;
CREATE INDEX reminder_activity ON reminder (activity_id);

UPDATE change_row SET before = json_insert(before, '$.deal_id', NULL, '$.hidden_until', NULL)
  WHERE tbl = 'activity' AND json_valid(before);
UPDATE change_row SET after = json_insert(after, '$.deal_id', NULL, '$.hidden_until', NULL)
  WHERE tbl = 'activity' AND json_valid(after);
UPDATE change_row SET before = json_remove(before, '$.snoozed')
  WHERE tbl = 'reminder' AND json_valid(before) AND json_extract(before, '$.snoozed') = 0;
UPDATE change_row SET after = json_remove(after, '$.snoozed')
  WHERE tbl = 'reminder' AND json_valid(after) AND json_extract(after, '$.snoozed') = 0;
