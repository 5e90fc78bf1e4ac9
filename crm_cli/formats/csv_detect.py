"""What a CSV file is made of: its delimiter, its header row, the product that wrote it, its code page.

One answer for all of them: the reading under which most of the header is known (formats reference, 1.2 to 1.6).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO

from crm_cli.errors import FormatError, UsageError
from crm_cli.formats import csv_columns, profiles
from crm_cli.formats.csv_columns import Column
from crm_cli.formats.csv_records import Record, records
from crm_cli.formats.decoding import Encoding
from crm_cli.formats.profiles import Profile, norm
from crm_cli.formats.reading import Options

DELIMITERS = (",", ";", "\t", "|")
CODE_PAGES = ("cp1252", "cp1250", "cp1253", "cp1257", "cp1251", "cp1254", "cp932")
"""Windows code pages tried on the header of a file that is not UTF-8; the header is the best witness there is."""
HEADER_WITHIN = 15
_SAMPLE = 131_072
_SAMPLE_RECORDS = 40


@dataclass(frozen=True, slots=True)
class Layout:
    """How a CSV file is read. ``line`` is where its header stands."""

    encoding: str
    delimiter: str
    header: tuple[str, ...]
    line: int
    profile: Profile
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class _Guess:
    rank: tuple[int, int, int, int]
    layout: Layout


def detect(stream: BinaryIO, encoding: Encoding, *, name: str, options: Options) -> Layout:
    """Find the reading that makes most sense of the file; FormatError if none makes an address book of it."""
    stream.seek(0)
    sample = stream.read(_SAMPLE)
    for _, field in options.mapping:
        csv_columns.checked(field)
    names = (encoding.name,) if encoding.certain else CODE_PAGES
    best: _Guess | None = None
    for each in names:
        text = _lines(sample, each)
        for delimiter in _candidates(text, options.delimiter):
            guess = _guess(text, each, delimiter, options)
            if guess and (best is None or guess.rank > best.rank):
                best = guess
    if best is None and options.mapping:
        wanted = ", ".join(column for column, _ in options.mapping)
        raise UsageError(f"no row of {name} has the columns that --map names ({wanted})")
    if best is None or best.rank[1] < 2 or _is_deals(best, options):
        raise _no_address_book(_lines(sample, names[0]), name, best)
    return best.layout


def _is_deals(best: _Guess, options: Options) -> bool:
    return not best.rank[0] and not options.mapping and csv_columns.is_deals(best.layout.header)


def _lines(sample: bytes, encoding: str) -> list[str]:
    """Decode the start of the file to lines; the last, cut one goes."""
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


def _guess(lines: list[str], encoding: str, delimiter: str, options: Options) -> _Guess | None:
    """Rank each of the first records as the header; a signature beats all, then the number of known columns."""
    best: _Guess | None = None
    sample = _sampled(lines, delimiter)
    for index, record in enumerate(sample[:HEADER_WITHIN]):
        header = tuple(cell.strip("\ufeff") for cell in record.cells)
        if not any(map(str.strip, header)) or _is_hint(header):
            continue
        profile = _profile(header, options)
        try:
            columns = csv_columns.plan(header, profile or profiles.load("generic"), options.mapping)
        except UsageError:
            continue
        known = csv_columns.score(columns)
        rank = (int(profile is not None), known, _agreement(sample[index + 1 :], len(header)), -index)
        if best is None or rank > best.rank:
            layout = Layout(encoding, delimiter, header, record.line, profile or profiles.load("generic"), columns)
            best = _Guess(rank, layout)
    return best


def _sampled(lines: list[str], delimiter: str) -> list[Record]:
    found = []
    for record in records([lines], delimiter):
        found.append(record)
        if len(found) >= _SAMPLE_RECORDS:
            break
    return found


def _is_hint(header: Sequence[str]) -> bool:
    return norm(header[0]).startswith("sep=")


def _profile(header: Sequence[str], options: Options) -> Profile | None:
    if not options.profile:
        return profiles.recognise(map(norm, header))
    try:
        return profiles.named(options.profile)
    except KeyError:
        known = ", ".join(profiles.names())
        raise UsageError(f"no profile {options.profile!r}; there are: {known}") from None


def _agreement(following: Sequence[Record], width: int) -> int:
    """Count the next records that have as many cells as the header."""
    return sum(len(record.cells) == width for record in following[:20]) if width > 1 else 0


def _no_address_book(lines: list[str], name: str, best: _Guess | None) -> FormatError:
    header = best.layout.header if best else ()
    if csv_columns.is_deals(header):
        return FormatError(f"{name} is a list of deals, no address book; only people and companies are read")
    shown = ", ".join(cell.strip()[:30] for cell in header[:6]) or (lines[0][:60] if lines else "")
    clean = "".join(letter if letter.isprintable() else "?" for letter in shown)
    return FormatError(
        f"no address book in {name}: no header with a name, e-mail, phone or company and a second column ({clean});"
        " name the columns with --map"
    )
