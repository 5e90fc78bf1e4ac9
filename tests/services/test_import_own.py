"""An export of our own that comes back, perhaps edited: whom it is of, and what of it goes into the book."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pytest
from support import import_source

from crm_cli.book.book import Book
from crm_cli.core.edits import Edit
from crm_cli.core.records import NameParts
from crm_cli.formats.csv import write as csv_write
from crm_cli.formats.open import open_source
from crm_cli.queries import companies, contacts, exports
from crm_cli.queries.book_json import dump
from crm_cli.services import tags as tagging
from crm_cli.services.contacts import edit as edit_contact

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from crm_cli.services.importing.entries import Report

NOW = "2026-11-22T03:30:00Z"
CARDS = """BEGIN:VCARD
VERSION:4.0
UID:{uid}
FN:Asha Verma
N:Verma;Asha;;;
ORG:Acme
item1.TEL;VALUE=uri:tel:+91-98200-12345
item1.X-ABLabel:hotline
END:VCARD
BEGIN:VCARD
VERSION:3.0
UID:firm/1
FN:Acme
ORG:Acme
X-ABShowAs:COMPANY
END:VCARD
BEGIN:VCARD
VERSION:3.0
FN:Ravi Kumar
END:VCARD
"""
UID = "urn:uuid:0a3c0000-1111-4222-8333-000000000001"


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Book]:
    """A second book."""
    with Book.write(tmp_path / "other.db") as opened:
        yield opened


def bring(book: Book, text: str) -> Report:
    source = open_source(io.BytesIO(text.encode()), name="file")
    with book.change("import", now=NOW) as change:
        return import_source(book, source, change, now=NOW, file="file")


def cards(book: Book, version: str) -> str:
    """Write everybody and every company as vCards."""
    people = contacts.load(book.db, exports.contacts(book.db, (), now=None, zone=""))  # type: ignore[arg-type]
    firms = companies.load(book.db, exports.companies(book.db))
    return "".join(card for _, card in exports.cards(book.db, [*people, *firms], version)).replace("\r\n", "\n")


@pytest.mark.parametrize("version", ["3.0", "4.0"])
@pytest.mark.parametrize("uid", [UID, "asha-1", "https://example.com/people/1?a=b;c,d"])
def test_a_card_leaves_under_the_uid_it_came_with(book: Book, version: str, uid: str) -> None:
    """Other address books know it again; ours goes beside it; whoever came without one leaves under ours."""
    bring(book, CARDS.format(uid=uid))

    asha, ravi, acme = (part.splitlines() for part in cards(book, version).split("END:VCARD\n")[:3])

    ours = contacts.get(book.db, 1).uid
    uids = [line.replace("\\", "") for line in asha if "UID" in line]
    assert uids == [f"UID:{uid}", f"X-CRM-UID:{ours}"]
    assert [line for line in acme if "UID" in line] == ["UID:firm/1", f"X-CRM-UID:{companies.get(book.db, 1).uid}"]
    prefix = "urn:uuid:" if version == "4.0" else ""
    assert [line for line in ravi if "UID" in line] == [f"UID:{prefix}{contacts.get(book.db, 2).uid}"]


@pytest.mark.parametrize("version", ["3.0", "4.0"])
def test_our_own_cards_change_nothing(book: Book, version: str) -> None:
    """In the book they came from, however often, under whatever UID."""
    bring(book, CARDS.format(uid=UID))
    with book.change("tag", now=NOW):
        tagging.apply(book, [("contact", 1)], add=["vip"], remove=[], now=NOW)
    before, text = dump(book.db), cards(book, version)

    for out in (text, text, text.replace(f"UID:{UID}\n", "UID:another\n")):
        report = bring(book, out)

        assert (report.new, report.changed, report.same, report.warned) == (0, 0, 3, 0)
        assert dump(book.db) == before


def test_another_books_mark_means_nothing(book: Book, other: Book) -> None:
    """There the card is known by its UID, and is not written with two marks."""
    bring(book, CARDS.format(uid=UID))
    text = cards(book, "4.0")

    first, again = bring(other, text), bring(other, text)

    assert (first.new, again.new, again.same) == (3, 0, 3)
    assert cards(other, "4.0").count("X-CRM-UID") == 3
    assert contacts.get(book.db, 1).uid not in cards(other, "4.0")


def test_two_cards_of_one_record_are_two(book: Book) -> None:
    """Records of one file are never one, even if a copy kept our mark."""
    bring(book, CARDS.format(uid=UID))
    text = cards(book, "4.0")

    report = bring(book, text + text.replace(UID, "copy").replace("Asha", "Nisha"))

    assert report.same + report.new == 6
    assert len(contacts.load(book.db, [1, 2, 3, 4, 5])) == 4


def test_a_uid_that_changed_its_kind(book: Book) -> None:
    """A person where a company was is a new record, and the same one at the next import."""
    bring(book, CARDS.format(uid=UID))
    person = "BEGIN:VCARD\nVERSION:3.0\nUID:firm/1\nFN:Acme Person\nEND:VCARD\n"

    assert (bring(book, person).new, bring(book, person).same) == (1, 1)


def sheet(book: Book, *edits: Callable[[dict[str, str]], None]) -> str:
    """Write everybody as our CSV, each row edited in turn."""
    people = contacts.load(book.db, [1, 2])
    columns = csv_write.columns(people)
    out = io.StringIO()
    writer = csv.DictWriter(out, columns)
    writer.writeheader()
    for number, person in enumerate(people):
        row = dict(zip(columns, csv_write.row(person, columns), strict=True))
        if number < len(edits):
            edits[number](row)
        writer.writerow(row)
    return out.getvalue()


def test_what_was_edited_in_a_spreadsheet_goes_in(book: Book) -> None:
    """Fail if the user's own edits of an export are taken for a conflict while nobody touched the book."""
    bring(book, CARDS.format(uid=UID))
    edit = {"name": "Asha Rao", "title": "CTO", "nickname": "Ash", "phone 1 label": "mobile", "birthday": "1990-01-02"}

    report = bring(book, text := sheet(book, lambda row: row.update(edit)))

    asha = contacts.get(book.db, 1)
    assert (report.changed, report.same, report.warnings) == (1, 1, [])
    assert (asha.name, asha.parts.family, asha.nickname, asha.birthday) == ("Asha Rao", "Rao", "Ash", "1990-01-02")
    assert [(job.company, job.title, job.current) for job in asha.employments] == [("Acme", "CTO", True)]
    assert len(asha.points) == 1
    assert (bring(book, text).same, bring(book, sheet(book)).same) == (2, 2)


def test_a_family_name_edited_alone_is_in_the_name(book: Book) -> None:
    """The name is made of its parts where it was before."""
    bring(book, CARDS.format(uid=UID))

    bring(book, sheet(book, lambda row: row.update(family="Rao")))

    asha = contacts.get(book.db, 1)
    assert (asha.name, asha.parts) == ("Asha Rao", NameParts(given="Asha", family="Rao"))


def test_the_book_wins_over_a_stale_export(book: Book) -> None:
    """Whoever was changed since keeps the book's values, with a warning; an empty cell takes nothing away."""
    bring(book, CARDS.format(uid=UID))
    stale = sheet(book, lambda row: row.update(nickname="Old", name="Asha Rao"), lambda row: row.update(name=""))
    with book.change("edit", now=NOW):
        edit_contact(book, 1, [Edit("nickname", "set", "New")], now=NOW)

    report = bring(book, stale)

    asha = contacts.get(book.db, 1)
    assert (asha.name, asha.nickname) == ("Asha Verma", "New")
    assert report.conflicts == 2
    assert contacts.get(book.db, 2).name == "Ravi Kumar"
