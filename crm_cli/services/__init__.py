"""Write operations: one plain function per use case, each validated, journaled and undoable."""
