"""Before a merge: the fields in which the records differ, side by side, and which value of each is kept."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll

from crm_cli.core.kinds import BY_NAME
from crm_cli.tui.data import duplicates
from crm_cli.tui.dialogs.conflict import Pair, Version
from crm_cli.tui.dialogs.dialog import Dialog
from crm_cli.tui.widgets.text import PlainText

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from crm_cli.core.combining import Merged
    from crm_cli.tui.data.writes import Result
    from crm_cli.tui.screens.page import Page

KEYS = "←→ which is kept   ↑↓ field   ⏎ merge   esc leave them"
NOTHING_LOST = "The other value goes to the notes; points, tags, history and deals are moved. u undoes it."


def ask(page: Page, kind: str, refs: Sequence[int], then: Callable[[Result], None] | None = None) -> None:
    """Ask how records are merged into the first of them, and merge them."""
    survivor, *losers = refs

    def opened(found: Merged) -> None:
        page.app.push_screen(Merging(found), chosen)

    def chosen(choices: dict[str, int] | None) -> None:
        if choices is not None:
            page.write(partial(duplicates.merge, page.session, kind, survivor, losers, choices), then=then)

    page.ask_for("merge", partial(duplicates.preview, page.session, kind, survivor, losers), opened)


class Merging(Dialog["dict[str, int] | None"]):
    """Asks which value of each field is kept; the result is field -> id of the record, or None."""

    AUTO_FOCUS = "Pair, .dialog"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,ctrl+s", "merge", show=False),
        Binding("escape", "leave", show=False),
    ]

    def __init__(self, found: Merged) -> None:
        super().__init__()
        self.found = found
        # Where several are merged, the first that differs in a field is asked about; the others follow the survivor.
        differing = [(loser.id, each) for loser in found.losers for each in loser.choices if each.other]
        self.asked = {each.field: (ref, each) for ref, each in reversed(differing)}

    def compose(self) -> ComposeResult:
        """Lay out the fields."""
        printed = BY_NAME[self.found.kind].printed
        names = ", ".join(f"{printed(each.id)} {each.name}" for each in self.found.losers)
        with Vertical(classes="dialog"):
            yield PlainText(f"Merge {names} into {printed(self.found.survivor)}?", classes="dialog-title")
            with VerticalScroll(classes="fields", can_focus=False):
                for field, (ref, each) in self.asked.items():
                    mine, theirs = (each.other, each.kept) if each.from_loser else (each.kept, each.other)
                    version = Version(field, field, mine, theirs, not each.from_loser)
                    yield Pair(version, names=(printed(self.found.survivor), printed(ref)))
            yield PlainText(NOTHING_LOST)
            yield PlainText(KEYS if self.asked else "⏎ merge   esc leave them", classes="dialog-keys")

    def action_merge(self) -> None:
        """Close with what was chosen."""
        survivor = self.found.survivor
        pairs = {pair.version.name: pair.mine for pair in self.query(Pair)}
        self.dismiss({field: survivor if pairs[field] else ref for field, (ref, _) in self.asked.items()})

    def action_leave(self) -> None:
        """Go back."""
        self.dismiss(None)
