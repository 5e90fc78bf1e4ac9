-- Schema 7: indexes of the agenda, and consent.
-- Reminders that have come, and people who have just become silent, are found in the index alone: the agenda asks for
-- them at each start, and their rows are scattered over the book.

DROP INDEX reminder_at;
CREATE INDEX reminder_at ON reminder (at_utc, activity_id, lead_minutes);
DROP INDEX rhythm_silent;
CREATE INDEX rhythm_silent ON rhythm (silent_on, contact_id, usual_days, last_reach_utc) WHERE silent_on IS NOT NULL;

-- Whether a person may be reached by a channel: "stopped" if they asked not to be, "allowed" if they agreed. Without a row
-- nothing is known, and the channel may be used. "source" is who or what said so, "on_date" the day.

CREATE TABLE consent (
  id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  contact_id INTEGER NOT NULL REFERENCES contact (id) DEFERRABLE INITIALLY DEFERRED,
  channel TEXT NOT NULL CHECK (channel = 'email' OR channel = 'phone'),
  state TEXT NOT NULL CHECK (state = 'stopped' OR state = 'allowed'),
  on_date TEXT NOT NULL,
  source TEXT NOT NULL DEFAULT '',
  UNIQUE (contact_id, channel)
) STRICT;
CREATE INDEX consent_stopped ON consent (channel, contact_id) WHERE state = 'stopped';
