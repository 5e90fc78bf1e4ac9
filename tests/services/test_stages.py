"""The stages of the pipeline: in order, never two of one name, never taken away from under a deal."""

import pytest
from support import NOW_UTC

from crm_cli.errors import ConflictError, NotFoundError, UsageError
from crm_cli.queries import stages as queries
from crm_cli.services import stages


@pytest.fixture
def work(book):
    """Do one thing as one change."""

    def do(what, *args, **named):
        with book.change("x", now=NOW_UTC):
            return what(book, *args, **named)

    return do


def names(book):
    return [stage.name for stage in queries.every(book.db) if not stage.archived]


def deal_in(book, stage):
    book.db.execute(
        "INSERT INTO deal (uid, title, title_key, stage_id, created_utc, updated_utc)"
        " VALUES ('u', 't', 't', ?, '', '')",
        (queries.find(book.db, stage).id,),
    )


def test_every_book_has_a_pipeline(book):
    assert [(stage.name, stage.place, stage.probability) for stage in queries.every(book.db)] == [
        ("Lead", 1, 10), ("Qualified", 2, 25), ("Proposal", 3, 50), ("Negotiation", 4, 75),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("place", "order"),
    [
        (None, ["Lead", "Qualified", "Proposal", "Negotiation", "Samples"]),
        (1, ["Samples", "Lead", "Qualified", "Proposal", "Negotiation"]),
        (3, ["Lead", "Qualified", "Samples", "Proposal", "Negotiation"]),
        (99, ["Lead", "Qualified", "Proposal", "Negotiation", "Samples"]),
    ],
)
def test_a_stage_is_put_at_its_place(book, work, place, order):
    work(stages.add, "Samples", place=place)

    assert names(book) == order
    assert [stage.place for stage in queries.every(book.db)] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("name", ["proposal", " PROPOSAL ", "Própósal"])
def test_two_stages_of_one_name_are_refused(book, work, name):
    with pytest.raises(ConflictError):
        work(stages.add, name)
    with pytest.raises(ConflictError):
        work(stages.rename, queries.find(book.db, "lead"), name)


@pytest.mark.parametrize("name", ["", "  ", "a\x1bb", 'a"b', "won", "Lost"])
def test_what_is_no_name_is_refused(work, name):
    with pytest.raises(UsageError):
        work(stages.add, name)


def test_a_stage_keeps_its_deals_under_another_name(book, work):
    work(deal_in, "proposal")
    work(stages.rename, queries.find(book.db, "prop"), "Proposal")
    work(stages.rename, queries.find(book.db, "prop"), "Angebot")

    assert (queries.find(book.db, "ang").deals, names(book)[2]) == (1, "Angebot")


def test_a_stage_with_open_deals_is_not_archived(book, work):
    work(deal_in, "lead")
    with pytest.raises(ConflictError, match="1 open deal is in Lead"):
        work(stages.archive, queries.find(book.db, "lead"))


def test_an_archived_stage_is_no_place_for_a_deal_and_comes_back(book, work):
    work(stages.archive, queries.find(book.db, "lead"))

    assert queries.first(book.db).name == "Qualified"
    with pytest.raises(NotFoundError):
        queries.find(book.db, "lead")
    work(stages.bring_back, queries.find(book.db, "lead", archived=True))
    assert names(book)[0] == "Lead"


def test_the_last_stage_stays(book, work):
    for name in ("Lead", "Qualified", "Proposal"):
        work(stages.archive, queries.find(book.db, name))
    with pytest.raises(ConflictError, match="needs a stage"):
        work(stages.archive, queries.find(book.db, "negotiation"))


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("propsal", "did you mean Proposal?"),
        ("xyz", "stages: Lead, Qualified"),
        ("won", "crm deal win is for that"),
        ("", "stages"),
    ],
)
def test_a_stage_that_is_not_there_is_answered_with_the_nearest(book, text, hint):
    with pytest.raises(NotFoundError) as caught:
        queries.find(book.db, text)
    assert hint in caught.value.hint
