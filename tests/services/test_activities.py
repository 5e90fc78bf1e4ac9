"""Activities: the rules under the verbs."""

import pytest
from support import LATER_UTC, NOW_UTC, dump

from crm_cli.core.when import When
from crm_cli.errors import ConflictError, NotFoundError, UsageError
from crm_cli.queries import activities as queries
from crm_cli.services import activities, companies, contacts
from crm_cli.services.activities import Links
from crm_cli.services.reminders import Remind

DUE = When("2026-11-27", "15:00", "Asia/Kolkata")


@pytest.fixture
def asha(book):
    with book.change("add", now=NOW_UTC):
        return contacts.add(book, "Asha", now=NOW_UTC)


@pytest.fixture
def change(book):
    with book.change("x", now=NOW_UTC) as made:
        yield made


def test_what_is_still_to_come_cannot_be_logged(book, asha, change):
    with pytest.raises(UsageError, match="in the future"):
        activities.log(book, "call", Links((asha,)), text="", at=LATER_UTC, now=NOW_UTC)


@pytest.mark.parametrize(
    "wrong", [{"kind": "dance"}, {"direction": "up"}, {"outcome": "danced"}, {"outcome": "delivered"}]
)
def test_unknown_words_are_refused(book, asha, change, wrong):
    kind = wrong.pop("kind", "call")
    with pytest.raises(UsageError):
        activities.log(book, kind, Links((asha,)), text="", at=NOW_UTC, now=NOW_UTC, **wrong)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("one", ("one", "")),
        (" one \n two \n", ("one", "two")),
        ("a\r\nb\r\nc", ("a", "b\nc")),
        ("", ("", "")),
        ("\n\nx", ("x", "")),
    ],
)
def test_the_first_line_is_the_subject(text, parts):
    assert activities.split(text) == parts


def test_a_person_is_with_an_activity_once(book, asha, change):
    ref = activities.log(book, "call", Links((asha, asha)), text="", at=NOW_UTC, now=NOW_UTC)
    assert len(queries.get(book.db, ref).people) == 1


def test_a_plan_keeps_its_wall_time_and_zone(book, change):
    ref = activities.plan(book, "x", Links(), now=NOW_UTC, due=When("2026-10-25", "09:00", "Europe/Berlin"))
    other = activities.plan(book, "x", Links(), now=NOW_UTC, due=When("2026-10-24", "09:00", "Europe/Berlin"))

    assert [queries.get(book.db, each).due_utc for each in (ref, other)] == [
        "2026-10-25T08:00:00Z",
        "2026-10-24T07:00:00Z",
    ]


def test_a_plan_for_a_day_is_due_until_its_end(book, change):
    ref = activities.plan(book, "x", Links(), now=NOW_UTC, due=When("2026-11-22", None, "Asia/Kolkata"))
    assert queries.get(book.db, ref).due_utc > NOW_UTC


def test_a_reminder_before_nothing_is_refused(book, change):
    with pytest.raises(UsageError, match="needs a due time"):
        activities.plan(book, "x", Links(), now=NOW_UTC, remind=[Remind(lead=60)])


def test_moving_ends_a_snooze_and_takes_leads_along(book, change):
    own = Remind(at=When("2026-11-25", "10:00", "Asia/Kolkata"))
    ref = activities.plan(book, "x", Links(), now=NOW_UTC, due=DUE, remind=[Remind(lead=60), own, Remind(lead=1440)])
    activities.snooze(book, ref, When("2026-11-25", "10:00", "Asia/Kolkata"), now=NOW_UTC)
    asleep = queries.get(book.db, ref)
    activities.move(book, ref, When("2026-11-28", "15:00", "Asia/Kolkata"), now=NOW_UTC)
    moved = queries.get(book.db, ref)

    assert asleep.hidden_until == "2026-11-25T04:30:00Z"
    assert asleep.due_utc == "2026-11-27T09:30:00Z"
    assert asleep.reminders == (
        ("2026-11-25T04:30:00Z", None), ("2026-11-26T09:30:00Z", 1440), ("2026-11-27T08:30:00Z", 60)
    )  # fmt: skip
    assert moved.hidden_until is None
    assert moved.reminders == (
        ("2026-11-25T04:30:00Z", None), ("2026-11-27T09:30:00Z", 1440), ("2026-11-28T08:30:00Z", 60)
    )  # fmt: skip


def test_without_a_due_time_only_reminders_with_a_moment_of_their_own_stay(book, change):
    own = Remind(at=When("2026-11-25", None, "Asia/Kolkata"))
    ref = activities.plan(book, "x", Links(), now=NOW_UTC, due=DUE, remind=[Remind(lead=60), own, own])
    activities.move(book, ref, None, now=NOW_UTC)

    assert queries.get(book.db, ref).reminders == (("2026-11-25T03:30:00Z", None),)


@pytest.mark.parametrize("end", [activities.complete, activities.cancel], ids=["complete", "cancel"])
def test_what_is_over_keeps_its_reminders_and_is_hidden_no_longer(book, change, end):
    ref = activities.plan(book, "x", Links(), now=NOW_UTC, due=DUE, remind=[Remind(lead=60)])
    activities.snooze(book, ref, DUE, now=NOW_UTC)
    end(book, ref, now=NOW_UTC, **({"at": NOW_UTC, "zone": "Asia/Kolkata"} if end is activities.complete else {}))

    over = queries.get(book.db, ref)
    assert (over.hidden_until, len(over.reminders)) == (None, 1)


def test_completing_keeps_the_text(book, asha, change):
    ref = activities.plan(
        book, "x\nbefore", Links((asha,)), now=NOW_UTC, due=DUE, remind=[Remind(lead=60)], kind="call"
    )
    activities.complete(book, ref, at=NOW_UTC, now=NOW_UTC, zone="Asia/Kolkata", text="after", outcome="no-answer")

    done = queries.get(book.db, ref)
    assert (done.status, done.body, done.reach) == ("done", "before\n\nafter", 1)
    assert book.db.execute("SELECT reach, at_utc FROM activity_participant").fetchone() == (1, NOW_UTC)


@pytest.mark.parametrize("verb", [activities.cancel, activities.remove])
def test_nothing_is_cancelled_or_removed_that_is_not_there(book, change, verb):
    with pytest.raises(NotFoundError):
        verb(book, 9, **({} if verb is activities.remove else {"now": NOW_UTC}))


def test_what_is_done_cannot_be_done_again(book, asha, change):
    ref = activities.log(book, "call", Links((asha,)), text="", at=NOW_UTC, now=NOW_UTC)
    with pytest.raises(ConflictError, match="done already"):
        activities.complete(book, ref, at=NOW_UTC, now=NOW_UTC, zone="Asia/Kolkata")


def test_what_follows_a_removed_activity_stands_alone(book, asha, change):
    first = activities.log(book, "call", Links((asha,)), text="", at=NOW_UTC, now=NOW_UTC)
    activities.plan(book, "next", Links((asha,)), now=NOW_UTC, follows=first)
    activities.remove(book, first)

    assert len(dump(book.db)["activity"]) == 1
    assert book.db.execute("PRAGMA foreign_key_check").fetchall() == []


def test_the_company_is_where_the_first_person_works(book, change):
    acme = companies.add(book, "Acme", now=NOW_UTC)
    ref = contacts.add(book, "Ravi", [contacts.Edit("company", "set", "ACME")], now=NOW_UTC)
    call = activities.log(book, "call", Links((ref,)), text="", at=NOW_UTC, now=NOW_UTC)

    assert queries.get(book.db, call).company_id == acme
