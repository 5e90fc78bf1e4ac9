"""Forgetting a person for ever: rows, texts, journal, index, backups and the other files of the program."""
