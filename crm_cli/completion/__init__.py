"""Shell completion (TAB), answered before Typer is imported: verbs, names, fields, tags and their values.

Options and their values are left to `crm_cli.cli.options_at_tab`, which knows the commands. Names are offered with only
letters, digits and a few signs, because commands look them up by words. What must be typed exactly (a tag, a stage, a
company's name after ``company=``) is offered unchanged, and quoted for each shell.
"""

from __future__ import annotations

import sqlite3
import sys
import unicodedata

from crm_cli.book.reader import open_book
from crm_cli.completion import shells
from crm_cli.completion import verbs as known
from crm_cli.core.text.folding import fold, words
from crm_cli.queries import completion as queries

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

Pair = queries.Pair
SIGNS = " -.,\u2019"
APOSTROPHES = "'\u2018\u02bc"


def answer(environ: Mapping[str, str], further: Callable[[list[str], str, str], list[Pair]]) -> int | None:
    """Answer a shell's completion request and return the exit code, or None if there is no request.

    ``further`` is called when only the commands know the answer; it takes the words, the option that expects a value,
    and the last word.
    """
    asked = shells.read(environ)
    if asked is None:
        return None
    shell, typed, last = asked
    try:
        found = candidates(typed, last)
        if found is None:
            found = further(*_asked_of_an_option(typed, last))
    except (sqlite3.Error, UnicodeError):
        return 0
    text, code = shells.write(environ, shell, [pair for pair in found if pair[0].isprintable()], last)
    sys.stdout.buffer.write(text.encode("utf-8", "replace"))
    sys.stdout.flush()
    return code


def candidates(typed: list[str], last: str) -> list[Pair] | None:
    """Return the completions of ``last`` after the words ``typed``, or None if only the commands know them."""
    places, book, option = _positions(typed)
    name, given, value = last.partition("=")
    if not option and given and name in known.VALUES:
        return [(f"{name}={text}", remark) for text, remark in _values_of(book, name, places, value)]
    if option in known.VALUES:
        return _values_of(book, option, places, last)
    if option or last.startswith("--"):
        return None
    return _arguments(book, places, last)


def _values_of(book: str, option: str, places: list[str], last: str) -> list[Pair]:
    """Return the values of an option; of a comma-separated list, the last one is completed."""
    done, comma, rest = last.rpartition(",") if option in known.LISTS else ("", "", last)
    found = _from_book(book, known.VALUES[option], places, rest)
    return [(done + comma + text, remark) for text, remark in found]


def _arguments(book: str, places: list[str], last: str) -> list[Pair] | None:
    """Return the completions of the next argument: the verb, or what it takes; None for a short option."""
    if not places:
        return None if last.startswith("-") else _beginning(known.verbs(), last)
    takes = known.takes(places)
    if last.startswith("-") and "tag" not in takes:
        return None
    return _from_book(book, takes, places, last)


def _asked_of_an_option(typed: list[str], last: str) -> tuple[list[str], str, str]:
    places, _, option = _positions(typed)
    return places, option, last


def _positions(typed: list[str]) -> tuple[list[str], str, str]:
    """Return the words that are not options, the chosen book, and the option that expects a value."""
    places: list[str] = []
    book, option = "", ""
    words = iter(typed)
    for word in words:
        if word == "--":
            places.extend(words)
        elif option:
            book = word if option == "--book" else book
            option = ""
        elif word.startswith("--book="):
            book = word[7:]
        elif word.startswith("-"):
            option = word if _expects_value(word) else ""
        else:
            places.append(word)
    return places, book, option


def _expects_value(option: str) -> bool:
    """Is the word after an option its value?"""
    if option == "-" or option in known.FLAGS or "=" in option:
        return False
    return option.startswith("--") or len(option) == len("-m")


def _from_book(book: str, takes: tuple[str, ...], places: list[str], last: str) -> list[Pair]:
    """Return the candidates of every kind that can appear here."""
    valued = ":" in last or "=" in last
    found = [] if valued else list(_beginning(known.words_of(takes, places), last))
    db = open_book(book)
    if db is None:
        return found
    try:
        for kind in takes:
            found.extend(_READERS[kind](db, last) if kind in _READERS else ())
    finally:
        db.close()
    return list(dict.fromkeys(found))


def _beginning(pairs: Iterable[Pair], last: str) -> list[Pair]:
    return [pair for pair in pairs if pair[0].startswith(last)]


def _refs(db: sqlite3.Connection, last: str, kinds: tuple[str, ...] = ("contact", "company")) -> list[Pair]:
    """Return people and companies by id, by e-mail address or by name."""
    if last[:1] in {"+", "-"} or ":" in last:
        return []
    if "@" in last:
        return [(text, plain(whose)) for text, whose in queries.emails(db, last) if _is_plain_address(text)]
    found = [(ref, plain(name)) for ref, name in queries.by_id(db, last)]
    named = ((turned(name, last), plain(remark)) for name, remark in queries.names(db, last, kinds))
    return found + [pair for pair in named if pair[0]]


def _companies(db: sqlite3.Connection, last: str) -> list[Pair]:
    return _refs(db, last, ("company",))


def _tags(db: sqlite3.Connection, last: str) -> list[Pair]:
    """Return ``+tag``, ``-tag``, ``tag:value`` or plain tags, depending on how the word starts."""
    start = next((sign for sign in ("+", "-tag:", "not:tag:", "tag:", "tag=", "-") if last.startswith(sign)), "")
    typed = fold(last[len(start) :])
    return [(start + name, "tag") for name, _ in queries.tags(db) if fold(name).startswith(typed)]


def _named_tags(db: sqlite3.Connection, last: str) -> list[Pair]:
    begun = bool(last) and "tag:".startswith(last)
    return _tags(db, "tag:") if begun else _tags(db, last) if "tag" in last[:8] else []


