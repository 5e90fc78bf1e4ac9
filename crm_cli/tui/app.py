"""The application: its screens, its themes, what is the same everywhere."""

from __future__ import annotations

import gc
import signal
import threading
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import App, SystemCommand
from textual.filter import NoColor

from crm_cli.drafts import kept_words
from crm_cli.errors import CrmError
from crm_cli.render.activities import DAYS, MONTHS
from crm_cli.render.clean import clean
from crm_cli.tui import actions, hints, themes, watch
from crm_cli.tui.bindings import bindings
from crm_cli.tui.screens.page import Page
from crm_cli.tui.screens.today import TodayPage
from crm_cli.tui.widgets.heading import Heading

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import Literal

    from textual.binding import BindingType
    from textual.command import Provider
    from textual.filter import LineFilter
    from textual.screen import Screen

    from crm_cli.core.records import ChangeInfo
    from crm_cli.drafts import Draft
    from crm_cli.session import Session
    from crm_cli.tui.data.first_list import Early

MANY = 1000
"""From so many rows on, undo asks first."""
SETTLED = 1.5
"""Seconds after which what start-up made is garbage no more, and the collector may run again."""
MINUTE = 60
LONG = 20
"""Seconds that a message of something gone wrong is seen."""
NOTIFICATION_TIMEOUT = 6.0
LATER = "styles/later.tcss"


def _people() -> Screen[None]:
    """Make the people's screen when it is first gone to."""
    from crm_cli.tui.screens.people import PeoplePage

    return PeoplePage()


def _pipeline() -> Screen[None]:
    """Make the pipeline's screen when it is first gone to."""
    from crm_cli.tui.screens.pipeline import PipelinePage

    return PipelinePage()


def _palette() -> type[Provider]:
    """Load the palette's commands when it is first opened."""
    from crm_cli.tui.palette import Actions

    return Actions


