"""The application: its screens, its themes, and the actions that are available everywhere."""

from __future__ import annotations

import gc
import signal
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, cast

from textual import events
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.app import App
from textual.filter import NoColor

from crm_cli.drafts import kept_words
from crm_cli.errors import CrmError
from crm_cli.tui import actions, hangup, themes
from crm_cli.tui.bindings import bindings
from crm_cli.tui.frame import Changes, Frame
from crm_cli.tui.leaving import Leaving
from crm_cli.tui.screens.page import Page
from crm_cli.tui.screens.today import TodayPage
from crm_cli.tui.typeahead import Typeahead

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rich.console import RenderableType
    from textual.binding import BindingType
    from textual.filter import LineFilter
    from textual.screen import Screen

    from crm_cli.core.records import ChangeInfo
    from crm_cli.drafts import Draft
    from crm_cli.session import Session
    from crm_cli.tui.actions import Action
    from crm_cli.tui.data.first_list import FirstList
    from crm_cli.tui.kept import Kept

MANY = 1000
"""The number of rows from which undo asks first."""
SETTLED = 1.5
"""Seconds after start-up until the garbage collector is enabled again; by then, start-up leaves no more garbage."""
MINUTE = 60
STDIN = 0
LATER = "styles/later.tcss"


def _people() -> Screen[None]:
    """Create the people screen when it is first opened."""
    from crm_cli.tui.screens.people import PeoplePage

    return PeoplePage()


def _companies() -> Screen[None]:
    """Create the screen of companies when it is first opened."""
    from crm_cli.tui.screens.companies import CompaniesPage

    return CompaniesPage()


def _pipeline() -> Screen[None]:
    """Create the pipeline screen when it is first opened."""
    from crm_cli.tui.screens.pipeline import PipelinePage

    return PipelinePage()


