"""A large file is read by a process of its own: the same records, and nothing is lost without a word."""

from __future__ import annotations

import io
import os
import signal
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from crm_cli.core.records import Draft, Problem
from crm_cli.errors import FormatError
from crm_cli.formats import apart
from crm_cli.formats.open import open_source
from crm_cli.formats.source import in_chunks

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/fd").is_dir() or len(os.sched_getaffinity(0)) < 2, reason="needs Linux and two processors"
)


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """20,000 cards, one of them cut off by the next."""
    path = tmp_path / "large.vcf"
    cards = [
        f"BEGIN:VCARD\nVERSION:3.0\nUID:u{number}\nFN:आशा {number}\nEMAIL:p{number}@x.in\nNOTE:{'n' * 40}\n"
        + ("" if number == 5000 else "END:VCARD\n")
        for number in range(20_000)
    ]
    path.write_text("".join(cards), encoding="utf-8")
    return path


def here(path: Path) -> list[Draft | Problem]:
    return list(open_source(io.BytesIO(path.read_bytes()), name="large.vcf").records)


def children() -> set[str]:
    return set(Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text().split())


def test_the_records_are_the_same(large: Path):
    before = children()
    with large.open("rb") as stream, apart.reading(open_source(stream, name="large.vcf"), stream) as source:
        assert children() - before
        found = list(source.records)
        assert stream.tell() == large.stat().st_size

    assert found == here(large)
    assert children() <= before


def test_a_small_file_and_what_is_unpacked_are_read_here(large: Path, tmp_path: Path):
    small = tmp_path / "small.vcf"
    small.write_text("BEGIN:VCARD\nFN:A\nEND:VCARD\n")
    before = children()
    for stream in (small.open("rb"), io.BytesIO(large.read_bytes())):
        with stream, apart.reading(open_source(stream, name="x.vcf"), stream) as source:
            assert children() == before
            assert list(source.records)


def test_an_error_of_the_reader_is_raised_where_the_records_are_read(large: Path):
    def failing() -> Iterator[Draft]:
        yield Draft(name="Asha")
        raise FormatError("line 2 is not a card", hint="mend it")

    with large.open("rb") as stream:
        given = replace(open_source(stream, name="large.vcf"), records=failing())
        with apart.reading(given, stream) as source:
            records = source.records
            with pytest.raises(FormatError, match="line 2 is not a card") as caught:
                list(records)

    assert caught.value.hint == "mend it"


def test_a_reader_that_is_killed_is_an_error(large: Path):
    """What it had read before is not taken for the whole file."""
    before = children()
    with large.open("rb") as stream, apart.reading(open_source(stream, name="large.vcf"), stream) as source:
        records: Iterator[Draft | Problem] = iter(source.records)
        next(records)
        for child in children() - before:
            os.kill(int(child), signal.SIGKILL)
        with pytest.raises(OSError, match="was killed"):
            list(records)


def test_a_reader_ends_when_its_records_are_no_longer_wanted(large: Path):
    before = children()
    with large.open("rb") as stream, apart.reading(open_source(stream, name="large.vcf"), stream) as source:
        next(iter(source.records))

    assert children() <= before


def test_chunks_of_heavy_records_are_small():
    records = [Draft(name="A", card="x" * 400), *[Draft(name="B")] * 5, Problem(1, "bad", raw=("y" * 1000,))]

    sizes = [len(each) for each in in_chunks(records, 4, 1000)]

    assert sizes == [4, 3]
    assert [len(each) for each in in_chunks(records[:1] * 5, 100, 800)] == [2, 2, 1]
