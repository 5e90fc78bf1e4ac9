"""Writes from the dashboard: one change each, through the services of the command line. They run in threads."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crm_cli.book.book import Book
from crm_cli.core import activities as rules
from crm_cli.core import when
from crm_cli.core.kinds import BY_LETTER, COMPANY, PERSON, RECORDS, split
from crm_cli.errors import AmbiguousError, NotFoundError
from crm_cli.queries import activities
from crm_cli.render import outcomes
from crm_cli.tui.data.running import book_of, changing, counted

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from crm_cli.core.daily import Activity
    from crm_cli.core.edits import Edit, TagEdit
    from crm_cli.core.records import ChangeInfo
    from crm_cli.core.series import Followed
    from crm_cli.queries.refs import Candidate
    from crm_cli.services.activities import Links
    from crm_cli.services.reminders import Remind
    from crm_cli.session import Session

Values = dict[str, str]
"""The answers of a dialog: field -> text."""
NAMED = 3
"""How many subjects of a change are named when it is undone."""


class Result(NamedTuple):
    """The result of a write: a message, and the change's printed id (``""``: nothing changed).

    ``made`` is the id of the new record, if there is one; ``advice`` is shown after the change's id.
    """

    message: str
    change: str
    made: int | None = None
    advice: str = ""

    def words(self) -> str:
        """Return the text to show."""
        return f"{self.message} [{self.change}]{self.advice}" if self.change else self.message


def change(session: Session, verb: str, work: Callable[[Book], str | tuple[str, int]]) -> Result:
    """Make one change to the book; ``work`` returns the message, or the message and the id of a new record."""
    with changing(session, verb) as (book, made):
        answer = work(book)
    message, person = answer if isinstance(answer, tuple) else (answer, None)
    return Result(message, made.ref, person)


def noted(result: Result, notes: Sequence[str], advice: str = "") -> Result:
    """Add what should be known about a change, empty texts apart, and what can be done about it."""
    words = "; ".join(filter(None, [*notes, advice]))
    return result._replace(advice=f" ({words})") if words else result


WITH: tuple[str, ...] = (PERSON.name, COMPANY.name)


def meant(
    session: Session, book: Book, text: str, kinds: tuple[str, ...] = WITH, *, field: str = "with"
) -> Candidate | None:
    """Return the one record that a REF in a ``field`` means, or None if nothing matches. Raises AmbiguousError."""
    from crm_cli.queries import refs

    found = refs.resolve(book.db, text, kinds=kinds, region=session.region)
    if len(found) > 1:
        lines = "; ".join(one.line for one in found[:4])
        raise AmbiguousError(f"{text} matches {len(found)}: {lines}", field=field)
    return found[0] if found else None


def happened(session: Session, text: str) -> str:
    """Return the instant of a past activity; now if the text is empty."""
    if not text.strip():
        return session.now_utc
    return when.instant(session.moment(text, past=True), session.now)


def _plan_next(session: Session, book: Book, text: str, follows: int) -> list[Activity]:
    """Plan the next step with the same people, if one is given, and return it."""
    if not text.strip():
        return []
    from crm_cli.services import activities as service

    before = activities.get(book.db, follows)
    links = service.Links(tuple(person.id for person in before.people), before.company_id, before.deal_id)
    made = service.plan_next(book, [session.step(text)], links, follows, now=session.now_utc)
    return activities.load(book.db, made)


def done(session: Session, ref: int, values: Values) -> Result:
    """Complete an activity, and plan the next step with the same people."""

    def work(book: Book) -> str:
        from crm_cli.services import activities as service

        at = happened(session, values["when"])
        after = service.complete(
            book, ref, at=at, now=session.now_utc, zone=session.zone, text=values["text"], outcome=values["outcome"]
        )
        steps = [*_following(book, after), *_plan_next(session, book, values["next"], ref)]
        followed = [after] if after else []
        return outcomes.completed([activities.get(book.db, ref)], steps, session.day, followed)

    return change(session, "done", work)


def move(session: Session, ref: int, values: Values) -> Result:
    """Move an activity to another time."""

    def work(book: Book) -> str:
        from crm_cli.services import activities as service

        due = session.moment(values["when"], base=activities.due(book.db, ref))
        service.move(book, ref, due, now=session.now_utc)
        record = activities.get(book.db, ref)
        notes.append(outcomes.passed_words(record, session.day))
        return outcomes.moved([record], session.day)

    notes: list[str] = []
    return noted(change(session, "move", work), notes)


def snooze(session: Session, ref: int, values: Values) -> Result:
    """Hide an activity from the list until later."""

    def work(book: Book) -> str:
        from crm_cli.services import activities as service

        until = session.moment(values["when"], spans=True)
        service.snooze(book, ref, until, now=session.now_utc)
        record = activities.get(book.db, ref)
        notes.append(outcomes.past_due_words(record, session.day))
        return outcomes.snoozed([record], until, session.day)

    notes: list[str] = []
    return noted(change(session, "snooze", work), notes, "u undoes it")


def cancel(session: Session, ref: int) -> Result:
    """Cancel an activity."""

    def work(book: Book) -> str:
        from crm_cli.services import activities as service

        service.cancel(book, ref, now=session.now_utc)
        return outcomes.cancelled([activities.get(book.db, ref)])

    return change(session, "cancel", work)


def skip(session: Session, ref: int) -> Result:
    """Skip one activity of a series, and plan the next."""

    def work(book: Book) -> str:
        from crm_cli.services import series

        after = series.skip(book, ref, now=session.now_utc, zone=session.zone)
        return outcomes.passed_over([activities.get(book.db, ref)], _following(book, after), session.day, [after])

    return change(session, "skip", work)


def end(session: Session, ref: int) -> Result:
    """Cancel an activity that repeats, and end its series."""

    def work(book: Book) -> str:
        from crm_cli.services import series

        series.end(book, ref, now=session.now_utc)
        return outcomes.cancelled([activities.get(book.db, ref)], ended=True)

    return change(session, "cancel", work)


def _following(book: Book, after: Followed | None) -> list[Activity]:
    """Return the activity that is next in a series, if there is one."""
    return activities.load(book.db, [after.next]) if after and after.next is not None else []


def log(session: Session, refs: Sequence[int], values: Values, kind: str = PERSON.name) -> Result:
    """Log one activity with these people, or with a company, and plan the next step."""
    return log_with(session, _links(refs, kind), values)


def _links(refs: Sequence[int], kind: str) -> Links:
    """Return the links of an activity: any number of people, or one company."""
    from crm_cli.services.activities import Links

    return Links(tuple(refs)) if kind == PERSON.name else Links((), refs[0])


def log_with(session: Session, links: Links, values: Values) -> Result:
    """Log one activity with people, a company or a deal, and plan the next step."""

    def work(book: Book) -> str:
        from crm_cli.services import activities as service

        kind = values["kind"]
        direction = values["direction"] or ("out" if kind in rules.WRITTEN else "")
        ref = service.log(
            book, kind, links, text=values["text"], at=happened(session, values["when"]),
            now=session.now_utc, direction=direction, outcome=values["outcome"],
        )  # fmt: skip
        steps = _plan_next(session, book, values["next"], ref)
        return outcomes.logged(activities.get(book.db, ref), steps, session.day)

    return change(session, "log", work)


def note(session: Session, refs: Sequence[int], text: str, kind: str = PERSON.name) -> Result:
    """Write a note about these people, or about a company."""
    values = dict.fromkeys(("direction", "when", "outcome", "next"), "") | {"kind": "note", "text": text}
    return log(session, refs, values, kind)


def todo(session: Session, refs: Sequence[int], values: Values, kind: str = PERSON.name) -> Result:
    """Plan an activity with these people or with a company, or without anyone."""
    return plan_with(session, _links(refs, kind), values)


def plan_with(session: Session, links: Links, values: Values) -> Result:
    """Plan an activity with people, a company or a deal."""

    def work(book: Book) -> str:
        from crm_cli.services import activities as service

        due = session.moment(values["when"]) if values["when"].strip() else None
        every, due = (
            session.rule(values["every"], due, typed=values["when"]) if values["every"].strip() else (None, due)
        )
        ref = service.plan(
            book, values["text"], links, now=session.now_utc, kind=values["kind"], due=due, every=every,
            remind=reminders_in(session, values["remind"]), priority=values["priority"],
        )  # fmt: skip
        record = activities.get(book.db, ref)
        notes.append(outcomes.passed_words(record, session.day, fixed=True))
        return outcomes.planned(record, session.day)

    notes: list[str] = []
    return noted(change(session, "todo", work), notes)


def reminders_in(session: Session, text: str) -> list[Remind]:
    """Parse reminders separated by commas: times, and leads before the due time (``-1d``). Raises UsageError."""
    from crm_cli.services import reminders

    return reminders.read_all(map(str.strip, text.split(",")), session.moment)


def tag(session: Session, people: Sequence[int], edits: Sequence[TagEdit], kind: str = PERSON.name) -> Result:
    """Add tags to people (or companies) and remove others."""

    def work(book: Book) -> str:
        from crm_cli.services import tags as service

        add, remove = ([one.name for one in edits if one.add is adding] for adding in (True, False))
        service.apply(book, ((kind, ref) for ref in counted(people)), add=add, remove=remove, now=session.now_utc)
        return outcomes.tagged(named(book, people, kind), add, remove)

    return change(session, "tag", work)


def add(session: Session, edits: Sequence[Edit | TagEdit], name: str) -> Result:
    """Add a person."""

    def work(book: Book) -> tuple[str, int]:
        from crm_cli.services import contacts as service

        ref = service.add(book, name, edits, now=session.now_utc, region=session.region)
        return outcomes.added(named(book, [ref])), ref

    return change(session, "add", work)


def edit(session: Session, person: int, edits: Sequence[Edit | TagEdit], revision: int) -> Result:
    """Change a person, unless it has been changed since ``revision``."""

    def work(book: Book) -> str:
        from crm_cli.services import contacts as service

        service.edit(book, person, edits, now=session.now_utc, region=session.region, revision=revision)
        return outcomes.changed(named(book, [person]))

    return change(session, "edit", work)


def remove(session: Session, people: Sequence[int]) -> Result:
    """Remove people, and report what was removed with them."""
    from crm_cli.queries import changes
    from crm_cli.services import contacts as service

    with changing(session, "rm") as (book, made):
        gone = named(book, people)
        for ref in counted(people):
            service.remove(book, ref)
        along = changes.along(book.db, made.id, ["contact"] * len(people))
    return Result(outcomes.removed(gone, along), made.ref, advice=" (u restores them)")


def named(book: Book, refs: Sequence[int], kind: str = PERSON.name) -> str:
    """Return one record's id and name, or the number of records."""
    from crm_cli.queries import refs as records

    if len(refs) != 1:
        return f"{len(refs)} {RECORDS[kind].plural}"
    return f"{records.printed(kind, refs[0])} {records.name(book.db, kind, refs[0])}"


