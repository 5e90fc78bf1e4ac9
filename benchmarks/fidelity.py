"""How faithfully are other programs' vCards and CSV files read? Compares what we read with what careful readers found.

    python benchmarks/fidelity.py /work/shared/corpora            the real command line: import, then export as JSON
    python benchmarks/fidelity.py --reader /work/shared/corpora   the reader alone

``DIR/expected.json`` says of each file how many cards it has and, of each card, name, e-mails, phones, organisation
and birthday. A file is right if nothing differs. These differences are not counted, and no others:

- text is compared in NFC and without white space around it;
- where the expectation has no FN (null), any name will do that contains the parts of N; an empty FN is none;
- ``accept_fn`` and ``accept_cards`` list the readings that are as good;
- ``tel:`` before a phone and ``mailto:`` before an e-mail are dropped on both sides, and an empty one is none;
- the first component of ORG is the company, the others, those that are not empty, joined by `` / ``, the department;
  a card shown as a company compares its name with ORG, or with FN if it has no ORG;
- a birthday in Apple's year 1604 is one without a year; one that is no date is none on our side;
- a card with no name, e-mail, phone, organisation or birthday may be rejected instead, its lines kept: crm takes no
  card that says nothing it knows (docs/formats.md), and the expectation does not list what else such a card has;
- cards are matched in the order of the file; of a file in which the number differs only the number is reported.

Of a CSV, ``expected.json`` has the heading and the rows. What they say is worked out by ``csv_cards.py``, from a table
of what headings mean and not by our own reader, and compared in the same way: the number of people and companies, and
of each whether it is a person or a company, the name, e-mails, phones and organisation. In addition:

- a name has one column, or is made of its parts; a row with both may have either, and if it has parts alone, any name
  that contains them will do;
- a row with an organisation and no name of a person is a company;
- a blank row is nothing, and nor is one whose column ``IsDeleted`` (Salesforce) says that it is; one that says nothing
  of what is compared, and has no link, may be rejected;
- where ``expected.json`` has the first rows only, these are compared, and the number of all;
- a file whose heading names neither people nor companies (deals, tasks, messages, tests of CSV itself) is not counted.
  It is listed with what MANIFEST.tsv says of it, and if we take it all the same, how many records we make of it.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unicodedata import normalize

from csv_cards import expectation

from crm_cli.core.records import Draft, Problem
from crm_cli.errors import CrmError


@dataclass(frozen=True, slots=True)
class Seen:
    """One card as we understood it."""

    name: str
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    company: str = ""
    department: str = ""
    birthday: str = ""
    kind: str = "person"
    parts: tuple[str, ...] = field(default=())


def clean(text: str | None) -> str:
    """Return the text in NFC without white space around it; None is empty."""
    return normalize("NFC", text or "").strip()


def compare(expected: dict[str, Any], seen: list[Seen], rejected: int = 0) -> list[str]:
    """Return every difference between an entry of expected.json and the cards that were read, as lines for people."""
    wanted = expected["cards_list"]
    accepted = expected.get("accept_cards") or [expected.get("cards", len(wanted))]
    if expected.get("only_first"):
        if len(seen) not in accepted:
            return [f"{len(seen)} cards instead of {accepted[0]}"]
        seen, accepted = seen[: len(wanted)], [len(wanted)]
    described = [card for card in wanted if not _is_silent(card)]
    if len(seen) == len(described) and len(seen) + rejected == len(wanted):
        wanted, accepted = described, [len(described)]
    if len(seen) not in accepted:
        return [f"{len(seen)} cards instead of {' or '.join(map(str, accepted))}"]
    if len(seen) != len(wanted):
        return []
    pairs = zip(wanted, seen, strict=True)
    return [
        f"card {number}: {line}" for number, (card, each) in enumerate(pairs, 1) for line in _differences(card, each)
    ]


def _is_silent(card: dict[str, Any]) -> bool:
    """Does a card say nothing of what is compared?"""
    facts = (card["fn"], card["emails"], card["phones"], "".join(card["org"] or ()), card.get("bday"), card.get("urls"))
    return not any(facts) and not _name_parts(card.get("n") or {})


def _differences(card: dict[str, Any], seen: Seen) -> Iterator[str]:
    yield from _name(card, seen)
    yield from _differ("emails", [_plain(each, "mailto:") for each in card["emails"]], list(seen.emails), "mailto:")
    yield from _differ("phones", [_plain(each, "tel:") for each in card["phones"]], list(seen.phones), "tel:")
    yield from _organisation(card, seen)
    if card.get("kind", seen.kind) != seen.kind:
        yield f"a {seen.kind} instead of a {card['kind']}"
    if "bday" not in card:
        return
    wanted = clean(card["bday"]).replace("1604-", "--", 1)
    if wanted != seen.birthday.replace("1604-", "--", 1):
        yield f"birthday {seen.birthday!r} instead of {wanted!r}"


def _plain(text: str | None, scheme: str) -> str:
    return clean(text).removeprefix(scheme)


def _differ(what: str, wanted: list[str], seen: list[str], scheme: str) -> Iterator[str]:
    left, right = sorted(filter(None, wanted)), sorted(filter(None, (_plain(each, scheme) for each in seen)))
    if left != right:
        yield f"{what} {right} instead of {left}"


def _name(card: dict[str, Any], seen: Seen) -> Iterator[str]:
    accepted = [clean(each) for each in (card["fn"], *(card.get("accept_fn") or ())) if clean(each)]
    name = clean(seen.name)
    if accepted:
        if name not in accepted:
            yield f"name {name!r} instead of {' or '.join(map(repr, accepted))}"
        return
    missing = [
        part for part in _name_parts(card.get("n") or {}) if part not in name and part not in " ".join(seen.parts)
    ]
    if missing:
        yield f"name {name!r} lacks {missing}"


def _name_parts(parts: dict[str, Any]) -> list[str]:
    values = [parts.get("family"), parts.get("given")]
    for several in ("additional", "prefixes", "suffixes"):
        values.extend(parts.get(several) or [])
    return [clean(each) for each in values if clean(each)]


def _organisation(card: dict[str, Any], seen: Seen) -> Iterator[str]:
    company, *units = [clean(each) for each in card["org"] or [""]]
    department = " / ".join(filter(None, units))
    if seen.kind == "company":
        if company and clean(seen.name) not in (company, clean(card["fn"])):
            yield f"company {seen.name!r} instead of {company!r}"
        return
    if (clean(seen.company), clean(seen.department)) != (company, department):
        yield f"organisation {(seen.company, seen.department)} instead of {(company, department)}"


def by_reader(path: Path) -> tuple[list[Seen], int]:
    """Read a file with the formats layer alone; return its cards, and how many were rejected."""
    from crm_cli.formats.open import open_source

    with path.open("rb") as stream:
        found = list(open_source(stream, name=path.name).records)
    return [_of_draft(each) for each in found if isinstance(each, Draft)], sum(
        isinstance(each, Problem) and each.rejected for each in found
    )


def _of_draft(draft: Draft) -> Seen:
    parts = draft.parts
    return Seen(
        draft.name,
        tuple(point.value for point in draft.points if point.kind == "email"),
        tuple(point.value for point in draft.points if point.kind == "phone"),
        draft.company,
        draft.department,
        draft.birthday or "",
        draft.kind,
        (parts.given, parts.additional, parts.family, parts.prefix, parts.suffix),
    )


def by_command(path: Path) -> tuple[list[Seen], int]:
    """Import a file into a new book with the command; return what its JSON export has, and how many were rejected."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "CRM_BOOK": str(Path(folder) / "book.crm")}
        command = [sys.executable, "-m", "crm_cli"]
        imported = subprocess.run(
            [*command, "import", str(path), "--rejects", str(Path(folder) / "rejects"), "--format", "json"],
            env=environment,
            capture_output=True,
        )
        if imported.returncode not in (0, 5):
            return [], 0
        exported = subprocess.run(
            [*command, "export", "--format", "json"], env=environment, capture_output=True, check=True
        )
    return of_export(json.loads(exported.stdout)), json.loads(imported.stdout)[0]["rejected"]


