"""How faithfully are other programs' vCards read? Compares what we read with what careful readers found.

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
"""

from __future__ import annotations

import argparse
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
    telling = [card for card in wanted if not _is_silent(card)]
    if len(seen) == len(telling) and len(seen) + rejected == len(wanted):
        wanted, accepted = telling, [len(telling)]
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
    said = (card["fn"], card["emails"], card["phones"], "".join(card["org"] or ()), card["bday"])
    return not any(said) and not _name_parts(card.get("n") or {})


def _differences(card: dict[str, Any], seen: Seen) -> Iterator[str]:
    yield from _name(card, seen)
    yield from _differ("emails", [_plain(each, "mailto:") for each in card["emails"]], list(seen.emails), "mailto:")
    yield from _differ("phones", [_plain(each, "tel:") for each in card["phones"]], list(seen.phones), "tel:")
    yield from _organisation(card, seen)
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


def run(folder: Path, read: Callable[[Path], tuple[list[Seen], int]]) -> tuple[int, int]:
    """Compare every vCard file of the folder, print each difference, return how many files are right of how many."""
    expected = json.loads((folder / "expected.json").read_text("utf-8"))
    files = {name: entry for name, entry in expected.items() if "cards_list" in entry}
    right = 0
    for name, entry in files.items():
        try:
            differences = compare(entry, *read(folder / name))
        except CrmError as error:
            differences = compare(entry, [])
            differences = [f"{each} ({error})" for each in differences]
        right += not differences
        for each in differences:
            print(f"{name}: {each}")
    return right, len(files)


def main() -> int:
    """Print the share of files without a difference; fail below 98 %."""
    parser = argparse.ArgumentParser(description="Compare what is read from a folder of vCards with what is in them.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--reader", action="store_true", help="use the reader only, not the command line")
    options = parser.parse_args()
    right, total = run(options.folder, by_reader if options.reader else by_command)
    print(f"{right} of {total} files without any difference: {100 * right / total:.1f} %")
    return 0 if right >= 0.98 * total else 1


if __name__ == "__main__":
    sys.exit(main())
