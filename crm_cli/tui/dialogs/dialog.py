"""The base of all dialogs: the style sheet, and a background screen whose columns stay aligned."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from textual.await_complete import AwaitComplete
from textual.screen import ModalScreen, Screen

from crm_cli.tui.widgets import strips

if TYPE_CHECKING:
    from textual.geometry import Region
    from textual.strip import Strip

T = TypeVar("T")


class AnswersOnce(Screen[T]):
    """A screen that is dismissed once. Textual removes the top screen: a second dismissal would close another one."""

    def dismiss(self, result: T | None = None) -> AwaitComplete:
        """Close with a result, unless that was done already or another screen is on top."""
        return super().dismiss(result) if self.app.screen is self else AwaitComplete.nothing()  # type: ignore[no-untyped-call]


class Dialog(ModalScreen[T], AnswersOnce[T]):
    """A question over a screen; its result is a ``T``. On a small terminal it takes the whole width."""

    CSS_PATH = "../styles/dialogs.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012  (Textual's declaration)

    @property
    def is_busy(self) -> bool:
        """Is the next key meant for what comes after this dialog?"""
        return False

    def render_lines(self, crop: Region) -> list[Strip]:
        """Draw the visible part of the screen behind, with its columns aligned."""
        return strips.placed(super().render_lines(crop), crop.x)
