"""Deals: made, changed, moved, won, lost and reopened; what stays when somebody goes."""

from datetime import UTC, datetime

import pytest
from support import LATER_UTC, NOW_UTC, dump

from crm_cli.cli.assignments import parse
from crm_cli.core.daily import Money
from crm_cli.core.edits import Edit
from crm_cli.core.money import Spelling
from crm_cli.core.reading import Reading
from crm_cli.errors import AmbiguousError, ConflictError, CrmError, NotFoundError, UsageError
from crm_cli.queries import changes, pipeline
from crm_cli.queries import deals as queries
from crm_cli.render.hints import worded
from crm_cli.services import activities, companies, contacts, deals

READING = Reading(datetime(2026, 11, 22, 3, 30, tzinfo=UTC), "Asia/Kolkata", Spelling("INR"))


@pytest.fixture
def asha(book):
    with book.change("x", now=NOW_UTC):
        return contacts.add(book, "Asha", parse(book.db, ["company=Acme"])[1], now=NOW_UTC)


@pytest.fixture
def tins(book, asha):
    edits = [Edit("amount", "set", "50k"), Edit("close", "set", "fri")]
    with book.change("x", now=NOW_UTC):
        return deals.add(book, "Tea tins", edits, activities.Links((asha,)), now=NOW_UTC, reading=READING)


def edit(book, ref, *edits, **more):
    with book.change("edit", now=LATER_UTC) as change:
        deals.edit(book, ref, [Edit(*each) for each in edits], now=LATER_UTC, reading=READING, **more)
    return change


def test_a_deal_begins_in_the_first_stage_with_its_peoples_company(book, tins):
    found = queries.get(book.db, tins)

    assert (found.title, found.status, found.stage, found.probability) == ("Tea tins", "open", "Lead", 10)
    assert (found.amount, found.close, found.company) == (Money(5_000_000, "INR"), "2026-11-27", "Acme")
    assert [person.name for person in found.people] == ["Asha"]
    went = pipeline.stages_of(book.db, tins)
    assert [(each.stage, each.at, each.until) for each in went] == [("Lead", NOW_UTC, None)]


def test_a_deal_of_nothing_is_refused(book):
    with pytest.raises(UsageError), book.change("x", now=NOW_UTC):
        deals.add(book, "  ", now=NOW_UTC, reading=READING)


@pytest.mark.parametrize(
    ("change", "field", "value"),
    [
        (("title", "set", "Coffee tins"), "title", "Coffee tins"),
        (("amount", "set", "99.95 EUR"), "amount", Money(9995, "EUR")),
        (("amount", "set", "60k"), "amount", Money(6_000_000, "INR")),
        (("amount", "set", ""), "amount", None),
        (("stage", "set", "PROP"), "stage", "Proposal"),
        (("probability", "set", "60%"), "probability", 60),
        (("close", "set", ""), "close", None),
        (("company", "set", "Globex"), "company", "Globex"),
        (("company", "set", "c1"), "company", "Acme"),
        (("company", "set", ""), "company", ""),
        (("source", "set", "fair"), "source", "fair"),
        (("notes", "add", "first"), "notes", "first"),
        (("with", "remove", "1"), "people", ()),
        (("with", "set", ""), "people", ()),
    ],
)
def test_each_field_is_set(book, tins, change, field, value):
    edit(book, tins, change)

    assert getattr(queries.get(book.db, tins), field) == value


def test_a_bare_number_stays_in_the_currency_that_the_deal_has(book, tins):
    edit(book, tins, ("amount", "set", "5000 JPY"))
    edit(book, tins, ("amount", "set", "6000"))

    assert queries.get(book.db, tins).amount == Money(6000, "JPY")


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (("amount", "set", "5 XYZ"), UsageError),
        (("amount", "set", "1.234"), UsageError),
        (("stage", "set", "samples"), NotFoundError),
        (("stage", "set", ""), UsageError),
        (("probability", "set", "120"), UsageError),
        (("close", "set", "someday"), UsageError),
        (("company", "set", "c99"), NotFoundError),
        (("with", "add", "99"), NotFoundError),
        (("with", "remove", "99"), NotFoundError),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_kept(book, tins, change, error):
    before = dump(book.db)
    with pytest.raises(error):
        edit(book, tins, change)
    assert dump(book.db) == before


def test_every_move_is_kept_with_its_time(book, tins):
    with book.change("move", now=LATER_UTC):
        deals.move(book, tins, "prop", now=LATER_UTC)
    with book.change("win", now=LATER_UTC):
        deals.win(book, tins, now=LATER_UTC, reason="Liked the samples")
    found = queries.get(book.db, tins)

    assert (found.status, found.stage, found.reason, found.closed) == (
        "won",
        "Proposal",
        "Liked the samples",
        LATER_UTC,
    )
    assert [(each.stage, each.status, each.reason, each.until) for each in pipeline.stages_of(book.db, tins)] == [
        ("Lead", "open", "", LATER_UTC),
        ("Proposal", "open", "", LATER_UTC),
        ("Proposal", "won", "Liked the samples", None),
    ]


