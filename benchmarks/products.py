"""How much of other products' CSV files arrives in its place? Imports each file and looks for its cells in the book.

    python benchmarks/products.py /work/shared/products            the share of columns, file by file
    python benchmarks/products.py --missing /work/shared/products  and the columns that are not in their place

``DIR/expected.json`` says of each file which kind of records it lists and where each column belongs. Each file is
imported by the real command line into a new book, which is exported as JSON. A column is in its place if each of its
cells is found there in some record; the cells of these files are all different, so that one is not taken for another.

- A column with the same value in each row (``constant`` in the expectation) shows nothing and is not counted, and nor
  is an empty one.
- A ``custom field`` may also be one of crm's own fields for it: source, status, language, time zone; an owner, a
  relationship or the phone of a relation may be a custom field. A technical column is right if it is nowhere else.
- Dates are compared by their numbers, phones by their digits, the lines of a street one by one.
- A file that is refused has none of its columns in place.
- The kind is mistaken if a file of deals or activities makes people or companies but no deal or activity, if a file of
  companies makes people, and if a file of people makes none but companies.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any
from unicodedata import normalize

Book = dict[str, Any]
Finder = Callable[[list[Book]], set[str]]
"""Records -> all texts in one place."""
_OWN_FIELDS = ("source", "status", "language", "zone")
_DATED = ("birthday", "anniversary", "deal date", "activity date")
_ITEMS = ("deals", "activities")


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one file: its columns, those not in place, and what was wrong with its kind."""

    file: str
    kind: str
    columns: int
    missing: tuple[str, ...]
    mistaken: str = ""
    refused: str = ""


def main() -> None:
    """Measure all files of a folder and print the shares."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--missing", action="store_true", help="list the columns that are not in their place")
    asked = parser.parse_args()
    expected = json.loads((asked.folder / "expected.json").read_text("utf-8"))
    results = [measured(asked.folder / file, each) for file, each in sorted(expected.items())]
    for each in results:
        print(_line(each))
        if asked.missing and each.missing and not each.refused:
            print("      not in place:", ", ".join(each.missing))
    for kind in (*sorted({each.kind for each in results}), ""):
        _print_share(kind or "all", [each for each in results if kind in ("", each.kind)])
    print("kind mistaken:", sum(bool(each.mistaken) for each in results))


def _line(result: Result) -> str:
    placed = result.columns - len(result.missing)
    what = (result.refused and f"refused: {result.refused}") or (result.mistaken and f"MISTAKEN: {result.mistaken}")
    return f"{placed:3}/{result.columns:<3} {result.kind:10} {result.file}  {what}".rstrip()


def _print_share(name: str, results: list[Result]) -> None:
    columns = sum(each.columns for each in results)
    placed = columns - sum(len(each.missing) for each in results)
    refused = sum(bool(each.refused) for each in results)
    print(f"{name}: {placed} of {columns} columns in place, {placed / max(1, columns):.1%} ({refused} files refused)")


def measured(path: Path, expected: Book) -> Result:
    """Import one file and look for the cells of each of its columns."""
    wanted = {column: place for column, place in expected["columns"].items() if place != "constant"}
    cells = {column: found for column, found in _columns(path, wanted) if found}
    book, refused = _imported(path)
    if refused:
        return Result(path.name, expected["records"], len(cells), tuple(cells), refused=refused)
    missing = (column for column, found in cells.items() if not _is_placed(book, wanted[column], found))
    return Result(
        path.name, expected["records"], len(cells), tuple(missing), mistaken=_mistake(book, expected["records"])
    )


def _imported(path: Path) -> tuple[Book, str]:
    """Return the book that holds this file as JSON, or the line with which it was refused."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "CRM_BOOK": str(Path(folder) / "book.crm")}
        command = [sys.executable, "-m", "crm_cli"]
        imported = subprocess.run(
            [*command, "import", str(path), "--rejects", str(Path(folder) / "rejects")],
            env=environment, capture_output=True, text=True,
        )  # fmt: skip
        if imported.returncode not in (0, 5):
            return {}, imported.stderr.strip().splitlines()[0]
        exported = subprocess.run(
            [*command, "export", "--format", "json"], env=environment, capture_output=True, check=True
        )
    return json.loads(exported.stdout), ""


def _columns(path: Path, wanted: dict[str, str]) -> Iterator[tuple[str, set[str]]]:
    """Yield the columns of a CSV and their cells; columns of one name are taken together."""
    if path.suffix != ".csv":
        return
    text = _decoded(path.read_bytes())
    rows = list(csv.reader(text.splitlines(keepends=True), delimiter=max(",;\t", key=text.count)))
    rows = rows[max(range(len(rows)), key=lambda at: len(wanted.keys() & set(rows[at]))) :]
    for column in wanted:
        places = [index for index, name in enumerate(rows[0]) if name == column]
        yield column, {row[at].strip() for row in rows[1:] for at in places if at < len(row)} - {""}


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252")


def _mistake(book: Book, kind: str) -> str:
    """Return how a file of this kind was taken for something else, or nothing."""
    people, companies = len(book["contacts"]), len(book["companies"])
    others = len(book["deals"]) if kind == "deals" else len(book["activities"])
    if kind in ("deals", "activities"):
        return f"{people} people, {companies} companies" if not others and people + companies else ""
    if kind == "companies":
        return f"{people} people" if people else ""
    return f"{companies} companies" if not people else ""


