"""The search index: what it holds, and the ranked search over it. Only this package knows FTS5."""