class Dashboard(Leaving):
    """The book on a full screen."""

    CSS_PATH = "styles/dashboard.tcss"
    TITLE = "crm"
    ENABLE_COMMAND_PALETTE = False  # ours is in the table of actions
    MODES: ClassVar[dict[str, str | Callable[[], Screen[None]]]] = {
        actions.TODAY: TodayPage,
        actions.PEOPLE: _people,
        actions.COMPANIES: _companies,
        actions.PIPELINE: _pipeline,
    }
    DEFAULT_MODE = actions.TODAY
    BINDINGS: ClassVar[list[BindingType]] = bindings(actions.EVERYWHERE)

    def __init__(self, session: Session, first_list: FirstList | None = None, *, few_colors: bool = False) -> None:
        super().__init__(session)
        self.first_list = first_list
        self.failure: Exception | None = None
        self.typeahead = Typeahead(self, super().on_event, self._is_opening)
        self._plain = NoColor()
        self._frame = Frame()
        self.set_class(few_colors, "-few-colors")
        for theme in themes.themes(few_colors=few_colors):
            self.register_theme(theme)
        first = session.theme if session.theme in themes.NAMES else themes.NAMES[0]
        if first == themes.NONE.name:
            self.theme = first
        else:  # nothing has been drawn yet, so skip the redraw: a tenth of the time to the first paint
            self.set_reactive(App.theme, first)
            self.stylesheet.set_variables(self.get_css_variables())

    async def on_event(self, event: events.Event) -> None:
        """Handle an event; keys and pasted texts one at a time."""
        if isinstance(event, events.Key | events.Paste) and not event.is_forwarded:
            await self.typeahead.take(event)
        else:
            await super().on_event(event)

    def _is_opening(self) -> bool:
        """Is a screen or a dialog being opened, or a form saved?"""
        page = self.page
        is_busy = getattr(self.screen, "is_busy", False)
        return not self.screen.is_mounted or is_busy or (page is not None and page.is_opening)

    def on_mount(self) -> None:
        """Start watching the book and the day, and handle the signals that end the program."""
        self.app_resume_signal.subscribe(self, lambda _: self._frame.forget(), immediate=True)
        self.run_worker(self.watch_book, thread=True, group="watch")
        self.call_after_refresh(self._read_other_styles)
        self.set_timer(SETTLED, _collect_again)
        self.set_interval(MINUTE, self.reload)
        if self.is_headless:
            return
        import asyncio
        import contextlib

        hangup.watch(STDIN, lambda: self.call_later(self.end))
        for number in (signal.SIGTERM, signal.SIGHUP):
            with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):
                asyncio.get_running_loop().add_signal_handler(number, self.end)

    def _read_other_styles(self) -> None:
        """Read the style sheet that the first paint does not need."""
        self.stylesheet.read(Path(__file__).parent / LATER)
        self.refresh_css(animate=False)
        page, path = self.page, self.session.path
        if page and not self.session.readonly:
            page.ask("kept", lambda _: iter([_kept_form(path)]), page.offer)

    def on_unmount(self) -> None:
        """Stop watching."""
        self.stopped.set()

    def action_do(self, name: str) -> None:
        """Run an action that is available everywhere."""
        found = actions.find(actions.EVERYWHERE, name)
        page = self.page
        if found and found.writes and self.session.readonly:
            self.say("The book is open for reading only.", "warning")
        elif found and page is not None:
            getattr(self, f"do_{name}")(page)

    def do_undo(self, page: Page) -> None:
        """Undo the last change."""
        self._turn(page, "undo")

    def do_redo(self, page: Page) -> None:
        """Redo the change that was last undone."""
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

        def last() -> ChangeInfo | None:
            with self.one_write:  # what is being written is what is undone
                return writes.turnable(session, verb)

        page.ask_for("turn", last, turn)

    def do_import(self, page: Page) -> None:
        """Import a file."""
        from crm_cli.tui.dialogs.filling import ask_for_file

        ask_for_file(page)

    def do_demo(self, page: Page) -> None:
        """Fill an empty book with examples."""
        from crm_cli.tui.dialogs.filling import ask_for_examples

        ask_for_examples(page)

    def do_theme(self, page: Page) -> None:
        """Switch to the next theme, and save the choice."""
        self.take_theme(page, themes.after(self.theme))

    def take_theme(self, page: Page, name: str) -> None:
        """Switch to a theme, and save it in the settings."""
        from crm_cli.services import settings
        from crm_cli.tui.data.writes import Result

        self.theme = name

        def keep() -> Result:
            settings.change({"theme": name})
            return Result(f"theme = {name}", "")

        page.write(keep)

    def do_palette(self, page: Page) -> None:
        """Find an action or a record by name."""
        from crm_cli.tui.dialogs.palette import Palette

        def chosen(do: Callable[[], object] | None) -> None:
            if do:
                do()

        if self.screen is page:
            self.push_screen(Palette(page), chosen)

    def run_anywhere(self, action: Action) -> None:
        """Run an action; one of another screen goes there first."""
        page = self.page
        if action.where == actions.EVERYWHERE:
            self.action_do(action.id)
        elif page is not None and page.place == action.where:
            page.action_do(action.id)
        else:
            self._on(action.where, lambda there: there.when_read(lambda: there.action_do(action.id)))

    def do_keys(self, page: Page) -> None:
        """Show the keys of this page."""
        from crm_cli.tui.dialogs.help import Help

        self.push_screen(Help(page.place))

    def do_redraw(self, _: Page) -> None:
        """Draw the whole screen again, after another program has written over it."""
        self._frame.forget()
        self.refresh()

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Without a theme, remove the colours that Textual's own parts have; with one, each part has its colours.

        Textual's own filters, which translate named and dim colours, find nothing in them: a tenth of the drawing.
        """
        return [*super().get_line_filters(), self._plain] if self.theme == themes.NONE.name else []

    def edited(self, draft: Draft) -> str:
        """Return a draft as the user saved it in their editor, after restoring the screen.

        Raises CrmError when the editor failed; the error says where the draft is kept, if anything was typed.
        """
        from textual.app import SuspendNotSupported

        from crm_cli import editor

        found: str | CrmError
        try:
            with self.suspend():
                try:
                    found = editor.edited(draft, self.session.editor)
                except CrmError as error:  # raising it from here would leave the terminal without its screen
                    found = error
        except SuspendNotSupported:
            found = CrmError("cannot open an editor here")
        if isinstance(found, CrmError):
            raise CrmError(str(found), hint=kept_words(draft)) from found
        return found

    def on_resize(self) -> None:
        """Send the whole screen: the terminal may have moved what it showed."""
        self._frame.forget()

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        """Send what differs from what the terminal shows."""
        if isinstance(renderable, LayoutUpdate | ChopsUpdate):
            super()._display(screen, cast("RenderableType", Changes(renderable, self._frame)))
        else:
            super()._display(screen, renderable)

    def _handle_exception(self, error: Exception) -> None:
        """Store the failure for the caller, which reports where the log is."""
        if self.failure is None:
            self.failure = error
            self.keep_forms()
        super()._handle_exception(error)

    def _print_error_renderables(self) -> None:
        """Print no traceback to the user's terminal: it is in the log."""
        self._exit_renderables.clear()


def _kept_form(book: Path) -> Kept | None:
    """Return the form that was kept when the dashboard was ended, if there is one."""
    from crm_cli.tui import kept

    return kept.first(book)


def _collect_again() -> None:
    """Enable the garbage collector, which ignores what start-up allocated."""
    gc.freeze()
    gc.enable()