def _texts(value: Any) -> Iterator[str]:
    """Yield all texts in a JSON value."""
    if isinstance(value, dict):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)
    elif value is not None:
        yield str(value)


def _of(*keys: str) -> Finder:
    """Find the texts under these keys of a record, one inside the other."""

    def found(records: list[Book]) -> set[str]:
        values: list[Any] = list(records)
        for key in keys:
            values = [inner for each in values for inner in _listed(each.get(key))]
        return set(_texts(values))

    return found


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _any(*finders: Finder) -> Finder:
    return lambda records: set().union(*(each(records) for each in finders))


_CUSTOM = _any(_of("custom"), *map(_of, _OWN_FIELDS))
_RELATED = _any(_of("relationships"), _CUSTOM)
_NAME = _any(_of("name"), _of("company"))
_KEY = _any(_of("external_refs", "key"), _of("uid"), _of("custom"))
_URL = _of("urls", "value")
_SOCIAL = _of("social", "value")
_TAGS = _of("tags")
_TYPED = _any(
    _NAME, _of("name_parts"), _of("title"), _of("department"), _of("emails", "value"), _of("phones", "value"),
    _of("addresses"), _URL, _SOCIAL, _TAGS, _of("notes"), _of("nickname"),
)  # fmt: skip
_PLACES: dict[str, Finder] = {
    "whole name": _of("name"),
    "given name": _of("name_parts", "given"),
    "additional name": _of("name_parts", "additional"),
    "family name": _of("name_parts", "family"),
    "prefix": _of("name_parts", "prefix"),
    "suffix": _of("name_parts", "suffix"),
    "nickname": _of("nickname"),
    "employer (of a person) or company name": _NAME,
    "job title": _of("title"),
    "department": _of("department"),
    "email": _of("emails", "value"),
    "phone": _of("phones", "value"),
    "street": _any(_of("addresses", "street"), _of("addresses", "extended")),
    "whole address": _of("addresses"),
    "po": _of("addresses", "po_box"),
    "city": _of("addresses", "locality"),
    "region": _of("addresses", "region"),
    "postal code": _of("addresses", "code"),
    "country": _of("addresses", "country"),
    "url": _URL,
    "url or custom field": _any(_URL, _CUSTOM),
    "social (linkedin)": _SOCIAL,
    "social or im": _any(_SOCIAL, _of("im", "value")),
    "birthday": _of("birthday"),
    "anniversary": _any(_of("anniversary"), _CUSTOM),
    "notes": _of("notes"),
    "deal amount": _of("amount", "amount"),
    "deal date": _any(_of("close"), _of("closed"), _of("created"), _of("custom")),
    "activity date": _any(_of("at"), _of("due"), _of("created"), _of("custom")),
    "tag": _TAGS,
    "tags, several in a cell": _TAGS,
    "custom field": _CUSTOM,
    "owner: custom field": _CUSTOM,
    "relationship": _RELATED,
    "a relation's phone": _RELATED,
    "external id (source key)": _KEY,
}
"""What expected.json calls a place -> where an export of the book has it."""


def _is_placed(book: Book, place: str, cells: set[str]) -> bool:
    """Is each cell found in its place?"""
    items = [each for name in _ITEMS for each in book[name]]
    records = [*book["contacts"], *book["companies"]]
    if place.startswith("derived"):
        return not cells & _TYPED(records)
    if place not in _PLACES:
        return _are_in(set(_texts(items)), cells)
    found = _PLACES[place]([*records, *items])
    if place.startswith("tag"):
        cells = {piece.strip() for cell in cells for piece in re.split(r"[;,]| ::: ", cell)}
        return {normalize("NFC", cell) for cell in cells if not cell.startswith("*")} <= found
    compared = next((test for names, test in _COMPARED.items() if place in names), _are_in)
    return compared(found, cells)


def _are_days(found: set[str], cells: set[str]) -> bool:
    numbers = set(map(_numbers, found))
    return all(_numbers(cell) in numbers for cell in cells) or _are_in(found, cells)


def _are_phones(found: set[str], cells: set[str]) -> bool:
    digits = set(map(_digits, found))
    return all(any(_digits(cell)[-9:] in each for each in digits) for cell in cells)


def _are_amounts(found: set[str], cells: set[str]) -> bool:
    return set(map(Decimal, cells)) <= set(map(Decimal, found))


def _are_in(found: set[str], cells: set[str]) -> bool:
    """Is each cell, or each of its lines, one of the texts or a line of them?"""
    lines = {line.strip() for text in found for line in (text, *text.splitlines())}
    return all(_is_in(lines, found, normalize("NFC", cell)) for cell in cells)


def _is_in(lines: set[str], found: set[str], cell: str) -> bool:
    pieces = [cell] if cell in lines else [piece.strip() for piece in re.split(r"\n| ::: |;|, ", cell)]
    return all(piece in lines or any(piece in each for each in found if len(piece) > 5) for piece in pieces if piece)


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(sorted(map(int, re.findall(r"\d+", text)[:3])))


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


_COMPARED: dict[tuple[str, ...], Callable[[set[str], set[str]], bool]] = {
    _DATED: _are_days,
    ("phone", "a relation's phone"): _are_phones,
    ("deal amount",): _are_amounts,
}
"""Places whose cells are not compared as texts."""


if __name__ == "__main__":
    main()
