"""Pure rules: records, text, dates, queries. No SQL, no terminal, no clock."""
