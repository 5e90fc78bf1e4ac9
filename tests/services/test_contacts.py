"""People: what the rules refuse, and what hangs off them."""

import pytest
from support import LATER_UTC, NOW_UTC, dump

from crm_cli.cli.assignments import parse
from crm_cli.core.when import When
from crm_cli.errors import ConflictError, CrmError, NotFoundError, UsageError
from crm_cli.queries import contacts as queries
from crm_cli.services import activities, contacts
from crm_cli.services.reminders import Remind


@pytest.fixture
def asha(book):
    with book.change("add", now=NOW_UTC):
        return contacts.add(
            book, "Asha Verma", parse(book.db, ["email=a@x.in", "phone=098200 12345"])[1], now=NOW_UTC, region="IN"
        )


def edit(book, ref, *words, **more):
    with book.change("edit", now=LATER_UTC) as change:
        contacts.edit(book, ref, parse(book.db, words)[1], now=LATER_UTC, region="IN", **more)
    return change


@pytest.mark.parametrize("name", ["", "   ", "\n"])
def test_nobody_cannot_be_added(book, name):
    with pytest.raises(UsageError, match="who is it"), book.change("add", now=NOW_UTC):
        contacts.add(book, name, now=NOW_UTC)


def test_a_name_is_stored_composed(book):
    with book.change("add", now=NOW_UTC):
        ref = contacts.add(book, "Zoe\u0308", now=NOW_UTC)
    assert queries.get(book.db, ref).name == "Zo\u00eb"


@pytest.mark.parametrize(
    ("words", "count"),
    [
        (["email+=A@X.IN"], 1), (["email+=b@x.in"], 2), (["phone+=+91 98200-12345"], 1),
        (["email+=b@x.in", "email-=a@x.in"], 1),
        (["email.home=h@x.in"], 2), (["email=h@x.in"], 1),
    ],
)  # fmt: skip
def test_an_address_is_there_once_however_spelled(book, asha, words, count):
    edit(book, asha, *words)
    kind = words[0].partition("+")[0].partition("=")[0].partition(".")[0]
    assert len([point for point in queries.get(book.db, asha).points if point.kind == kind]) == count


def test_a_value_that_is_there_already_becomes_the_preferred_one(book, asha):
    edit(book, asha, "email+=b@x.in")
    edit(book, asha, "email=b@x.in")

    points = [point for point in queries.get(book.db, asha).points if point.kind == "email"]
    assert [(point.value, point.preferred) for point in points] == [("b@x.in", True), ("a@x.in", False)]


def test_each_change_moves_the_revision_once(book, asha):
    before = queries.get(book.db, asha)
    edit(book, asha, "email+=b@x.in", "city=Pune", "+vip", "nickname=Ash")
    after = queries.get(book.db, asha)

    assert (after.revision, after.updated) == (before.revision + 1, LATER_UTC)


def test_nothing_written_moves_nothing(book, asha):
    before = dump(book.db)
    assert edit(book, asha, "email+=a@x.in", "city=", "birthday=").ref == ""
    assert dump(book.db) == before


def test_an_edit_with_a_mistake_at_its_end_writes_nothing(book, asha):
    before = dump(book.db)
    with pytest.raises(NotFoundError):
        edit(book, asha, "city=Pune", "-nosuchtag")
    assert dump(book.db) == before


def test_a_stale_revision_is_refused(book, asha):
    revision = queries.get(book.db, asha).revision
    edit(book, asha, "city=Pune")
    with pytest.raises(ConflictError):
        edit(book, asha, "city=Goa", revision=revision)


@pytest.mark.parametrize(
    "work", [lambda book: contacts.edit(book, 99, [], now=NOW_UTC), lambda book: contacts.remove(book, 99)]
)
def test_somebody_who_is_not_there(book, work):
    with pytest.raises(NotFoundError), book.change("x", now=NOW_UTC):
        work(book)


def test_the_last_part_of_a_name_cannot_go(book):
    with book.change("add", now=NOW_UTC):
        ref = contacts.add(book, "Asha", now=NOW_UTC)
    with pytest.raises(UsageError, match="without a name"):
        edit(book, ref, "given=")


def test_removing_leaves_no_row_behind(book, asha):
    edit(book, asha, "company=Acme", "city=Pune", "+vip")
    with book.change("log", now=NOW_UTC):
        activities.plan(
            book,
            "x",
            activities.Links((asha,)),
            now=NOW_UTC,
            remind=(Remind(at=When("2026-12-01", None, "UTC")),),
        )
    with book.change("rm", now=NOW_UTC):
        contacts.remove(book, asha)

    left = {name for name, rows in dump(book.db).items() if rows}
    assert left == {"company", "tag", "pipeline", "stage"}


@pytest.mark.parametrize(
    "word", ["email=x", "email= @x", "birthday=31 feb", "birthday=2026-13-01", "zone.work=x", "email.=a@x.in"]
)
def test_values_that_cannot_be(book, asha, word):
    with pytest.raises(CrmError):
        edit(book, asha, word)
