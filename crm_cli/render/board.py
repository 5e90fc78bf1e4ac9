"""The board: the pipeline as columns side by side, or as stages stacked on a narrow terminal."""

from __future__ import annotations

from itertools import islice, zip_longest
from typing import TYPE_CHECKING, NamedTuple

from crm_cli.core.instants import local
from crm_cli.core.text.cautious import fit_cautiously
from crm_cli.core.text.width import display_width, fit
from crm_cli.render import spans, tables
from crm_cli.render.activities import day_words
from crm_cli.render.clean import clean
from crm_cli.render.deals import chance, close_role, close_words, closed_words, total_words, who
from crm_cli.render.money import rounded, shown, unknown
from crm_cli.render.positions import STOP
from crm_cli.render.spans import Span
from crm_cli.render.tables import Column
from crm_cli.render.words import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from crm_cli.core.daily import Deal, Money
    from crm_cli.core.deals import Board, Lane, Total
    from crm_cli.render.deals import TotalWords
    from crm_cli.render.spans import Line

LEAST, MOST, GAP = 18, 40, 2
"""The minimum and maximum width of a column, in cells (below the minimum, stages are stacked), and the gap between."""
INDENT = "   "
DOT = " · "
NO_STEP = "no next step"


class View(NamedTuple):
    """How the board is drawn: the reader's day, zone and locale, and the width in cells.

    ``limit`` is the maximum number of deals shown per stage (0: all). If ``placed``, columns are positioned with cursor
    escape sequences.
    """

    today: str
    zone: str
    locale: str
    width: int
    limit: int = 0
    placed: bool = False


class Tile(NamedTuple):
    """A deal's text on a board, cleaned: its title, its people, and its amount, probability and close."""

    title: str
    who: str
    facts: tuple[Span, ...]


def tile(deal: Deal, view: View) -> Tile:
    """Return a deal's text on the board, here and in the dashboard."""
    facts = (
        Span(amount_words(deal, view.locale)),
        Span(chance(deal.own_probability), "muted"),
        close(deal, view.today, view.zone),
    )
    return Tile(clean(deal.title), clean(who(deal)), tuple(fact for fact in facts if fact.text))


def amount_words(deal: Deal, locale: str) -> str:
    """Return a deal's amount in the locale's format, or ``no amount``."""
    return shown(deal.amount, locale) or "no amount"


def close(deal: Deal, today: str, zone: str) -> Span:
    """Return the close of a deal, marked if it is overdue."""
    return Span(close_words(deal, today, zone), close_role(deal, today))


def mark(deal: Deal) -> str:
    """Return ``!`` for an open deal without a next step."""
    return "!" if deal.status == "open" and not deal.next_step else ""


