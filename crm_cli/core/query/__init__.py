"""The query language of lists, agenda, history and export: text in, a tree of nodes out (docs/queries.md)."""
