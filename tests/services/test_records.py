"""The one writer of people and companies, and its twin that writes a file's new records by blocks."""

from __future__ import annotations

from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from strategies import records_of
from support import LATER_UTC, NOW_UTC, dump

from crm_cli.book.book import Book
from crm_cli.core.consent import CHANNELS, STATES
from crm_cli.core.patches import between
from crm_cli.core.records import Address, Consent, Draft, NameParts, Point, Property
from crm_cli.core.text.folding import fold, sort_key
from crm_cli.queries import contacts
from crm_cli.services import records
from crm_cli.services.importing.bulk import NewRecords
from crm_cli.services.importing.update import stored
from crm_cli.services.importing.words import Vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

TODAY = "2026-11-22"

words = st.sampled_from(["", "a", "Zoe\u0308", "ACME", "acme", " \u200b", "nul\0", "王小明"])
points = records_of(
    Point,
    st.sampled_from(["email", "phone", "url", "social", "im"]),
    st.sampled_from(["A@x.in", "098200 12345", "+91 20 2553 1234", "112", "https://acme.in"]),
    words,
    st.booleans(),
    service=words,
    state=st.sampled_from(["current", "former", "bounced"]),
    params=st.sampled_from(["", '{"group": "item1"}']),
)
drafts = records_of(Draft,
    kind=st.sampled_from(["person", "person", "company"]),
    name=st.sampled_from(["Asha Verma", "Dr. Zoe\u0308 O'Brien", "acme", "Acme", "a@x.in", "098200 12345", "王小明"]),
    parts=st.just(NameParts()) | records_of(NameParts, words, words, words, words, words),
    nickname=words, company=words, title=words, department=words, notes=words, source=words, language=words,
    zone=words, status=words, birthday=st.sampled_from([None, "--11-22"]), anniversary=st.sampled_from([None, TODAY]),
    points=st.lists(points, max_size=3).map(tuple),
    addresses=st.lists(records_of(Address, words, words, words, words, label=words, preferred=st.booleans()),
                       max_size=2).map(tuple),
    tags=st.lists(st.sampled_from(["vip", "VIP", "new one", "café", "-", "a,b"]), max_size=3).map(tuple),
    custom=st.lists(st.tuples(st.sampled_from(["Renewal", "renewal", "Size"]), words), max_size=3).map(tuple),
    properties=st.lists(records_of(Property, st.sampled_from(["X-A", "X-B"]), words, words), max_size=2).map(tuple),
    consents=st.lists(
        records_of(
            Consent, st.sampled_from(CHANNELS), st.sampled_from(STATES), st.sampled_from(["", "2026-11-02"]), words
        ),
        max_size=2, unique_by=attrgetter("channel"),
    ).map(tuple),
)  # fmt: skip


@pytest.fixture(scope="module")
def empty():
    """A book in memory."""
    with Book.rehearse(Path("there is none")) as book:
        yield book


def rows_after(book: Book, write: Callable[[Book, Sequence[Draft]], None], given: Sequence[Draft]) -> dict[str, object]:
    """Return the rows that a writer makes, without uids and the ids of what hangs off records; nothing stays."""
    with book.change("add", now=NOW_UTC, dry_run=True):
        write(book, given)
        found = dump(book.db, without=frozenset({"uid"}))
    return {
        table: rows if table in {"contact", "company"} or ("_" in table and table.endswith(("_tag", "_custom")))
        else sorted((row[1:] for row in rows), key=repr)
        for table, rows in found.items()
    }  # fmt: skip


def one_by_one(book: Book, given: Sequence[Draft]) -> None:
    on = records.context(book.db, now=NOW_UTC, region="IN")
    for number, draft in enumerate(given):
        records.insert(on, stored(draft, on.words), records.Mark("vcard", f"k{number}", "base"))


def by_blocks(book: Book, given: Sequence[Draft]) -> None:
    vocabulary = Vocabulary(book.db)
    bulk = NewRecords(book.db, origin="vcard", now=NOW_UTC, today=TODAY, region="IN", words=vocabulary)
    for number, draft in enumerate(given):
        add = bulk.company if draft.kind == "company" else bulk.contact
        add(stored(draft, vocabulary), (f"k{number}", "base"))
    bulk.write()


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(found=st.lists(drafts, min_size=1, max_size=3))
@example(found=[Draft(name="Asha Verma", company=" \u200b")])
def test_both_writers_of_new_records_make_the_same_rows(empty, found):
    assert rows_after(empty, one_by_one, found) == rows_after(empty, by_blocks, found)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=drafts.filter(lambda draft: draft.kind == "person"), after=drafts)
def test_a_patch_makes_of_one_person_what_was_asked_for(empty, before, after):
    """Whatever a person was, the difference to another one makes that one of them."""
    with empty.change("edit", now=NOW_UTC, dry_run=True):
        on = records.context(empty.db, now=NOW_UTC, region="IN")
        ref = records.insert(on, stored(before, on.words))
        record = contacts.get(empty.db, ref)
        have = records.as_draft(record)
        wanted = stored(after, on.words)._replace(kind="person", properties=have.properties)
        records.apply(on, record, between(have, wanted, records.present_job(record)))
        other = contacts.get(empty.db, ref)
        became = records.as_draft(other)
        again = records.apply(on, other, between(became, became, records.present_job(other)))

    assert content(became) == content(wanted)
    assert not again


def content(draft: Draft) -> tuple[object, ...]:
    """Return what a draft says, the order of its lists apart."""
    texts = (draft.name, draft.parts, draft.nickname, draft.notes, draft.source, draft.language, draft.zone)
    job = (sort_key(draft.company), draft.title, draft.department)
    kept = ("kind", "value", "label", "preferred", "service", "state", "params")
    return (
        *texts, draft.status, draft.birthday or "", draft.anniversary or "", job,
        sorted(tuple(getattr(point, name) for name in kept) for point in draft.points),
        sorted(address._replace(id=None)[:-1] for address in draft.addresses),
        set(map(fold, draft.tags)), dict(draft.custom),
    )  # fmt: skip


def test_a_job_stays_at_its_company_where_another_has_the_same_name(book):
    with book.change("x", now=NOW_UTC):
        on = records.context(book.db, now=NOW_UTC)
        records.insert(on, Draft(kind="company", name="Acme"))
        second = records.insert(on, Draft(kind="company", name="ACME"))
        ref = records.insert(on, Draft(name="Asha", company="Acme"))
        book.db.execute("UPDATE employment SET company_id = ?", (second,))

    record = contacts.get(book.db, ref)
    have = records.as_draft(record)
    with book.change("edit", now=LATER_UTC):
        patch = between(have, have._replace(title="CTO"), records.present_job(record))
        records.apply(records.context(book.db, now=LATER_UTC), record, patch)

    (job,) = contacts.get(book.db, ref).employments
    assert (job.company_id, job.title) == (second, "CTO")
