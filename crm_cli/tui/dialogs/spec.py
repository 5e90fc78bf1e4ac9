"""What a form asks for: its title and its fields, without any widget."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from crm_cli.session import Session

Values = dict[str, str]
"""The answers of a form: field -> text."""


class Offer(NamedTuple):
    """A text that can be taken for what was typed: the field's new text, how it is shown, and a word about it."""

    text: str
    name: str
    about: str = ""


class Suggestions(NamedTuple):
    """How the book understands a text, and what can be taken instead."""

    echo: str = ""
    offers: tuple[Offer, ...] = ()


class Shortcut(NamedTuple):
    """A key that enters a text and saves the form; ``means`` says what the text is."""

    key: str
    text: str
    means: str


class FormField(NamedTuple):
    """A field. ``check`` reads a text and returns how it was understood, or raises UsageError.

    With ``choices`` (computed from the form's values) it is a choice of words. A ``long`` text may have several lines.
    ``suggest`` reads the book, in a thread, while the user types.
    """

    name: str
    label: str
    hint: str = ""
    value: str = ""
    check: Callable[[str], str] | None = None
    choices: Callable[[Values], Sequence[str]] | None = None
    long: bool = False
    suggest: Callable[[Session, str], Suggestions] | None = None
    shortcuts: tuple[Shortcut, ...] = ()


class FormSpec(NamedTuple):
    """The contents of a form: its title, its fields, and what ``enter`` does.

    With its ``name`` (of `data.forms.FORMS`), it can be opened again, ``about`` the records with these printed ids.
    """

    title: str
    fields: tuple[FormField, ...]
    does: str
    name: str = ""
    about: tuple[str, ...] = ()

    @property
    def values(self) -> Values:
        """The values that the form begins with."""
        return {field.name: field.value for field in self.fields}
