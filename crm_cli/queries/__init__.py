"""Reading the book: SQL in, records out, with sqlite3 alone. Never imports SQLModel."""
