"""Hypothesis strategies that several tests share."""

from hypothesis import strategies as st


def records_of(record, *args, **fields):
    """Build records from what is given alone; st.builds would make up every other field of a named tuple."""
    return st.builds(lambda *given, **named: record(*given, **named), *args, **fields)
