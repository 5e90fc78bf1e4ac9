"""The grammar of assignments: ``email=a@x.in``, ``email.work+=…``, ``email-=…``, ``city=``, ``+tag``, ``-tag``.

Parsing only: what an edit does to a record is the services' business, and so are the types of custom fields.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from crm_cli.core import fields as table
from crm_cli.core.days import parse_birthday
from crm_cli.core.phones import looks_like_phone
from crm_cli.core.tags import tag_name
from crm_cli.core.text import fold, nfc
from crm_cli.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from crm_cli.core.fields import Field

Op = Literal["set", "add", "remove"]
_SIGNS: dict[str, Op] = {"+": "add", "-": "remove"}
_OPS: dict[str, tuple[Op, ...]] = {
    "point": ("set", "add", "remove"),
    "tag": ("add", "remove"),
    "long": ("set", "add"),
    "link": ("set", "add", "remove"),
}
_LABELLED_KINDS = {"point", "place"}


class Edit(NamedTuple):
    """One assignment. An empty ``value`` with op ``set`` clears the field (or, with a label, what bears the label)."""

    field: str
    op: Op
    value: str
    label: str = ""


class TagEdit(NamedTuple):
    """A tag to add, or to take away."""

    name: str
    add: bool


def split_words(
    words: Sequence[str], fields: tuple[Field, ...] = table.CONTACT_FIELDS, custom: Collection[str] = ()
) -> tuple[list[str], list[Edit | TagEdit]]:
    """Part the words of ``add NAME words… [assignments]`` into free words and edits, each in their order."""
    free: list[str] = []
    edits: list[Edit | TagEdit] = []
    for word in words:
        if word[:1] in ("+", "-") and len(word) > 1 and "=" not in word:
            edits.append(_tag(word))
        elif "=" in word:
            edits.append(parse_edit(word, fields, custom))
        else:
            free.append(word)
    return free, edits


def _tag(word: str) -> TagEdit:
    """Read ``+tag`` or ``-tag``; a phone number is not a tag."""
    if looks_like_phone(word):
        raise UsageError(f"{word!r} looks like a phone number; write phone={word}")
    return TagEdit(tag_name(word[1:]), word[0] == "+")


def parse_edit(word: str, fields: tuple[Field, ...], custom: Collection[str] = ()) -> Edit | TagEdit:
    """Read one ``field[.label]=value``, ``+=`` or ``-=``."""
    left, _, value = word.partition("=")
    op: Op = _SIGNS.get(left[-1:], "set")
    left = left if op == "set" else left[:-1]
    name, dot, label = left.partition(".")
    field, implied = _field(left, name, fields, custom)
    if field.name == left:
        name, dot, label = left, "", ""
    _check_shape(field, op, value.strip(), label if dot else None, word)
    if field.kind == "tag":
        return TagEdit(tag_name(value), op == "add")
    return Edit(field.name, op, _value(field, value), fold(label.strip()) or implied)


def _field(left: str, name: str, fields: tuple[Field, ...], custom: Collection[str]) -> tuple[Field, str]:
    """Find the field; a custom name may hold a dot of its own."""
    return table.find(left if left in custom else name, fields, custom)


def _check_shape(field: Field, op: Op, value: str, label: str | None, word: str) -> None:
    """Refuse operators and labels that the field does not take, and an empty value where it says nothing."""
    if op not in _OPS.get(field.kind, ("set",)):
        advice = f"+{value or 'tag'}" if field.kind == "tag" else f"{field.name}={value if op == 'add' else ''}"
        raise UsageError(f"{word!r}: {field.name} cannot be changed like that; write {advice}")
    if label is not None and (field.kind not in _LABELLED_KINDS or not label.strip()):
        raise UsageError(f"{word!r}: {field.name} takes no label; write {field.name}={value}")
    if not value and (op != "set" or (field.kind == "name" and field.name in {"name", "title"})):
        raise UsageError(f"{word!r} says nothing after the =; write it like {field.example}")


def _value(field: Field, value: str) -> str:
    """Clean a value, and check those with a form of their own."""
    clean = nfc(value.strip())
    if not clean:
        return ""
    if field.kind == "date":
        return parse_birthday(clean)
    if field.name == "email" and not _is_address(clean):
        raise UsageError(f"{clean!r} is no e-mail address; write it like {field.example}")
    return clean


def _is_address(text: str) -> bool:
    """Tell whether this has the form of an address: one part, an @, a domain, no spaces."""
    user, _, domain = text.rpartition("@")
    return bool(user and domain) and not any(char.isspace() or char in "<>," for char in text)
