"""The dashboard: the book on a full screen, with the queries, services and wording of the command line."""