def of_export(book: dict[str, Any]) -> list[Seen]:
    """Return the imported people and companies of a JSON export, in the order in which they were made."""
    cards = [(each, "person") for each in book["contacts"]]
    cards += [(each, "company") for each in book["companies"] if each.get("external_refs")]
    return [_of_card(each, kind) for each, kind in cards]


def _of_card(card: dict[str, Any], kind: str) -> Seen:
    parts = card.get("name_parts") or {}
    return Seen(
        card["name"],
        tuple(each["value"] for each in card.get("emails", ())),
        tuple(each["value"] for each in card.get("phones", ())),
        card.get("company") or "",
        card.get("department") or "",
        card.get("birthday") or "",
        kind,
        tuple(parts.get(each, "") for each in ("given", "additional", "family", "prefix", "suffix")),
    )


@dataclass(slots=True)
class Count:
    """How many files of a kind are right, of how many; ``others`` are those that are not counted, and why."""

    right: int = 0
    total: int = 0
    others: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        share = 100 * self.right / self.total if self.total else 100
        return f"{self.right} of {self.total} files without any difference: {share:.1f} %"


def run(folder: Path, read: Callable[[Path], tuple[list[Seen], int]]) -> dict[str, Count]:
    """Compare every vCard and CSV file of the folder, print each difference, return how many are right of each."""
    counts = {"vCard": Count(), "CSV": Count()}
    kinds = _kinds(folder)
    for name, entry in json.loads((folder / "expected.json").read_text("utf-8")).items():
        kind = "vCard" if "cards_list" in entry else "CSV" if "csv" in entry else ""
        wanted = expectation(entry["csv"]) if kind == "CSV" else entry
        if kind and wanted is None:
            taken, _, _ = _read(folder / name, read)
            counts[kind].others.append(f"{name} ({kinds.get(name, '?')}): {len(taken)} records taken")
        elif kind and wanted is not None:
            counts[kind].total += 1
            counts[kind].right += _is_right(name, wanted, _read(folder / name, read))
    return counts


