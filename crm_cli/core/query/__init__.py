"""The query language of lists, agenda, history and export: parses text into a tree of nodes (docs/queries.md)."""
