"""The query language, compiled to SQL with bound values only."""
