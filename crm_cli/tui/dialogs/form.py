"""A form: fields that show how their text is understood, checked as the user types; a mistake loses no input."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, NamedTuple, cast

from textual.binding import Binding
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import Input

from crm_cli.drafts import Draft
from crm_cli.errors import CrmError, UsageError
from crm_cli.render.clean import clean
from crm_cli.tui import hints
from crm_cli.tui.dialogs.dialog import Dialog
from crm_cli.tui.widgets.choice import Choice
from crm_cli.tui.widgets.text import LINE_END, Line, PlainText

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from crm_cli.tui.app import Dashboard

Values = dict[str, str]


class FormField(NamedTuple):
    """A field. ``check`` reads a text and returns how it was understood, or raises UsageError.

    With ``choices`` (computed from the form's values) it is a choice of words. A ``long`` text can be edited in the
    user's editor.
    """

    name: str
    label: str
    hint: str = ""
    value: str = ""
    check: Callable[[str], str] | None = None
    choices: Callable[[Values], Sequence[str]] | None = None
    long: bool = False


class FormSpec(NamedTuple):
    """The contents of a form: its title, its fields, and what ``enter`` does."""

    title: str
    fields: tuple[FormField, ...]
    does: str


class Form(Dialog["Values | None"]):
    """Asks for texts; the result is all of them, or None."""

    AUTO_FOCUS = "Input, Choice"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False),
        Binding("enter,ctrl+s", "save", show=False, priority=True),
        # Priority, so that text typed right after a tab (a macro, a slow connection) goes to the next field.
        Binding("tab", "app.focus_next", show=False, priority=True),
        Binding("shift+tab", "app.focus_previous", show=False, priority=True),
        Binding("down", "app.focus_next", show=False),
        Binding("up", "app.focus_previous", show=False),
        Binding("ctrl+o", "editor", show=False),
    ]

    def __init__(self, spec: FormSpec, values: Values | None = None, *, mistake: CrmError | None = None) -> None:
        super().__init__()
        self.spec = spec
        self.values = values or {field.name: field.value for field in spec.fields}
        self.mistake = mistake
        self.kept: Values = {}
        """Texts of several lines, which a field cannot hold; it shows their first line."""

    def compose(self) -> ComposeResult:
        """Lay out the fields."""
        with Vertical(classes="dialog"):
            yield PlainText(self.spec.title, classes="dialog-title")
            with VerticalScroll(classes="fields", can_focus=False):
                for field in self.spec.fields:
                    with Horizontal(classes="field"):
                        yield PlainText(field.label, classes="label")
                        yield self._widget(field)
                    yield PlainText(classes="echo", id=f"echo-{field.name}")
            yield PlainText(classes="refusal", id="refusal")
            editor = "   ^o editor" if any(field.long for field in self.spec.fields) else ""
            yield PlainText(f"⏎ {self.spec.does}   tab next{editor}   esc cancel", classes="dialog-keys")

    def _widget(self, field: FormField) -> Input | Choice:
        value = self.values[field.name]
        if field.choices:
            return Choice(field.choices(self.values), value, id=field.name)
        if "\n" in value:
            self.kept[field.name] = value
        line = Line(clean(value), placeholder=field.hint, id=field.name, compact=True, select_on_focus=False)
        line.long = field.long
        return line

    def on_mount(self) -> None:
        """Show how the initial values are understood, and what was refused."""
        for field in self.spec.fields:
            self._echo(field, kindly=True)
        if self.mistake:
            self._refuse(self.mistake)

    def _refuse(self, error: CrmError) -> None:
        """Show an error below the fields."""
        self._say("refusal", hints.text(error), wrong=True)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Show how the new text is understood."""
        field = self._field(event.input.id or "")
        kept = self.kept.get(field.name)
        if kept is not None and event.value != clean(kept):
            del self.kept[field.name]
        self._echo(field, kindly=True)

    def on_choice_changed(self) -> None:
        """Update choices that depend on other choices."""
        values = self.read()
        for field in self.spec.fields:
            if field.choices:
                self.query_one(f"#{field.name}", Choice).offer(field.choices(values))

    def _field(self, name: str) -> FormField:
        return next(field for field in self.spec.fields if field.name == name)

    def _text(self, field: FormField) -> str:
        if field.choices:
            return self.query_one(f"#{field.name}", Choice).value
        typed = self.query_one(f"#{field.name}", Input).value
        return self.kept.get(field.name, typed.replace(LINE_END, "\n") if field.long else typed)

    def read(self) -> Values:
        """Return the values of the fields."""
        return {field.name: self._text(field) for field in self.spec.fields}

    def _echo(self, field: FormField, *, kindly: bool = False) -> bool:
        """Show how a field is understood, or what is wrong with it; return whether it is valid.

        With ``kindly``, no error is shown for an empty field.
        """
        if not field.check:
            return True
        try:
            self._say(f"echo-{field.name}", field.check(self._text(field)))
        except UsageError as error:
            if kindly and not self._text(field).strip():
                self._say(f"echo-{field.name}", "")
                return False
            self._say(f"echo-{field.name}", hints.text(error), wrong=True)
            return False
        return True

    def _say(self, place: str, text: str, *, wrong: bool = False) -> None:
        line = self.query_one(f"#{place}", PlainText)
        line.say(text)
        line.set_class(bool(text), "filled")
        line.set_class(wrong, "wrong")

    def action_save(self) -> None:
        """Save, after the field has handled all keys typed before."""
        (self.focused or self).call_later(self.call_later, self._save)

    def _save(self) -> None:
        """Close with the values, or focus the first invalid field."""
        wrong = [field for field in self.spec.fields if not self._echo(field)]
        if wrong:
            self.set_focus(self.query_one(f"#{wrong[0].name}"))
            return
        self.dismiss(self.read())

    def action_leave(self) -> None:
        """Close without a result."""
        self.dismiss(None)

    def action_editor(self) -> None:
        """Edit the long text in the editor."""
        field = next((field for field in self.spec.fields if field.long), None)
        if field is None:
            return
        draft = Draft(self._text(field))
        try:
            text = cast("Dashboard", self.app).edited(draft).rstrip("\n")
        except CrmError as error:
            self._refuse(error)
            return
        draft.discard()
        self._say("refusal", "")
        self.kept[field.name] = text
        self.query_one(f"#{field.name}", Input).value = clean(text)