def test_a_move_to_where_it_is_changes_nothing(book, tins):
    with book.change("move", now=LATER_UTC) as change:
        deals.move(book, tins, "lead", now=LATER_UTC)
    assert change.ref == ""


@pytest.mark.parametrize("work", [deals.win, deals.lose, lambda book, ref, now: deals.move(book, ref, "prop", now=now)])
def test_what_is_closed_is_not_moved_and_says_how_to_reopen_it(book, tins, work):
    with book.change("lose", now=NOW_UTC):
        deals.lose(book, tins, now=NOW_UTC)
    with pytest.raises(ConflictError, match="d1 is lost already") as caught, book.change("x", now=NOW_UTC):
        work(book, tins, now=NOW_UTC)
    assert "crm deal reopen d1" in worded(caught.value.hint)


def test_reopening_keeps_why_it_was_lost_in_the_history(book, tins):
    with book.change("lose", now=NOW_UTC):
        deals.lose(book, tins, now=NOW_UTC, reason="Too dear")
    with book.change("reopen", now=LATER_UTC):
        deals.reopen(book, tins, now=LATER_UTC)
    found = queries.get(book.db, tins)

    assert (found.status, found.reason, found.closed) == ("open", "", None)
    assert [each.reason for each in pipeline.stages_of(book.db, tins)] == ["", "Too dear", ""]
    with pytest.raises(ConflictError), book.change("x", now=NOW_UTC):
        deals.reopen(book, tins, now=NOW_UTC)


def test_nothing_is_won_in_the_future(book, tins):
    with pytest.raises(UsageError), book.change("x", now=NOW_UTC):
        deals.win(book, tins, now=NOW_UTC, at=LATER_UTC)


def test_a_stale_revision_is_refused(book, tins):
    with pytest.raises(ConflictError, match="Tea tins was changed meanwhile"):
        edit(book, tins, ("source", "set", "fair"), revision=9)


@pytest.mark.parametrize("work", [deals.win, deals.lose, deals.reopen])
def test_a_deal_that_is_not_there(book, work):
    with pytest.raises(NotFoundError), book.change("x", now=NOW_UTC):
        work(book, 9, now=NOW_UTC)


def test_what_was_said_stays_when_a_deal_goes(book, asha, tins):
    with book.change("x", now=NOW_UTC):
        about = activities.Links((asha,), None, tins)
        call = activities.log(book, "call", about, text="x", at=NOW_UTC, now=NOW_UTC)
    with book.change("rm", now=NOW_UTC):
        deals.remove(book, tins)

    assert book.db.execute("SELECT id, deal_id FROM activity").fetchall() == [(call, None)]
    assert {name for name in ("deal", "deal_participant", "stage_change") if dump(book.db)[name]} == set()


def test_a_deal_stays_with_the_company_when_its_person_goes(book, asha, tins):
    with book.change("rm", now=NOW_UTC):
        contacts.remove(book, asha)

    found = queries.get(book.db, tins)
    assert (found.people, found.company) == ((), "Acme")


def test_a_deal_with_nobody_left_goes_with_the_last(book, asha, tins):
    """As activities do that were with that person alone."""
    edit(book, tins, ("company", "set", ""))
    with book.change("rm", now=NOW_UTC):
        contacts.remove(book, asha)

    with pytest.raises(NotFoundError):
        queries.get(book.db, tins)


def test_a_deal_loses_the_company_that_goes(book, tins):
    with book.change("rm", now=LATER_UTC):
        companies.remove(book, 1, now=LATER_UTC)

    found = queries.get(book.db, tins)
    assert (found.company_id, len(found.people), found.updated) == (None, 1, LATER_UTC)


def test_two_stages_that_begin_alike_are_a_question(book, tins):
    from crm_cli.services import stages

    with book.change("x", now=NOW_UTC):
        stages.add(book, "Proposal sent")
    with pytest.raises(AmbiguousError) as caught, book.change("x", now=NOW_UTC):
        deals.move(book, tins, "prop", now=NOW_UTC)
    assert caught.value.candidates == ("Proposal", "Proposal sent")
    with book.change("x", now=NOW_UTC):
        deals.move(book, tins, "proposal", now=NOW_UTC)


def test_a_change_is_told_in_words_that_people_use(book, tins):
    """The stage by its name, the amount as a number."""
    change = edit(book, tins, ("stage", "set", "prop"), ("amount", "set", "99.95 EUR"))

    changed = {(each.column, each.before, each.after) for each in changes.differences(book.db, change.id)}
    assert {("stage", "Lead", "Proposal"), ("amount", "50000.00", "99.95"), ("currency", "INR", "EUR")} <= changed
    assert change.subjects == {"deal": {tins}}


def test_an_edit_that_moves_is_kept_as_a_move_and_needs_an_open_deal(book, tins):
    edit(book, tins, ("stage", "set", "prop"))
    assert [each.stage for each in pipeline.stages_of(book.db, tins)] == ["Lead", "Proposal"]
    with book.change("win", now=LATER_UTC):
        deals.win(book, tins, now=LATER_UTC)
    with pytest.raises(CrmError):
        edit(book, tins, ("stage", "set", "lead"))
    edit(book, tins, ("notes", "add", "thank them"))
