"""Detect the layout of a CSV file: its delimiter, its heading, the product that wrote it, its code page.

All are decided together: the reading with the most known headings wins (formats reference, 1.2 to 1.6).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import BinaryIO

from crm_cli.errors import FormatError, Hint, NoAddressesError, OtherKindError, UsageError
from crm_cli.formats import code_pages
from crm_cli.formats.csv import columns as csv_columns
from crm_cli.formats.csv import contact_roles, item_columns
from crm_cli.formats.csv import header as csv_header
from crm_cli.formats.csv import kinds as csv_kinds
from crm_cli.formats.csv.columns import Column
from crm_cli.formats.csv.footers import skipped
from crm_cli.formats.csv.header import Header
from crm_cli.formats.csv.kinds import Listed
from crm_cli.formats.csv.records import Record, records
from crm_cli.formats.decoding import STRAY, Encoding, survey
from crm_cli.formats.profiles import Profile
from crm_cli.formats.source import Options

DELIMITERS = (",", ";", "\t", "|")
CODE_PAGES = ("cp1252", "cp1250", "cp1253", "cp1257", "cp1251", "cp1254", "cp932")
"""Windows code pages tried on the heading of a file that is not UTF-8; the heading is the best evidence there is."""
_SAMPLE = 131_072
_SAMPLE_RECORDS = 40


@dataclass(frozen=True, slots=True)
class Layout:
    """How to read a CSV file. ``line`` is where its heading ends, ``titles`` are lines around it that are not rows.

    ``own_ends``: line endings inside cells are kept as they are. ``doubts`` are warnings for the user. ``listed`` is
    what the file ``name`` lists (deals, notes, …), ``""`` for people and companies.
    """

    encoding: str
    delimiter: str
    header: tuple[str, ...]
    line: int
    profile: Profile
    columns: tuple[Column, ...]
    titles: tuple[str, ...] = ()
    own_ends: bool = False
    doubts: tuple[str, ...] = ()
    listed: str = ""
    name: str = ""

    @property
    def errors(self) -> str:
        """The error handler for bytes that cannot be decoded."""
        return STRAY if self.encoding in ("utf-8", "utf-8-sig") else "replace"


@dataclass(frozen=True, slots=True)
class _Guess:
    """One possible reading of a file."""

    encoding: str
    delimiter: str
    header: Header

    def layout(self, doubts: Sequence[str]) -> Layout:
        """Return the layout for this reading."""
        found = self.header
        titles = (skipped(len(found.around), found.around),) if found.around else ()
        return Layout(
            self.encoding, self.delimiter, found.cells, found.line, found.profile, found.columns, found.around,
            doubts=(*doubts, *titles),
        )  # fmt: skip


def detect(stream: BinaryIO, encoding: Encoding, *, name: str, options: Options) -> Layout:
    """Return the layout that makes most sense of the file; FormatError if none makes it an address book."""
    options = replace(options, header=csv_header.checked(options.header))
    stream.seek(0)
    sample = stream.read(_SAMPLE)
    best, doubts = _read_best(stream, sample, encoding, options)
    if best and (listed := _listed(best, sample, name, options)):
        return replace(best.layout(doubts), listed=listed, name=name)
    for _, field in options.mapping:
        csv_columns.checked(field)
    if best is None or not best.header.is_enough:
        raise _refusal(_lines(sample, best.encoding if best else encoding.name), name, best, options)
    is_own = best.header.profile.own
    if not (is_own or options.mapping):
        csv_header.refuse_dictionary(best.header, _sampled(sample, best.encoding, best.delimiter), name)
    return replace(best.layout(doubts), name=name, own_ends=is_own and b"\n" in sample)


def _read_best(
    stream: BinaryIO, sample: bytes, encoding: Encoding, options: Options
) -> tuple[_Guess | None, tuple[str, ...]]:
    """Return the best reading and any doubts about it.

    For text that is not Unicode, the heading decides if it has known words under only one code page; otherwise the
    words of the file decide.
    """
    if encoding.certain:
        return _best(sample, (encoding.name,), options), ()
    found = survey(stream)
    if found.is_utf8:
        return _best(sample, ("utf-8",), options), ()
    best = _best(sample, CODE_PAGES, options)
    if best and best.encoding != code_pages.DEFAULT:
        return best, ()
    return _by_words(best, sample, code_pages.guess(found.words), options)


def _by_words(
    best: _Guess | None, sample: bytes, guess: code_pages.Guess, options: Options
) -> tuple[_Guess | None, tuple[str, ...]]:
    """Return the reading under the code page of the words, or the best one so far; with a doubt if neither is sure."""
    other = _best(sample, (guess.encoding,), options) if guess.encoding != code_pages.DEFAULT else None
    if other and (best is None or other.header.rank >= best.header.rank):
        return other, ()
    doubt = "encoding not detected; read as Windows-1252 (--encoding sets another)"
    return best, () if guess.certain and not other else (doubt,)


def _best(sample: bytes, encodings: Iterable[str], options: Options) -> _Guess | None:
    """Return the reading whose heading ranks highest; on a tie, the first."""
    best: _Guess | None = None
    for encoding in encodings:
        for delimiter in _candidates(_lines(sample, encoding), options.delimiter):
            header = csv_header.find(_sampled(sample, encoding, delimiter), options)
            if header and (best is None or header.rank > best.header.rank):
                best = _Guess(encoding, delimiter, header)
    return best


def _listed(best: _Guess, sample: bytes, name: str, options: Options) -> str:
    """Return what the file lists, ``""`` for people and companies; OtherKindError if crm has no place for it."""
    if not (options.mapping or options.profile) and contact_roles.is_table(best.header.cells):
        return contact_roles.LISTED
    other = _other(best, sample, name, options)
    if other and other.kind not in item_columns.TABLES:
        raise _refused(name, other)
    return other.kind if other else ""


def _other(best: _Guess, sample: bytes, name: str, options: Options) -> Listed | None:
    """Return what the file lists if that is neither people nor companies, unless the user says how to read it."""
    if best.header.profile.own or options.profile:
        return None
    rows = [each.cells for each in _sampled(sample, best.encoding, best.delimiter) if each.line > best.header.line]
    found = csv_kinds.listed(best.header.cells, rows, name)
    if found and options.mapping and not _maps_items(found.kind, options):
        return None
    return found


def _maps_items(listed: str, options: Options) -> bool:
    """Does the user map columns only to fields of the deals or activities that the file lists?"""
    table = item_columns.TABLES.get(listed, "")
    return bool(table) and all(item_columns.is_field(field, table) for _, field in options.mapping)


def _refused(name: str, other: Listed) -> FormatError:
    shown = _clean(", ".join(other.shown))
    return OtherKindError(
        f"{name}: it holds {other.kind} ({shown}), which crm has no place for",
        hint=Hint("name-columns-anyway"),
    )


def _lines(sample: bytes, encoding: str) -> list[str]:
    """Decode the start of the file to lines; the last line, which may be incomplete, is dropped."""
    text = sample.decode(encoding, "replace").lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    lines = text.split("\n")
    return lines[:-1] if len(sample) == _SAMPLE and len(lines) > 1 else lines


def _candidates(lines: list[str], asked: str) -> Sequence[str]:
    """Return the user's delimiter, that of Excel's ``sep=;`` hint, or all of them."""
    if asked:
        delimiter = {"tab": "\t", "\\t": "\t"}.get(asked.lower(), asked)
        if len(delimiter) != 1 or delimiter in '"\r\n':
            raise UsageError(f"a delimiter is one character, not {asked!r}")
        return (delimiter,)
    first = lines[0].strip('"\n ').lower() if lines else ""
    if first.startswith("sep=") and len(first) == 5:
        return (first[4],)
    return DELIMITERS


def _sampled(sample: bytes, encoding: str, delimiter: str) -> list[Record]:
    """Return the first records of the file."""
    found = []
    for record in records([_lines(sample, encoding)], delimiter):
        found.append(record)
        if len(found) >= _SAMPLE_RECORDS:
            break
    return found


def _refusal(lines: list[str], name: str, best: _Guess | None, options: Options) -> FormatError | UsageError:
    """Return the error that says why this is not an address book, and what would make it one."""
    first = next((line for line in lines if line.strip()), "")
    if wrong := _wrong_heading(first, name, best, options):
        return wrong
    header = best.header.cells if best else ()
    shown = ", ".join(cell.strip()[:30] for cell in header[:6]) or first[:60]
    return NoAddressesError(
        f"no address book in {name}: no heading with a name, e-mail, phone or company and a second column"
        f": {_clean(shown)}",
        hint=Hint("name-columns"),
    )


def _wrong_heading(first: str, name: str, best: _Guess | None, options: Options) -> FormatError | UsageError | None:
    """Return the error for a file without the heading that it was read by, or None; ``first`` is its first line."""
    if best is None and options.header not in ("", csv_header.NONE):
        return UsageError(f"line {options.header} of {name} cannot be its heading: it is empty, or not among the first")
    if not options.header and csv_header.is_data([first]) and (best is None or options.mapping):
        words = f"{name} has no heading; its first line is already data: {_clean(first)}"
        return FormatError(words, hint=Hint("add-heading", none=csv_header.NONE))
    if best is None and options.mapping:
        wanted = ", ".join(column for column, _ in options.mapping)
        return UsageError(f"no row of {name} has the columns that --map names ({wanted})")
    return None


def _clean(text: str) -> str:
    return "".join(letter if letter.isprintable() else "?" for letter in text[:60])