def turnable(session: Session, verb: str) -> ChangeInfo | None:
    """Return the change that undo (or redo) would apply to, or None."""
    from crm_cli.book import undo
    from crm_cli.queries import changes

    with Book.read(session.path) as book:
        found = undo.latest(book.db, undone=verb == "redo")
        return changes.get(book.db, found) if found is not None else None


def turn(session: Session, verb: str, info: ChangeInfo) -> Result:
    """Undo or redo a change, and describe it. Raises ConflictError, NotFoundError."""
    from crm_cli.book import undo
    from crm_cli.queries import changes

    with book_of(session) as book:
        before, counts = _subjects(book, info), changes.counts(book.db, info.id)
        skipped = changes.after(book.db, info.id) if verb == "undo" else []
        (undo.undo if verb == "undo" else undo.redo)(book.db, info.id)
        after = _subjects(book, info)
    named = [old or new for old, new in zip(before, after, strict=True)] if verb == "undo" else after
    by = "" if info.origin == "tui" else f" (by {info.origin})"
    about = outcomes.subjects(list(filter(None, named)), counts)
    words = f"{outcomes.turned(verb, info, session.zone)}{by}{f': {about}' if about else ''}"
    return Result(words + outcomes.skipped(skipped), "")


def _subjects(book: Book, info: ChangeInfo) -> list[str]:
    """Return a line about each of the first subjects of a change; ``""`` for what is not a record, or is gone.

    The lines of several are only their names.
    """
    from crm_cli.queries import refs

    parts = [split(ref) for ref in info.subjects[:NAMED]]
    line = refs.line if len(info.subjects) <= NAMED else refs.name
    return [
        line(book.db, BY_LETTER[letter].name, int(number)) if number.isdecimal() else "" for letter, number in parts
    ]


def nothing(verb: str) -> NotFoundError:
    """Return the error for when there is nothing to undo or redo."""
    return NotFoundError(f"there is nothing to {verb}")
