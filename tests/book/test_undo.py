"""Undo and redo: whole, in any order that makes sense, and refused by name where it makes none."""

import pytest
from support import NOW_UTC, differences, dump, index_lag

from crm_cli.book import undo
from crm_cli.cli.assignments import parse
from crm_cli.errors import ConflictError, NotFoundError
from crm_cli.services import activities, companies, contacts, fields, tags


@pytest.fixture
def do(book):
    """Make one change of a callable and return its id."""

    def make(work, *args, verb="do", origin="hand", **more):
        with book.change(verb, now=NOW_UTC, origin=origin) as change:
            work(book, *args, **({"now": NOW_UTC} | more))
        assert change.ref
        return change.id

    return make


def edits(book, *words, company=False):
    return parse(book.db, words, company=company)[1]


def test_a_deletion_comes_back_with_all_that_hung_off_it(book, do):
    do(
        contacts.add,
        "Asha",
        edits(book, "email=a@x.in", "phone=098200 12345", "city=Pune", "company=Acme", "+vip", "birthday=--04-12"),
    )
    do(activities.log, "call", activities.Links((1,)), text="hello", at=NOW_UTC)
    before = dump(book.db)
    with book.change("rm", now=NOW_UTC) as change:
        contacts.remove(book, 1)
    assert dump(book.db)["contact"] == dump(book.db)["activity"] == []

    undo.undo(book.db, change.id)

    assert differences(before, dump(book.db)) == {}
    assert index_lag(book.db) == {}


def test_undo_out_of_order_leaves_the_work_of_others(book, do):
    do(contacts.add, "Asha")
    first = do(contacts.edit, 1, edits(book, "nickname=Ash"))
    do(contacts.edit, 1, edits(book, "city=Pune"))

    undo.undo(book.db, first)

    assert book.db.execute("SELECT nickname, locality FROM contact, postal_address").fetchone() == ("", "Pune")


def test_undo_out_of_order_still_moves_the_revision(book, do):
    do(contacts.add, "Asha")
    first = do(contacts.edit, 1, edits(book, "nickname=Ash"))
    do(contacts.edit, 1, edits(book, "city=Pune"))
    (had,) = book.db.execute("SELECT revision FROM contact").fetchone()
    undo.undo(book.db, first)

    assert book.db.execute("SELECT revision FROM contact").fetchone()[0] > had


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("nickname=Ash", "nickname=Asu"),
        ("email=a@x.in", "email=b@x.in"),
        ("city=Pune", "city=Goa"),
        ("company=Acme", "company=Globex"),
        ("notes=a", "notes+=b"),
        ("+vip", "-vip"),
    ],
)
def test_what_was_changed_again_is_not_undone_and_the_later_change_is_named(book, do, earlier, later):
    do(contacts.add, "Asha")
    first = do(contacts.edit, 1, edits(book, earlier))
    second = do(contacts.edit, 1, edits(book, later))
    before = dump(book.db)

    with pytest.raises(ConflictError, match=f"later changes build on it: ch{second}"):
        undo.undo(book.db, first)

    assert dump(book.db) == before


def test_a_person_with_later_history_is_not_undone(book, do):
    first = do(contacts.add, "Asha")
    second = do(activities.log, "call", activities.Links((1,)), text="hello", at=NOW_UTC)

    with pytest.raises(ConflictError, match=f"ch{second}"):
        undo.undo(book.db, first)


def test_a_tag_that_others_bear_by_now_is_not_undone(book, do):
    do(contacts.add, "Asha")
    do(contacts.add, "Ravi")
    first = do(tags.apply, [("contact", 1)], add=["vip"], remove=[])
    second = do(tags.apply, [("contact", 2)], add=["vip"], remove=[])

    with pytest.raises(ConflictError, match=f"ch{second}"):
        undo.undo(book.db, first)


def test_what_would_come_back_to_a_company_that_is_gone_is_not_undone(book, do):
    do(contacts.add, "Asha", edits(book, "company=Acme"))
    first = do(contacts.edit, 1, edits(book, "company=Globex"))
    second = do(companies.remove, 1)

    with pytest.raises(ConflictError, match=f"ch{second}"):
        undo.undo(book.db, first)
    assert not book.db.in_transaction


def test_a_value_of_a_field_that_is_gone_is_not_undone(book, do):
    with book.change("field add", now=NOW_UTC):
        fields.add(book, "renewal", type_="date")
    do(contacts.add, "Asha", edits(book, "renewal=2027-01-01"))
    first = do(lambda book, now: contacts.remove(book, 1))
    second = do(lambda book, now: fields.remove(book, "renewal"))

    with pytest.raises(ConflictError, match=f"ch{second}"):
        undo.undo(book.db, first)


def test_a_bare_undo_is_about_the_last_change_made_by_hand(book, do):
    by_hand = do(contacts.add, "Asha")
    do(contacts.add, "Ravi", origin="cron")
    do(contacts.add, "Mia", origin="script")

    assert undo.latest(book.db) == by_hand


def test_undo_walks_back_and_redo_walks_forth(book, do):
    ids = [do(contacts.add, name) for name in ("Asha", "Ravi", "Mia")]
    after = dump(book.db)
    undone = []
    while (change := undo.latest(book.db)) is not None:
        undo.undo(book.db, change)
        undone.append(change)
    assert undone == ids[::-1]

    redone = []
    while (change := undo.latest(book.db, undone=True)) is not None:
        undo.redo(book.db, change)
        redone.append(change)

    assert redone == ids
    assert dump(book.db) == after


def test_a_new_change_clears_redo(book, do):
    change = do(contacts.add, "Asha")
    undo.undo(book.db, change)
    do(contacts.add, "Ravi")

    assert undo.latest(book.db, undone=True) is None
    with pytest.raises(ConflictError, match="other changes came since"):
        undo.redo(book.db, change)


@pytest.mark.parametrize(("work", "times", "words"), [(undo.undo, 2, "undone already"), (undo.redo, 1, "not undone")])
def test_nothing_is_taken_back_or_brought_twice(book, do, work, times, words):
    change = do(contacts.add, "Asha")
    for _ in range(times - 1):
        work(book.db, change)
    with pytest.raises(ConflictError, match=words):
        work(book.db, change)


def test_a_change_that_never_was(book):
    with pytest.raises(NotFoundError, match="no change ch7"):
        undo.undo(book.db, 7)


def test_a_rehearsed_undo_changes_nothing(book, do):
    change = do(contacts.add, "Asha")
    before = dump(book.db)
    undo.undo(book.db, change, dry_run=True)

    assert dump(book.db) == before
    assert undo.latest(book.db) == change
    assert do(contacts.add, "Ravi") == change + 1
