"""Writes: one plain function for each use case, validated, journaled, undoable."""
