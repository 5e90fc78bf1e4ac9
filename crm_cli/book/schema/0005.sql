-- Schema 5.

-- The agenda counts sections of thousands of activities: with the day and time in it, the index alone answers.

DROP INDEX activity_open;
CREATE INDEX activity_open ON activity (due_utc, priority <> 'high', id, hidden_until, due_time, due_date)
  WHERE status = 'open';
