"""Hypothesis strategies that several tests share."""

from hypothesis import strategies as st


def _plain(record):
    """Return a maker whose signature says nothing of the record's fields."""

    def made(*given, **named):
        return record(*given, **named)

    return made


def records_of(record, *args, **fields):
    """Build records from what is given alone; st.builds would make up every other field of a named tuple."""
    return st.builds(_plain(record), *args, **fields)
