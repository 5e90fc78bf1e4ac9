"""Records -> what people and programs read: tables, cards, JSON, CSV, digests. Wording lives here."""
