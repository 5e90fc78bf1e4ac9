"""The board: the pipeline as columns side by side, or as stages stacked on a narrow terminal."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING, NamedTuple

from crm_cli.core.text.cautious import fit_cautiously
from crm_cli.core.text.folding import display_width, fit
from crm_cli.core.when import local
from crm_cli.render import tables
from crm_cli.render.activities import day_words
from crm_cli.render.clean import BOLD, PLAIN, clean
from crm_cli.render.deals import chance, close_words, closed_words, total_words, who
from crm_cli.render.money import shown, unknown
from crm_cli.render.positions import STOP
from crm_cli.render.tables import Column
from crm_cli.render.words import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from crm_cli.core.deals import Board, Deal, Lane, Total

LEAST, MOST, GAP = 18, 40, 2
"""The minimum and maximum width of a column, in cells (below the minimum, stages are stacked), and the gap between."""
INDENT = "   "
NO_STEP = "no next step"
TIED = "\u00a0"
"""A space at which lines are not wrapped."""


class View(NamedTuple):
    """How the board is drawn: the reader's day, zone and locale, the width in cells, and whether headings are bold.

    ``limit`` is the maximum number of deals shown per stage (0: all). If ``placed``, columns are positioned with cursor
    escape sequences.
    """

    today: str
    zone: str
    locale: str
    width: int
    bold: bool = False
    limit: int = 0
    placed: bool = False


class Tile(NamedTuple):
    """A deal's text on a board, cleaned: its title, its people, and its amount, probability and close."""

    title: str
    who: str
    facts: tuple[str, ...]


def tile(deal: Deal, view: View) -> Tile:
    """Return a deal's text on the board, here and in the dashboard."""
    facts = (
        shown(deal.amount, view.locale) or "no amount", chance(deal.own_probability),
        close_words(deal, view.today, view.zone),
    )  # fmt: skip
    return Tile(clean(deal.title), clean(who(deal)), tuple(fact for fact in facts if fact))


