"""crm: a terminal-first contact manager over one local SQLite book."""

__version__ = "0.2.0"
