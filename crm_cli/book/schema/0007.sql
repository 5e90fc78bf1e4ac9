-- Reminders that have come, and people who have just become silent, are found in the index alone: the agenda asks for
-- them at each start, and their rows are scattered over the book.

DROP INDEX reminder_at;
CREATE INDEX reminder_at ON reminder (at_utc, activity_id, lead_minutes);
DROP INDEX rhythm_silent;
CREATE INDEX rhythm_silent ON rhythm (silent_on, contact_id, usual_days, last_reach_utc) WHERE silent_on IS NOT NULL;