def text(board: Board, view: View) -> Iterator[str]:
    """Yield the lines of the board, none wider than the view."""
    lanes = max(len(board.lanes), 1)
    cells = min(MOST, (view.width - GAP * (lanes - 1)) // lanes)
    yield from _columns(board, view, cells) if cells >= LEAST else _stacked(board, view)
    yield ""
    yield from footer(board, view)


def footer(board: Board, view: View) -> Iterator[str]:
    """Yield the totals of the open deals and of those recently won and lost."""
    since = day_words(local(board.since, view.zone).date().isoformat(), view.today)
    ends = [
        (f"{name} since {since}", closed_words(each, view.locale))
        for name, each in (("Won", board.won), ("Lost", board.lost))
    ]
    lines = [("Open", total_words(board.total, view.locale)), *ends]
    first = max(display_width(name) for name, _ in lines)
    for name, text in lines:
        yield from wrapped(f"{fit(name, first)}  {_tied(text)}".split(" "), view.width, " ", " " * (first + 2))


def _tied(text: str) -> str:
    """Use unbreakable spaces between a number and its noun, a word and its amount, an amount and its dot."""
    for loose in ("weighted ", " of ", " without ", " ·"):
        text = text.replace(loose, loose.replace(" ", TIED))
    return text


def wrapped(parts: Sequence[str], width: int, joint: str, indent: str = "") -> Iterator[str]:
    """Yield the parts in lines of at most ``width`` cells; a part that is too long for a line is cut."""
    line = ""
    for part in parts:
        longer = f"{line}{joint}{part}" if line.strip() else line + part
        if line.strip() and display_width(longer) > width:
            yield _free(line, width)
            longer = indent + part
        line = longer
    if line.strip():
        yield _free(line, width)


def _free(line: str, width: int) -> str:
    return fit(line.replace(TIED, " "), width).rstrip()


def _columns(board: Board, view: View, cells: int) -> Iterator[str]:
    heads = [head(lane, view, cells) for lane in board.lanes]
    height = max(map(len, heads), default=0)
    bodies = [list(_cards(lane, view, cells)) for lane in board.lanes]
    for number, line in enumerate(zip_longest(*heads, fillvalue="")):
        yield _bold(_beside(line, view, cells), view, on=number == 0)
    if height:
        yield _beside(["-" * cells for _ in heads], view, cells)
    for line in zip_longest(*bodies, fillvalue=""):
        yield _beside(line, view, cells)


def _beside(parts: Sequence[str], view: View, cells: int) -> str:
    joint = " " * GAP + (STOP if view.placed else "")
    return joint.join(_fitted(part.rstrip(), view, cells) for part in parts).rstrip()


def _fitted(part: str, view: View, cells: int) -> str:
    return fit_cautiously(part, cells) if view.placed else fit(part, cells)


def _bold(line: str, view: View, *, on: bool) -> str:
    return f"{BOLD}{line}{PLAIN}" if on and view.bold else line


def head(lane: Lane, view: View, cells: int) -> list[str]:
    """Return a column's heading: the stage, the number of deals, and their totals, plain and weighted."""
    name, odds = clean(lane.stage.name), chance(lane.stage.probability) or "?"
    stop = STOP if view.placed else ""
    named = _fitted(name, view, cells - display_width(odds) - 1)
    lines = [f"{named} {stop}{odds}", counted(lane.total.deals, "deal")]
    for text in _sums(lane.total, view):
        lines += wrapped(text.split(" "), cells, " ", "  ")
    return lines


def _sums(total: Total, view: View) -> Iterator[str]:
    for each in total.sums:
        yield shown(each.amount, view.locale).replace(" ", TIED)
    for each in total.sums:
        if each.weighted_deals:
            of = f" of {each.weighted_deals}" if each.weighted_deals < each.deals else ""
            yield f"weighted {shown(each.weighted, view.locale).replace(' ', TIED)}{of.replace(' ', TIED)}"
    yield from (part for part in unknown(total).split(", ") if part)


def _cards(lane: Lane, view: View, cells: int) -> Iterator[str]:
    listed = lane.deals[: view.limit] if view.limit else lane.deals
    for deal in listed:
        shown = tile(deal, view)
        yield f"d{deal.id} {shown.title}"
        if shown.who:
            yield INDENT + shown.who
        first, *rest = shown.facts if deal.next_step else (*shown.facts, NO_STEP)
        yield from wrapped([INDENT + first, *rest], cells, " · ", INDENT)
    if more := len(lane.deals) - len(listed):
        yield f"… and {more} more"


def _stacked(board: Board, view: View) -> Iterator[str]:
    """Yield the stages one below the other, with the columns of their deals aligned across all stages."""
    columns: tuple[Column[Deal], ...] = (
        Column("id", lambda deal: f"d{deal.id}", right=True),
        Column("title", lambda deal: deal.title, grow=1, least=14),
        Column("who", who, grow=3, least=12),
        Column("amount", lambda deal: shown(deal.amount, view.locale) or "no amount", right=True),
        Column("close", lambda deal: close_words(deal, view.today, view.zone)),
        Column("", lambda deal: "" if deal.next_step else "!"),
    )
    shown_deals = [deal for lane in board.lanes for deal in (lane.deals[: view.limit] if view.limit else lane.deals)]
    table, _ = tables.laid_out(shown_deals, columns, width=view.width - 2, placed=view.placed)
    lines = dict(zip(shown_deals, list(table)[1:], strict=True))
    for number, lane in enumerate(board.lanes):
        if number:
            yield ""
        odds = chance(lane.stage.probability) or "?"
        head = f"{clean(lane.stage.name)} {odds}  {_tied(total_words(lane.total, view.locale))}"
        for place, line in enumerate(wrapped(head.split(" "), view.width, " ", INDENT)):
            yield _bold(line, view, on=place == 0)
        listed = lane.deals[: view.limit] if view.limit else lane.deals
        yield from (f"  {lines[deal]}" for deal in listed)
        if more := len(lane.deals) - len(listed):
            yield f"  … and {more} more"
    if any(deal.next_step is None for deal in shown_deals):
        yield ""
        yield f"! {NO_STEP}"
