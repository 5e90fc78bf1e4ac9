"""A form: fields that show how their text is understood, checked as the user types; a mistake loses no input.

It stays open until what it asks for has been written, and asks before it discards what was typed.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, ClassVar, cast

from textual.binding import Binding
from textual.containers import Horizontal, Vertical, VerticalScroll

from crm_cli.drafts import Draft
from crm_cli.errors import CrmError, StoppedError, UsageError
from crm_cli.tui import hints
from crm_cli.tui.data.running import Running
from crm_cli.tui.dialogs.dialog import Dialog
from crm_cli.tui.dialogs.progress import words
from crm_cli.tui.widgets.area import Area
from crm_cli.tui.widgets.choice import Choice
from crm_cli.tui.widgets.text import Line, PlainText

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import ComposeResult
    from textual.binding import BindingType
    from textual.timer import Timer

    from crm_cli.tui.app import Dashboard
    from crm_cli.tui.dialogs.spec import FormField, FormSpec, Values

LOOKS = 0.15
"""Seconds between two looks at a write that is not done yet."""


class Stage(Enum):
    """What a form is doing; the value is its line of keys."""

    FILLING = ""
    ASKING = "Discard what you typed?   y discard   n keep it"
    SAVING = "saving…"
    WAITING = "The book is locked by another program: waiting…   esc stop waiting"


SAVED = (Stage.SAVING, Stage.WAITING)
ACTIONS = {
    Stage.FILLING: {"save", "next", "previous", "editor"},
    Stage.ASKING: {"answer"},
}
"""stage -> the actions that its keys can run, apart from ``leave``."""


class Form(Dialog[None]):
    """Asks for texts and has them saved; ``save`` gets the values and the write that ``esc`` can end."""

    AUTO_FOCUS = "Line, Area, Choice"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False),
        Binding("enter,ctrl+s", "save", show=False, priority=True),
        # Priority, so that text typed right after a tab (a macro, a slow connection) goes to the next field.
        Binding("tab", "next", show=False, priority=True),
        Binding("shift+tab", "previous", show=False, priority=True),
        Binding("down", "next", show=False),
        Binding("up", "previous", show=False),
        Binding("ctrl+o", "editor", show=False),
        Binding("y", "answer(True)", show=False),
        Binding("n", "answer(False)", show=False),
    ]

    def __init__(self, spec: FormSpec, save: Callable[[Values, Running], None], values: Values | None = None) -> None:
        super().__init__()
        self.spec, self.save = spec, save
        self.first = spec.values | (values or {})
        self.stage = Stage.FILLING
        self.run = Running()
        self.closing = False
        """Has it been saved while another screen was on top?"""
        self.after: Callable[[], object] | None = None
        """What is done once the form was discarded."""
        self.back_to: str | None = None
        self.looks: Timer | None = None

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
            yield PlainText(self._keys(), classes="dialog-keys", id="keys")

    def _keys(self) -> str:
        long = "   ^j new line   ^o editor" if any(field.long for field in self.spec.fields) else ""
        return f"⏎ {self.spec.does}   tab next{long}   esc cancel"

    def _widget(self, field: FormField) -> Line | Area | Choice:
        value = self.first[field.name]
        if field.choices:
            return Choice(field.choices(self.first), value, id=field.name)
        return (Area if field.long else Line)(value, placeholder=field.hint, id=field.name)

    def on_mount(self) -> None:
        """Show how the initial values are understood."""
        for field in self.spec.fields:
            self._echo(field, kindly=True)

    def on_screen_resume(self) -> None:
        """Close, if what was typed has been saved while another screen was on top."""
        if self.closing:
            self.dismiss()

    def on_input_changed(self, event: Line.Changed) -> None:
        """Show how the new text is understood."""
        self._echo(self._field(event.input.id or ""), kindly=True)

    def on_text_area_changed(self, event: Area.Changed) -> None:
        """Show how the new text is understood."""
        self._echo(self._field(event.text_area.id or ""), kindly=True)

    def on_choice_changed(self) -> None:
        """Update choices that depend on other choices."""
        values = self.read()
        for field in self.spec.fields:
            if field.choices:
                self.query_one(f"#{field.name}", Choice).offer(field.choices(values))

    def _field(self, name: str) -> FormField:
        return next(field for field in self.spec.fields if field.name == name)

    def _place(self, name: str) -> Line | Area | Choice:
        return cast("Line | Area | Choice", self.query_one(f"#{name}"))

    def read(self) -> Values:
        """Return the values of the fields."""
        return {field.name: self._place(field.name).content for field in self.spec.fields}

    @property
    def is_filled(self) -> bool:
        """Does it hold anything that would be lost?"""
        return self.is_mounted and self.stage not in SAVED and self.read() != self.spec.values

    def _echo(self, field: FormField, *, kindly: bool = False) -> bool:
        """Show how a field is understood, or what is wrong with it; return whether it is valid.

        With ``kindly``, no error is shown for an empty field.
        """
        if not field.check:
            self._say(f"echo-{field.name}", "")
            return True
        text = self._place(field.name).content
        try:
            self._say(f"echo-{field.name}", field.check(text))
        except UsageError as error:
            if kindly and not text.strip():
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

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """Allow the actions of the stage: while the values are being saved, only ``leave``."""
        known = {"save", "next", "previous", "editor", "answer"}
        return action not in known or action in ACTIONS.get(self.stage, ())

    def action_next(self) -> None:
        """Go to the next field."""
        self.focus_next()

    def action_previous(self) -> None:
        """Go to the previous field."""
        self.focus_previous()

    def _become(self, stage: Stage) -> None:
        """Go to another stage. Only while it is being filled in do the fields take keys."""
        if stage is self.stage:
            return
        if self.stage is Stage.FILLING:
            self.back_to = self.focused.id if self.focused else None
        self.stage = stage
        self.query_one(".fields").disabled = stage is not Stage.FILLING
        keys = self.query_one("#keys", PlainText)
        keys.say(stage.value or self._keys())
        keys.set_class(stage is Stage.ASKING, "asking")
        if stage is Stage.FILLING and self.back_to:
            self.set_focus(self.query_one(f"#{self.back_to}"))

    def action_save(self) -> None:
        """Save, after the field has handled all keys typed before."""
        (self.focused or self).call_later(self._save)

    def _save(self) -> None:
        """Have the values saved, or focus the first invalid field."""
        if self.stage is not Stage.FILLING or self.closing:
            return
        self._say("refusal", "")
        wrong = [field for field in self.spec.fields if not self._echo(field)]
        if wrong:
            self.set_focus(self.query_one(f"#{wrong[0].name}"))
            return
        values, self.run = self.read(), Running()
        self._become(Stage.SAVING)
        self.looks = self.set_interval(LOOKS, self._look)
        self.save(values, self.run)

    def _look(self) -> None:
        """Say that the book is locked, or how far a bulk write is."""
        if self.stage in SAVED:
            self._become(Stage.WAITING if self.run.is_waiting else Stage.SAVING)
        if self.stage is Stage.SAVING and self.run.total:
            self.query_one("#keys", PlainText).say(f"{words(self.run)}   esc stop")

    @property
    def is_busy(self) -> bool:
        """Are the values being saved?"""
        return self.stage is Stage.SAVING

    def close(self) -> None:
        """Close after the values were saved."""
        self.closing = True
        self.dismiss()

    def refuse(self, error: CrmError) -> None:
        """Show why the values were not saved, at the field that is the reason."""
        if isinstance(error, StoppedError):
            return
        self._reopen()
        at = error.field if any(field.name == error.field for field in self.spec.fields) else ""
        self._say(f"echo-{at}" if at else "refusal", hints.text(error), wrong=True)
        if at:
            self.set_focus(self.query_one(f"#{at}"))

    def _reopen(self) -> None:
        if self.looks:
            self.looks.stop()
        self._become(Stage.FILLING)

    def action_leave(self) -> None:
        """Close, stop waiting, or go back to the fields; ask before what was typed is discarded."""
        if self.stage in SAVED:
            self.run.end()
            self._reopen()
        elif self.stage is Stage.ASKING:
            self._become(Stage.FILLING)
        else:
            self.leave()

    def leave(self, then: Callable[[], object] | None = None) -> None:
        """Close without saving, and call ``then``; ask first if anything was typed."""
        self.after = then
        if self.is_filled:
            self._become(Stage.ASKING)
        else:
            self._discard()

    def action_answer(self, discard: bool) -> None:
        """Discard what was typed, or go on."""
        if discard:
            self._discard()
        else:
            self._become(Stage.FILLING)

    def _discard(self) -> None:
        self.dismiss()
        if self.after:
            self.after()

    def action_editor(self) -> None:
        """Edit a long text in the editor: the one that has the focus, or else the first."""
        areas = list(self.query(Area))
        area = self.focused if isinstance(self.focused, Area) else next(iter(areas), None)
        if area is None:
            return
        draft = Draft(area.content)
        try:
            text = cast("Dashboard", self.app).edited(draft).rstrip("\n")
        except CrmError as error:
            self._say("refusal", hints.text(error), wrong=True)
            return
        draft.discard()
        self._say("refusal", "")
        area.content = text
