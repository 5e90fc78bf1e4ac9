"""``job``: a change of employer keeps the past."""

import pytest
from support import made_once


@pytest.fixture
@made_once
def priya(crm):
    crm(
        "add",
        "Priya",
        "company=Acme",
        "title=CTO",
        "email.work=priya@acme.in",
        "email.home=p@home.in",
        "phone.work=020 2553 1234",
        "phone.mobile=098200 12345",
    )
    crm("company", "edit", "c1", "url=https://www.acme.in/about", "email=info@acme.example")
    crm("edit", "1", "email+=me@acme.in")
    return crm


def states(card, kind):
    return {each["value"]: each["state"] for each in card[kind]}


def test_the_old_place_and_its_points_become_former(priya):
    found = priya(
        "job", "priya", "Globex", "Ltd", "title=Head of Design", "since=2026-11-01", "email.work=priya@globex.in"
    )

    assert found.err == "1 Priya is at c2 Globex Ltd since 2026-11-01 [ch4]\n"
    card = priya("show", "1", "--json").json
    assert (card["company"], card["title"]) == ("Globex Ltd", "Head of Design")
    assert [(job["company"], job["current"], job["since"], job["until"]) for job in card["employments"]] == [
        ("Globex Ltd", True, "2026-11-01", None), ("Acme", False, None, "2026-11-01"),
    ]  # fmt: skip
    assert states(card, "emails") == {
        "p@home.in": "current",
        "priya@globex.in": "current",
        "priya@acme.in": "former",
        "me@acme.in": "former",
    }
    assert states(card, "phones") == {"098200 12345": "current", "020 2553 1234": "former"}


def test_former_places_stand_at_the_end_of_the_briefing(priya):
    priya("job", "priya", "Globex", "since=2026-11-01")

    assert "  formerly      CTO, Acme (? to 2026-11-01)" in priya("show", "1").lines
    assert "  email         priya@acme.in  (work, former)" in priya("show", "1").lines


def test_a_company_that_is_there_is_taken_and_the_day_is_today(priya):
    priya("company", "add", "Globex")

    assert priya("job", "1", "GLOBEX").err == "1 Priya is at c2 Globex since 2026-11-22 [ch5]\n"


def test_another_title_at_the_same_place_keeps_its_points(priya):
    priya("job", "1", "Acme", "title=CEO")

    card = priya("show", "1", "--json").json
    assert set(states(card, "emails").values()) == {"current"}
    assert [(job["title"], job["current"]) for job in card["employments"]] == [("CEO", True), ("CTO", False)]


def test_it_is_one_change_and_undone_whole(priya):
    before = priya("show", "1", "--json").json
    priya("job", "1", "Globex", "title=CEO", "email.work=x@globex.in", "+moved")
    priya("undo", "ch4")

    assert priya("show", "1", "--json").json == before
    assert priya("show", "globex").code == 3


@pytest.mark.parametrize(
    "words", [["1"], ["1", "title=CEO"], ["1", "Globex", "since=soon"], ["1", "Globex", "nosuch=x"]]
)
def test_a_mistake_is_one_line(priya, words):
    found = priya("job", *words)

    assert (found.code, len(found.err.splitlines())) == (2, 1)


@pytest.mark.parametrize(
    ("known", "typed"), [("Acme Pvt. Ltd.", "Acme"), ("Acme", "Acme Pvt Ltd"), ("ACME GmbH", "acme")]
)
def test_a_company_of_a_similar_name_is_told_of(crm, known, typed):
    crm("company", "add", known)
    crm("add", "Kavita")

    found = crm("job", "kavita", typed)

    assert found.err.splitlines()[1] == f"note: companies of a similar name: c1 {known}"
    assert crm("show", "1", "--json").json["company"] == typed


def test_no_company_is_similar_to_one_that_is_there(crm):
    crm("company", "add", "Acme")
    crm("company", "add", "Acme Pvt. Ltd.")
    crm("add", "Kavita")

    assert "similar" not in crm("job", "kavita", "Acme").err
