"""Pure rules for records, text, dates and queries. No SQL, no terminal, no clock."""
