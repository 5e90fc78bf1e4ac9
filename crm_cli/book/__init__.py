"""The SQLite file: opening, schema, journal, undo, search index, backup. Standard-library sqlite3 only."""
