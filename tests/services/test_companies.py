"""Companies: one for each name, and what stays when one goes."""

import pytest
from support import NOW_UTC, dump

from crm_cli.cli.assignments import parse
from crm_cli.errors import ConflictError, NotFoundError, UsageError
from crm_cli.queries import companies as queries
from crm_cli.queries import contacts as people
from crm_cli.services import activities, companies, contacts


@pytest.fixture
def acme(book):
    with book.change("x", now=NOW_UTC):
        return companies.add(book, "Acme", now=NOW_UTC)


@pytest.mark.parametrize("name", ["acme", "ACME", " Acme ", "Ácme"])
def test_ensure_takes_the_one_that_is_there(book, acme, name):
    with book.change("x", now=NOW_UTC) as change:
        assert companies.ensure(book, name, now=NOW_UTC) == acme
    assert change.ref == ""


def test_a_company_without_a_name_is_refused(book):
    with pytest.raises(UsageError), book.change("x", now=NOW_UTC):
        companies.add(book, " ", now=NOW_UTC)


def test_people_history_and_titles_stay_when_a_company_goes(book, acme):
    with book.change("x", now=NOW_UTC):
        titled = contacts.add(book, "Asha", parse(book.db, ["company=Acme", "title=CTO"])[1], now=NOW_UTC)
        plain = contacts.add(book, "Ravi", parse(book.db, ["company=Acme"])[1], now=NOW_UTC)
        call = activities.log(book, "call", activities.Links((titled,)), text="x", at=NOW_UTC, now=NOW_UTC)
    with book.change("rm", now=NOW_UTC):
        companies.remove(book, acme, now=NOW_UTC)

    assert [job.title for job in people.get(book.db, titled).employments] == ["CTO"]
    assert people.get(book.db, plain).employments == ()
    assert {row[0] for row in dump(book.db)["activity"]} == {call}
    assert book.db.execute("PRAGMA foreign_key_check").fetchall() == []


def test_a_stale_revision_is_refused(book, acme):
    with pytest.raises(ConflictError), book.change("x", now=NOW_UTC):
        companies.edit(book, acme, [], now=NOW_UTC, revision=9)


@pytest.mark.parametrize(
    "work", [lambda book: companies.edit(book, 9, [], now=NOW_UTC), lambda book: companies.remove(book, 9, now=NOW_UTC)]
)
def test_a_company_that_is_not_there(book, work):
    with pytest.raises(NotFoundError), book.change("x", now=NOW_UTC):
        work(book)


def test_a_renamed_company_is_found_by_its_new_name(book, acme):
    with book.change("x", now=NOW_UTC):
        companies.edit(book, acme, parse(book.db, ["name=Globex"], company=True)[1], now=NOW_UTC)
    assert (queries.by_name(book.db, "globex"), queries.by_name(book.db, "acme")) == ([acme], [])
