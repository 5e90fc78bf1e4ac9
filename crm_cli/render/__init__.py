"""Records as output for people and programs: tables, cards, JSON, CSV, digests. The wording is defined here."""
