"""How well does ``crm dupes`` find the duplicates of labelled files? Prints precision and recall.

    python benchmarks/dedupe.py dataset1.csv              at the default score
    python benchmarks/dedupe.py *.csv --min 0.9
    python benchmarks/dedupe.py people.csv --truth person_id

Each file is a CSV with a heading. One column says which rows are the same person: ``rec_id`` as Febrl writes it
(``rec-12-org`` and ``rec-12-dup-0`` are), else one of `TRUTHS`, else the one that ``--truth`` names, in which equal
values are the same person. The other columns are renamed by `HEADINGS`, a house number is put before its street, and
``crm import`` reads the file into a book of its own, as a user would do. What ``crm dupes --limit 0 --json`` lists then
is compared with the labels. Columns with a number that identifies a person are dropped (`IDENTIFYING`), so that only
what an address book has is compared. A row that the import rejects counts as not found.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

HEADINGS = {
    "given_name": "given name", "first_name": "given name", "fname": "given name", "surname": "family name",
    "last_name": "family name", "lname": "family name", "middle_name": "additional name", "full_name": "name",
    "address_1": "street", "address1": "street", "address": "street", "street_address": "street",
    "address_2": "street 2", "address2": "street 2", "suburb": "city", "town": "city", "postcode": "postal code",
    "zip": "postal code", "zipcode": "postal code", "zip_code": "postal code", "state": "region",
    "date_of_birth": "birthday", "dob": "birthday", "birth_date": "birthday", "phone_number": "phone",
    "telephone": "phone", "email_address": "email", "organisation": "company", "organization": "company",
}  # fmt: skip
"""heading of a labelled file -> the heading of ours."""
NUMBERS = ("street_number", "house_number")
IDENTIFYING = ("soc_sec_id", "ssn", "blocking_number")
TRUTHS = ("cluster_id", "cluster", "entity_id", "entity", "person_id", "true_id", "truth", "group", "rec_id", "recid")
LABEL = "labelled row"
"""The custom field by which a row is recognised in the book."""
_FEBRL = re.compile(r"(rec-\d+)-(org|dup-\d+)")


@dataclass(frozen=True, slots=True)
class Labelled:
    """A file for ``crm import``, and the rows that are the same person."""

    text: str
    rows: int
    true: frozenset[tuple[int, int]]


def read(path: Path, truth: str = "") -> Labelled:
    """Read a labelled file. Raises SystemExit if no column says which rows are the same."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        heading, *rows = [[cell.strip() for cell in row] for row in csv.reader(file, skipinitialspace=True) if row]
    names = [name.strip().lower().replace(" ", "_") for name in heading]
    labels = [name for name in (truth.lower(), *TRUTHS) if name in names]
    if not labels:
        raise SystemExit(f"{path}: which column says what is the same? give --truth COLUMN")
    label = names.index(labels[0])
    people: dict[str, list[int]] = defaultdict(list)
    for number, row in enumerate(rows):
        found = _FEBRL.fullmatch(row[label])
        people[found[1] if found else row[label]].append(number)
    true = frozenset(pair for same in people.values() for pair in combinations(same, 2))
    return Labelled(_rewritten(names, rows, label), len(rows), true)


def _rewritten(names: Sequence[str], rows: Iterable[Sequence[str]], label: int) -> str:
    """Return the rows with our headings, and their numbers in place of the label."""
    number = next((names.index(name) for name in NUMBERS if name in names), None)
    ours = [HEADINGS.get(name, name) for name in names]
    kept = [place for place, name in enumerate(names) if place not in (label, number) and name not in IDENTIFYING]
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([LABEL, *(ours[place] for place in kept)])
    for count, row in enumerate(rows):
        full = [*row, *[""] * (len(names) - len(row))]
        cells = [
            f"{full[number]} {full[place]}".strip() if number is not None and ours[place] == "street" else full[place]
            for place in kept
        ]
        writer.writerow([f"r{count}", *cells])
    return out.getvalue()


def crm(folder: Path, *words: str) -> str:
    """Run the real command line on a book in ``folder``; return what it prints."""
    run = subprocess.run(
        [sys.executable, "-m", "crm_cli", "--book", str(folder / "book.db"), *words],
        capture_output=True, text=True, env={**os.environ, "HOME": str(folder), "XDG_CONFIG_HOME": str(folder)},
        cwd=folder, check=False,
    )  # fmt: skip
    if run.returncode not in (0, 5):
        raise SystemExit(f"crm {' '.join(words)}: {run.stderr}")
    return run.stdout


def measure(path: Path, given: argparse.Namespace) -> None:
    """Print the figures of one file."""
    known = read(path, given.truth)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "people.csv").write_text(known.text, encoding="utf-8")
        crm(folder, "init", "--region", given.region)
        crm(folder, "import", "people.csv", "--ok-rejects")
        listed = csv.reader(io.StringIO(crm(folder, "list", "--columns", f"id,{given.label}", "--format", "csv")))
        row_of = {line[0]: int(line[1][1:]) for line in list(listed)[1:]}
        began = time.perf_counter()
        options = ["--min", given.min] if given.min else []
        pairs = json.loads(crm(folder, "dupes", "--limit", "0", "--json", *options))
        seconds = time.perf_counter() - began
    found = {_pair(row_of[pair["one"]["id"]], row_of[pair["other"]["id"]]) for pair in pairs}
    right = len(found & known.true)
    precision, recall = right / (len(found) or 1), right / (len(known.true) or 1)
    print(
        f"{path.name}: {known.rows} rows, {len(known.true)} true pairs, {len(found)} listed:"
        f" precision {precision:.4f}, recall {recall:.4f}, {seconds:.1f} s"
    )
    if given.wrong:
        lines = known.text.splitlines()
        for name, wrong in (("missed", known.true - found), ("not the same", found - known.true)):
            for one, other in sorted(wrong):
                print(f"{name}:\n  {lines[one + 1]}\n  {lines[other + 1]}")


def _pair(one: int, other: int) -> tuple[int, int]:
    return (min(one, other), max(one, other))


def main() -> None:
    """Read the command line and measure each file."""
    parser = argparse.ArgumentParser(description="Precision and recall of crm dupes on labelled files.")
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE")
    parser.add_argument("--min", default="", help="the lowest score [that of crm dupes]")
    parser.add_argument("--truth", default="", metavar="COLUMN", help="the column that says which rows are the same")
    parser.add_argument("--region", default="AU", help="the country of phone numbers [AU]")
    parser.add_argument("--wrong", action="store_true", help="print the pairs that were missed, or listed wrongly")
    parser.set_defaults(label="labelled-row")
    given = parser.parse_args()
    for path in given.files:
        measure(path, given)


if __name__ == "__main__":
    main()
