"""A form: fields that show how their text is understood, checked as the user types; a mistake loses no input.

It stays open until what it asks for has been written, and asks before it discards what was typed.
"""

from __future__ import annotations

import contextlib
from enum import Enum
from time import monotonic
from typing import TYPE_CHECKING, ClassVar, cast

from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll

from crm_cli.drafts import Draft
from crm_cli.errors import AmbiguousError, CrmError, StoppedError
from crm_cli.tui import hints
from crm_cli.tui.data import running
from crm_cli.tui.data.running import Running
from crm_cli.tui.dialogs.dialog import Dialog
from crm_cli.tui.dialogs.field import Field
from crm_cli.tui.dialogs.progress import words
from crm_cli.tui.widgets.area import Area
from crm_cli.tui.widgets.choice import Choice
from crm_cli.tui.widgets.text import PlainText

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import ComposeResult
    from textual.binding import BindingType
    from textual.timer import Timer

    from crm_cli.tui.app import Dashboard
    from crm_cli.tui.dialogs.spec import FormSpec, Shortcut, Values
    from crm_cli.tui.kept import Kept
    from crm_cli.tui.widgets.offers import Offers
    from crm_cli.tui.widgets.text import Line

SHORTCUTS = ("ctrl+t", "ctrl+n", "ctrl+g")
"""The keys that fields can have for a text."""
RESTS = 0.08
"""Seconds without a key until the book is asked about what was typed."""
LOOKS = 0.15
"""Seconds between two looks at a write that is not done yet."""


class Stage(Enum):
    """What a form is doing; the value is its line of keys."""

    FILLING = ""
    ASKING = "Discard what you typed?   y discard   n keep it"
    SAVING = "saving…"
    WAITING = "The book is locked by another program: waiting…   esc stop waiting"


