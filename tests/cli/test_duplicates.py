"""``crm dupes``: who is in the book twice, and who only looks it."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from support import made_once
from terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support import Run

    Crm = Callable[..., Run]

SAME = {
    "the same name": ("Asha Verma", "Asha Verma"),
    "order, case and a comma": ("Asha Verma phone=9820012345", "verma,\u00a0asha"),
    "one e-mail": ("Asha Verma email=asha@acme.example", "Asha email=ASHA@acme.example"),
    "one phone, written differently": ("Asha Verma phone=09820012345", "A\u00a0Verma phone=+919820012345"),
    "one phone, its country unknown": ("Asha Verma phone=+4930123456", "Asha Verma phone=030\u00a0123456"),
    "a nickname": ("William Gray phone=9820012345", "Bill Gray phone=9820012345"),
    "a typo": ("Katherine Johnson city=Pune email=kj@x.example", "Katherine Jonhson email=kj@x.example"),
    "a title": ("Dr. Asha Verma", "Asha Verma"),
    "another script": ("राजेश कुमार phone=9820012345", "Rajesh Kumar phone=9820012345"),
    "another script, nothing else": ("राजेश कुमार", "Rajesh Kumar"),
    "a middle name": ("John Robert Smith email=jr@x.example", "John Smith email=jr@x.example"),
    "married, the same birthday": (
        "Asha Verma birthday=1980-04-12 city=Pune phone=9820012345",
        "Asha Rao birthday=1980-04-12 city=Pune phone=9820012345",
    ),
    "dots and a tag of Gmail": ("Asha Verma email=ashaverma@gmail.com", "A\u00a0Verma email=asha.verma+crm@gmail.com"),
    "an e-mail alone": ("asha@acme.example", "Asha Verma email=asha@acme.example"),
    "a Chinese name": ("王小明", "王小明"),
}
HOME = "phone=02025531234 street=7\u00a0Hill\u00a0Road city=Pune code=411001"
OTHERS = {
    "a couple": (f"Asha Verma {HOME}", f"Ravi Verma {HOME}"),
    "a couple with one e-mail": (
        f"Asha Verma {HOME} email=vermas@x.example",
        f"Ravi Verma {HOME} email=vermas@x.example",
    ),
    "brothers whose names differ by a letter": (
        f"Ramesh Verma {HOME} birthday=1970-03-01",
        f"Rakesh Verma {HOME} birthday=1974-08-21",
    ),
    "father and son by birthday": (
        f"Ravi Verma {HOME} birthday=1950-03-01",
        f"Ravi Verma {HOME} birthday=1982-08-21",
    ),
    "father and son by Jr and Sr": (f"John Smith Sr {HOME}", f"John Smith Jr {HOME}"),
    "perhaps father and son": (f"John Smith {HOME}", f"John Smith Jr {HOME}"),
    "a switchboard": (
        "Asha Verma phone=02025531234 company=Acme email=info@acme.example",
        "Ravi Rao phone=02025531234 company=Acme email=info@acme.example",
    ),
    "two of a common name": (
        "Priya Sharma phone=9820012345 email=priya@acme.example company=Acme",
        "Priya Sharma phone=9811122233 email=ps@globex.example company=Globex",
    ),
    "one family name": ("Asha Verma city=Pune", "Ravi Verma city=Pune"),
    "one employer and first name": ("Asha Verma company=Acme", "Asha Rao company=Acme"),
}


def add(crm: Crm, line: str) -> Run:
    return crm("add", *(word.replace("\u00a0", " ") for word in line.split(" ")))


def pairs(found: Run) -> list[tuple[str, str]]:
    return [(pair["one"]["id"], pair["other"]["id"]) for pair in found.json]


@pytest.mark.parametrize("case", SAME)
def test_one_person_twice(crm: Crm, case: str):
    for line in SAME[case]:
        add(crm, line)

    found = crm("dupes", "--json")

    assert found.code == 0
    assert pairs(found) == [("1", "2")]
    assert found.json[0]["score"] >= 0.8
    assert found.json[0]["reasons"]


@pytest.mark.parametrize("case", OTHERS)
def test_two_people_who_look_alike(crm: Crm, case: str):
    for line in OTHERS[case]:
        add(crm, line)

    assert crm("dupes", "--json").json == []


@pytest.fixture
@made_once
def book(crm: Crm) -> Crm:
    for line in (
        "Asha Verma",
        "Asha Verma city=Pune",
        "Ravi Rao phone=9820012345",
        "R Rao phone=9820012345",
        "Mia Gray",
    ):
        add(crm, line)
    return crm


def test_the_likeliest_is_first_and_says_why(book: Crm):
    found = book("dupes", "--format", "csv")

    assert found.lines == [
        "score,id,name,other-id,other-name,why",
        '0.99,3,Ravi Rao,4,R Rao,"same phone +919820012345, same family name, same initial"',
        "0.89,1,Asha Verma,2,Asha Verma,same name",
    ]


def test_the_minimum_the_limit_and_a_query(book: Crm):
    assert pairs(book("dupes", "--min", "0.95", "--json")) == [("3", "4")]
    limited = book("dupes", "--limit", "1", "--json")
    assert pairs(limited) == [("3", "4")]
    assert limited.err == "1 of 2; --limit 0 shows all\n"
    assert pairs(book("dupes", "city:pune", "--json")) == [("1", "2")]
    assert book("dupes", "--format", "ids").lines == ["3", "4", "1", "2"]
    assert book("dupes", "mia", "--format", "tsv").out == ""


def test_what_is_not_the_same_is_remembered_until_undone(book: Crm):
    done = book("dupes", "not", "2", "1")

    assert done.err.startswith("Not the same: 2 Asha Verma and 1 Asha Verma [ch")
    assert pairs(book("dupes", "--json")) == [("3", "4")]
    assert "nothing changed" in book("dupes", "not", "1", "2").err
    book("undo", done.err.split("[")[1].split("]")[0])
    assert pairs(book("dupes", "--json")) == [("3", "4"), ("1", "2")]


def test_not_needs_two_of_one_kind(book: Crm):
    book("company", "add", "Acme")

    for words in (("1",), ("1", "1"), ("1", "c1"), ()):
        found = book("dupes", "not", *words)
        assert (found.code, len(found.err.splitlines())) == (2, 1)
    assert book("dupes", "not", "1", "99").code == 3
    assert "dry run" in book("dupes", "not", "1", "2", "-n").err
    assert len(pairs(book("dupes", "--json"))) == 2


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("Acme", "Acme Pvt. Ltd.", True),
        ("Acme Private Limited", "ACME PVT LTD", True),
        ("Infosys Technologies", "Infosys Technolgies Ltd", True),
        ("Müller & Söhne GmbH", "Mueller und Soehne", True),
        ("Müller & Söhne GmbH", "Muller und Sohne", True),
        ("Bright Traders", "Bright Trader", True),
        ("Acme GmbH", "Acme Ltd", False),
        ("Tata Steel", "Tata Motors", False),
        ("Acme", "Acme India", False),
        ("I.B.M.", "IBM Corp", True),
    ],
)
def test_companies_by_name(crm: Crm, one: str, other: str, is_same: bool):
    crm("company", "add", one)
    crm("company", "add", other)

    assert pairs(crm("dupes", "--kind", "company", "--json")) == ([("c1", "c2")] if is_same else [])


def test_companies_by_domain(crm: Crm):
    crm("company", "add", "Acme", "url=https://www.acme.example/team")
    crm("company", "add", "Acme India", "email=sales@acme.example")
    crm("company", "add", "Acme", "url=https://acme-tools.example")

    assert pairs(crm("dupes", "--kind", "company", "--json")) == [("c1", "c2")]


def test_a_crowd_behind_one_number_is_reported(crm: Crm, tmp_path: Path):
    rows = "".join(f"Person{chr(97 + n % 26)}{chr(97 + n // 26)} Rao{n},02025531234\n" for n in range(60))
    path = tmp_path / "crowd.csv"
    path.write_text(f"name,phone\n{rows}", encoding="utf-8")
    crm("import", str(path))

    found = crm("dupes", "--json")

    assert "the phone +912025531234: 60 people" in found.err


def test_many_pairs_are_shared_out_among_processes(book: Crm, book_path: Path):
    """They are listed like few ones, in the same order."""
    shared = "import crm_cli.queries.duplicates as d; from crm_cli.entry import main; d.WORTHWHILE = 0; main()"
    words = [sys.executable, "-c", shared, "dupes", "--json", "--min", "0.1"]

    done = subprocess.run(words, capture_output=True, text=True, check=True)

    assert json.loads(done.stdout) == book("dupes", "--json", "--min", "0.1").json
    assert json.loads(done.stdout)
    assert done.stderr == ""


def test_wrong_options(book: Crm):
    assert book("dupes", "--kind", "deal").code == 2
    assert book("dupes", "--min", "2").code == 2
    assert book("dupes", "wibble:x").code == 2


def test_a_hostile_name_is_harmless(crm: Crm, tmp_path: Path):
    path = tmp_path / "evil.json"
    path.write_text(
        json.dumps({"contacts": [{"name": "Evil \x1b[31m\x1f\x1e Name"}, {"name": "Evil \x1b[31m\x1f\x1e Name"}]})
    )
    crm("import", str(path))

    found = crm("dupes", "--format", "tsv")

    assert found.code == 0
    assert "\x1b" not in found.out


def test_auto_merges_in_one_change_and_undo_restores(book: Crm):
    assert "no terminal" in book("dupes", "--auto", "0.95").err
    rehearsed = book("dupes", "--auto", "0.95", "-n", "--format", "table")
    assert rehearsed.out == "3 Ravi Rao + 4 R Rao\n"
    assert "dry run" in rehearsed.err

    done = book("dupes", "--auto", "0.95", "--yes", "--json")

    assert done.json["merged"] == [{"into": "3", "from": ["4"]}]
    assert pairs(book("dupes", "--json")) == [("1", "2")]
    assert book("show", "4", "--json").json["id"] == 3
    assert "merged from   4 R Rao" in book("show", "3").out
    book("undo", done.json["change"])
    assert pairs(book("dupes", "--json")) == [("3", "4"), ("1", "2")]


def test_auto_without_duplicates_changes_nothing(crm: Crm):
    crm("add", "Asha Verma")

    found = crm("dupes", "--auto", "0.9", "--yes")

    assert (found.code, found.out) == (0, "")
    assert found.err.startswith("no likely duplicates")


def test_auto_leaves_a_chain_to_the_user(crm: Crm):
    """B is like A and like C, but A and C are two people."""
    crm("add", "Asha Verma", "email=a@x.example", "birthday=1950-03-01")
    crm("add", "Asha", "email=a@x.example", "phone=9820012345")
    crm("add", "Asha Verma", "phone=9820012345", "birthday=1982-08-21")

    found = crm("dupes", "--auto", "0.8", "--yes")

    assert "1 pair not merged" in found.err


def test_companies_are_merged_too(crm: Crm):
    crm("company", "add", "Acme")
    crm("company", "add", "Acme Pvt. Ltd.")

    crm("dupes", "--kind", "company", "--auto", "0.8", "--yes")

    assert len(crm("company", "list", "--json").json) == 1


def test_review_needs_a_terminal(book: Crm):
    assert book("dupes", "--review").code == 2
    assert book("dupes", "--review", "--auto", "0.9").code == 2


def test_a_review_on_a_terminal(book: Crm, book_path: Path):
    with Terminal(book_path, size=(100, 50), words=("dupes", "--review")) as terminal:
        terminal.until("1 of 2")
        terminal.until("q: quit")
        assert terminal.text.count("9820012345") >= 2
        terminal.press("x\r", "y\r")
        terminal.until("Merged 4 R Rao into 3 Ravi Rao [ch")
        terminal.until("2 of 2")
        terminal.press("n\r")
        terminal.until("1 merged, 1 not the same, 0 skipped")
        terminal.end()
        assert "answer with one of: y, n, s, q" in terminal.text

    assert pairs(book("dupes", "--json")) == []


def test_add_names_a_likely_duplicate_in_one_line(crm: Crm):
    crm("add", "Asha Verma", "email=asha@acme.example", "phone=9820012345")

    assert crm("add", "A Verma", "phone=09820012345").err.splitlines()[1:] == [
        "note: likely the same as 1 Asha Verma: same phone (if so: crm merge 1 2)"
    ]
    assert "same e-mail (if so: crm merge 1 3)" in crm("add", "Asha", "email=ASHA@acme.example").err
    assert "note" not in crm("add", "Ravi Verma", "phone=09820012345").err
    assert crm("add", "asha verma").err.splitlines()[1:] == ["note: 1 with that name before: 1"]


def test_an_import_counts_likely_duplicates(crm: Crm, tmp_path: Path):
    path = tmp_path / "people.csv"
    path.write_text(
        "name,email\nAsha Verma,a@x.example\nAsha Verma,a@x.example\nRavi Rao,r@x.example\nRavi Rao,\n",
        encoding="utf-8",
    )

    assert "2 new people are likely in the book twice (crm dupes lists them)" in crm("import", str(path)).err
    assert "twice" not in crm("import", str(path)).err
