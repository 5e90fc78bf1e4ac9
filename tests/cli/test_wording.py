"""What commands say of what they did: whom, when, how many, in words that fit the number."""

import os
import pty
import subprocess
import sys

import pytest
from support import made_once


@pytest.fixture
@made_once
def people(crm):
    crm("add", "Asha Verma", "company=Acme", "city=Pune", "+client")
    crm("add", "Ravi")
    return crm


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["wrote", "1"], "email to Asha Verma (Acme)"),
        (["wrote", "1", "2", "--in"], "email from Asha Verma (Acme) and 1 more"),
        (["log", "letter", "c1", "--in"], "letter from Acme"),
        (["called", "1", "--in"], "call with Asha Verma (Acme)"),
        (["note", "1", "-m", "x"], "note about Asha Verma (Acme)"),
    ],
    ids=str,
)
def test_mail_goes_to_and_comes_from(people, words, message):
    assert people(*words).err == f"Logged a1 {message} [ch3]\n"


def test_mail_in_is_told_from_mail_out(people):
    people("wrote", "1", "-m", "Quote", "--when", "yesterday")
    people("wrote", "1", "-m", "Yes", "--in")

    table = people("history", "--format", "table").lines
    assert [line.split()[3:5] for line in table[1:]] == [["email", "in"], ["email", "Quote"]]
    assert [line.split("\t")[2] for line in people("history").lines] == ["email", "email"]
    assert "email in: Yes" in people("show", "1").out


@pytest.mark.parametrize(
    ("due", "message"),
    [
        ("20 nov", "→ Sat 20 Nov 2027 (next year)"),
        ("fri 3pm", "→ Fri 27 Nov 2026 15:00"),
        ("3 jan", "→ Sun 3 Jan 2027"),
        ("2028-03-01", "→ Wed 1 Mar 2028"),
    ],
)
def test_a_date_that_has_just_passed_is_told_to_be_next_years(people, due, message):
    assert people("todo", "x", "--due", due).err == f"Planned a1 x {message} [ch3]\n"


def test_done_tells_and_prints_what_follows_each(people):
    people("todo", "one", "--with", "1")
    people("todo", "two")

    found = people("done", "a1", "a2", "--next", "mon: ask")

    assert found.out == "a1\na2\na3\na4\n"
    assert "Done 2 activities; next a3 ask → Mon 23 Nov 2026; next a4 ask → Mon 23 Nov 2026" in found.err


def test_a_query_counts_only_its_own_among_the_snoozed(people):
    for who in ("1", "2"):
        people("todo", "x", "--with", who, "--due", "yesterday")
    people("snooze", "a1", "tomorrow")
    people("snooze", "a2", "tomorrow")

    assert people("agenda", "--format", "table").err == "nothing to do\n2 snoozed\n"
    assert people("agenda", "city:pune", "--format", "table").err == "nothing to do\n1 snoozed\n"
    assert people("agenda", "city:pune", "--json").json["snoozed"] == 1


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "2 people"),
        (["city:pune"], "1 person"),
    ],
)
def test_an_export_counts_what_went(people, tmp_path, words, message):
    people("called", "1")

    assert people("export", *words, "-o", str(tmp_path / "a.csv")).err == f"{tmp_path / 'a.csv'}: {message}\n"
    found = people("export", *words, "-o", str(tmp_path / "a.json"))
    assert found.err == f"{tmp_path / 'a.json'}: {message}, 1 company, 1 activity\n"


def test_a_tag_that_was_there_is_told_by_its_name(people):
    people("tag", "2", "+client")
    people("field", "add", "size")
    people("edit", "2", "size=L")
    people("called", "2")

    assert people("changes", "ch3").lines == ["2\tcontact_tag\tinsert\ttag\t\tclient"]
    assert "2\tcontact_custom\tinsert\tfield\t\tsize" in people("changes", "ch5").lines
    assert "a1\tactivity_participant\tinsert\tperson\t\tRavi" in people("changes", "ch6").lines
    assert "1\temployment\tinsert\tcompany\t\tAcme" in people("changes", "ch1").lines


def test_what_is_gone_is_told_by_the_name_it_had(people):
    people("called", "1")
    people("rm", "1")

    assert "1\temployment\tdelete\tcompany\tAcme\t" in people("changes", "ch4").lines
    assert any(line.endswith("\tperson\tAsha Verma\t") for line in people("changes", "ch4").lines)


def test_a_range_of_one_is_one(crm, tmp_path):
    (tmp_path / "a.csv").write_text("Name,Company,Email\nAsha,Acme,a@x.in\nRavi,Acme,r@x.in\n")
    crm("import", str(tmp_path / "a.csv"))

    assert crm("changes").lines[0].split("\t")[-1] == "c1 1-2"


@pytest.mark.parametrize("words", [["edit", "1"], ["note", "1", "-e"]], ids=" ".join)
def test_no_editor_is_started_where_nobody_sits(people, words, monkeypatch):
    monkeypatch.setenv("PATH", "")
    found = people(*words)

    assert (found.code, found.out) == (2, "")
    assert found.err.startswith("crm: cannot open an editor here (")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            ["config", "set", "region", "Indiaa"],
            'crm: "Indiaa" is not a country (did you mean India?)',
        ),
        (
            ["init", "--currency", "Rupee"],
            "crm: Rupee is not a currency code (three letters of ISO 4217, as in INR or EUR)",
        ),
        (["field", "rm", "email"], "crm: email is built in and cannot be removed"),
        (["field", "rm", "wibble"], "crm: there is no field wibble"),
    ],
    ids=str,
)
def test_what_was_typed_is_quoted(book, crm, words, message):
    assert crm(*words).err.startswith(message)


def test_the_preview_of_an_import_names_fields_as_assignments_do(crm, tmp_path):
    (tmp_path / "a.csv").write_text("Name,City,Met at,Mobile\nAsha,Pune,Fair,098200 12345\n")
    words = ("import", str(tmp_path / "a.csv"))

    assert crm(*words, "-n").lines[1:] == [
        "Name    name",
        "City    city",
        "Met at  met-at (new custom field)",
        "Mobile  phone.mobile",
    ]
    crm(*words)
    assert "Met at  met-at (custom field)" in crm(*words, "-n").lines


def test_programs_get_the_whole_agenda(people):
    for number in range(30):
        people("todo", f"{'long ' * 30}{number}", "--due", "today 5pm")

    assert len(people("today").lines) == 30
    assert all("long " * 30 in line for line in people("today").lines)
    assert len(people("today", "--json").json["due"]) == 30


def test_a_narrow_terminal_says_what_it_has_no_room_for(people, surroundings):
    people("edit", "1", "title=Head of Purchasing", "email=asha.verma@acme.example", "phone=098200 12345")
    master, slave = pty.openpty()
    env = os.environ | {"COLUMNS": "64"}
    done = subprocess.run(
        [sys.executable, "-m", "crm_cli", "list"], stdout=slave, stderr=subprocess.PIPE, env=env, check=True, timeout=60
    )
    os.close(slave)
    shown = os.read(master, 10000).decode()
    os.close(master)

    assert "TITLE" not in shown
    assert done.stderr == b"64 cells are too narrow for: title, tags\n"


def test_headings_are_bold_only_in_colour(people):
    people("called", "1")

    assert "\x1b" not in people("show", "1").out
    coloured = people("show", "1", "--color", "always").lines
    assert [line for line in coloured if "\x1b" in line] == ["\x1b[1mAsha Verma  1\x1b[0m", "\x1b[1mHistory\x1b[0m"]