def _signed_tags(db: sqlite3.Connection, last: str) -> list[Pair]:
    return _tags(db, last) if last[:1] in {"+", "-"} else []


def _deals(db: sqlite3.Connection, last: str) -> list[Pair]:
    """Return the open deals whose id starts with the word, else the deals whose title matches it."""
    listed = [(ref, plain(title)) for ref, title in queries.deals(db) if ref.startswith(last)]
    if listed or not last:
        return listed
    named = ((turned(title, last), plain(remark)) for title, remark in queries.names(db, last, ("deal",)))
    return [pair for pair in named if pair[0]]


def _stages(db: sqlite3.Connection, last: str) -> list[Pair]:
    typed = fold(last)
    return [(name, remark) for name, remark in queries.stages(db) if fold(name).startswith(typed)]


def _assigned_stages(db: sqlite3.Connection, last: str) -> list[Pair]:
    """Return ``stage=Proposal`` or ``stage:Proposal``, once the field has been typed."""
    start = next((sign for sign in ("stage=", "stage:", "deal.stage:") if last.startswith(sign)), "")
    return [(start + name, remark) for name, remark in _stages(db, last[len(start) :])] if start else []


def _segments(db: sqlite3.Connection, last: str) -> list[Pair]:
    """Return ``@name``, ``-@name`` or ``not:@name``."""
    start = next((sign for sign in ("not:@", "-@", "@") if last.startswith(sign)), "")
    return _beginning(((start + name, plain(text)) for name, text in queries.segments(db)), last) if start else []


def _segment_names(db: sqlite3.Connection, last: str) -> list[Pair]:
    return _beginning(((name, plain(text)) for name, text in queries.segments(db)), last.removeprefix("@"))


def _own(ends: tuple[str, ...], db: sqlite3.Connection, last: str) -> list[Pair]:
    if ":" in last or "=" in last:
        return []
    pairs = ((name + end, plain(label)) for name, label, *_ in queries.fields(db) for end in ends)
    return _beginning(pairs, last)


def _own_values(db: sqlite3.Connection, last: str) -> list[Pair]:
    """Return ``size=small``, ``size:small``: the choices of a custom field."""
    name, sign, value = _split(last)
    found = next((field for field in queries.fields(db) if field[0] == name), None) if sign else None
    if found is None:
        return []
    _, label, kind, choices = found
    offered = ("yes", "no") if kind == "yesno" else choices.split("\n") if kind == "choice" else ()
    return [(name + sign + one, plain(label)) for one in offered if fold(one).startswith(fold(value))]


def _assigned_companies(db: sqlite3.Connection, last: str) -> list[Pair]:
    """Return ``company=Acme Ltd`` or ``company:Acme Ltd``, with the name as it is written in the book."""
    name, sign, value = _split(last)
    if name not in {"company", "employer"} or not sign:
        return []
    found = queries.names(db, value, ("company",))
    return [(name + sign + text, remark) for text, remark in found if fold(text).startswith(fold(value))]


def _split(last: str) -> tuple[str, str, str]:
    """Split ``company=Ac`` or ``company:Ac`` into field, sign and value; the sign is ``""`` if there is none."""
    at = min((place for place in (last.find(sign) for sign in ("+=", "=", ":")) if place > 0), default=0)
    sign = "+=" if last.startswith("+=", at) else last[at : at + 1]
    return (last[:at], sign, last[at + len(sign) :]) if at else (last, "", "")


def _values(db: sqlite3.Connection, last: str) -> list[Pair]:
    return _assigned_stages(db, last) or _assigned_companies(db, last) or _own_values(db, last)


def _activities(db: sqlite3.Connection, last: str) -> list[Pair]:
    return [(ref, plain(what)) for ref, what in queries.activities(db) if ref.startswith(last) or not last]


_READERS = {
    "ref": _refs,
    "company": _companies,
    "tag": _signed_tags,
    "tag-name": _tags,
    "field": lambda db, last: _values(db, last) or _own(("=", "+="), db, last),
    "query": lambda db, last: _named_tags(db, last) or _values(db, last) or _own((":", ":="), db, last),
    "deal-query": lambda db, last: _named_tags(db, last) or _values(db, last) or _own((":", ":="), db, last),
    "deal-field": _values,
    "deal": _deals,
    "stage": _stages,
    "segment": _segments,
    "segment-name": _segment_names,
    "own-field": lambda db, last: _own(("",), db, last),
    "activity": _activities,
}
"""kind of argument -> the function that reads its candidates from the book."""


def plain(text: str) -> str:
    """Return a text without characters that are special to a shell or a terminal."""
    kept = []
    for char in text:
        if char.isalnum() or char in SIGNS or unicodedata.category(char)[0] == "M":
            kept.append(char)
        elif char in APOSTROPHES:
            kept.append("\u2019")
        elif unicodedata.category(char) != "Cf":
            kept.append(" ")
    return " ".join("".join(kept).split()).lstrip("-.,\u2019 ")


def turned(name: str, typed: str) -> str:
    """Return a name rotated to start with the typed text: ``ver`` turns Asha Verma into ``Verma Asha``.

    A shell would discard the typed text if the candidates did not start with it.
    """
    parts = plain(name).split()
    asked = words(typed)
    if not asked or fold(" ".join(parts)).startswith(fold(typed)):
        return " ".join(parts)
    at = next((place for place, part in enumerate(parts) if any(one.startswith(asked[0]) for one in words(part))), 0)
    return " ".join(parts[at:] + parts[:at])


def _is_plain_address(text: str) -> bool:
    return all(char.isalnum() or char in "@.-_+" for char in text)
