"""Records come in chunks that bound the memory they take."""

from crm_cli.core.records import Draft, Problem
from crm_cli.formats.source import in_chunks


def test_chunks_of_heavy_records_are_small():
    records = [Draft(name="A", card="x" * 400), *[Draft(name="B")] * 5, Problem(1, "bad", raw=("y" * 1000,))]

    assert [len(each) for each in in_chunks(records, 4, 1000)] == [4, 3]
    assert [len(each) for each in in_chunks(records[:1] * 5, 100, 800)] == [2, 2, 1]
