"""What a form asks for: its title and its fields, without any widget."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Values = dict[str, str]
"""The answers of a form: field -> text."""


class FormField(NamedTuple):
    """A field. ``check`` reads a text and returns how it was understood, or raises UsageError.

    With ``choices`` (computed from the form's values) it is a choice of words. A ``long`` text may have several lines.
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

    @property
    def values(self) -> Values:
        """The values that the form begins with."""
        return {field.name: field.value for field in self.fields}
