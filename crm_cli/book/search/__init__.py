"""The search index: its contents, and the ranked search over it. Only this package uses FTS5."""