def text(board: Board, view: View) -> Iterator[Line]:
    """Yield the lines of the board, none wider than the view."""
    lanes = max(len(board.lanes), 1)
    cells = min(MOST, (view.width - GAP * (lanes - 1)) // lanes)
    yield from _columns(board, view, cells) if cells >= LEAST else _stacked(board, view)
    yield ()
    yield from ((line,) for line in footer(board, view))


def totals(board: Board, view: View) -> list[tuple[str, TotalWords]]:
    """Return the totals of the open deals and of those recently won and lost, each after a name of equal width."""
    since = day_words(local(board.since, view.zone).date().isoformat(), view.today)
    found = [
        ("Open", total_words(board.total, view.locale)),
        (f"Won since {since}", closed_words(board.won, view.locale)),
        (f"Lost since {since}", closed_words(board.lost, view.locale)),
    ]
    widest = max(display_width(name) for name, _ in found)
    return [(fit(name, widest), words) for name, words in found]


def footer(board: Board, view: View) -> Iterator[Span]:
    """Yield the lines of `totals`, wrapped to the view."""
    for name, words in totals(board, view):
        first, *pieces = words.pieces()
        indent = " " * (display_width(name) + 2)
        for line in _wrapped([f"{name}  {first}", *pieces], view.width, indent):
            yield Span(line, "muted")


def _wrapped(pieces: Iterable[str], width: int, indent: str) -> Iterator[str]:
    """Yield the pieces in lines of at most ``width`` cells, all but the first indented; a long piece is cut."""
    for number, line in enumerate(spans.filled(map(Span, pieces), width, indent=display_width(indent))):
        words = " ".join(span.text for span in line)
        yield fit(indent + words if number else words, width).rstrip()


def _columns(board: Board, view: View, cells: int) -> Iterator[Line]:
    heads = [head(lane, view, cells) for lane in board.lanes]
    bodies = [list(_cards(lane, view, cells)) for lane in board.lanes]
    rule = [Span("-" * cells, "muted")] * len(heads)
    empty = Span("")
    for row in zip_longest(*heads, fillvalue=empty):
        yield _beside(row, view, cells)
    if rule:
        yield _beside(rule, view, cells)
    for row in zip_longest(*bodies, fillvalue=empty):
        yield _beside(row, view, cells)


def _beside(row: Sequence[Span], view: View, cells: int) -> Line:
    joint = " " * GAP + (STOP if view.placed else "")
    return tuple(Span(_fitted(part.text.rstrip(), view, cells) + joint, part.role) for part in row)


def _fitted(part: str, view: View, cells: int) -> str:
    return fit_cautiously(part, cells) if view.placed else fit(part, cells)


def head(lane: Lane, view: View, cells: int) -> list[Span]:
    """Return a column's heading: the stage, the number of deals, and their totals, plain and weighted."""
    name, odds = clean(lane.stage.name), _odds(lane)
    stop = STOP if view.placed else ""
    named = _fitted(name, view, cells - display_width(odds) - 1)
    lines = [Span(f"{named} {stop}{odds}", "heading"), Span(counted(lane.total.deals, "deal"), "muted")]
    for pieces in _sums(lane.total, view):
        lines += [Span(line, "muted") for line in _wrapped(pieces, cells, "  ")]
    return lines


def summary(lane: Lane, view: View, cells: int) -> list[tuple[Span, Span]]:
    """Return a column's heading of two lines, each a text at the left and one at the right.

    The stage, the number of its deals and their sum; the probability, and the sum weighted by it. Where there is little
    room, sums are rounded, and of several currencies the first is shown with the number of others: ``€13.2k +2``.
    """
    name, odds = clean(lane.stage.name), _odds(lane)
    sums = [each.amount for each in lane.total.sums]
    weighted = [each.weighted for each in lane.total.sums if each.weighted_deals]
    counts = (DOT.join(filter(None, (str(lane.total.deals), words))) for words in _spellings(sums, view.locale))
    value = _longest(counts, cells - display_width(name) - 1)
    room = cells - display_width(odds) - len("weighted") - 2
    worth = _longest(_spellings(weighted, view.locale), room)
    return [
        (Span(name, "heading"), Span(value)),
        (Span(odds, "muted"), Span(f"weighted {worth}" if worth else "", "muted")),
    ]


def _spellings(sums: Sequence[Money], locale: str) -> list[str]:
    """Return sums in words, from the longest to the shortest."""
    exact, short = [shown(each, locale) for each in sums], [rounded(each, locale) for each in sums]
    more = f" +{len(sums) - 1}" if len(sums) > 1 else ""
    return [" ".join(exact), " ".join(short), *(f"{first}{more}" for first in short[:1])]


def _longest(texts: Iterable[str], cells: int) -> str:
    """Return the first of the texts that fits, else the last."""
    text = ""
    for text in texts:
        if display_width(text) <= cells:
            break
    return text


def _odds(lane: Lane) -> str:
    return chance(lane.stage.probability) or "?"


def _sums(total: Total, view: View) -> Iterator[Sequence[str]]:
    """Yield the totals of a stage, each in the pieces between which a line may be broken."""
    for each in total.sums:
        yield (shown(each.amount, view.locale),)
    for each in total.sums:
        if each.weighted_deals:
            of = f" of {each.weighted_deals}" if each.weighted_deals < each.deals else ""
            yield "weighted", shown(each.weighted, view.locale) + of
    yield from (words.split(" ") for words in unknown(total))


def _cards(lane: Lane, view: View, cells: int) -> Iterator[Span]:
    """Yield the lines of the deals in a column."""
    for deal in _listed(lane, view):
        texts = tile(deal, view)
        yield Span(f"d{deal.id} {texts.title}")
        if texts.who:
            yield Span(INDENT + texts.who, "accent")
        facts = texts.facts if not mark(deal) else (*texts.facts, Span(NO_STEP, "alert"))
        for line in spans.filled(facts, cells - len(INDENT), joint=len(DOT)):
            is_late = any(fact.role == "overdue" for fact in line)
            yield Span(INDENT + DOT.join(fact.text for fact in line), "overdue" if is_late else "value")
    yield from _unlisted(lane, view)


def _listed(lane: Lane, view: View) -> tuple[Deal, ...]:
    return lane.deals[: view.limit] if view.limit else lane.deals


def _unlisted(lane: Lane, view: View) -> Iterator[Span]:
    if more := len(lane.deals) - len(_listed(lane, view)):
        yield Span(f"… and {more} more", "muted")


def _stacked(board: Board, view: View) -> Iterator[Line]:
    """Yield the stages one below the other, with the columns of their deals aligned across all stages."""
    deals = [deal for lane in board.lanes for deal in _listed(lane, view)]
    rows = _rows(deals, view)
    for number, lane in enumerate(board.lanes):
        if number:
            yield ()
        yield from _stage(lane, view)
        yield from islice(rows, len(_listed(lane, view)))
        yield from ((Span("  "), more) for more in _unlisted(lane, view))
    if any(map(mark, deals)):
        yield ()
        yield (Span(f"! {NO_STEP}", "muted"),)


def _stage(lane: Lane, view: View) -> Iterator[Line]:
    """Yield the heading of a stage in the stacked board."""
    pieces = [*clean(lane.stage.name).split(" "), f"{_odds(lane)} ", *total_words(lane.total, view.locale).pieces()]
    for number, line in enumerate(_wrapped(pieces, view.width, INDENT)):
        yield (Span(line, "muted" if number else "heading"),)


def _rows(deals: Sequence[Deal], view: View) -> Iterator[Line]:
    """Yield the lines of the deals in the stacked board."""
    columns: tuple[Column[Deal], ...] = (
        Column("id", lambda deal: f"d{deal.id}", right=True),
        Column("title", lambda deal: deal.title, grow=1, least=14),
        Column("who", who, grow=3, least=12),
        Column("amount", lambda deal: amount_words(deal, view.locale), right=True),
        Column("close", lambda deal: close_words(deal, view.today, view.zone)),
        Column("", mark),
    )
    lines, _ = tables.laid_out(deals, columns, width=view.width - 2, placed=view.placed)
    return ((Span("  "), *line) for line in islice(lines, 1, None))