def _kinds(folder: Path) -> dict[str, str]:
    """Return what MANIFEST.tsv says that each file is, if there is one."""
    path = folder / "MANIFEST.tsv"
    rows = csv.DictReader(path.read_text("utf-8").splitlines(), delimiter="\t") if path.exists() else ()
    return {row["path"]: row["what"] for row in rows}


def _read(path: Path, read: Callable[[Path], tuple[list[Seen], int]]) -> tuple[list[Seen], int, str]:
    """Read a file; of one that is refused, say why."""
    try:
        return (*read(path), "")
    except CrmError as error:
        return [], 0, f" ({error})"


def _is_right(name: str, wanted: dict[str, Any], found: tuple[list[Seen], int, str]) -> bool:
    seen, rejected, why = found
    differences = compare(wanted, seen, rejected)
    for each in differences:
        print(f"{name}: {each}{why}")
    return not differences


def main() -> int:
    """Print the share of files without a difference; fail below 98 % of either kind."""
    parser = argparse.ArgumentParser(description="Compare what is read from a folder with what is in its files.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--reader", action="store_true", help="use the reader only, not the command line")
    options = parser.parse_args()
    counts = run(options.folder, by_reader if options.reader else by_command)
    for kind, count in counts.items():
        for each in count.others:
            print(f"not counted: {each}")
        print(f"{kind}: {count}")
    return 0 if all(count.right >= 0.98 * count.total for count in counts.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
