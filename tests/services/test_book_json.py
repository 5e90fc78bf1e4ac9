"""Whole books through JSON: equal on the other side, and nothing of a broken file."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strategies import records_of
from support import import_source, index_lag

from crm_cli.book import sqlite_file
from crm_cli.book.book import Book
from crm_cli.core.records import Address, Draft, Point, Property
from crm_cli.errors import CrmError
from crm_cli.formats.book_json.parse import members
from crm_cli.formats.source import Source
from crm_cli.queries import book_json as spec
from crm_cli.services.importing import book_json

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support import Run

    Crm = Callable[..., Run]

NOW = "2026-11-22T03:30:00Z"
NOTHING = spec.dump(sqlite_file.connect_empty())
"""What a book says to which nothing was done."""
texts = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=10) | st.sampled_from(
    ["अनिता", "李小龍", "Zoë", "محمد", "עברית", "'=1+1", "a\nb", "\u202e"]
)
names = texts.filter(lambda text: bool(text.strip()))
people = records_of(
    Draft,
    kind=st.sampled_from(["person", "person", "company"]),
    name=names,
    company=texts,
    title=texts,
    notes=texts,
    birthday=st.sampled_from([None, "--11-22", "1990-01-02"]),
    points=st.lists(
        records_of(Point, st.sampled_from(["email", "phone", "url", "social", "im"]), names, texts, st.booleans()),
        max_size=3,
    ).map(tuple),
    addresses=st.lists(records_of(Address, texts, locality=texts, preferred=st.booleans()), max_size=1).map(tuple),
    tags=st.lists(texts, max_size=2).map(tuple),
    custom=st.lists(st.tuples(names, names), max_size=2).map(tuple),
    properties=st.lists(records_of(Property, names, texts, texts, texts), max_size=2).map(tuple),
    uid=st.sampled_from(["", "1", "11111111-1111-4111-8111-111111111111"]),
)


def filled(path: Path, drafts: list[Draft]) -> Book:
    """Return a book that these drafts were imported into."""
    book = Book.write(path)
    with book.change("import", now=NOW) as change:
        import_source(book, Source("vcard", "", "", "", (), (), (), iter(drafts)), change, now=NOW, file="x")
    return book


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(people, max_size=6))
def test_any_book_comes_back_equal(crm: Crm, tmp_path_factory: pytest.TempPathFactory, drafts: list[Draft]) -> None:
    """Whatever was imported: the same dump after JSON, and a search index in step."""
    folder = tmp_path_factory.mktemp("book")
    with filled(folder / "a.db", drafts) as book:
        before = spec.dump(book.db)
        assert not index_lag(book.db)
    assert crm("--book", str(folder / "a.db"), "export", "--format", "json", "-o", str(folder / "a.json")).code == 0
    if before == NOTHING:
        return

    done = crm("--book", str(folder / "b.db"), "import", str(folder / "a.json"))

    assert done.code == 0, done.err
    with Book.read(folder / "b.db") as copy:
        assert spec.dump(copy.db) == before
    with Book.write(folder / "b.db") as copy:
        assert not index_lag(copy.db)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(people, max_size=6))
def test_any_file_again_changes_nothing(tmp_path_factory: pytest.TempPathFactory, drafts: list[Draft]) -> None:
    """Equal records, records without a name, hostile columns: the second import writes no row of the journal."""
    with filled(tmp_path_factory.mktemp("book") / "a.db", drafts) as book:
        before = spec.dump(book.db)
        with book.change("import", now=NOW) as change:
            source = Source("vcard", "", "", "", (), (), (), iter(drafts))
            report = import_source(book, source, change, now=NOW, file="x")
        assert (report.new, report.changed, change.rows) == (0, 0, 0)
        assert spec.dump(book.db) == before


BOOK: dict[str, Any] = {
    "format": "crm-book",
    "version": 1,
    "tags": [{"id": 1, "name": "vip"}],
    "fields": [{"id": 1, "name": "size", "label": "Size", "type": "text", "choices": ""}],
    "contacts": [
        {
            "id": 7, "uid": "u7", "name": "Asha", "created": "2026-11-22T09:00:00+05:30", "unknown": [1, {}],
            "updated": "2026-11-22T09:00:00+05:30", "revision": 3, "tags": ["vip"], "custom": {"size": "4"},
            "emails": [{"id": 3, "value": "a@x.in", "state": "current", "norm": "a@x.in"}],
        }
    ],
}  # fmt: skip


def changed(path: str, value: object) -> dict[str, Any]:
    """Return the book with one value changed."""
    book = json.loads(json.dumps(BOOK))
    *outer, last = path.split(".")
    place: Any = book
    for key in outer:
        place = place[int(key) if key.isdigit() else key]
    place[last] = value
    return book


ACTIVITY = {
    "id": "a1", "uid": "ua", "kind": "task", "status": "open", "subject": "x", "created": "2026-11-22T09:00:00+05:30",
    "updated": "2026-11-22T09:00:00+05:30", "revision": 1,
}  # fmt: skip


def test_a_snoozed_reminder_of_an_older_file_hides_the_activity(crm: Crm, tmp_path: Path) -> None:
    """Into an empty book and into one that holds something, and its other reminders come along."""
    asleep = {"id": 1, "on_date": "2026-12-01", "at": "2026-12-01T09:00:00+05:30", "snoozed": True}
    awake = {"id": 2, "on_date": "2026-11-30", "at": "2026-11-30T09:00:00+05:30", "snoozed": False}
    book = {**BOOK, "activities": [{**ACTIVITY, "reminders": [asleep, awake]}]}
    (tmp_path / "a.json").write_text(json.dumps(book), encoding="utf-8")

    crm("--book", str(tmp_path / "full.db"), "add", "Ravi")
    for name in ("empty.db", "full.db"):
        assert crm("--book", str(tmp_path / name), "import", str(tmp_path / "a.json")).code == 0
        card = crm("--book", str(tmp_path / name), "show", "a1", "--json").json
        assert card["hidden_until"] == "2026-12-01T09:00:00+05:30"
        assert [one["at"] for one in card["reminders"]] == ["2026-11-30T09:00:00+05:30"]


def test_a_book_written_by_hand(crm: Crm, tmp_path: Path, book_path: Path) -> None:
    """Unknown keys are ignored, missing ones are empty; keys may stand in any order."""
    book = dict(sorted(BOOK.items(), reverse=True))
    book = {"format": book.pop("format"), **book}
    (tmp_path / "a.json").write_text(json.dumps(book, indent=3), encoding="utf-8")

    assert crm("import", str(tmp_path / "a.json")).code == 0
    card = crm("show", "7", "--json").json
    assert (card["name"], card["tags"], card["custom"], card["emails"][0]["value"]) == (
        "Asha",
        ["vip"],
        {"size": "4"},
        "a@x.in",
    )


@pytest.mark.parametrize(
    "broken",
    [
        changed("contacts", {}),
        changed("contacts", [1]),
        changed("contacts.0.id", "7"),
        changed("contacts.0.id", 2**70),
        changed("contacts.0.id", True),
        changed("contacts.0.uid", ""),
        changed("contacts.0.name", 5),
        changed("contacts.0.name", "\ud800"),
        changed("contacts.0.name", ["x"] * 3),
        changed("contacts.0.created", "yesterday"),
        changed("contacts.0.created", "2026-11-22T09:00:00"),
        changed("contacts.0.created", "0001-01-01T00:00:00+14:00"),
        changed("contacts.0.tags", ["other"]),
        changed("contacts.0.tags", [["vip"]]),
        changed("contacts.0.custom", {"other": "x"}),
        changed("contacts.0.custom", [1]),
        changed("contacts.0.emails", {}),
        changed("contacts.0.emails", [None]),
        changed("contacts.0.employments", [{"id": 1, "company_id": "c99", "current": True}]),
        changed("contacts.0.employments", [{"id": 1, "company_id": 5, "current": True}]),
        changed("contacts.0.emails", [{"id": 1, "value": "x", "state": "gone"}]),
        changed("contacts", [BOOK["contacts"][0], BOOK["contacts"][0]]),
        changed("activities", [{**ACTIVITY, "reminders": {}}]),
        changed("activities", [{**ACTIVITY, "reminders": [{"id": 1, "at": "soon", "snoozed": True}]}]),
        changed("activities", [{**ACTIVITY, "reminders": [{"id": 1, "at": ACTIVITY["created"], "snoozed": 1}]}]),
        changed("activities", [{**ACTIVITY, "reminders": [7]}]),
        changed("version", 8),
        changed("version", None),
        changed("format", "crm-bookx"),
    ],
)
def test_a_broken_book_is_one_line_and_nothing_is_kept(crm: Crm, tmp_path: Path, book_path: Path, broken: Any) -> None:
    """Wrong types, dangling ids, names that are not there: exit 1, and the book is empty."""
    (tmp_path / "a.json").write_text(json.dumps(broken), encoding="utf-8")

    done = crm("import", str(tmp_path / "a.json"))

    assert done.code == 1, done
    assert done.err.count("\n") == 1
    assert "this is a bug" not in done.err
    with Book.read(book_path) as book:
        assert spec.dump(book.db) == NOTHING


@pytest.mark.parametrize(
    "text",
    [
        '{"format": "crm-book", "version": 1, "contacts": [',
        '{"format": "crm-book", "version": 1, "contacts": [{]}',
        '{"format": "crm-book", "version": 1} x',
        '{"format": "crm-book", "version": NaN}',
        '{"format": "crm-book", "contacts": ' + "[" * 100_000,
        '{"format": "crm-book", "contacts": [' + '{"a":' * 100_000,
        '{"format": "crm-book", "version": ' + "9" * 10_000 + "}",
        '{"format": "crm-book", 5: 1}',
        '{"format": "crm-book" "version": 1}',
    ],
)
def test_broken_json_is_one_line(crm: Crm, tmp_path: Path, text: str) -> None:
    """Cut short, deep, or no JSON at all."""
    (tmp_path / "a.json").write_text(text, encoding="utf-8")

    done = crm("import", str(tmp_path / "a.json"))

    assert done.code == 1, done
    assert done.err.count("\n") == 1


@given(
    st.lists(st.integers() | st.text(st.characters(exclude_categories=("Cs",))) | st.lists(st.booleans()), max_size=5)
)
def test_the_walk_through_a_file_reads_what_json_reads(values: list[object]) -> None:
    """Element by element, whatever they are."""
    text = json.dumps({"a": values, "b": values and values[0], "c": []}, ensure_ascii=False)

    found = list(members(io.BytesIO(text.encode())))

    assert [value for name, number, value in found if name == "a" and number >= 0] == values


def test_is_empty(book: Book) -> None:
    """A book with as much as a tag is not empty; the stages it is born with do not count."""
    assert book_json.is_empty(book.db)
    book.db.execute("INSERT INTO tag (name, name_key) VALUES ('a', 'a')")
    assert not book_json.is_empty(book.db)


def test_reading_refuses_before_anything_is_kept(book: Book) -> None:
    """The service raises and leaves the rollback to the change."""
    with pytest.raises(CrmError), book.change("import", now=NOW) as change:
        book_json.restore(book, io.BytesIO(b'{"format": "x"}'), change=change, now=NOW, file="x")
    assert spec.dump(book.db) == NOTHING


def test_a_follow_up_keeps_its_link_to_an_activity_that_is_in_the_book(crm: Crm, tmp_path: Path) -> None:
    """A second file brings only what follows; what it follows was imported before."""
    follow_up = {**ACTIVITY, "id": "a2", "uid": "ub", "subject": "y", "follows": "a1"}
    for name, activities in (("first", [ACTIVITY]), ("second", [ACTIVITY, follow_up])):
        (tmp_path / f"{name}.json").write_text(json.dumps({**BOOK, "activities": activities}), encoding="utf-8")
    crm("add", "Ravi")
    crm("import", str(tmp_path / "first.json"))

    crm("import", str(tmp_path / "second.json"))

    exported = crm("export", "--format", "json").json["activities"]
    assert [(each["id"], each["follows"]) for each in exported] == [("a1", None), ("a2", "a1")]
