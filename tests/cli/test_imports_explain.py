"""``crm import --explain`` and ``--save-map``: how a file would be read, and a mapping for the next one."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support import Run

    Crm = Callable[..., Run]
    Bring = Callable[..., Run]

LEADS = "Firma;Ansprechpartner;E-Mail;Kd-Nr\nAcme;Asha Verma;asha@acme.in;7\nGlobex;Ravi Rao;ravi@x.in;8\n"


def test_explain_shows_columns_and_rows_and_imports_nothing(bring: Bring, crm: Crm, book_path: Path) -> None:
    done = bring(LEADS, "--explain")

    assert done.code == 0
    assert done.lines[0] == "list.csv: people, recognised by the words of its headings, utf-8, semicolon"
    shown = [" ".join(line.split()) for line in done.lines]
    assert "Ansprechpartner name Asha Verma Ravi Rao" in shown
    assert "Kd-Nr kd-nr (new custom field) 7 8" in shown
    assert not book_path.exists()


def test_explain_as_json(bring: Bring) -> None:
    (found,) = bring("Deal Name,Stage,Contact Name.id\nTins,Proposal,z1\n", "--explain", "--json").json

    assert (found["lists"], found["format"], found["delimiter"]) == ("deals", "csv", ",")
    assert found["columns"][2] == {"column": "Contact Name.id", "field": "person.key", "samples": ["z1"]}


def test_explain_of_cards_names_the_first(crm: Crm, tmp_path: Path) -> None:
    path = tmp_path / "a.vcf"
    path.write_text("BEGIN:VCARD\nVERSION:4.0\nFN:Asha \x1b[31mVerma\nEND:VCARD\n", encoding="utf-8")

    done = crm("import", "--explain", str(path))

    assert done.lines[0] == "a.vcf: people, vcard, utf-8"
    assert "Asha" in done.lines[1]
    assert "\x1b" not in done.out


def test_explain_says_why_a_file_is_refused(bring: Bring) -> None:
    done = bring("SKU,Product Name,Unit Price\n1,Tin,5\n", "--explain")

    assert done.code == 1
    assert "it holds products" in done.err


def test_a_saved_mapping_is_used_by_its_name(bring: Bring, crm: Crm) -> None:
    saved = bring(LEADS, "--dry-run", "--map", "Kd-Nr=-", "--map", "Firma=notes", "--save-map", "leads")

    assert saved.code == 0
    assert bring(LEADS, "--from", "leads").code == 0

    shown = crm("show", "asha", "--json").json
    assert (shown["company"], shown["notes"], shown["custom"]) == ("", "Acme", {})


def test_saving_needs_a_mapping_and_a_name(bring: Bring) -> None:
    assert bring(LEADS, "--save-map", "leads").code == 2
    assert bring(LEADS, "--map", "Kd-Nr=-", "--save-map", "../leads").code == 2
