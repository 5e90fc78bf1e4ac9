"""A record that was changed while its form was open: both versions, field by field, and which of them is saved."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, NamedTuple

from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll

from crm_cli.core.text.width import is_blank
from crm_cli.tui.dialogs.dialog import Dialog
from crm_cli.tui.widgets.text import PlainText

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from crm_cli.tui.data.running import Running
    from crm_cli.tui.dialogs.form import Form
    from crm_cli.tui.dialogs.spec import FormSpec, Values

KEYS = "m mine   b the book's   ↑↓ field   ⏎ save   esc back to the form"


class Version(NamedTuple):
    """A field that was changed in the book: its name and label, both texts, and whether mine is to be saved."""

    name: str
    label: str
    mine: str
    theirs: str
    keep: bool


def versions(opened: FormSpec, now: FormSpec, typed: Values) -> list[Version]:
    """Return the fields that the book has otherwise than both the form when it was opened and what was typed."""
    return [
        Version(field.name, field.label, typed[field.name], field.value, typed[field.name] != opened.values[field.name])
        for field in now.fields
        if field.value not in {typed[field.name], opened.values[field.name]}
    ]


def resolve(form: Form, now: FormSpec, save: Callable[[Values, Running], None]) -> None:
    """Save a form whose record was changed meanwhile, after the user has chosen between the versions if they differ."""
    typed = form.read()
    found = versions(form.spec, now, typed)
    untouched = {field.name: field.value for field in now.fields if typed[field.name] == form.spec.values[field.name]}

    def chosen(answer: Values | None) -> None:
        if answer is not None:
            form.save_again(now, save, typed | untouched | answer)

    if found:
        form.app.push_screen(Conflict(form.spec.title, found), chosen)
    else:
        chosen({})


class Pair(Vertical, can_focus=True):
    """Both versions of a field; one is chosen."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("m,left", "choose(True)", show=False),
        Binding("b,right", "choose(False)", show=False),
        Binding("space", "turn", show=False),
        # Here, not in the dialog: the pane around the fields would scroll by the arrows first.
        Binding("down,j", "app.focus_next", show=False),
        Binding("up,k", "app.focus_previous", show=False),
    ]

    def __init__(self, version: Version, names: tuple[str, str] = ("mine", "the book's")) -> None:
        super().__init__()
        self.version, self.mine = version, version.keep
        width = max(map(len, names))
        self.names = tuple(name.ljust(width) for name in names)

    def compose(self) -> ComposeResult:
        """Lay out the versions."""
        yield PlainText(self.version.label, classes="pair-label")
        yield PlainText(id="mine")
        yield PlainText(id="theirs")

    def on_mount(self) -> None:
        """Show which is chosen."""
        self._show()

    def _show(self) -> None:
        for place, name, text, chosen in (
            ("#mine", self.names[0], self.version.mine, self.mine),
            ("#theirs", self.names[1], self.version.theirs, not self.mine),
        ):
            shown = "(empty)" if is_blank(text) else text.replace("\n", " ⏎ ")
            line = self.query_one(place, PlainText)
            line.say(f"{'●' if chosen else '○'} {name}  {shown}")
            line.set_class(chosen, "pair-chosen")

    def action_choose(self, mine: bool) -> None:
        """Choose a version."""
        self.mine = mine
        self._show()

    def action_turn(self) -> None:
        """Choose the version that is not chosen."""
        self.action_choose(not self.mine)

    def on_click(self) -> None:
        """Choose the version that is not chosen."""
        self.action_turn()


class Conflict(Dialog["Values | None"]):
    """Asks which version of each field to save; the result is the chosen texts, or None."""

    AUTO_FOCUS = "Pair"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,ctrl+s", "save", show=False),
        Binding("escape", "leave", show=False),
    ]

    def __init__(self, title: str, found: Sequence[Version]) -> None:
        super().__init__()
        self.heading, self.found = title, found

    def compose(self) -> ComposeResult:
        """Lay out the fields."""
        with Vertical(classes="dialog"):
            yield PlainText(f"{self.heading}: it was changed meanwhile. Which is to be saved?", classes="dialog-title")
            with VerticalScroll(classes="fields", can_focus=False):
                yield from map(Pair, self.found)
            yield PlainText(KEYS, classes="dialog-keys")

    def action_save(self) -> None:
        """Close with the chosen texts."""
        pairs = [(pair.version, pair.mine) for pair in self.query(Pair)]
        self.dismiss({version.name: version.mine if mine else version.theirs for version, mine in pairs})

    def action_leave(self) -> None:
        """Go back to the form."""
        self.dismiss(None)