SAVED = (Stage.SAVING, Stage.WAITING)
FILLS = {"save", "next", "previous", "line", "shortcut", "editor"}
ACTIONS = {
    Stage.FILLING: FILLS,
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
        Binding("down", "line(1)", show=False, priority=True),
        Binding("up", "line(-1)", show=False, priority=True),
        *(Binding(key, f"shortcut('{key}')", show=False, priority=True) for key in SHORTCUTS),
        Binding("ctrl+o", "editor", show=False),
        Binding("y", "answer(True)", show=False),
        Binding("n", "answer(False)", show=False),
    ]

    def __init__(self, spec: FormSpec, save: Callable[[Values, Running], None], kept: Kept | None = None) -> None:
        super().__init__()
        self.spec, self.save, self.kept = spec, save, kept
        self.first = spec.values | (kept.values if kept else {})
        self.stage = Stage.FILLING
        self.run = Running()
        self.shown_from = 0.0
        """The moment from which a write is shown that is not done yet."""
        self.closing = False
        """Has it been saved? It closes as soon as no other screen is on top."""
        self.after: Callable[[], object] | None = None
        """What is done once the form was discarded."""
        self.back_to: str | None = None
        self.looks: Timer | None = None
        self.rests: Timer | None = None
        self.fields = {field.name: Field(field, self.first) for field in spec.fields}

    def compose(self) -> ComposeResult:
        """Lay out the fields."""
        with Vertical(classes="dialog"):
            yield PlainText(self.spec.title, classes="dialog-title")
            with VerticalScroll(classes="fields", can_focus=False):
                yield from self.fields.values()
            yield PlainText(classes="refusal", id="refusal")
            yield PlainText(self._keys(), classes="dialog-keys", id="keys")

    def _keys(self) -> str:
        long = "   ^j new line   ^o editor" if any(field.long for field in self.spec.fields) else ""
        return f"⏎ {self.spec.does}   tab next{long}   esc cancel"

    def on_mount(self) -> None:
        """Show how the initial values are understood."""
        for field in self.fields.values():
            field.check(kindly=True)

    def on_screen_resume(self) -> None:
        """Close, if what was typed has been saved while another screen was on top."""
        if self.closing:
            self.dismiss()

    def on_input_changed(self, event: Line.Changed) -> None:
        """Show how the new text is understood."""
        self._changed(event.input.id or "")

    def on_text_area_changed(self, event: Area.Changed) -> None:
        """Show how the new text is understood, and all of the field, which may have grown."""
        self._changed(event.text_area.id or "")
        if event.text_area.has_focus:
            self.call_after_refresh(cast("Area", event.text_area).reveal)

    def on_choice_changed(self) -> None:
        """Update choices that depend on other choices."""
        values = self.read()
        for field in self.fields.values():
            if field.spec.choices and isinstance(field.input, Choice):
                field.input.offer(field.spec.choices(values))

    def _changed(self, name: str) -> None:
        field = self.fields[name]
        field.check(kindly=True)
        if field.spec.suggest:
            if self.rests:
                self.rests.stop()
            self.rests = self.set_timer(RESTS, lambda: self._look_up(field))

    def _look_up(self, field: Field) -> None:
        """Ask the book about what was typed in a field."""
        page, session, text = self.dashboard.page, self.dashboard.session, field.content
        suggest = field.spec.suggest
        if page and suggest and self.stage is Stage.FILLING:
            page.ask(
                "suggest",
                lambda _: iter([suggest(session, text)]),
                lambda found: field.suggest(text, found),
                lambda _: field.offers.show(()),  # what is wrong is said when the form is saved
            )

    def on_descendant_blur(self) -> None:
        """Offer nothing in a field that is left."""
        for field in self.fields.values():
            if field.offers.display and not field.input.has_focus:
                field.offers.show(())

    def on_offers_clicked(self, event: Offers.Clicked) -> None:
        """Take what was clicked."""
        if field := self._current:
            field.take(event.offer)

    @property
    def dashboard(self) -> Dashboard:
        """The application."""
        return cast("Dashboard", self.app)

    @property
    def _current(self) -> Field | None:
        """The field that has the focus."""
        return self.fields.get(self.focused.id or "") if self.focused else None

    def read(self) -> Values:
        """Return the values of the fields."""
        return {name: field.content for name, field in self.fields.items()}

    @property
    def is_filled(self) -> bool:
        """Does it hold anything that would be lost?"""
        return self.is_mounted and self.stage not in SAVED and self.read() != self.spec.values

    def _refusal(self, text: str) -> None:
        """Show a mistake that is not one of a field."""
        line = self.query_one("#refusal", PlainText)
        line.say(text)
        line.set_class(bool(text), "filled")
        line.set_class(bool(text), "wrong")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Allow the actions of the stage: while the values are being saved, only ``leave``."""
        if action == "line" and isinstance(self.focused, Area):
            return False  # it has lines of its own
        if action == "shortcut" and self._shortcut(str(parameters[0])) is None:
            return False
        return action not in FILLS | {"answer"} or action in ACTIONS.get(self.stage, ())

    def action_next(self) -> None:
        """Take what is chosen under the field, or go to the next field."""
        if not self._take():
            self.focus_next()

    def action_previous(self) -> None:
        """Go to the previous field."""
        self.focus_previous()

    def action_line(self, step: int) -> None:
        """Go to the next or previous line, after the field has handled all keys typed before."""
        (self.focused or self).call_later(self._go, step)

    def _go(self, step: int) -> None:
        """Go to the next or previous of the texts offered under the field, or else of the fields."""
        field = self._current
        if field is None or not field.go(step):
            (self.focus_next if step > 0 else self.focus_previous)()

    def _take(self) -> bool:
        """Take the text that is chosen under the field; return whether there is one."""
        field = self._current
        offer = field.chosen if field else None
        if field and offer:
            field.take(offer)
        return offer is not None

    def _shortcut(self, key: str) -> tuple[Field, Shortcut] | None:
        return next(
            ((field, one) for field in self.fields.values() for one in field.spec.shortcuts if one.key == key), None
        )

    def action_shortcut(self, key: str) -> None:
        """Enter the text of a key, and save."""
        if found := self._shortcut(key):
            field, shortcut = found
            field.content = shortcut.text
            self._save()

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
            self.set_focus(self.fields[self.back_to].input)

    def action_save(self) -> None:
        """Take what is chosen under the field, or save, after the field has handled all keys typed before."""

        def handled() -> None:
            if not self._take():
                self._save()

        (self.focused or self).call_later(handled)

    def _save(self) -> None:
        """Have the values saved, or focus the first invalid field."""
        if self.stage is not Stage.FILLING or self.closing:
            return
        self._refusal("")
        wrong = [field for field in self.fields.values() if not field.check()]
        if wrong:
            self.set_focus(wrong[0].input)
            return
        values, self.run = self.read(), Running()
        self.shown_from = monotonic() + running.PATIENCE
        self._become(Stage.SAVING)
        self.looks = self.set_interval(LOOKS, self._look)
        self.save(values, self.run)

    def report(self, text: str) -> None:
        """Show how far the saving is."""
        if self.is_mounted and self.stage is Stage.SAVING:
            self.query_one("#keys", PlainText).say(text)

    def _look(self) -> None:
        """Say that the book is locked, or how far a bulk write is."""
        if self.stage in SAVED:
            self._become(Stage.WAITING if self.run.is_waiting else Stage.SAVING)
        if self.stage is Stage.SAVING and self.run.total and monotonic() > self.shown_from:
            self.query_one("#keys", PlainText).say(f"{words(self.run)}   esc stop")

    @property
    def is_busy(self) -> bool:
        """Are the values being saved? After a moment the next key is meant for the form, to stop it."""
        return self.stage is Stage.SAVING and monotonic() < self.shown_from

    def save_again(self, spec: FormSpec, save: Callable[[Values, Running], None], values: Values) -> None:
        """Save values for a newer version of the record, which they are compared with from now on."""
        self.spec, self.save = spec, save
        for name, text in values.items():
            self.fields[name].content = text
        self._save()

    def keep(self) -> None:
        """Keep what was typed for the next start of the dashboard, if it is not being written."""
        if not self.spec.name or not (self.is_filled or self.stage is Stage.WAITING):
            return
        from crm_cli.tui import kept

        self.run.end()
        with contextlib.suppress(OSError):
            kept.keep(self.dashboard.session.path, self.spec, self.read())
            self._forget()

    def _forget(self) -> None:
        """Delete the file that the values came from."""
        if self.kept:
            self.kept.discard()

    def close(self) -> None:
        """Close after the values were saved."""
        self.closing = True
        self._forget()
        self.dismiss()

    def refuse(self, error: CrmError) -> None:
        """Show why the values were not saved, at the field that is the reason."""
        if isinstance(error, StoppedError):  # the form was given back when its user ended the write
            self._refusal(str(error))
            return
        self._reopen()
        field = self.fields.get(error.field)
        if field is None:
            self._refusal(hints.text(error))
            return
        field.say(hints.text(error), wrong=True)
        self.set_focus(field.input)
        if isinstance(error, AmbiguousError):
            self._look_up(field)

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
        elif (field := self._current) and field.chosen:
            field.offers.show(field.offers.offers)
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
        self._forget()
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
            text = self.dashboard.edited(draft).rstrip("\n")
        except CrmError as error:
            self._refusal(hints.text(error))
            return
        draft.discard()
        self._refusal("")
        area.content = text
