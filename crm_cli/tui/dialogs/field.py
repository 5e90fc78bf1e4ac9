"""A field of a form: its label and its input; under them, how the text is understood, and what can be taken instead."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Horizontal, Vertical

from crm_cli.errors import UsageError
from crm_cli.tui import actions, hints
from crm_cli.tui.widgets.area import Area
from crm_cli.tui.widgets.choice import Choice
from crm_cli.tui.widgets.offers import Offers
from crm_cli.tui.widgets.text import Line, PlainText

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from crm_cli.tui.dialogs.spec import FormField, Offer, Suggestions, Values


class Field(Vertical):
    """A field of a form, with the text that it begins with."""

    def __init__(self, spec: FormField, values: Values) -> None:
        super().__init__(classes="whole-field")
        self.spec = spec
        self.input = _input(spec, values)
        self.echo = PlainText(classes="echo")
        self.offers = Offers()
        self.understood = ""
        """How the field's own check understands the text."""
        self.offered_for = ""
        """The text that the offers are for: when another has been typed, none of them can be taken."""
        self.taken: str | None = None
        """The text of the offer that was taken last: nothing is offered for it again."""

    def compose(self) -> ComposeResult:
        """Lay out the field."""
        with Horizontal(classes="field"):
            yield PlainText(self.spec.label, classes="label")
            yield self.input
        yield self.echo
        for one in self.spec.shortcuts:
            yield PlainText(f"{actions.key_words(one.key)[0]} {one.means}", classes="shortcuts")
        if self.spec.suggest:
            yield self.offers

    @property
    def content(self) -> str:
        """The text."""
        return self.input.content

    @content.setter
    def content(self, text: str) -> None:
        self.input.content = text

    def say(self, text: str, *, wrong: bool = False) -> None:
        """Show a text under the field."""
        self.echo.say(text)
        self.echo.set_class(bool(text), "filled")
        self.echo.set_class(wrong, "wrong")

    def check(self, *, kindly: bool = False) -> bool:
        """Show how the text is understood, or what is wrong with it; return whether it is valid.

        With ``kindly``, no error is shown for an empty field.
        """
        text = self.content
        try:
            echo = self.spec.check(text) if self.spec.check else ""
        except UsageError as error:
            is_shown = not kindly or bool(text.strip())
            self.say(hints.text(error) if is_shown else "", wrong=is_shown)
            return False
        self.understood = echo
        if echo or not self.spec.suggest or not text.strip() or self.echo.has_class("wrong"):
            self.say(echo)  # otherwise, the last answer of the book is shown until the next one comes
        return True

    def suggest(self, text: str, found: Suggestions) -> None:
        """Show what the book knows about a text, unless another one has been typed since."""
        if text != self.content or not self.is_mounted:
            return
        if not self.understood:
            self.say(found.echo)
        self.offered_for = text
        is_wanted = self.input.has_focus and text != self.taken
        self.offers.show(found.offers if is_wanted else ())

    def go(self, step: int) -> bool:
        """Choose the next or previous offer; return whether that is what the key is for."""
        return self.offers.go(step) if self.content == self.offered_for else self.offers.display

    @property
    def chosen(self) -> Offer | None:
        """The offer that would be taken."""
        return self.offers.chosen if self.content == self.offered_for else None

    def take(self, offer: Offer) -> None:
        """Put an offered text into the field."""
        self.taken = offer.text
        self.offers.show(())
        self.content = offer.text


def _input(spec: FormField, values: Values) -> Line | Area | Choice:
    value = values[spec.name]
    if spec.choices:
        return Choice(spec.choices(values), value, id=spec.name)
    return (Area if spec.long else Line)(value, placeholder=spec.hint, id=spec.name)
