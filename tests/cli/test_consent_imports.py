"""Opt-outs in the files of other products: which columns and cells stop a channel, and what a later file does."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support import Run

    Crm = Callable[..., Run]


def write(path: Path, *rows: dict[str, str]) -> str:
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, list(rows[0]))
        table.writeheader()
        table.writerows(rows)
    return str(path)


def stopped(crm: Crm, ref: str = "asha") -> str:
    found: str = crm("list", f"name:{ref}", "--columns", "stopped", "--format", "tsv").out.rstrip("\n")
    return found


PERSON = {"First Name": "Asha", "Last Name": "Verma", "Email": "asha@acme.in", "Phone": "+91 98200 12345"}

STOPS = [
    ("Unsubscribed from all email", "true", "email"),
    ("HasOptedOutOfEmail", "1", "email"),
    ("Email Opt Out", "Yes", "email"),
    ("emailAddressIsOptedOut", "true", "email"),
    ("Marketing Status", "Unsubscribed", "email"),
    ("Do not allow Bulk Emails", "Do Not Allow", "email"),
    ("UNSUB_TIME", "2026-03-02 10:11:12", "email"),
    ("DoNotCall", "true", "phone"),
    ("DO NOT CALL", "X", "phone"),
    ("doNotCall", "1", "phone"),
    ("Do not allow Phone Calls", "Do Not Allow", "phone"),
    ("Do Not Contact", "yes", "email, phone"),
    ("Do not disturb", "true", "email, phone"),
    ("Keine Werbung", "ja", "email, phone"),
]


@pytest.mark.parametrize(("column", "cell", "channels"), STOPS)
def test_an_opt_out_is_consent(crm, tmp_path, column, cell, channels):
    done = crm("import", write(tmp_path / "people.csv", {**PERSON, column: cell}))

    assert stopped(crm) == channels
    assert "1 person must not be called or emailed" in done.err
    card = crm("show", "asha", "--json").json
    assert {each["source"] for each in card["consent"].values()} == {column}
    assert {each["on"] for each in card["consent"].values()} == {cell[:10] if cell[:2] == "20" else "2026-11-22"}
    assert card["custom"] == {}


@pytest.mark.parametrize("column", ["Email Opt Out", "DoNotCall", "Do not contact"])
@pytest.mark.parametrize("cell", ["false", "0", "No", "Allow", ""])
def test_a_clear_cell_is_nothing(crm, tmp_path, column, cell):
    done = crm("import", write(tmp_path / "people.csv", {**PERSON, column: cell}))
    card = crm("show", "asha", "--json").json

    assert card["consent"] == card["custom"] == {}
    assert "must not" not in done.err


@pytest.mark.parametrize(
    ("column", "cell"), [("Marketing status", "No consent"), ("Marketing contact status", "Non-marketing contact")]
)
def test_what_says_something_else_is_kept_as_a_field(crm, tmp_path, column, cell):
    crm("import", write(tmp_path / "people.csv", {**PERSON, column: cell}))
    card = crm("show", "asha", "--json").json

    assert card["consent"] == {}
    assert list(card["custom"].values()) == [cell]


def test_a_company_keeps_it_as_a_field(crm, tmp_path):
    crm("import", write(tmp_path / "firms.csv", {"Company": "Acme", "Website": "acme.in", "Do Not Call": "true"}))

    assert "true" in crm("company", "show", "acme", "--json").json["custom"].values()


def test_the_preview_and_the_map_name_it(crm, tmp_path):
    path = write(tmp_path / "people.csv", {**PERSON, "Letters": "true", "Email Opt Out": "true"})

    assert "consent.email" in crm("import", path, "--dry-run").out
    assert "no field" in crm("import", path, "--map", "Letters=consent:fax").err

    crm("import", path, "--map", "Letters=consent:phone")

    assert stopped(crm) == "email, phone"


def test_the_same_file_again_does_not_undo_what_the_user_allowed(crm, tmp_path):
    path = write(tmp_path / "people.csv", {"Id": "7", **PERSON, "Email Opt Out": "true"})
    crm("import", path)
    crm("allow", "asha", "email")

    crm("import", path)
    assert stopped(crm) == ""

    crm("import", write(tmp_path / "people.csv", {"Id": "7", **PERSON, "Phone": "", "Email Opt Out": "true"}))
    assert stopped(crm) == ""


def test_a_later_file_adds_a_stop_and_never_ends_one(crm, tmp_path):
    path = tmp_path / "people.csv"
    crm("import", write(path, {"Id": "7", **PERSON, "Email Opt Out": "false"}))

    done = crm("import", write(path, {"Id": "7", **PERSON, "Email Opt Out": "true"}))
    assert "0 new, 1 changed" in done.err
    assert "1 person must not be called or emailed" in done.err
    assert stopped(crm) == "email"

    crm("import", write(path, {"Id": "7", **PERSON, "Email Opt Out": "false"}))
    assert stopped(crm) == "email"


def test_a_stop_in_a_file_counts_more_than_what_was_allowed_before(crm, tmp_path):
    crm("add", "Asha Verma", "email=asha@acme.in")
    crm("allow", "asha", "email")

    crm("import", write(tmp_path / "people.csv", {**PERSON, "Email Opt Out": "true"}))

    assert stopped(crm) == "email"


def test_the_report_counts_people_not_channels(crm, tmp_path):
    ravi = {**PERSON, "First Name": "Ravi", "Email": "ravi@x.in", "Phone": ""}
    rows = ({**PERSON, "Do Not Contact": "yes"}, {**ravi, "Do Not Contact": "yes"})

    done = crm("import", write(tmp_path / "people.csv", *rows), "--json")

    assert done.json[0]["stopped"] == 2
    crm("undo", "ch1")
    assert crm("list", "has:consent").out == ""
