"""The command palette: every action of the table, found by its words."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, cast

from textual.command import CommandPalette, DiscoveryHit, Hit, Provider

from crm_cli.tui import actions, themes
from crm_cli.tui.bindings import OWN
from crm_cli.tui.dialogs.dialog import AnswersOnce

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from textual.command import Hits
    from textual.events import Mount

    from crm_cli.tui.app import Dashboard


class Palette(CommandPalette, AnswersOnce[None]):
    """Textual's palette, which may be closed by a key pressed right after the one that opens it."""

    def _on_mount(self, event: Mount) -> None:
        """Initialise from the screen beneath, unless another screen was opened before the palette appeared."""
        if self.app.screen is not self:
            event.prevent_default()


class Actions(Provider):
    """The actions of the current screen, and those available everywhere."""

    chosen = False
    """Was an action run already? A second ⏎ must not run it again."""

    def _offered(self) -> Iterator[tuple[str, str, Callable[[], object]]]:
        """Yield each action: its words, its keys and command line, and a function that runs it."""
        app = cast("Dashboard", self.app)
        page = app.page
        if page is None:
            return
        for one in (*actions.of(page.place), *actions.of(actions.EVERYWHERE)):
            if one.id in OWN or (one.writes and app.session.readonly):
                continue
            doer = app if one.where == actions.EVERYWHERE else page
            keys = " ".join(actions.key_words(one.keys))
            words = f"{one.label.capitalize()}: {one.means}" if one.label else one.means
            yield words, f"{keys}    {one.twin}".rstrip(), partial(self._do, partial(doer.action_do, one.id))
        for name in themes.THEMES:
            theme = partial(app.take_theme, page, name)
            yield f"Theme: {name}", f"crm config set theme {name}", partial(self._do, theme)

    def _do(self, action: Callable[[], object]) -> None:
        if not self.chosen:
            self.chosen = True
            action()

    async def discover(self) -> Hits:
        """Offer all actions."""
        for words, elsewhere, do in self._offered():
            yield DiscoveryHit(words, do, help=elsewhere)

    async def search(self, query: str) -> Hits:
        """Offer the matching actions."""
        matcher = self.matcher(query)
        asked = query.casefold().split()
        for words, elsewhere, do in self._offered():
            whole = f"{words} {elsewhere}".casefold()
            if all(word in whole for word in asked):
                score = 1 + matcher.match(words)
                yield Hit(score, matcher.highlight(words), do, help=elsewhere)
