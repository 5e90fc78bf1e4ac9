"""The briefing: what stands where. (The whole screen is in tests/cli/test_contacts.py.)"""

import pytest
from support import NOW_UTC

from crm_cli.core.daily import Activity
from crm_cli.core.edits import split_words
from crm_cli.queries import activities as queries
from crm_cli.queries import contacts as people
from crm_cli.render import show, spans
from crm_cli.services import activities, contacts

ZONE = "Asia/Kolkata"


@pytest.fixture
def asha(book):
    with book.change("x", now=NOW_UTC):
        return contacts.add(book, "Asha", now=NOW_UTC)


def lines(book, ref, today="2026-11-22"):
    done = queries.load(book.db, queries.ids_of(book.db, "contact", ref, status="done"))
    to_do = queries.load(book.db, queries.ids_of(book.db, "contact", ref, status="open"))
    return [spans.text(line) for line in show.person(people.get(book.db, ref), done, to_do, today=today, zone=ZONE)]


def log(book, ref, at, **more):
    with book.change("x", now=NOW_UTC):
        activities.log(
            book,
            more.pop("kind", "call"),
            activities.Links((ref,)),
            text=more.pop("text", ""),
            at=at,
            now=NOW_UTC,
            **more,
        )


@pytest.mark.parametrize(
    ("at", "words"),
    [
        ("2026-11-22T03:00:00Z", "today 08:30"),
        ("2026-11-21T18:29:00Z", "yesterday 23:59"),
        ("2026-11-21T18:31:00Z", "today 00:01"),
        ("2026-09-01T04:30:00Z", "Tue 1 Sep 10:00, 82 days ago"),
    ],
)
def test_the_last_reach_in_local_days(book, asha, at, words):
    log(book, asha, at)
    assert f"  last reach    {words}" in lines(book, asha)


def test_never_reached(book, asha):
    assert "  last reach    never" in lines(book, asha)


def test_an_attempt_since_the_last_reach_is_told(book, asha):
    log(book, asha, "2026-11-20T03:00:00Z")
    log(book, asha, "2026-11-21T03:00:00Z", outcome="no-answer")
    assert "  last attempt  yesterday 08:30" in lines(book, asha)

    log(book, asha, "2026-11-22T03:00:00Z")
    assert not [line for line in lines(book, asha) if "attempt" in line and "reach" in line]
    assert not [line for line in lines(book, asha) if line.startswith("  last attempt")]


def test_a_history_line_has_outcome_direction_and_body(book, asha):
    log(
        book,
        asha,
        "2026-11-21T03:00:00Z",
        kind="email",
        direction="in",
        outcome="replied",
        text="Accepts\nthe quote\n\nand more",
    )

    assert lines(book, asha)[-4:] == [
        "  yesterday    a1  email in [replied]: Accepts",
        "      the quote",
        "",
        "      and more",
    ]


def test_nothing_said_is_nothing_shown(book, asha):
    log(book, asha, "2026-11-21T03:00:00Z")
    assert lines(book, asha)[-1] == "  yesterday    a1  call"


def test_a_plan_with_others_names_them(book, asha):
    with book.change("x", now=NOW_UTC):
        ravi = contacts.add(book, "Ravi", now=NOW_UTC)
        activities.plan(book, "lunch", activities.Links((asha, ravi)), now=NOW_UTC)

    assert "  next          a1  no date  task: lunch (Ravi too)" in lines(book, asha)
    assert "  next          a1  no date  task: lunch (Asha too)" in lines(book, ravi)


@pytest.mark.parametrize(
    ("birthday", "today", "words"),
    [
        ("1979-09-03", "2026-11-28", "3 Sep, turns 48"),
        ("--09-03", "2026-11-28", "3 Sep"),
        ("1984-11-28", "2026-11-28", "28 Nov, turns 42 today"),
        ("1984-11-29", "2026-11-28", "29 Nov, turns 42 tomorrow"),
        ("--12-03", "2026-11-28", "3 Dec, on Thu"),
        ("2000-02-29", "2026-11-28", "1 Mar, turns 27"),
    ],
)
def test_a_birthday_says_the_day_and_the_age(book, asha, birthday, today, words):
    with book.change("x", now=NOW_UTC):
        contacts.edit(book, asha, split_words([f"birthday={birthday}"])[1], now=NOW_UTC, region="IN")

    assert f"  birthday      {words}" in lines(book, asha, today)


def test_next_steps_come_first_then_promises_then_how_to_reach_them(book, asha):
    with book.change("x", now=NOW_UTC):
        contacts.edit(book, asha, split_words(["phone=098200 12345"])[1], now=NOW_UTC, region="IN")
        for text, promise in (("the samples", "await"), ("the quote", "owe"), ("call back", "")):
            activities.plan(book, text, activities.Links((asha,)), now=NOW_UTC, promise=promise)

    assert [line[2:16].strip() for line in lines(book, asha)[2:]] == [
        "next", "promised", "waiting for", "last reach", "phone",
    ]  # fmt: skip


def test_what_a_briefing_names_is_a_link_to_its_record(book, asha):
    with book.change("x", now=NOW_UTC):
        contacts.edit(book, asha, split_words(["company=Acme"])[1], now=NOW_UTC, region="IN")
        activities.plan(book, "the quote", activities.Links((asha,)), now=NOW_UTC)
        activities.log(book, "note", activities.Links((asha,)), text="hello", at=NOW_UTC, now=NOW_UTC)
    done, to_do = (
        queries.load(book.db, queries.ids_of(book.db, "contact", asha, status=status)) for status in ("done", "open")
    )
    found = show.person(
        people.get(book.db, asha), done, to_do, [("d7", "Boxes")], today="2026-11-22", zone=ZONE
    )  # fmt: skip

    assert [(span.text, span.ref) for line in found for span in line if span.ref] == [
        ("Acme", "c1"), ("task: the quote", "a1"), ("Boxes", "d7"), ("note: hello", "a2"),
    ]  # fmt: skip


def test_an_activity_is_a_record():
    assert Activity._fields[0] == "id"
