"""Undo of everything gives the book that was there before: found by Hypothesis, and over a long seeded run."""

from __future__ import annotations

import os
import random
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from operations import WEIGHTS
from support import NOW_UTC, differences, dump, fresh, index_lag

from crm_cli.book import backup, undo
from crm_cli.book.book import Book
from crm_cli.errors import ConflictError, CrmError

RUNS = int(os.environ.get("CRM_TEST_RUNS", "15"))
STEPS = int(os.environ.get("CRM_TEST_STEPS", "50"))
OPERATIONS = int(os.environ.get("CRM_TEST_OPERATIONS", "400"))

MIX = [operation for operation, weight in WEIGHTS.items() for _ in range(weight)]

MEMORY = Path("/dev/shm") if os.access("/dev/shm", os.W_OK) else None
"""Where a book does not wait for a disk."""


class Drawn:
    """Choices by Hypothesis."""

    def __init__(self, data: Any) -> None:
        self.data = data

    def pick(self, options):
        return self.data.draw(st.sampled_from(list(options)))

    def some(self, options, most):
        return self.data.draw(st.lists(st.sampled_from(list(options)), max_size=most, unique=True)) if options else []


class Seeded:
    """Choices by a generator that always says the same."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def pick(self, options):
        return self.random.choice(list(options))

    def some(self, options, most):
        return self.random.sample(list(options), self.random.randint(0, min(most, len(options))))


def act(book: Book, operation, draw) -> bool:
    """Do one operation as one change; a refusal must leave all as it was. Was anything changed?"""
    before = dump(book.db)
    try:
        with book.change(operation.__name__, now=NOW_UTC) as change:
            operation(book, draw, change)
    except CrmError:
        assert differences(before, dump(book.db)) == {}
        return False
    changed = dump(book.db) != before
    assert bool(change.ref) == changed or not changed, "what changed has a change"
    return bool(change.ref)


def done(book: Book) -> list[int]:
    return [row[0] for row in book.db.execute("SELECT id FROM change WHERE state = 'done' ORDER BY id DESC")]


class Undoing(RuleBasedStateMachine):
    """Any operations, with undo and redo between them, in order and out of order."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory(dir=MEMORY)
        self.book = Book.write(Path(self.folder.name) / "crm.db")
        self.start = dump(self.book.db)
        self.strict = True

    @rule(data=st.data())
    def does_and_undoes_and_redoes(self, data) -> None:
        """undo∘do and redo∘undo are the identity."""
        before = dump(self.book.db)
        if not act(self.book, data.draw(st.sampled_from(MIX)), Drawn(data)):
            return
        after, change = dump(self.book.db), done(self.book)[0]
        assert undo.latest(self.book.db, undone=True) is None, "a new change clears redo"

        undo.undo(self.book.db, change)
        assert differences(before, dump(self.book.db)) == {}
        undo.redo(self.book.db, change)
        assert differences(after, dump(self.book.db)) == {}

    @rule(data=st.data())
    def does(self, data) -> None:
        act(self.book, data.draw(st.sampled_from(MIX)), Drawn(data))

    @rule()
    def undoes_the_latest(self) -> None:
        if found := done(self.book):
            undo.undo(self.book.db, found[0])

    @rule()
    def redoes_the_latest(self) -> None:
        if (change := undo.latest(self.book.db, undone=True)) is not None:
            undo.redo(self.book.db, change)

    @rule(data=st.data())
    def undoes_any(self, data) -> None:
        """Out of order it says which changes are in the way, or takes back its own and nothing else."""
        found = done(self.book)
        if not found:
            return
        change, before = data.draw(st.sampled_from(found)), dump(self.book.db)
        try:
            undo.undo(self.book.db, change)
        except ConflictError as error:
            message = str(error)
            assert differences(before, dump(self.book.db)) == {}
            assert "ch" in message.partition(":")[2], "names the changes"
        else:
            self.strict = self.strict and change == found[0]

    @rule(data=st.data())
    def rehearses(self, data) -> None:
        """A dry run leaves no trace."""
        before, changes = dump(self.book.db), done(self.book)
        operation = data.draw(st.sampled_from(MIX))
        try:
            with self.book.change("rehearsal", now=NOW_UTC, dry_run=True) as change:
                operation(self.book, Drawn(data), change)
        except CrmError:
            pass
        assert dump(self.book.db) == before
        assert done(self.book) == changes

    @invariant()
    def index_is_in_step(self) -> None:
        assert index_lag(self.book.db) == {}

    def teardown(self) -> None:
        try:
            for change in done(self.book):
                undo.undo(self.book.db, change)
            bookkeeping = frozenset() if self.strict else undo.BOOKKEEPING
            assert self.start == fresh(), "the machine begins with a book to which nothing was done"
            assert differences(self.start, dump(self.book.db, without=bookkeeping)) == {}
            assert backup.problems(self.book.db, deep=True) == []
        finally:
            self.book.close()
            self.folder.cleanup()


TestUndoing = pytest.mark.long(Undoing.TestCase)
TestUndoing.settings = settings(
    max_examples=RUNS,
    stateful_step_count=STEPS,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    print_blob=True,
)


@pytest.mark.long
@pytest.mark.parametrize("seed", [20261122])
@pytest.mark.conv("C34")
def test_two_thousand_operations_are_all_taken_back(seed, tmp_path_factory):
    """The mix is that of ``operations.WEIGHTS``: a quarter edits of people, a fifth deals and stages, a quarter
    activities logged, planned, edited, completed, moved, snoozed, cancelled and removed, the rest adds, tags, jobs,
    companies, own fields, removals and small CSV and vCard imports; after one in twenty an undo, perhaps with its redo.
    """  # fmt: skip
    draw, chance = Seeded(seed), random.Random(seed)
    with tempfile.TemporaryDirectory(dir=MEMORY) as folder, Book.write(Path(folder) / "crm.db") as book:
        start = dump(book.db)
        made = 0
        for operation in chance.choices(list(WEIGHTS), list(WEIGHTS.values()), k=OPERATIONS):
            try:
                with book.change(operation.__name__, now=NOW_UTC) as change:
                    operation(book, draw, change)
            except CrmError:
                continue
            made += bool(change.ref)
            if chance.random() < 0.05:
                latest = done(book)[0]
                undo.undo(book.db, latest)
                if chance.random() < 0.5:
                    undo.redo(book.db, latest)
        assert made > OPERATIONS * 0.7
        assert index_lag(book.db) == {}
        assert backup.problems(book.db, deep=True) == []

        for change in done(book):
            undo.undo(book.db, change)

        assert differences(start, dump(book.db)) == {}
        assert index_lag(book.db) == {}
        assert backup.problems(book.db, deep=True) == []
