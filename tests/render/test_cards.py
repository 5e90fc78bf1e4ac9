"""JSON cards: text is never null, an unknown number, date or object is, a list is never missing."""

import pytest
from support import NOW_UTC

from crm_cli.cli.assignments import parse
from crm_cli.core.instants import When
from crm_cli.queries import activities as of_activities
from crm_cli.queries import companies as of_companies
from crm_cli.queries import contacts as of_contacts
from crm_cli.render import cards
from crm_cli.services import activities, companies, contacts

ZONE = "Asia/Kolkata"
NULLABLE = {
    "birthday", "anniversary", "status", "source", "language", "cadence", "last_reach", "last_attempt", "next_step",
    "reach", "at", "minutes", "due",
    "zone", "remind", "hidden_until", "every", "company", "since", "until", "company_id", "deal",
}  # fmt: skip


@pytest.fixture
def bare(book):
    with book.change("x", now=NOW_UTC):
        person = contacts.add(book, "Asha", now=NOW_UTC)
        firm = companies.add(book, "Acme", now=NOW_UTC)
        plan = activities.plan(book, "x", activities.Links(), now=NOW_UTC)
    return (
        cards.contact(of_contacts.get(book.db, person), ZONE, NOW_UTC),
        cards.company(of_companies.get(book.db, firm), ZONE, NOW_UTC),
        cards.activity(of_activities.get(book.db, plan), ZONE, NOW_UTC),
    )


def test_text_is_never_null(bare):
    for card in bare:
        assert {key for key, value in card.items() if value is None} <= NULLABLE


def test_lists_are_never_missing(bare):
    assert [
        bare[0][key]
        for key in ("emails", "phones", "addresses", "urls", "social", "tags", "employments", "relationships")
    ] == [[]] * 8


def test_points_and_places(book):
    words = [
        "email.work=a@x.in",
        "phone.mobile=098200 12345",
        "url=https://x.in",
        "linkedin=asha",
        "im.matrix=@a:x",
        "street=1 MG Road",
        "city=Pune",
        "code=411001",
    ]
    with book.change("x", now=NOW_UTC):
        ref = contacts.add(book, "Asha", parse(book.db, words)[1], now=NOW_UTC, region="IN")
    card = cards.contact(of_contacts.get(book.db, ref), ZONE, NOW_UTC)

    assert card["emails"] == [{"value": "a@x.in", "label": "work", "preferred": False, "state": "current"}]
    assert (card["phones"][0]["value"], card["phones"][0]["e164"]) == ("098200 12345", "+919820012345")
    assert [(each["service"], each["value"]) for each in card["social"]] == [("linkedin", "asha"), ("matrix", "@a:x")]
    assert {key: card["addresses"][0][key] for key in ("street", "locality", "region", "code")} == {
        "street": "1 MG Road", "locality": "Pune", "region": "", "code": "411001",
    }  # fmt: skip


def test_instants_carry_the_offset_of_the_zone(bare):
    assert bare[0]["created"] == "2026-11-22T09:00:00+05:30"


def test_a_due_time_carries_the_offset_of_its_own_zone(book):
    with book.change("x", now=NOW_UTC):
        ref = activities.plan(
            book,
            "x",
            activities.Links(),
            now=NOW_UTC,
            due=When("2026-12-01", "09:00", "Europe/Berlin"),
        )
    assert cards.activity(of_activities.get(book.db, ref), ZONE, NOW_UTC)["due"] == "2026-12-01T09:00:00+01:00"
