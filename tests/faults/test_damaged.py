"""Files that were damaged: every command ends in one line, check finds it, and what is whole can be taken out."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import damaged
import pytest
import undamaged
from ledger import count

from crm_cli.book import journal
from crm_cli.book.sqlite_pages import INTERIOR_TABLE, Pages

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from support import Run

    Crm = Callable[..., Run]

EACH = 80
COMMANDS = [
    ["list"], ["show", "5"], ["find", "sharma"], ["add", "Zoe", "email=z@x.in"], ["check"],
    ["export", "--format", "json"], ["backup", "{backup}"],
]  # fmt: skip
MADE: dict[int, bytes] = {}


@pytest.fixture
def sound(crm: Crm, book_path: Path, tmp_path: Path) -> bytes:
    """The file of a book with something in every table; it is made once."""
    if damaged.PEOPLE not in MADE:
        damaged.make(crm, tmp_path)
        MADE[damaged.PEOPLE] = book_path.read_bytes()
    return MADE[damaged.PEOPLE]


def put(book: Path, data: bytes) -> None:
    """Put a file in the book's place, with nothing beside it."""
    for path in book.parent.glob("*.db*"):
        path.unlink()
    book.write_bytes(data)


def structure(book: Path) -> str:
    """Return what SQLite's own check says first."""
    try:
        with closing(sqlite3.connect(book)) as db:
            return str(db.execute("PRAGMA integrity_check").fetchone()[0])
    except (sqlite3.Error, UnicodeDecodeError) as error:
        return str(error)


def files(sound: bytes, each: int) -> Iterator[tuple[str, bytes]]:
    """Yield damaged files, so many of each kind."""
    for kind, damage in damaged.KINDS.items():
        for number in range(each):
            data = bytearray(sound)
            damage(data, random.Random(f"{kind} {number}"))
            yield f"{kind} {number}", bytes(data)


@pytest.mark.long
def test_every_command_on_a_damaged_file(crm: Crm, sound: bytes, book_path: Path) -> None:
    """None ends as a bug: it works, or exit 6 says in one line what is wrong; check finds all that SQLite's finds."""
    failed = set()
    for name, data in files(sound, EACH):
        for command in COMMANDS:
            put(book_path, data)
            found = crm(*(word.format(backup=book_path.with_name("copy.db")) for word in command))
            if found.code not in {0, 6} or "bug" in found.err or (found.code and len(found.err.splitlines()) != 1):
                failed.add((name, command[0], found))
        put(book_path, data)
        if structure(book_path) != "ok" and crm("check").code != 6:
            failed.add((name, "check", "missed"))

    assert failed == set()
    count("damaged files, seven commands each", tried=3 * EACH, held=3 * EACH - len({name for name, *_ in failed}))


TEXTS = [
    "1990-04-12", "2010-05-01", "met at the fair", "1 MG Road", "@a:x.in", "p17@mail3.example", "9800000022",
    "2027-03-31", "water the plants", "agreed on the price", "tasted the new blend", "Tea tins", "first order",
    "Company 4", "prefers green tea", "city:pune", "Proposal", "note 33", "renewal", "Pune",
]  # fmt: skip


def test_a_letter_that_was_changed_is_found(crm: Crm, sound: bytes, book_path: Path) -> None:
    """Wherever it is: SQLite's own check sees nothing of it."""
    chance, found = random.Random(7), 0
    for text in TEXTS * 2:
        data, needle = bytearray(sound), text.encode()
        starts = [at for at in range(len(data)) if data.startswith(needle, at)]
        at = chance.choice(starts) + chance.randrange(len(needle))
        data[at] ^= 1
        put(book_path, bytes(data))
        found += crm("check").code == 6

    count("letters changed underneath, looked for by check", tried=2 * len(TEXTS), held=found)


def test_an_amount_that_was_changed_is_found_and_named(crm: Crm, sound: bytes, book_path: Path) -> None:
    put(book_path, sound)
    with closing(sqlite3.connect(book_path, isolation_level=None)) as db:
        db.execute("UPDATE deal SET amount = amount + 1 WHERE id = 1")

    found = crm("check", "--json")

    assert found.code == 6
    assert found.json["problems"] == ["deal 1 was changed by another program or damaged (d1 Tea tins)"]


