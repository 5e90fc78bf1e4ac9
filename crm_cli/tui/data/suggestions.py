"""What the book knows about a text that is being typed in a form. Each opens the book, in a thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_cli.book.book import Book
from crm_cli.core.kinds import COMPANY, PERSON
from crm_cli.core.text.folding import fold, sort_key
from crm_cli.errors import CrmError
from crm_cli.tui.dialogs.spec import Offer, Suggestions

if TYPE_CHECKING:
    import sqlite3

    from crm_cli.queries.refs import Candidate
    from crm_cli.session import Session

MOST = 5
"""How many texts are offered."""
MANY = 50
"""The number of candidates from which there may be more."""
STEPS = 2_000_000
"""The steps of SQLite's virtual machine after which a query is given up."""


def anyone(session: Session, text: str) -> Suggestions:
    """Return which person or company a REF means, or those it could mean."""
    return _ref(session, text, (PERSON.name, COMPANY.name), "no match")


def person(session: Session, text: str) -> Suggestions:
    """Return which person a REF means, or those it could mean."""
    return _ref(session, text, (PERSON.name,), "→ a person who is not in the book")


def _ref(session: Session, text: str, kinds: tuple[str, ...], unknown: str) -> Suggestions:
    from crm_cli.queries import refs

    if not text.strip():
        return Suggestions()
    with Book.read(session.path) as book:
        book.db.set_progress_handler(lambda: True, STEPS)
        try:
            found = refs.resolve(book.db, text, kinds=kinds, region=session.region)
        except CrmError:  # too long or without a letter; what is wrong is said when it is saved
            return Suggestions()
        if not found:
            return Suggestions(unknown)
        if len(found) == 1:
            return Suggestions(f"→ {found[0].line}")
        count = f"{MANY} or more" if len(found) >= MANY else str(len(found))
        advice = "↓ chooses" if len(found) <= MOST else "type more, or ↓"
        return Suggestions(f"matches {count}: {advice}", _offers(book.db, found[:MOST], kinds))


def _offers(db: sqlite3.Connection, found: list[Candidate], kinds: tuple[str, ...]) -> tuple[Offer, ...]:
    """Return the names that mean one record each; for one with namesakes, the printed id."""
    from crm_cli.queries import refs

    offers = []
    for one in found:
        name = refs.name(db, one.kind, one.id)
        is_unique = [each.ref for each in refs.resolve(db, name, kinds=kinds)] == [one.ref] if name else False
        offers.append(Offer(name if is_unique else one.ref, one.line))
    return tuple(offers)


def namesakes(session: Session, text: str) -> Suggestions:
    """Return who is in the book already under the name of a new person."""
    from crm_cli.queries import contacts, refs

    if not text.strip():
        return Suggestions()
    with Book.read(session.path) as book:
        found = contacts.by_name(book.db, sort_key(text))
        lines = [f"{ref} {refs.line(book.db, PERSON.name, ref)}" for ref in found[:2]]
    more = f" and {len(found) - 2} more" if len(found) > 2 else ""
    return Suggestions(f"in the book already: {'; '.join(lines)}{more}" if found else "")


def company(session: Session, text: str) -> Suggestions:
    """Return the companies whose names begin like a text, and whether there is one of that name."""
    from crm_cli.queries import companies, completion

    if not text.strip():
        return Suggestions()
    with Book.read(session.path) as book:
        book.db.set_progress_handler(lambda: True, STEPS)
        is_known = bool(companies.by_name(book.db, sort_key(text)))
        names = [name for name, _ in completion.names(book.db, text, (COMPANY.name,))]
    offers = tuple(Offer(name, name) for name in dict.fromkeys(names) if sort_key(name) != sort_key(text))[:MOST]
    return Suggestions("" if is_known else "→ a new company", offers)


def tags(session: Session, text: str) -> Suggestions:
    """Return the tags that begin like the last word of a text; a sign before it stays."""
    from crm_cli.queries import completion

    last = text.rsplit(maxsplit=1)[-1] if text.strip() and not text[-1].isspace() else ""
    begun = last.lstrip("+-")
    if not begun:
        return Suggestions()
    before, sign = text[: len(text) - len(last)], last[: len(last) - len(begun)]
    given = {fold(word.lstrip("+-")) for word in before.split()}
    with Book.read(session.path) as book:
        names = [name for name, _ in completion.tags(book.db)]
    found = [name for name in names if fold(name).startswith(fold(begun)) and fold(name) not in {*given, fold(begun)}]
    return Suggestions("", tuple(Offer(f"{before}{sign}{name} ", f"{sign}{name}") for name in found[:MOST]))
