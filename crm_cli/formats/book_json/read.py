"""Read the records of a file, checked: an invalid value is refused with its place before it becomes a row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from crm_cli.errors import FormatError
from crm_cli.formats.book_json import sections, values
from crm_cli.formats.book_json.parse import members

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import BinaryIO

    from crm_cli.formats.book_json.sections import Key, Part, Section
    from crm_cli.formats.book_json.values import Row


class Element(NamedTuple):
    """An element of a section's list, not checked yet; ``number`` counts from 0."""

    section: Section
    number: int
    value: Any

    @property
    def where(self) -> str:
        """The place in the file, for messages: ``contacts[3]``."""
        return f"{self.section.name}[{self.number}]"


def elements(stream: BinaryIO, *wanted: Section) -> Iterator[Element]:
    """Yield the elements of some sections, in the order of the file.

    Raises FormatError for a file of another kind or of a newer version. Later sections are not read if only the words
    of the book are wanted, and all of them were found.
    """
    lists = {section.name: section for section in wanted}
    missing = set(lists)
    words_only = all(section in sections.WORDS for section in wanted)
    for name, number, found in members(stream):
        _check_head(name, found)
        if name in lists:
            if number < 0:
                raise FormatError(f"{name} is not a list")
            missing.discard(name)
            element = Element(lists[name], number, found)
            yield _modern(element) if element.section is sections.ACTIVITY else element
        elif words_only and not missing:
            return


def _check_head(name: str, found: Any) -> None:
    if name == "format" and found != sections.FORMAT:
        raise FormatError("the JSON is not a crm book")
    if name == "version" and (not isinstance(found, int) or found > sections.VERSION):
        raise FormatError("the JSON was written by a newer crm", hint="upgrade with: pip install -U easy-crm")


def columns(keys: Sequence[Key], found: Any, where: str) -> Row:
    """Return the columns that an object defines. Raises FormatError naming the place of an invalid value."""
    if not isinstance(found, dict):
        raise values.wrong(where, "an object")
    row = {}
    for key in keys:
        outer, dot, inner = key.key.partition(".")
        value = found.get(outer)
        if dot:
            value = value.get(inner) if isinstance(value, dict) else None
        row[key.column] = key.codec.read(value, f"{where}.{key.key}")
    return row


def rows(part: Part, found: dict[str, Any], where: str) -> Iterator[Row]:
    """Yield the rows of one list of a record."""
    for number, item in enumerate(items(found, part.key, where)):
        row = columns(part.keys, item, f"{where}.{part.key}[{number}]")
        if len(part.kinds) == 1:
            row["kind"] = part.kinds[0]
        yield row


def items(found: dict[str, Any], key: str, where: str) -> list[Any]:
    """Return one of an object's lists, empty if it is missing."""
    value = found.get(key)
    if value is None:
        return []
    if not isinstance(value, list):
        raise FormatError(f"{where}.{key} is not a list")
    return value


def _modern(activity: Element) -> Element:
    """Return an activity in the form of version 3, where ``hidden_until`` replaces the older snoozed reminder."""
    found = activity.value
    reminders = found.get("reminders") if isinstance(found, dict) else None
    if not isinstance(reminders, list):
        return activity
    kept, until = [], found.get("hidden_until")
    for number, each in enumerate(reminders):
        if _is_snoozed(each, f"{activity.where}.reminders[{number}].snoozed"):
            until = each.get("at")
        else:
            kept.append(each)
    return activity._replace(value={**found, "reminders": kept, "hidden_until": until})


def _is_snoozed(reminder: Any, where: str) -> bool:
    return isinstance(reminder, dict) and bool(values.FLAG.read(reminder.get("snoozed"), where))
