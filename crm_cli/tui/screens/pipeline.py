"""The pipeline screen: the deals by stage; keys move, win and lose them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.containers import Horizontal

from crm_cli.tui import actions
from crm_cli.tui.bindings import bindings
from crm_cli.tui.data import cards as reads
from crm_cli.tui.data import deals as deal_writes
from crm_cli.tui.screens.page import Page
from crm_cli.tui.widgets.board import Board
from crm_cli.tui.widgets.card import Card
from crm_cli.tui.widgets.lanes import Lanes
from crm_cli.tui.widgets.rows import RowList
from crm_cli.tui.widgets.text import PlainText

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.binding import BindingType
    from textual.widget import Widget

    from crm_cli.tui.data.agenda_items import Pipeline
    from crm_cli.tui.data.writes import Result


FIRST, LAST = "That is the first stage.", "That is the last stage: w wins it, x loses it."


class PipelinePage(Page):
    """The board, and the card of a deal."""

    place = actions.PIPELINE
    contents = "board"
    BINDINGS: ClassVar[list[BindingType]] = bindings(actions.PIPELINE)
    AUTO_FOCUS = ""
    # From 140 columns on there is room for four stages and the card.
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-lanes"), (140, "-roomy")]  # noqa: RUF012  (Textual's declaration)

    def __init__(self) -> None:
        super().__init__()
        self.stages: tuple[str, ...] = ()
        self.wanted: int | None = None
        """The deal to move the cursor to, once the board has been read."""
        self.closed = self.jump = False
        """Are the won and lost deals shown, and does the cursor go to the first of them?"""

    def body(self) -> Iterator[Widget]:
        """Yield the board in both layouts, of which the screen's width shows one, and the card."""
        with Horizontal(classes="panes"):
            yield Lanes(id="lanes")
            yield Board(id="board")
            yield Card(id="card")
        yield PlainText(classes="first-run")

    @property
    def board(self) -> Board | Lanes:
        """The board in the visible layout."""
        return self.query_one(Board) if self.has_class("-narrow") else self.query_one(Lanes)

    @property
    def beside(self) -> RowList:
        """The board."""
        return self.board

    @property
    def is_read(self) -> bool:
        """Has the board been read?"""
        return bool(self.stages)

    def on_resize(self) -> None:
        """Move the focus to the layout that became visible."""
        self.call_after_refresh(self._focus_board)

    def _focus_board(self) -> None:
        if self.focused in {None, *self.query(RowList)}:
            self.set_focus(self.board)

    def go_to(self, ref: str) -> None:
        """Move the cursor to a deal."""
        self.wanted = int(ref.removeprefix("d"))
        self.reload()

    def reload(self) -> None:
        """Read the board."""
        read = partial(reads.pipeline, self.session, closed=self.closed, wanted=self.wanted)
        self.ask(self.contents, lambda _: iter([read()]), self._show)

    def _show(self, found: Pipeline) -> None:
        self.stages, self.closed = found.stages, found.closed
        if self.jump:
            ended = (deal.id for lane in found.board.lanes for deal in lane.deals if deal.status != "open")
            self.wanted, self.jump = next(ended, self.wanted), False
        for form in (self.query_one(Lanes), self.query_one(Board)):
            form.show(found, self.wanted)
        self.wanted = None
        self.load_card()
        if self.query(".first-run.filled") or not any(lane.deals for lane in found.board.lanes):
            from crm_cli.tui.data import filling

            self.ask("empty", lambda _: iter([filling.is_empty(self.session)]), self._show_hint)

    def _show_hint(self, is_empty: bool) -> None:
        """Say what can be done with an empty book."""
        line = self.query_one(".first-run", PlainText)
        line.say("This book is empty:  I imports a file,  X fills it with examples." if is_empty else "")
        line.set_class(is_empty, "filled")

    @property
    def ref(self) -> str:
        """The deal under the cursor."""
        item = self.board.current
        return "" if item is None or item.id is None else f"d{item.id}"

    def on_row_list_moved(self, event: RowList.Moved) -> None:
        """Update the card, and the cursor of the other layout."""
        deal = self.board.current
        for form in (self.query_one(Lanes), self.query_one(Board)):
            if form is not event.rows and deal is not None:
                form.point(deal.id)
        self.follow()

    def on_row_list_opened(self) -> None:
        """Read the deal that was double-clicked."""
        self.do_open()

    def do_open(self) -> None:
        """Read the deal."""
        self.read_card()

    def do_copy(self) -> None:
        """Copy the title of the deal."""
        item = self.board.current
        if item and item.id is not None:
            self.copy(item.title)

    def do_search(self) -> None:
        """Go to the search on the people screen."""
        self.dashboard.go_to_search()

    @property
    def _current(self) -> int | None:
        """The id of the deal under the cursor; if there is none, a message is shown."""
        item = self.board.current
        if (item is None or item.id is None) and self.stages:
            self.dashboard.say("No deal is here: c adds one.", "warning")
        return item.id if item else None

    def _open_form(self, name: str) -> None:
        """Open a form about the deal under the cursor."""
        ref = self._current
        if ref is not None:
            self.open_form(name, [f"d{ref}"])

    def do_move(self) -> None:
        """Move the deal to another stage."""
        self._open_form("deal move")

    def do_further(self) -> None:
        """Move the deal to the next stage."""
        self._step(1)

    def do_back(self) -> None:
        """Move the deal to the previous stage."""
        self._step(-1)

    def _step(self, step: int) -> None:
        item = self.board.current
        if self._current is None or item is None or item.stage not in self.stages:
            return
        place = self.stages.index(item.stage) + step
        if 0 <= place < len(self.stages):
            self.write(partial(deal_writes.move, self.session, self._current, self.stages[place]))
        else:
            self.dashboard.say(LAST if step > 0 else FIRST)

    def do_win(self) -> None:
        """Win the deal."""
        self._open_form("deal win")

    def do_lose(self) -> None:
        """Lose the deal."""
        self._open_form("deal lose")

    def do_closed(self) -> None:
        """Show or hide the deals that were won and lost."""
        self.closed = self.jump = not self.closed
        if self.closed:
            self.dashboard.say(f"With the deals won and lost in the last {reads.SINCE} days: O reopens one.")
        self.reload()

    def do_reopen(self) -> None:
        """Reopen a deal that was won or lost."""
        ref = self._current
        if ref is not None:
            self.write(partial(deal_writes.reopen, self.session, ref))

    def do_add(self) -> None:
        """Add a deal."""
        if self.stages:  # the board has been read
            self.open_form("deal add", then=self._added)

    def _added(self, result: Result) -> None:
        """Move the cursor to the new deal."""
        self.wanted = result.made

    def do_edit(self) -> None:
        """Change the deal."""
        self._open_form("deal edit")

    def do_log(self) -> None:
        """Log an activity about the deal."""
        self._open_form("log")

    def do_todo(self) -> None:
        """Plan the deal's next step."""
        self._open_form("todo")
