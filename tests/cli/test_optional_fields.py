"""Status, source, language and time zone of a person: out with every format, and back into any book."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support import made_once

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support import Run

    Crm = Callable[..., Run]

OPTIONAL = {"status": "lead", "source": "Messe, Halle 3; Stand 7", "language": "hi", "zone": "Asia/Kolkata"}
FORMATS = [("csv",), ("vcf", "--vcard", "3.0"), ("vcf", "--vcard", "4.0"), ("json",)]


@pytest.fixture
@made_once
def asha(crm: Crm) -> None:
    crm("add", "Asha Verma", "email=asha@acme.example", *(f"{name}={value}" for name, value in OPTIONAL.items()))


def taken_along(crm: Crm, tmp_path: Path, form: str, *more: str) -> tuple[Path, str]:
    """Export everybody to a file; return it, and the path of another book."""
    file = tmp_path / f"out.{form}"
    assert crm("export", "--format", form, *more, "-o", str(file)).code == 0
    return file, str(tmp_path / "other.db")


def optional(crm: Crm, book: str, ref: str = "1") -> dict[str, str | None]:
    card = crm("--book", book, "show", ref, "--json").json
    return {name: card[name] for name in OPTIONAL}


@pytest.mark.parametrize("form", FORMATS, ids=" ".join)
def test_they_leave_and_come_back(crm: Crm, asha: None, tmp_path: Path, form: tuple[str, ...]) -> None:
    file, other = taken_along(crm, tmp_path, *form)

    crm("--book", other, "import", str(file))

    assert optional(crm, other) == OPTIONAL


@pytest.mark.parametrize("form", FORMATS, ids=" ".join)
def test_they_come_into_a_book_with_people(crm: Crm, asha: None, tmp_path: Path, form: tuple[str, ...]) -> None:
    file, other = taken_along(crm, tmp_path, *form)
    crm("--book", other, "add", "Ravi Kumar")

    crm("--book", other, "import", str(file))

    assert optional(crm, other, "2") == OPTIONAL
    assert "0 new, 0 changed" in crm("--book", other, "import", str(file)).err


def test_a_zone_outside_the_database_comes_back_from_a_card(crm: Crm, tmp_path: Path) -> None:
    crm("add", "Asha", "zone=office hours")

    file, other = taken_along(crm, tmp_path, "vcf")
    crm("--book", other, "import", str(file))

    assert optional(crm, other)["zone"] == "office hours"


def test_an_offset_is_kept_as_it_came(crm: Crm, tmp_path: Path) -> None:
    file = tmp_path / "a.vcf"
    file.write_text("BEGIN:VCARD\nVERSION:3.0\nFN:Asha\nTZ:-05:00\nLANG;PREF=1:fr\nLANG;PREF=2:en\nEND:VCARD\n")

    crm("import", str(file))

    assert optional(crm, str(tmp_path / "data" / "crm" / "crm.db")) == {
        "status": None, "source": None, "language": "fr", "zone": None,
    }  # fmt: skip
    out = crm("export", "--format", "vcf", "--vcard", "4.0").out.splitlines()
    assert {"TZ:-05:00", "LANG;PREF=1:fr", "LANG;PREF=2:en"} <= set(out)


def test_a_newer_file_updates_them_and_the_users_own_word_stays(crm: Crm, tmp_path: Path) -> None:
    file = tmp_path / "leads.csv"
    file.write_text("Name,Email,Status,Lead Source\nAsha,a@x.example,lead,fair\nRavi,r@x.example,lead,fair\n")
    crm("import", str(file))
    crm("edit", "2", "status=client")
    file.write_text("Name,Email,Status,Lead Source\nAsha,a@x.example,hot,web\nRavi,r@x.example,hot,web\n")

    found = crm("import", str(file))

    assert [crm("show", ref, "--json").json["status"] for ref in "12"] == ["hot", "client"]
    assert [crm("show", ref, "--json").json["source"] for ref in "12"] == ["web", "web"]
    assert "status stays “client”; the file says “hot”" in found.err


def test_set_gives_them_to_those_who_have_none(crm: Crm, tmp_path: Path) -> None:
    file = tmp_path / "leads.csv"
    file.write_text("Name,Email,Status\nAsha,a@x.example,client\nRavi,r@x.example,\n")

    crm("import", str(file), "--set", "status=lead", "--set", "source=Fair")

    assert [crm("show", ref, "--json").json["status"] for ref in "12"] == ["client", "lead"]
    assert [crm("show", ref, "--json").json["source"] for ref in "12"] == ["Fair", "Fair"]


def test_a_list_of_statuses_is_no_address_book(crm: Crm, tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    file.write_text("Name,Status,Language\nBuild 7,failed,en\n")

    assert crm("import", str(file)).code == 1


def test_a_card_of_a_company_keeps_them_as_properties(crm: Crm, tmp_path: Path) -> None:
    file = tmp_path / "a.vcf"
    file.write_text("BEGIN:VCARD\nVERSION:4.0\nKIND:org\nFN:Acme\nLANG:fr\nX-CRM-SOURCE:fair\nEND:VCARD\n")

    crm("import", str(file))

    assert crm("show", "c1", "--json").json["source"] == "fair"
    assert {"LANG:fr", "X-CRM-SOURCE:fair"} <= set(crm("export", "--format", "vcf").out.splitlines())
