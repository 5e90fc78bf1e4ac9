"""The palette: every action with its key, and people, companies and deals by name, one line each."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from textual.binding import Binding
from textual.containers import Vertical

from crm_cli.core.text.folding import fold
from crm_cli.core.text.width import display_width
from crm_cli.render.clean import clean
from crm_cli.tui import actions, themes
from crm_cli.tui.data.named import Named, named
from crm_cli.tui.dialogs.dialog import Dialog
from crm_cli.tui.widgets.rows import RowList
from crm_cli.tui.widgets.search_field import SearchField
from crm_cli.tui.widgets.text import PlainText

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from textual import events
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from crm_cli.tui.actions import Action
    from crm_cli.tui.app import Dashboard
    from crm_cli.tui.screens.page import Page
    from crm_cli.tui.widgets.rows import Part

HINT = "an action, or the name of a person, a company or a deal"
ABOUT, KEY = 24, 9
"""The maximum width of the words about a line, and the width of its key, in cells."""


class Hit(NamedTuple):
    """A line of the palette: words, what they belong to, a key or an id, and what choosing it does."""

    words: str
    about: str
    key: str
    do: Callable[[], object]


class Hits(RowList, can_focus=False):
    """The lines that match what is typed; the field keeps the focus."""

    def __init__(self, *, id: str) -> None:  # noqa: A002  (Textual's name)
        super().__init__(id=id)
        self.hits: Sequence[Hit] = ()

    @property
    def count(self) -> int:
        """The number of lines."""
        return len(self.hits)

    @property
    def current(self) -> Hit | None:
        """The line under the cursor."""
        return self.hits[self.cursor] if self.is_row(self.cursor) else None

    def show(self, hits: Sequence[Hit], *, keep: bool) -> None:
        """Show other lines; with ``keep`` the cursor stays on its row."""
        self.hits = hits
        self.reset(self.cursor if keep else 0)

    def empty(self) -> list[str]:
        """Return what to show if nothing matches."""
        return ["No match."]

    def parts(self, row: int, width: int) -> Iterable[Part]:
        """Return the words at the left, and the key at the right."""
        hit = self.hits[row]
        about = min(display_width(hit.about), ABOUT)
        yield "  ", 2, ""
        yield hit.words, width - 2 - about - 2 - KEY - 2, ""
        yield "", 2, ""
        if about:
            yield hit.about, about, "muted"
        yield hit.key.rjust(KEY + 1) + " ", KEY + 2, "accent"

    def on_click(self, event: events.Click) -> None:
        """Choose the line that was clicked."""
        row = self.row_at(event.x, event.y)
        if row is not None:
            self.go(row)
            self.post_message(self.Opened(self, row))


class Palette(Dialog["Callable[[], object] | None"]):
    """Finds an action or a record by its words; the result is what to do."""

    AUTO_FOCUS = "SearchField"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose", show=False, priority=True),
        Binding("escape,ctrl+p", "leave", show=False, priority=True),
        *(
            Binding(keys, f"go('{where}')", show=False, priority=True)
            for keys, where in (
                ("down,tab,ctrl+n", "down"), ("up,shift+tab", "up"), ("pagedown", "page_down"), ("pageup", "page_up"),
            )
        ),
    ]  # fmt: skip

    def __init__(self, page: Page) -> None:
        super().__init__()
        self.page = page
        self.actions = list(_offered(page))
        self.records: list[Hit] = []
        self.is_reading = self.is_chosen = False
        """Is the book being read, and was ⏎ pressed before it had answered?"""

    def compose(self) -> ComposeResult:
        """Lay out the field and the lines."""
        with Vertical(classes="dialog palette"):
            yield SearchField(id="query", hints=())
            yield Hits(id="hits")
            yield PlainText("⏎ choose   ↑↓ another   esc leave", classes="dialog-keys")

    def on_mount(self) -> None:
        """Show all actions."""
        self.query_one(SearchField).show_result(remark=HINT)
        self._show(keep=False)

    def on_search_field_changed(self, event: SearchField.Changed) -> None:
        """Show the matching actions at once, and the records when the book has answered."""
        text = event.text
        self.is_reading, self.is_chosen = bool(text.strip()), False
        if not self.is_reading:
            self.records = []
        self._show(keep=False)
        if self.is_reading:
            self.page.ask("palette", partial(named, self.page.session, text), self._found, lambda _: None)

    def _found(self, found: list[Named]) -> None:
        if self.is_running:
            self.is_reading = False
            self.records = [_record(self.page.dashboard, one) for one in found]
            self._show(keep=True)
            if self.is_chosen:
                self._choose()

    def _show(self, *, keep: bool) -> None:
        asked = fold(self.query_one(SearchField).text).split()
        chosen = [hit for hit in self.actions if _matches(asked, hit)]
        chosen.sort(key=lambda hit: not fold(hit.words).startswith(" ".join(asked)))
        self.query_one(Hits).show([*chosen, *self.records] if asked else chosen, keep=keep)

    def action_go(self, where: str) -> None:
        """Move the cursor."""
        self.query_one(Hits).action_go(where)

    def action_choose(self) -> None:
        """Close with the line under the cursor, once the field has handled all keys typed before."""
        (self.focused or self).call_later(self.call_later, self._choose)

    def _choose(self) -> None:
        hit = self.query_one(Hits).current
        if hit:
            self.dismiss(hit.do)
        self.is_chosen = self.is_reading

    def on_row_list_opened(self) -> None:
        """Choose the line that was clicked."""
        self._choose()

    def action_leave(self) -> None:
        """Close without a choice."""
        self.dismiss(None)


def _matches(asked: Sequence[str], hit: Hit) -> bool:
    """Does each typed word begin a word of the line?"""
    words = fold(f"{hit.words} {hit.about}").replace(":", " ").replace(",", " ").split()
    return all(any(word.startswith(one) for word in words) for one in asked)


def _offered(page: Page) -> Iterator[Hit]:
    """Yield the actions of the page, those that are available everywhere, and those of other screens."""
    app = page.dashboard
    others = [place for place in actions.SCREENS if place != page.place]
    for one in _unlike([page.place, actions.EVERYWHERE, *others]):
        if one.id != "palette" and not (one.writes and app.session.readonly):
            yield _action(app, one, actions.PLACES[one.where] if one.where in others else "")
    for name in themes.NAMES:
        yield Hit(f"Use the theme {name}", "", "", partial(app.take_theme, page, name))


def _unlike(places: Sequence[str]) -> Iterable[Action]:
    """Return the actions of the places; of those that mean the same, only the first."""
    first: dict[str, Action] = {}
    for place in places:
        for one in actions.of(place):
            first.setdefault(one.means, one)
    return first.values()


def _action(app: Dashboard, one: Action, about: str) -> Hit:
    return Hit(one.means, about, " ".join(actions.key_words(one.keys)[:1]), partial(app.run_anywhere, one))


def _record(app: Dashboard, found: Named) -> Hit:
    goers: dict[str, Callable[[int], Any]] = {"c": app.go_to_company, "d": app.go_to_deal}
    go = goers.get(found.ref[:1], app.go_to_person)
    there = partial(go, int(found.ref.lstrip("cd")))
    return Hit(clean(found.name) or "(no name)", clean(found.about), found.ref, there)