class Dashboard(App[None]):
    """The book on a full screen."""

    CSS_PATH = "styles/dashboard.tcss"
    TITLE = "crm"
    MODES: ClassVar[dict[str, str | Callable[[], Screen[None]]]] = {
        actions.TODAY: TodayPage,
        actions.PEOPLE: _people,
        actions.PIPELINE: _pipeline,
    }
    DEFAULT_MODE = actions.TODAY
    COMMANDS: ClassVar[set[type[Provider] | Callable[[], type[Provider]]]] = {_palette}
    BINDINGS: ClassVar[list[BindingType]] = bindings(actions.EVERYWHERE)
    NOTIFICATION_TIMEOUT = NOTIFICATION_TIMEOUT

    def __init__(self, session: Session, early: Early | None = None) -> None:
        super().__init__()
        self.session = session
        self.early = early
        self.failure: Exception | None = None
        self._stopped = threading.Event()
        self._plain = NoColor()
        for theme in themes.THEMES.values():
            self.register_theme(theme)
        first = session.theme if session.theme in themes.THEMES else themes.DARK.name
        if first == themes.NONE.name:
            self.theme = first
        else:  # before anything is drawn nothing has to be drawn anew: a tenth of the time to the first paint
            self.set_reactive(App.theme, first)
            self.stylesheet.set_variables(self.get_css_variables())

    @property
    def said(self) -> str:
        """The day, and what is to be known of the book."""
        day = date.fromisoformat(self.session.today)
        words = f"{DAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]}"
        return words + ("  read-only" if self.session.readonly else "")

    def on_mount(self) -> None:
        """Begin to watch the book and the day, and to hear of the terminal's end."""
        self.run_worker(self._watch, thread=True, group="watch")
        self.call_after_refresh(self._read_other_styles)
        self.set_timer(SETTLED, _collect_again)
        self.set_interval(MINUTE, self.reload)
        if self.is_headless:
            return
        import asyncio
        import contextlib

        for number in (signal.SIGTERM, signal.SIGHUP):
            with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):
                asyncio.get_running_loop().add_signal_handler(number, self.exit)

    def _read_other_styles(self) -> None:
        """Read the style sheet that the first paint can do without."""
        self.stylesheet.read(Path(__file__).parent / LATER)
        self.refresh_css(animate=False)

    def on_unmount(self) -> None:
        """Stop watching."""
        self._stopped.set()

    def _watch(self) -> None:
        for _ in watch.changes(self.session.path, self._stopped):
            self.call_later(self.reload)

    def reload(self) -> None:
        """Show what the book says now."""
        page = self.page
        if page is not None and page.is_ready:  # one that is still being made reads the book when it is shown
            page.query_one(Heading).tell(self.said)
            page.reload()

    @property
    def page(self) -> Page | None:
        """The screen of the dashboard that is seen, or lies under a dialog."""
        return next((one for one in reversed(self.screen_stack) if isinstance(one, Page)), None)

    def say(
        self,
        text: str,
        severity: Literal["information", "warning", "error"] = "information",
        *,
        seconds: float = NOTIFICATION_TIMEOUT,
    ) -> None:
        """Say what happened, in the place of what was said before. What comes from the book is no markup."""
        self.clear_notifications()
        self.notify(clean(text), severity=severity, markup=False, timeout=seconds)

    def complain(self, error: CrmError) -> None:
        """Say what could not be done, and what is to be done about it; where a text is kept, long enough to copy it."""
        self.say(hints.text(error), "error", seconds=LONG)

    def action_do(self, name: str) -> None:
        """Do an action that is everywhere."""
        found = actions.find(actions.EVERYWHERE, name)
        page = self.page
        if found and found.writes and self.session.readonly:
            self.say("The book is open for reading only.", "warning")
        elif found and page is not None:
            getattr(self, f"do_{name}")(page)

    def do_today(self, _: Page) -> None:
        """Go to the day's list."""
        self.switch_mode(actions.TODAY)

    def do_people(self, _: Page) -> None:
        """Go to the people."""
        self.switch_mode(actions.PEOPLE)

    def do_pipeline(self, _: Page) -> None:
        """Go to the deals."""
        self.switch_mode(actions.PIPELINE)

    def go_to_person(self, person: int) -> None:
        """Go to somebody among the people."""
        self._on(actions.PEOPLE, lambda page: page.go_to(person))

    def go_to_deal(self, deal: int) -> None:
        """Go to a deal of the pipeline."""
        self._on(actions.PIPELINE, lambda page: page.go_to(deal))

    def go_to_search(self) -> None:
        """Go to the people, into the search."""
        self._on(actions.PEOPLE, lambda page: page.do_search())

    def _on(self, place: str, then: Callable[[Any], None]) -> None:
        """Go to a screen, and do something there when it is ready."""
        self.switch_mode(place)
        if self.page is not None:
            self.page.call_later(then, self.page)

    def do_card(self, page: Page) -> None:
        """Show or hide the card."""
        page.do_card()

    def do_undo(self, page: Page) -> None:
        """Take the last change back."""
        self._turn(page, "undo")

    def do_redo(self, page: Page) -> None:
        """Bring it again."""
        self._turn(page, "redo")

    def _turn(self, page: Page, verb: str) -> None:
        from crm_cli.tui.data import writes

        session = self.session

        def turn(info: ChangeInfo | None) -> None:
            if info is None:
                self.say(f"There is nothing to {verb}.")
            elif info.rows > MANY:
                from crm_cli.tui.dialogs.confirm import Confirm

                question = f"{verb.capitalize()} ch{info.id} {info.verb}, {info.rows:,} rows?"
                page.confirm(Confirm(question, verb), lambda: writes.turn(session, verb, info))
            else:
                page.write(lambda: writes.turn(session, verb, info))

        page.ask("turn", lambda _: iter([writes.turnable(session, verb)]), turn)

    def do_theme(self, page: Page) -> None:
        """Take the next theme, and keep it."""
        self.take_theme(page, themes.after(self.theme))

    def take_theme(self, page: Page, name: str) -> None:
        """Look another way, now and the next time."""
        from crm_cli.services import settings
        from crm_cli.tui.data.writes import Told

        self.theme = name

        def keep() -> Told:
            settings.change({"theme": name})
            return Told(f"theme = {name}", "")

        page.write(keep)

    def do_command_palette(self, _: Page) -> None:
        """Find an action by name."""
        self.action_command_palette()

    def action_command_palette(self) -> None:
        """Open the palette, unless it is open."""
        from crm_cli.tui.palette import Palette

        if not isinstance(self.screen, Palette):
            self.push_screen(Palette(id="--command-palette"))

    def do_keys(self, page: Page) -> None:
        """Say which keys do what here."""
        from crm_cli.tui.dialogs.help import Help

        self.push_screen(Help(page.place))

    def do_quit(self, _: Page) -> None:
        """Leave."""
        self.exit()

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Take the colours away that Textual's own parts have without a theme."""
        filters = super().get_line_filters()
        return [*filters, self._plain] if self.theme == themes.NONE.name else filters

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:  # noqa: ARG002
        """Offer no commands but those of the table."""
        return ()

    def edited(self, draft: Draft) -> str:
        """Return a draft as the user left it in their editor, the screen being ours again.

        Raises CrmError when the editor failed; the error says where the draft is kept, if anything was typed.
        """
        from textual.app import SuspendNotSupported

        from crm_cli import editor

        found: str | CrmError
        try:
            with self.suspend():
                try:
                    found = editor.edited(draft, self.session.editor)
                except CrmError as error:  # raised out of here it would leave the terminal without its screen
                    found = error
        except SuspendNotSupported:
            found = CrmError("cannot open an editor here")
        if isinstance(found, CrmError):
            raise CrmError(str(found), hint=kept_words(draft)) from found
        return found

    def _handle_exception(self, error: Exception) -> None:
        """Note the failure for whoever started us, who tells where the log is."""
        self.failure = self.failure or error
        super()._handle_exception(error)

    def _print_error_renderables(self) -> None:
        """Print no traceback over the user's terminal: it is in the log."""
        self._exit_renderables.clear()


def _collect_again() -> None:
    """Let the collector run, not looking at what start-up made."""
    gc.freeze()
    gc.enable()