def test_salvage_takes_what_is_whole(crm: Crm, sound: bytes, book_path: Path, tmp_path: Path) -> None:
    """Of 42 damaged files: the export imports into an empty book, and holds what the damage did not touch."""
    put(book_path, sound)
    places = undamaged.places(book_path)
    tried = out = held = 0
    for name, data in files(sound, 14):
        rows = undamaged.whole(places, sound, data)
        wanted = sum(map(len, rows.values()))
        put(book_path, data)
        found = crm("export", "--salvage", "-o", str(tmp_path / "rescued.json"))
        if not wanted or found.code == 6:
            assert wanted < len(places) / 10, name
            held += 1
            continue
        new = tmp_path / "new.db"
        new.unlink(missing_ok=True)
        assert found.code in {0, 5}, (name, found)
        assert (found.code == 0) == ("nothing was lost" in found.err)
        assert crm("--book", str(new), "import", str(tmp_path / "rescued.json")).code == 0, name
        here = hits(new, rows)
        tried, out, held = tried + wanted, out + here, held + (here >= 0.95 * wanted)

    print(f"{out} of {tried} undamaged rows ({out / tried:.2%})")
    assert out >= 0.99 * tried
    count("damaged files of which salvage takes 95 % of the undamaged rows", tried=42, held=held)


def hits(book: Path, rows: dict[str, set[tuple[object, ...]]]) -> int:
    """Count the rows that are in a book."""
    with closing(sqlite3.connect(book)) as db:
        tables = journal.tables(db)
        return sum(
            len(found.intersection(db.execute(f"SELECT {', '.join(tables[name].columns)} FROM {name}")))
            for name, found in rows.items()
        )


@pytest.mark.parametrize("people", [300, 600])
def test_salvage_of_a_book_whose_upper_pages_are_lost(crm: Crm, book_path: Path, tmp_path: Path, people: int) -> None:
    """Which table a page belongs to is told by its rows alone, page 1 and all interior pages being lost.

    The import of so many people that they fill a chunk rebuilds the indexes.
    """
    damaged.make(crm, tmp_path, people)
    data = bytearray(book_path.read_bytes())
    places = undamaged.places(book_path)
    pages = Pages(bytes(data))
    for number in range(1, pages.count + 1):
        if number == 1 or pages.kind(number) == INTERIOR_TABLE:
            data[(number - 1) * 4096 : number * 4096] = bytes(4096)
    put(book_path, bytes(data))

    found = crm("export", "--salvage", "-o", str(tmp_path / "rescued.json"))
    assert found.code in {0, 5}, found
    assert crm("--book", str(tmp_path / "new.db"), "import", str(tmp_path / "rescued.json")).code == 0

    rows: dict[str, set[tuple[object, ...]]] = {name: set() for name, _, _ in places}
    for name, row, _ in places:
        rows[name].add(row)
    assert hits(tmp_path / "new.db", rows) >= 0.95 * len(places)


@pytest.mark.parametrize("form", ["csv", "vcf"])
def test_salvage_in_other_formats(crm: Crm, sound: bytes, book_path: Path, form: str) -> None:
    data = bytearray(sound)
    data[:4096] = bytes(4096)
    put(book_path, bytes(data))

    found = crm("export", "--salvage", "city:pune", "--format", form)

    assert found.code in {0, 5}
    assert found.out.count("p17@mail3.example") >= 1


def test_salvage_of_what_was_never_a_book(crm: Crm, book_path: Path, tmp_path: Path) -> None:
    book_path.write_text("Dear diary, " * 5000)

    found = crm("export", "--salvage", "-o", str(tmp_path / "out.json"))

    assert found.code == 6
    assert found.err == f"crm: nothing of a crm book is left in {book_path}; it was not touched\n"


def test_salvage_of_a_sound_book_is_the_book(crm: Crm, sound: bytes, book_path: Path, tmp_path: Path) -> None:
    put(book_path, sound)
    crm("export", "-o", str(tmp_path / "book.json"))

    found = crm("export", "--salvage", "-o", str(tmp_path / "rescued.json"))

    assert (found.code, found.err.splitlines()[-1]) == (0, "nothing was lost")
    assert (tmp_path / "rescued.json").read_bytes() == (tmp_path / "book.json").read_bytes()
