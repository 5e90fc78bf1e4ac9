"""The dashboard: the same book, queries, services and words as the command line, on a full screen."""
