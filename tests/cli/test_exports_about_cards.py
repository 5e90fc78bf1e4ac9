"""What a card says of itself: which program wrote it, and when. It stays with the card, and leaves with it."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support import Run

    Crm = Callable[..., Run]

ABOUT = ["PRODID:-//Example//Address Book 7//EN", "REV:2024-04-05T22:43:25Z"]


@pytest.fixture
def bring(crm: Crm, tmp_path: Path) -> Callable[..., None]:
    """Import a card with these lines."""

    def run(*lines: str, given: tuple[str, ...] = ()) -> None:
        path = tmp_path / "a.vcf"
        text = ["BEGIN:VCARD", "VERSION:3.0", "UID:x1", "FN:Asha", *lines, "END:VCARD", ""]
        path.write_text("\n".join(text), encoding="utf-8")
        assert crm("import", str(path), *given).code == 0

    return run


def left(crm: Crm) -> list[str]:
    """The lines of the export that a card says of itself."""
    lines = crm("export", "--format", "vcf").out.replace("\r\n ", "").splitlines()
    return [line for line in lines if re.match(r"(?:\w+\.)?(?:PRODID|REV)\b", line)]


def kept(crm: Crm) -> list[str]:
    """The names of the properties that are kept of the person."""
    return [each["name"] for each in crm("export", "--format", "json").json["contacts"][0].get("properties", [])]


@pytest.mark.parametrize(
    ("lines", "given"),
    [
        ([], ()),
        (["NOTE:a folded", "  note"], ()),
        ([], ("--set", "city=Pune")),
        (["X-ABShowAs:COMPANY"], ()),
    ],
    ids=["plain", "folded", "with values of the user", "a company"],
)
def test_it_comes_out_as_it_went_in(
    crm: Crm, bring: Callable[..., None], lines: list[str], given: tuple[str, ...]
) -> None:
    bring(*lines, *ABOUT, given=given)

    assert left(crm) == ABOUT


def test_groups_and_parameters_too(crm: Crm, bring: Callable[..., None]) -> None:
    lines = ["a.PRODID;X-A=b:x\\;y", "REV;VALUE=timestamp:20240405T224325Z"]
    bring(*lines)

    assert left(crm) == lines


def test_it_is_nothing_that_is_known_of_the_person(crm: Crm, bring: Callable[..., None]) -> None:
    bring(*ABOUT, "X-A:b")

    assert kept(crm) == ["X-A"]


def test_a_newer_card_changes_it_and_no_more(crm: Crm, bring: Callable[..., None]) -> None:
    bring(*ABOUT)
    revision = crm("export", "--format", "json").json["contacts"][0]["revision"]

    bring(ABOUT[0], "REV:2025-01-01T00:00:00Z")

    assert left(crm) == [ABOUT[0], "REV:2025-01-01T00:00:00Z"]
    assert crm("export", "--format", "json").json["contacts"][0]["revision"] == revision


def test_a_book_of_an_earlier_version_has_it_once(crm: Crm, bring: Callable[..., None], book_path: Path) -> None:
    bring(*ABOUT)
    with closing(sqlite3.connect(book_path)) as db:
        db.executemany(
            "INSERT INTO source_property (contact_id, name, value) VALUES (1, ?, ?)",
            [line.split(":", 1) for line in ABOUT],
        )
        db.commit()

    assert left(crm) == ABOUT


def test_it_goes_along_with_the_json_of_a_book(crm: Crm, bring: Callable[..., None], tmp_path: Path) -> None:
    bring(*ABOUT)
    path = tmp_path / "book.json"
    assert crm("export", "--format", "json", "--output", str(path)).code == 0
    other = str(tmp_path / "other.db")
    assert crm("--book", other, "add", "Bert").code == 0

    assert crm("--book", other, "import", str(path)).code == 0

    assert left(lambda *words: crm("--book", other, *words)) == ABOUT


@pytest.mark.parametrize("base", ['[["REV","\\x","",""]]', "[", '["PRODID","a","b","c"]', "PRODID", "REV:", "\0REV;:"])
def test_a_base_of_another_program_harms_no_export(
    crm: Crm, bring: Callable[..., None], book_path: Path, base: str
) -> None:
    bring(*ABOUT)
    with closing(sqlite3.connect(book_path)) as db:
        db.execute("UPDATE external_ref SET base = ?", (base,))
        db.commit()

    done = crm("export", "--format", "vcf")

    assert done.code == 0
    assert "FN:Asha" in done.out


def test_a_person_merged_from_two_cards_leaves_as_one(crm: Crm, bring: Callable[..., None], tmp_path: Path) -> None:
    bring(*ABOUT)
    other = tmp_path / "b.vcf"
    other.write_text("BEGIN:VCARD\nVERSION:4.0\nUID:x2\nFN:Asha V\nPRODID:other\nEND:VCARD\n", encoding="utf-8")
    assert crm("import", str(other)).code == 0
    assert crm("merge", "1", "2", "--yes").code == 0
    assert left(crm) == ["PRODID:other"]

    assert crm("unmerge", "1").code == 0

    assert left(crm) == [*ABOUT, "PRODID:other"]
