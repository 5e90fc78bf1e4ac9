"""Reads: SQL in, records out, on sqlite3. Never imports SQLModel."""
