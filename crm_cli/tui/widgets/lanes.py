"""The pipeline on a wide screen: stages side by side, each with its totals, and its deals as tiles beneath."""

from __future__ import annotations

from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, NamedTuple

from textual.geometry import Size

from crm_cli.core.text.width import display_width, fit
from crm_cli.render import board as drawn
from crm_cli.render import spans
from crm_cli.render.clean import clean
from crm_cli.tui.widgets import strips
from crm_cli.tui.widgets.rows import BAR
from crm_cli.tui.widgets.sideways import Sideways

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rich.style import Style
    from textual import events
    from textual.strip import Strip

    from crm_cli.core.daily import Deal
    from crm_cli.core.deals import Lane
    from crm_cli.render.spans import Span
    from crm_cli.tui.data.agenda_items import Pipeline
    from crm_cli.tui.widgets.rows import Look, Part

LEAST, MOST, GAP = 21, 40, 2
"""The minimum and maximum width of a lane in cells, and the gap between two, which includes the cursor's bar."""
HEAD = 2
"""The number of lines of a heading."""
MARK = 2
"""The width in cells before a tile's text, for the mark of a deal without a next step."""
BETWEEN = 2
"""The width in cells between two facts of a tile."""
HERE: dict[Look, Look] = {"heading": "here"}
"""How the heading of the cursor's lane looks."""
WHEEL = 3
"""Lines that a turn of the wheel scrolls."""


class Place(NamedTuple):
    """A row of the list: its lane, and its deal; an empty lane has one row without a deal."""

    lane: int
    deal: Deal | None


class Piece(NamedTuple):
    """A part of a line, and whether the cursor highlights it."""

    text: str
    cells: int
    look: Look
    is_lit: bool = False


class Grid(NamedTuple):
    """The layout of the lanes for the current size."""

    cells: int
    """The width of a lane."""
    shown: int
    """How many lanes fit."""
    above: int
    """The number of lines before the headings: one if lanes are hidden."""
    heads: list[list[list[Part]]]
    """The heading of each lane, line by line."""
    tiles: list[list[list[Part]]]
    """The tile of each row of the list, line by line."""
    extents: list[list[tuple[int, int]]]
    """For each lane, the first line of each tile and the line after its last."""
    foot: list[Span]
    body: int
    """The number of lines for tiles."""


