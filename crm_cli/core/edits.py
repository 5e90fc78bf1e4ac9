"""The syntax of assignments: ``email=a@x.in``, ``email.work+=…``, ``email-=…``, ``city=``, ``+tag``, ``-tag``.

Parsing only: applying an edit to a record, and the types of custom fields, are up to the services.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from crm_cli.core import fields as table
from crm_cli.core.days import parse_birthday
from crm_cli.core.phones import digits, is_whole, looks_like_phone
from crm_cli.core.tags import tag_name
from crm_cli.core.text.folding import fold, nfc
from crm_cli.errors import Hint, UsageError

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
    "list": ("set", "add", "remove"),
}
_LABELLED_KINDS = {"point", "place"}


class Edit(NamedTuple):
    """One assignment. With op ``set`` an empty ``value`` clears the field or, with a label, the items so labelled."""

    field: str
    op: Op
    value: str
    label: str = ""


class TagEdit(NamedTuple):
    """A tag to add, or to remove when ``add`` is false."""

    name: str
    add: bool


def split_words(
    words: Sequence[str],
    fields: tuple[Field, ...] = table.CONTACT_FIELDS,
    custom: Collection[str] = (),
    *,
    phones: bool = False,
) -> tuple[list[str], list[Edit | TagEdit]]:
    """Split the words of ``add NAME words… [assignments]`` into free words and edits, each in their original order.

    With ``phones``, a number that begins with + is a free word; otherwise it is refused, because it cannot be a tag.
    """
    free: list[str] = []
    edits: list[Edit | TagEdit] = []
    for word in words:
        if phones and is_whole(word):
            free.append(word)
        elif word[:1] in ("+", "-") and len(word) > 1 and "=" not in word:
            edits.append(_tag(word))
        elif "=" in word:
            edits.append(parse_edit(word, fields, custom))
        else:
            free.append(word)
    return free, edits


def points_of(words: Sequence[str]) -> tuple[list[str], list[Edit]]:
    """Separate the e-mail addresses and phone numbers of ``add NAME words…`` from the words of the name."""
    rest: list[str] = []
    found: list[Edit] = []
    for word in words:
        if is_whole(word):
            found.append(Edit("phone", "add", nfc(word.strip())))
        elif box := _box(word):
            rest += filter(None, box[1:])
            found.append(Edit("email", "add", nfc(box[0])))
        else:
            rest.append(word)
    return rest, found


def _box(word: str) -> tuple[str, ...]:
    """Return address and name of ``a@x.in`` or of ``Asha Verma <a@x.in>``, as a mail program copies it; else none."""
    if _is_address(word):
        return (word.strip(),)
    if "@" not in word:
        return ()
    from crm_cli.core.mailboxes import mailboxes  # its patterns take a hundredth of the time of an add

    found = mailboxes(word)
    return found[0] if len(found) == 1 and _is_address(found[0].address) else ()


def combined(have: str | None, change: Edit) -> str | None:
    """Return a text after an assignment: ``+=`` adds a paragraph; an empty text is None, except for notes."""
    if change.op == "add" and have:
        return f"{have}\n\n{change.value}"
    return change.value if change.value or change.field == "notes" else None


def linked(have: Collection[int], change: Edit, ref: int) -> set[int]:
    """Return the ids of a list of links after an assignment of ``ref`` (0: none); "set" replaces the whole list."""
    given = {ref} - {0}
    if change.op == "set":
        return given
    return {*have} - given if change.op == "remove" else {*have} | given


def _tag(word: str) -> TagEdit:
    """Read ``+tag`` or ``-tag``. Raises UsageError for a phone number."""
    if looks_like_phone(word):
        raise UsageError(f"{word!r} looks like a phone number; write phone={word}")
    return TagEdit(tag_name(word[1:]), word[0] == "+")


def parse_edit(word: str, fields: tuple[Field, ...], custom: Collection[str] = ()) -> Edit | TagEdit:
    """Read one ``field[.label]=value``, ``+=`` or ``-=``. Raises UsageError."""
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
    return Edit(field.name, op, _value(field, value, op), fold(label.strip()) or implied)


def _field(left: str, name: str, fields: tuple[Field, ...], custom: Collection[str]) -> tuple[Field, str]:
    """Find the field; the name of a custom field may contain a dot."""
    return table.find(left if left in custom else name, fields, custom)


def _check_shape(field: Field, op: Op, value: str, label: str | None, word: str) -> None:
    """Refuse operators and labels that the field does not support, and an empty value where one is required."""
    if op not in _OPS.get(field.kind, ("set",)):
        raise UsageError(f"{word!r}: {field.name} cannot be changed like that; write {_instead(field, op, value)}")
    if label is not None and (field.kind not in _LABELLED_KINDS or not label.strip()):
        raise UsageError(f"{word!r}: {field.name} takes no label; write {field.name}={value}")
    if not value and (op != "set" or (field.kind == "name" and field.name in {"name", "title"})):
        raise UsageError(f"{word!r} says nothing after the =; write it like {field.example}")


def _instead(field: Field, op: Op, value: str) -> str:
    """Return the assignment to write instead of one whose operator the field does not support."""
    if field.kind == "tag":
        return f"+{value or 'tag'}"
    return f"{field.name}={value if op == 'add' else ''}"


def _value(field: Field, value: str, op: Op) -> str:
    """Clean a value and validate it by its field; a value to remove need not be valid, as imports do not check it."""
    clean = nfc(value.strip())
    if not clean:
        return ""
    if field.kind == "date":
        return parse_birthday(clean)
    if op == "remove":
        return clean
    if field.name == "email":
        return _address(clean, field)
    if field.name == "phone":
        clean = clean[4:].lstrip() if clean[:4].lower() == "tel:" else clean
    if field.name == "phone" and len(digits(clean)) < _SHORTEST_PHONE:
        raise UsageError(f"{clean!r} is not a phone number", hint=Hint("write-like", example=field.example))
    return clean


def _address(text: str, field: Field) -> str:
    """Return the address of ``a@x.in``, ``mailto:a@x.in`` or ``Asha Verma <a@x.in>``. Raises UsageError."""
    found = _box(text)
    if not found:
        raise UsageError(f"{text!r} is not an e-mail address", hint=Hint("write-like", example=field.example))
    return found[0]


_SHORTEST_PHONE = 3
"""The number of digits in the shortest phone number, such as 112."""


def _is_address(text: str) -> bool:
    """Does this look like an e-mail address: a local part, an @, a domain of two or more labels, no spaces?"""
    user, _, domain = text.rpartition("@")
    labels = domain.split(".")
    return bool(user) and len(labels) > 1 and all(labels) and not any(c.isspace() or c in "<>,;:()" for c in text)
