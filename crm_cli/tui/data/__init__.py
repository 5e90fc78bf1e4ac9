"""The dashboard's reads from the book and writes to it. All of them run in threads."""