class Lanes(Sideways):
    """Deals in the lanes of their stages; a row of the list is a tile. The totals of all deals are at the bottom."""

    def __init__(self, *, id: str) -> None:  # noqa: A002  (Textual's name)
        super().__init__(id=id)
        self.found: Pipeline | None = None
        self.places: list[Place] = []
        self.rows: list[range] = []
        """The rows of each lane."""
        self.tops: dict[int, int] = {}
        """lane -> the first visible line of its tiles."""
        self.left = 0
        """The first visible lane."""
        self._grid: Grid | None = None

    @property
    def count(self) -> int:
        """The number of tiles; an empty lane counts as one."""
        return len(self.places)

    @property
    def current(self) -> Deal | None:
        """The deal under the cursor."""
        return self.places[self.cursor].deal if self.is_row(self.cursor) else None

    @property
    def lane(self) -> int:
        """The lane the cursor is in."""
        return self.places[self.cursor].lane if self.is_row(self.cursor) else 0

    @property
    def lanes(self) -> Sequence[Lane]:
        """The stages with their deals."""
        return self.found.board.lanes if self.found else ()

    def show(self, found: Pipeline, deal: int | None = None) -> None:
        """Show another board; the cursor moves to ``deal``, else stays on its own, else in its lane."""
        wanted = deal if deal is not None else self.current.id if self.current else None
        lane, cursor = self.lane, self.cursor
        self.found, self._grid = found, None
        self.places, self.rows = [], []
        for number, each in enumerate(self.lanes):
            start = len(self.places)
            self.places += [Place(number, one) for one in each.deals or (None,)]
            self.rows.append(range(start, len(self.places)))
        rows = self.rows[min(lane, len(self.rows) - 1)] if self.rows else range(1)
        self.reset(self._row_of(wanted, min(max(cursor, rows.start), rows.stop - 1)))

    def point(self, deal: int | None) -> None:
        """Move the cursor to a deal without posting `Moved`, when the lanes are not the visible layout."""
        self.reset(self._row_of(deal, self.cursor))

    def reset(self, cursor: int = 0) -> None:
        """Redraw everything, with the cursor on a row."""
        self.virtual_size = Size(0, 0)
        self.cursor = max(0, min(cursor, self.count - 1))
        self._reveal()
        self.refresh()

    def _row_of(self, deal: int | None, otherwise: int) -> int:
        return next((row for row, one in enumerate(self.places) if one.deal and one.deal.id == deal), otherwise)

    def go(self, row: int, step: int = 1) -> None:  # noqa: ARG002  (every row can have the cursor)
        """Move the cursor to a tile."""
        row = max(0, min(row, self.count - 1))
        if self.places and row != self.cursor:
            self.cursor = row
            self._reveal()
            self.refresh()
            self.post_message(self.Moved(self, row))

    def action_go(self, where: str) -> None:
        """Move the cursor within its lane."""
        if not self.rows:
            return
        rows = self.rows[self.lane]
        page = max(1, self.grid.body // 4)
        steps = {"down": 1, "up": -1, "page_down": page, "page_up": -page, "first": -self.count, "last": self.count}
        self.go(max(rows.start, min(self.cursor + steps[where], rows.stop - 1)))

    def side(self, step: int) -> None:
        """Go to another lane, to the tile at the same position."""
        lane = self.lane + step
        if 0 <= lane < len(self.lanes):
            rows, here = self.rows[lane], self.rows[self.lane]
            self.go(min(rows.start + self.cursor - here.start, rows.stop - 1))

    @property
    def grid(self) -> Grid:
        """The layout, computed again when the size or the board changes."""
        if self._grid is None:
            self._grid = self._laid_out(self.size.width, self.size.height)
        return self._grid

    def _laid_out(self, width: int, height: int) -> Grid:
        count = max(len(self.lanes), 1)
        shown = max(1, min(count, (width - 1 + GAP) // (LEAST + GAP)))
        cells = max(1, min(MOST, (width - 1 - GAP * (shown - 1)) // shown))
        above = int(shown < count)
        if self.found is None:
            return Grid(cells, shown, above, [], [], [], [], 0)
        view = self.found.view._replace(width=max(width - 2, 1))
        heads = [[_apart(*line, cells) for line in drawn.summary(lane, view, cells)] for lane in self.lanes]
        tiles = [list(_tile(one.deal, view, cells)) for one in self.places]
        foot = list(drawn.footer(self.found.board, view))
        extents = [_extents([len(tiles[row]) for row in rows]) for rows in self.rows]
        body = max(height - above - HEAD - 2 - len(foot), 1)
        return Grid(cells, shown, above, heads, tiles, extents, foot, body)

    def on_resize(self) -> None:
        """Lay out for the new size."""
        self._grid = None
        self._reveal()

    def _reveal(self) -> None:
        if not self.places or not self.size.height:
            return
        grid, lane = self.grid, self.lane
        self.left = min(max(self.left, lane - grid.shown + 1), lane, max(len(self.lanes) - grid.shown, 0))
        start, end = grid.extents[lane][self.cursor - self.rows[lane].start]
        self._scroll(lane, min(max(self.tops.get(lane, 0), end - grid.body), start))

    def _scroll(self, lane: int, top: int) -> None:
        """Scroll a lane's tiles to start at a line."""
        self.tops[lane] = max(0, min(top, self.grid.extents[lane][-1][1] - self.grid.body))
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draw one line: the hidden stages, headings, a rule, tiles, the number of tiles below, or the totals."""
        if not self.lanes:
            return super().render_line(y)
        width, base, grid = self.size.width, self.rich_style, self.grid
        self.looks = self.looks or self._styles()
        return strips.line((self._drawn(piece) for piece in self._line(y, grid)), width, base)

    def _drawn(self, piece: Piece) -> tuple[str, int, Style]:
        """Return a piece as it is drawn, brighter if it is under the cursor."""
        if piece.is_lit:
            return self.lit(piece.text, piece.cells, piece.look)
        base = self.rich_style
        return piece.text, piece.cells, base + self.looks[piece.look] if piece.look else base

    def _line(self, y: int, grid: Grid) -> Iterator[Piece]:
        """Yield the pieces of a line of the widget."""
        y -= grid.above
        foot = y - HEAD - grid.body - 2
        if y < 0 or foot >= 0:
            total = grid.foot[foot] if 0 <= foot < len(grid.foot) else spans.Span("")
            yield Piece("", 1, "")
            yield Piece(self._out_of_sight(grid) if y < 0 else total.text, self.size.width - 2, "muted")
            return
        for lane in range(self.left, min(self.left + grid.shown, len(self.lanes))):
            yield from self._lane_line(lane, y, grid)
            yield Piece("", GAP - 1, "")

    def _lane_line(self, lane: int, y: int, grid: Grid) -> Iterator[Piece]:
        """Yield the pieces of a lane: its heading, the rule below, its tiles, and the number of those hidden."""
        below = y - HEAD - 1
        if 0 <= below < grid.body:
            yield from self._tile_line(lane, self.tops.get(lane, 0) + below, grid)
            return
        yield Piece("", 1, "")
        if below < 0 and y < HEAD:
            for text, cells, look in grid.heads[lane][y]:
                yield Piece(text, cells, HERE.get(look, look) if lane == self.lane else look)
        else:
            yield self._edge(lane, grid, above=below < 0)

    def _out_of_sight(self, grid: Grid) -> str:
        """Return the names of the stages hidden at the left and the right."""
        names = [clean(lane.stage.name) for lane in self.lanes]
        before, after = ", ".join(names[: self.left]), ", ".join(names[self.left + grid.shown :])
        left, right = f"← {before}" if before else "", f"{after} →" if after else ""
        room = self.size.width - 2
        return fit(left, max(room - display_width(right), 0)) + right

    def _edge(self, lane: int, grid: Grid, *, above: bool) -> Piece:
        """Return the rule under a heading or the end of a lane, with the number of tiles hidden there."""
        top = self.tops.get(lane, 0)
        extents = grid.extents[lane]
        if above:
            out = sum(start < top for start, _ in extents)
            note = f" ↑ {out} more" if out else ""
            return Piece("─" * (grid.cells - display_width(note)) + note, grid.cells, "muted" if out else "faint")
        out = sum(end > top + grid.body for _, end in extents)
        return Piece(f"↓ {out} more" if out else "", grid.cells, "muted")

    def _tile_line(self, lane: int, line: int, grid: Grid) -> Iterator[Piece]:
        """Yield the parts of a tile's line."""
        row = self._row_at(lane, line)
        is_lit = row == self.cursor
        yield Piece(BAR, 1, "bar", is_lit) if is_lit else Piece("", 1, "")
        if row is None:
            yield Piece("", grid.cells, "")
            return
        start = grid.extents[lane][row - self.rows[lane].start][0]
        parts: Iterable[Part] = grid.tiles[row][line - start]
        if self.places[row].deal is None and is_lit:
            parts = [("  none: c adds one" if self.lanes[lane].stage.id else "  none", grid.cells, "muted")]
        for text, cells, look in parts:
            yield Piece(text, cells, look, is_lit)

    def _row_at(self, lane: int, line: int) -> int | None:
        """Return the row whose tile has this line of a lane; None between tiles and below them."""
        extents = zip(self.rows[lane], self.grid.extents[lane], strict=True)
        return next((row for row, (start, end) in extents if start <= line < end), None)

    def _lane_at(self, x: int) -> int:
        """Return the lane at a column of the screen, or the nearest one."""
        place = self.left + max(x - 1, 0) // (self.grid.cells + GAP)
        return min(place, self.left + self.grid.shown - 1, len(self.lanes) - 1)

    def row_at(self, x: int, y: int) -> int | None:
        """Return the tile drawn at a position; for a heading, the first tile of its lane."""
        if not self.lanes:
            return None
        grid, lane = self.grid, self._lane_at(x)
        line = y - grid.above - HEAD - 1
        if line < 0:
            return self.rows[lane].start
        return self._row_at(lane, self.tops.get(lane, 0) + line) if line < grid.body else None

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Scroll the lane under the mouse, or with shift the lanes."""
        self._wheel(event, 1)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Scroll back the lane under the mouse, or with shift the lanes."""
        self._wheel(event, -1)

    def on_mouse_scroll_right(self) -> None:
        """Scroll to the lanes at the right."""
        self._sideways(1)

    def on_mouse_scroll_left(self) -> None:
        """Scroll to the lanes at the left."""
        self._sideways(-1)

    def _wheel(self, event: events.MouseEvent, step: int) -> None:
        if event.shift:
            self._sideways(step)
        elif self.lanes:
            lane = self._lane_at(event.x)
            self._scroll(lane, self.tops.get(lane, 0) + step * WHEEL)

    def _sideways(self, step: int) -> None:
        self.left = max(0, min(self.left + step, len(self.lanes) - self.grid.shown))
        self.refresh()

    def empty(self) -> list[str]:
        """Return what to show if there are no stages."""
        return ["No stages yet."] if self.found else []


def _extents(heights: Iterable[int]) -> list[tuple[int, int]]:
    """Stack tiles with a blank line between two: return the first line of each, and the line after its last."""
    ends = list(accumulate(height + 1 for height in heights))
    return [(start, end - 1) for start, end in pairwise((0, *ends))]


def _apart(left: Span, right: Span, cells: int) -> list[Part]:
    """Return a line with one text at the left and one at the right, as styled parts."""
    wide = display_width(right.text)
    if not wide:
        return [(left.text, cells, left.role)]
    return [(left.text, max(cells - wide - 1, 1), left.role), ("", 1, ""), (right.text, wide, right.role)]


def _tile(deal: Deal | None, view: drawn.View, cells: int) -> Iterator[list[Part]]:
    """Yield the lines of a tile, each as styled parts."""
    room = cells - MARK
    if deal is None:
        yield [("", MARK, ""), ("no deals", room, "muted")]
        return
    shown = drawn.tile(deal, view)
    yield [(drawn.mark(deal), MARK, "alert"), (shown.title, room, "title")]
    if shown.who:
        yield [("", MARK, ""), (shown.who, room, "accent")]
    for line in spans.filled(shown.facts, room, joint=len(drawn.DOT)):
        *before, last = line
        parts: list[Part] = [(fact.text, display_width(fact.text) + BETWEEN, fact.role) for fact in before]
        left = room - sum(wide for _, wide, _ in parts)
        yield [("", MARK, ""), *parts, (last.text, left, last.role)]
