"""A change of employer: which points belong to the place that is left."""

import pytest
from support import NOW_UTC

from crm_cli.cli.assignments import parse
from crm_cli.errors import NotFoundError
from crm_cli.queries import contacts as queries
from crm_cli.services import companies, contacts, jobs


@pytest.mark.parametrize(
    ("point", "state"),
    [
        ("email.work=a@any.in", "former"), ("email=a@acme.in", "former"), ("email=a@www.acme.in", "current"),
        ("email.home=a@gmail.com", "current"),
        ("phone.work=020 2553 1234", "former"), ("phone.Office=020 2553 1234", "former"),
        ("phone.mobile=098200 12345", "current"),
        ("phone.direct=020 2553 1235", "former"),
    ],
)  # fmt: skip
def test_points_of_the_place_that_is_left(book, point, state):
    with book.change("x", now=NOW_UTC):
        companies.add(book, "Acme", parse(book.db, ["url=https://www.acme.in/x"], company=True)[1], now=NOW_UTC)
        ref = contacts.add(book, "Asha", parse(book.db, ["company=Acme", point])[1], now=NOW_UTC, region="IN")
        jobs.change_employer(book, ref, "Globex", since="2026-11-01", now=NOW_UTC)

    assert [each.state for each in queries.get(book.db, ref).points] == [state]


def test_a_new_address_at_work_does_not_overwrite_the_former_one(book):
    with book.change("x", now=NOW_UTC):
        ref = contacts.add(book, "Asha", parse(book.db, ["company=Acme", "email.work=a@acme.in"])[1], now=NOW_UTC)
        jobs.change_employer(
            book, ref, "Globex", parse(book.db, ["email.work=a@globex.in"])[1], since="2026-11-01", now=NOW_UTC
        )

    points = queries.get(book.db, ref).points
    assert [(each.value, each.label, each.state) for each in points] == [
        ("a@globex.in", "work", "current"),
        ("a@acme.in", "work", "former"),
    ]


def test_a_second_job_held_at_once_is_left_too(book):
    with book.change("x", now=NOW_UTC):
        ref = contacts.add(book, "Asha", parse(book.db, ["title=Freelancer"])[1], now=NOW_UTC)
        jobs.change_employer(book, ref, "Globex", since="2026-11-01", now=NOW_UTC)

    assert [(job.company, job.title, job.current) for job in queries.get(book.db, ref).employments] == [
        ("Globex", "", True),
        ("", "Freelancer", False),
    ]


def test_somebody_who_is_not_there(book):
    with pytest.raises(NotFoundError), book.change("x", now=NOW_UTC):
        jobs.change_employer(book, 9, "Globex", since="2026-11-01", now=NOW_UTC)


def test_it_moves_the_revision_once(book):
    with book.change("add", now=NOW_UTC):
        ref = contacts.add(book, "Asha", parse(book.db, ["company=Acme"])[1], now=NOW_UTC)
    with book.change("job", now=NOW_UTC):
        jobs.change_employer(book, ref, "Globex", parse(book.db, ["title=CTO", "+moved"])[1], since="", now=NOW_UTC)

    assert queries.get(book.db, ref).revision == 2
