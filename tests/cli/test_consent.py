"""``stop`` and ``allow``: what says that a person must not be called or mailed, and what finds them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support import made_once

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support import Run

    Crm = Callable[..., Run]


@pytest.fixture
@made_once
def two(crm: Crm) -> Crm:
    crm("add", "Asha Verma", "email.work=asha@acme.in", "phone=+91 98200 12345", "company=Acme")
    crm("add", "Ravi Kumar", "email=ravi@globex.example", "phone=+91 98200 54321")
    return crm


def names(crm: Crm, *query: str) -> list[str]:
    return crm("list", *query, "--columns", "name", "--format", "tsv").lines


def consent(crm: Crm, ref: str = "asha") -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = crm("show", ref, "--json").json["consent"]
    return found


def test_stop_records_the_channel_the_day_and_the_source(two):
    done = two("stop", "asha", "verma", "phone", "--source", "by  letter", "--when", "2026-11-20")

    assert "1 Asha Verma, Acme <asha@acme.in>: do not call [ch3]" in done.err
    assert consent(two) == {"phone": {"state": "stopped", "on": "2026-11-20", "source": "by letter"}}
    assert "Do not call (since 20 Nov, by letter)" in two("show", "asha", "--format", "text").out


def test_without_a_channel_all_are_stopped(two):
    done = two("stop", "1")

    assert "do not call or email" in done.err
    assert {channel: each["state"] for channel, each in consent(two).items()} == {
        "email": "stopped",
        "phone": "stopped",
    }
    assert consent(two)["email"]["on"] == "2026-11-22"


def test_the_same_again_changes_nothing_and_keeps_the_first_day(two):
    two("stop", "1", "--when", "2026-11-02")

    assert "nothing changed" in two("stop", "1").err
    assert consent(two)["phone"]["on"] == "2026-11-02"


def test_allow_ends_a_stop(two):
    two("stop", "1")
    done = two("allow", "1", "email", "--source", "web form")

    assert "may email" in done.err
    assert {channel: each["state"] for channel, each in consent(two).items()} == {
        "email": "allowed",
        "phone": "stopped",
    }
    assert "May email (since today, web form)" in two("show", "1", "--format", "text").out


def test_undo_and_redo(two):
    two("stop", "1")
    two("undo", "ch3")

    assert consent(two) == {}

    two("redo", "ch3")

    assert set(consent(two)) == {"email", "phone"}


def test_a_dry_run_changes_nothing(two):
    assert "do not email (dry run: nothing was changed)" in two("stop", "1", "email", "--dry-run").err
    assert consent(two) == {}


def test_removing_a_person_removes_their_consent_and_undo_restores_it(two):
    two("stop", "1")
    two("rm", "1", "--yes")

    assert names(two, "has:consent") == []

    two("undo", "ch4")

    assert names(two, "has:consent") == ["Asha Verma"]


def test_the_people_of_a_pipe_are_one_change(two):
    ids = two("list", "--format", "ids").out
    done = two("stop", "-", "email", given=ids)

    assert "2 of 2 people: do not email [ch3]" in done.err
    assert "nothing changed" not in done.err
    assert two("stop", "-", "email", given="").out == ""
    assert names(two, "not:consent:email") == ["Asha Verma", "Ravi Kumar"]


def test_programs_get_the_card(two):
    (card,) = two("stop", "1", "phone", "--json").json

    assert card["consent"]["phone"]["state"] == "stopped"


@pytest.mark.parametrize(
    ("words", "code", "problem"),
    [
        (("stop", "nobody"), 3, 'no match for "nobody"'),
        (("stop", "c1"), 2, "c1"),
        (("stop", "1", "fax"), 3, "no match"),
        (("stop", "1", "--when", "2026-12-24"), 2, "is in the future"),
        (("stop", " "), 2, "who?"),
    ],
)
def test_mistakes_are_refused(two, words, code, problem):
    done = two(*words)

    assert (done.code, problem in done.err) == (code, True), done.err
    assert names(two, "has:consent") == []


def test_queries(two):
    two("stop", "1", "phone")
    two("allow", "2", "email")

    assert names(two, "consent:phone") == ["Ravi Kumar"]
    assert names(two, "not:consent:phone") == ["Asha Verma"]
    assert names(two, "consent:email") == ["Asha Verma", "Ravi Kumar"]
    assert names(two, "has:consent") == ["Asha Verma", "Ravi Kumar"]
    assert names(two, "consent:none") == []

    two("stop", "1", "email")

    assert names(two, "consent:none") == ["Asha Verma"]
    assert names(two, "not:consent:none") == ["Ravi Kumar"]
    assert "did you mean consent:phone" in two("list", "consent:phon").err
    assert two("list", "--columns", "name,stopped", "--format", "tsv").lines == [
        "Asha Verma\temail, phone",
        "Ravi Kumar\t",
    ]


def test_queries_of_other_records_ask_about_their_people(two):
    two("stop", "1", "phone")
    two("todo", "Call", "--with", "1", "--due", "today")
    two("todo", "Write", "--with", "2", "--due", "today")

    assert [row.split("\t")[1] for row in two("agenda", "consent:phone").lines] == ["a2"]
    assert two("company", "list", "consent:phone").out == ""
    assert two("company", "list", "consent:email").out.startswith("c1\t")


def test_look_ups_say_it(two):
    two("stop", "1")

    assert two("email", "asha", "--no-header").out == "asha@acme.in\tAsha Verma\tAcme (work, do not email)\n"
    assert two("phone", "asha", "--no-header").out == "+91 98200 12345\tAsha Verma\tAcme (do not call)\n"
    assert two("phone", "asha", "--json").json[0]["stopped"] is True
    assert two("email", "ravi", "--no-header").out == "ravi@globex.example\tRavi Kumar\t\n"


def test_the_agenda_and_the_digest_warn_beside_the_person(two):
    two("stop", "1")
    two("edit", "1", "birthday=22 nov 1980")
    two("cadence", "set", "1", "6w")
    two("todo", "Order", "--kind", "call", "--with", "1", "--due", "today")
    two("todo", "Quote", "--kind", "email", "--with", "1", "--with", "2", "--due", "today")

    table, digest = two("today", "--format", "table").out, two("digest").out

    for text in (table, digest):
        assert "do not call: Asha Verma, Acme" in text
        assert "do not email Asha Verma: " in text
        assert text.count("do not call or email: Asha Verma") == 2
        assert "98200 12345" not in text
    assert "crm show 1     today  do not call or email" in digest
    assert two("cadence", "list", "--json").json[0]["stopped"] == ["email", "phone"]


def test_nothing_is_said_where_nobody_is_stopped(two):
    two("allow", "1")
    two("todo", "Order", "--kind", "call", "--with", "1", "--due", "today")

    assert "do not" not in two("today").out


def test_a_reminder_warns(two, monkeypatch):
    two("stop", "1", "phone")
    two("todo", "Order", "--kind", "call", "--with", "1", "--due", "today 11am", "--remind", "today 10am")
    two("remind")
    monkeypatch.setenv("CRM_NOW", "2026-11-22T10:30:00+05:30")

    assert "do not call: Asha Verma, Acme" in two("remind").out


# Files

ROUND = ("csv", "json", "vcf")


@pytest.mark.parametrize("form", ROUND)
def test_an_export_brings_it_into_an_empty_book(two, form, tmp_path):
    path, book = str(tmp_path / f"out.{form}"), f"--book={tmp_path / 'other.db'}"
    two("stop", "1", "--source", "by phone; said, twice\\", "--when", "2026-11-02")
    two("allow", "2", "email")
    before = [consent(two, ref) for ref in ("asha", "ravi")]
    two("export", "--format", form, "-o", path)

    two("import", path, book)

    assert [two("show", ref, "--json", book).json["consent"] for ref in ("asha", "ravi")] == before
    assert " 0 new, 0 changed," in two("import", path, book).err


def edited_export(crm: Crm, path: Path) -> str:
    """Export a book, write in the file that all is allowed, and import it; return the report."""
    crm("export", "--format", path.suffix[1:], "-o", str(path))
    path.write_text(path.read_text(encoding="utf-8").replace("stopped", "allowed"), encoding="utf-8", newline="")
    return crm("import", str(path)).err


def test_our_own_csv_ends_a_stop_if_the_person_did_not_change_since(two, tmp_path):
    two("stop", "1", "email")

    assert "1 changed" in edited_export(two, tmp_path / "out.csv")
    assert consent(two)["email"]["state"] == "allowed"


def test_a_card_that_says_otherwise_is_reported_and_the_stop_stays(two, tmp_path):
    two("stop", "1", "email")

    assert "consent email stays “stopped”; the file says “allowed”" in edited_export(two, tmp_path / "out.vcf")
    assert consent(two)["email"]["state"] == "stopped"


def test_a_line_of_a_card_that_is_not_ours_is_kept(crm, tmp_path):
    lines = ("X-CRM-CONSENT:fax;stopped;2026-11-02;", "X-CRM-CONSENT:email;stopped;soon;", "X-CRM-CONSENT:email")
    card = "\r\n".join(("BEGIN:VCARD", "VERSION:3.0", "FN:Asha", *lines, "END:VCARD", ""))
    path = tmp_path / "a.vcf"
    path.write_text(card, newline="")
    crm("import", str(path))

    assert consent(crm) == {}
    assert [line for line in crm("export", "--format", "vcf").lines if "CONSENT" in line] == list(lines)
