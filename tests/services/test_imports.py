"""What an import makes of its records, beyond what its command shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support import import_source, index_lag

from crm_cli.book import undo
from crm_cli.book.search import find as search_find
from crm_cli.core.kinds import document
from crm_cli.core.records import Address, Draft, Point
from crm_cli.formats.source import Source
from crm_cli.queries import companies, contacts
from crm_cli.queries.book_json import dump
from crm_cli.services.importing import importer, spool

if TYPE_CHECKING:
    from crm_cli.book.book import Book
    from crm_cli.services.importing.entries import Report

NOW = "2026-11-22T03:30:00Z"


def bring(book: Book, *drafts: Draft, header: tuple[str, ...] = ("name",), profile: str = "generic") -> Report:
    """Import drafts as a CSV of these columns."""
    source = Source("csv", profile, "", ",", header, (), (), iter(drafts))
    with book.change("import", now=NOW) as change:
        return import_source(book, source, change, now=NOW, file=f"{header[0]}.csv")


def test_a_company_that_its_people_came_before(book: Book) -> None:
    """The company made for its people gets the particulars of its own record, and one undo takes all back."""
    phone, before = Point("phone", "022 2222 3333"), dump(book.db)

    report = bring(book, Draft(name="Asha", company="Acme"), Draft(kind="company", name="ACME", points=(phone,)))

    assert list(report.new_ids) == ["1", "c1"]
    (acme,) = companies.load(book.db, [1, 2])
    assert [point.norm for point in acme.points] == ["+912222223333"]
    undo.undo(book.db, 1)
    assert dump(book.db) == before
    undo.redo(book.db, 1)
    assert not index_lag(book.db)


@pytest.mark.parametrize("tag", ["0'0", "vip"])
def test_search_knows_tags_by_the_names_they_have_in_the_book(book: Book, tag: str) -> None:
    """A name of another program may be spelled otherwise: with signs that tags cannot have, in other case."""
    bring(book, Draft(name="Asha", tags=("VIP",)), header=("name", "tags"))

    bring(book, Draft(name="Ravi", tags=(tag,)))

    assert not index_lag(book.db)


def test_search_knows_a_company_whose_own_record_came_a_chunk_later(
    book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    """First its name alone, in the end all of it."""
    monkeypatch.setattr(importer, "CHUNK", 2)
    people = [Draft(name=f"Asha {number}", company="Acme") for number in range(5)]

    bring(book, *people, Draft(kind="company", name="acme", points=(Point("url", "https://acme.example"),)))

    assert not index_lag(book.db)
    assert search_find.find(book.db, "acme.example").docs == [document("company", 1)]


def test_two_companies_of_one_name_stay_two(book: Book) -> None:
    """Records of one file are never one, companies neither."""
    report = bring(book, Draft(kind="company", name="Acme", notes="a"), Draft(kind="company", name="Acme", notes="b"))

    assert report.new == 2


def test_a_company_of_the_book_is_found_by_its_name(book: Book) -> None:
    """And what it lacks is added."""
    bring(book, Draft(name="Asha", company="Acme"))

    report = bring(book, Draft(kind="company", name="acme", notes="since 1990"), header=("company",))

    assert (report.new, report.changed) == (0, 1)
    assert companies.get(book.db, 1).notes == "since 1990"


def test_a_title_alone_is_work_without_a_company(book: Book) -> None:
    """Somebody may be known as a plumber."""
    bring(book, Draft(name="Asha", title="Plumber"))

    (job,) = contacts.get(book.db, 1).employments
    assert (job.company_id, job.title) == (None, "Plumber")


def test_a_phone_in_another_spelling_is_the_same(book: Book) -> None:
    """E.164 decides."""
    bring(book, Draft(name="Asha Verma", points=(Point("phone", "098200 12345"),)))

    report = bring(book, Draft(name="A. Verma", points=(Point("phone", "+91 98200-12345"),)), header=("other",))

    assert (report.new, report.same) == (0, 1)
    assert len(contacts.get(book.db, 1).points) == 1


def test_a_file_without_a_column_removes_nothing(book: Book) -> None:
    """What another file, or a record without a key, does not say is not gone."""
    full = Draft(name="Asha Verma", notes="x", points=(Point("email", "a@x.in"), Point("phone", "098200 12345")))
    bring(book, full)

    bring(book, Draft(name="Asha Verma", points=(Point("email", "a@x.in"),)), header=("name", "email"))
    bring(book, Draft(name="Asha Verma", points=(Point("email", "a@x.in"),)))

    found = contacts.get(book.db, 1)
    assert (len(found.points), found.notes) == (2, "x")


def test_a_record_with_a_key_removes_what_its_file_removed(book: Book) -> None:
    """A phone dropped from the file goes, unless the user had changed it."""
    uid = "11111111-1111-4111-8111-111111111111"
    phones = (Point("phone", "098200 12345"), Point("phone", "098200 54321"))
    bring(book, Draft(name="Asha Verma", uid=uid, points=phones))
    with book.change("edit", now=NOW):
        book.db.execute("UPDATE contact_point SET label = 'mine' WHERE id = 2")

    report = bring(book, Draft(name="Asha Verma", uid=uid))

    assert report.changed == 1
    assert [point.label for point in contacts.get(book.db, 1).points] == ["mine"]


def test_a_record_that_changed_its_fingerprint_moves_on(book: Book) -> None:
    """Known by e-mail, it keeps one entry in external_ref, under its new mark."""
    bring(book, Draft(name="Asha Verma", title="CTO", points=(Point("email", "a@x.in"),)))

    report = bring(book, Draft(name="Asha Verma", title="CEO", points=(Point("email", "a@x.in"),)))

    assert report.changed == 1
    assert contacts.get(book.db, 1).employments[0].title == "CEO"
    assert book.db.execute("SELECT count(*) FROM external_ref").fetchone()[0] == 1


def test_two_columns_never_share_a_field(book: Book) -> None:
    """However alike their headings are; and none takes the name of a field everybody has."""
    bring(book, Draft(name="Asha", custom=(("Foo Bar", "1"), ("foo-bar", "2"), ("E-Mail", "3"), ("???", "4"))))

    assert dict(contacts.get(book.db, 1).custom) == {"foo-bar": "1", "foo-bar-2": "2", "e-mail-2": "3", "field": "4"}


def test_texts_that_the_book_cannot_hold(book: Book) -> None:
    """A NUL goes, a lone surrogate is rejected; nothing breaks."""
    report = bring(book, Draft(name="A\0sha", notes="\\u0000"), Draft(name="\ud800"))

    assert (report.new, report.rejected) == (1, 1)
    assert (contacts.get(book.db, 1).name, contacts.get(book.db, 1).notes) == ("Asha", "\\u0000")


def test_changed_and_new_records_beyond_a_chunk(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    """What waits is spooled, and undo takes back updates and bulk rows alike."""
    monkeypatch.setattr(importer, "CHUNK", 7)
    monkeypatch.setattr(spool, "BATCH", 3)
    monkeypatch.setattr(spool, "IN_MEMORY", 100)
    people = [Draft(name=f"Asha {n}", uid=f"id{n}", company=f"C{n % 3}", tags=("a",)) for n in range(20)]
    bring(book, *people)
    before = dump(book.db)
    newer = [Draft(name=f"Asha {n}", uid=f"id{n}", company=f"C{n % 4}", tags=("b",)) for n in range(30)]

    report = bring(book, *newer)

    assert (report.new, report.changed, report.same) == (10, 20, 0)
    assert not index_lag(book.db)
    undo.undo(book.db, 2)
    assert dump(book.db) == before


RICH = [
    Draft(
        name=f"{name} {number}", nickname="Bé", company=f"Firma {number % 2} 龍", title="CTO", notes="两 line\nnotes",
        points=(Point("email", f"a{number}@x.in"), Point("phone", f"098200 1234{number}"), Point("url", "x.in")),
        addresses=(Address("4 Station Road", locality="पुणे"), Address(country="India")),
        tags=("zebra", "ant", "Zebra") if number % 2 else ("ant", "zebra"),
        custom=(("Zoo", "tiger"), ("Age", "7")) if number % 2 else (("Age", "7"), ("Zoo", "lion")),
    )
    for number, name in enumerate(["Asha", "李小龍", "Zoë Müller", "O'Brien-Roy", "कुमार", "Ravi", "x"])
]  # fmt: skip


@pytest.mark.parametrize("chunk", [2, 3, 100])
def test_search_knows_at_once_what_a_refresh_would_tell_it(
    book: Book, chunk: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fail if a bulk import makes another document than a later edit would, or leaves an index of the book behind."""
    monkeypatch.setattr(importer, "CHUNK", chunk)
    schema = "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name"
    before = book.db.execute(schema).fetchall()
    firms = [Draft(kind="company", name="Firma 1 龍", notes="since 1990", tags=("zebra",))]

    report = bring(book, *RICH, *firms)

    assert report.new == 8
    assert not index_lag(book.db)
    assert book.db.execute(schema).fetchall() == before
    assert book.db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    book.db.execute("INSERT INTO search_fts(search_fts, rank) VALUES ('integrity-check', 1)")
    assert bring(book, *RICH, *firms).same == 8


def test_a_title_without_a_company_is_found(book: Book) -> None:
    """Somebody may be known as a plumber and no more."""
    bring(book, Draft(name="Asha", title="Plumber"))

    assert search_find.find(book.db, "plumber").docs == [document("contact", 1)]
