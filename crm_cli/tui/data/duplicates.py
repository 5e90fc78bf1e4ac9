"""Reads and writes for the page of likely duplicates. They run in threads."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crm_cli.book import kept
from crm_cli.book.book import Book
from crm_cli.core.kinds import BY_LETTER, BY_NAME, split
from crm_cli.render import duplicates as render
from crm_cli.render.clean import clean
from crm_cli.render.spans import Span
from crm_cli.tui.data import writes
from crm_cli.tui.data.agenda_items import Item

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Mapping, Sequence

    from crm_cli.core.combining import Merged
    from crm_cli.core.records import Merge
    from crm_cli.queries.duplicates import Duplicate
    from crm_cli.render.spans import Line
    from crm_cli.session import Session
    from crm_cli.tui.data.writes import Result

MOST = 500
"""How many pairs are listed."""
JOINT = "+"


class Listing(NamedTuple):
    """The pairs, the likeliest first, and how many there are in all."""

    items: list[Item]
    total: int


def listing(session: Session) -> Listing:
    """Find the likely duplicates among people, then among companies."""
    from crm_cli.core.duplicates.evidence import LIKELY
    from crm_cli.queries import duplicates as queries

    items: list[Item] = []
    total = 0
    with kept.reading(session.path) as book:
        for kind in ("contact", "company"):
            distinct = queries.distinct(book.db, kind)
            found = queries.find(book.db, kind, minimum=LIKELY, distinct=distinct).duplicates
            total += len(found)
            items += _items(book.db, kind, found[:MOST])
    return Listing(items, total)


def _items(db: sqlite3.Connection, kind: str, found: Sequence[Duplicate]) -> Iterator[Item]:
    from crm_cli.queries import people

    of = BY_NAME[kind]
    ids = sorted({ref for each in found for ref in (each.one, each.other)})
    rows = {row.ref: row for row in people.lines(db, ids, kind)}
    if found:
        yield Item(title=f"Likely duplicates among {of.plural}  {len(found)}", role="heading")
    for each in found:
        one, other = rows[of.printed(each.one)], rows[of.printed(each.other)]
        yield Item(
            kind, f"{one.ref}{JOINT}{other.ref}", render.percent(each.score), "",
            f"{one.name or one.email}  {other.name or other.email}", ", ".join(render.reasons(each.reasons)),
            role="value",
        )  # fmt: skip
    if found:
        yield Item()


def pair_of(ref: str) -> tuple[str, int, int]:
    """Return the kind and the ids of an item, the survivor's first."""
    one, other = ref.split(JOINT)
    letter, number = split(one)
    return BY_LETTER[letter].name, int(number), int(split(other)[1])


def side_by_side(session: Session, ref: str, width: int) -> list[Line]:
    """Return two records beside each other, field by field."""
    from crm_cli.queries import records

    kind, one, other = pair_of(ref)
    with kept.reading(session.path) as book:
        both = records.load(book.db, kind, [one, other])
    if len(both) < 2:
        return []
    names = tuple(f"{BY_NAME[kind].printed(each.id)} {clean(each.name)}" for each in both)
    return [(Span(" and ".join(names), "title"),), (), *render.side_by_side(both[0], both[1], width=width)]


def preview(session: Session, kind: str, survivor: int, losers: Sequence[int]) -> Merged:
    """Return what a merge would do; nothing is changed."""
    from crm_cli.services import merging

    with (
        Book.rehearse(session.path) as book,
        book.change("merge", now=session.now_utc, origin="tui", dry_run=True),
    ):
        return merging.merge(book, kind, survivor, losers, now=session.now_utc)


def merge(session: Session, kind: str, survivor: int, losers: Sequence[int], choices: Mapping[str, int]) -> Result:
    """Merge records into the survivor."""

    def work(book: Book) -> str:
        from crm_cli.queries import records
        from crm_cli.render import merges as words
        from crm_cli.services import merging

        done = merging.merge(book, kind, survivor, losers, choices, now=session.now_utc)
        return words.merged(done, records.get(book.db, kind, survivor).name)

    return writes.change(session, "merge", work)._replace(advice=" (u restores them)")


def last_merge(session: Session, kind: str, ref: int) -> Merge | None:
    """Return the last merge into a record, or None."""
    from crm_cli.queries import merges

    with kept.reading(session.path) as book:
        found = merges.of(book.db, kind, ref)
    return found[-1] if found else None


def unmerge(session: Session, found: Merge) -> Result:
    """Take a merge apart."""
    notes: list[str] = []

    def work(book: Book) -> str:
        from crm_cli.queries import records
        from crm_cli.render import merges as words
        from crm_cli.services import unmerging

        done = unmerging.unmerge(book, found.id, now=session.now_utc)
        notes.extend(words.unmerged_notes(done))
        return words.unmerged(done, records.get(book.db, found.kind, done.survivor).name)

    return writes.noted(writes.change(session, "unmerge", work), notes)


def distinguish(session: Session, ref: str) -> Result:
    """Remember that two records are not the same."""

    def work(book: Book) -> str:
        from crm_cli.queries import records
        from crm_cli.services import duplicates as service

        kind, one, other = pair_of(ref)
        both = records.load(book.db, kind, [one, other])
        names = [f"{BY_NAME[kind].printed(each.id)} {each.name}" for each in both]
        service.distinguish(book, kind, [one, other], now=session.now_utc)
        return render.distinguished(names)

    return writes.change(session, "dupes not", work)._replace(advice=" (u lists them again)")
