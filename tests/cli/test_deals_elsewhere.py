"""Deals wherever else they stand: in what is shown, listed, due, found, exported and taken back."""

import json

import pytest
from support import dump, made_once


@pytest.fixture
@made_once
def tins(crm):
    """Priya of Globex, and a deal about tea tins with her."""
    crm("add", "Priya Sharma", "company=Globex", "city=Pune")
    crm("add", "Ravi")
    crm("deal", "add", "Tea tins", "--with", "priya", "amount=50k", "close=27 nov")
    return crm


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("deal.stage:lead", ["1"]),
        ("stage:lead", ["1"]),
        ("deal.amount.min:50000", ["1"]),
        ("deal.amount.min:50001", []),
        ("deal.status:open", ["1"]),
        ("deal.close.before:2026-12-01", ["1"]),
        ("has:deal", ["1"]),
        ("no:deal", ["2"]),
        ("deal:tins", ["1"]),
        ("id:d1", ["1"]),
        ("'(deal.stage:lead OR name:ravi)'", ["1", "2"]),
    ],
)
def test_people_are_asked_by_their_deals(tins, query, found):
    assert tins("list", query.strip("'"), "--format", "ids").lines == found
    assert tins("company", "list", query.strip("'"), "--format", "ids").lines == (["c1"] if "1" in found else [])


def test_an_activity_about_a_deal_is_with_its_people(tins):
    assert tins("called", "--deal", "d1", "-m", "Likes it", "--next", "fri: quote").err == (
        "Logged a1 call with Priya Sharma (Globex) (d1 Tea tins); next a2 quote → Fri 27 Nov 2026 [ch4]\n"
    )
    assert tins("todo", "samples", "--deal", "tins").err.startswith("Planned a3 samples with Priya Sharma (Globex) (d1")
    assert tins("done", "a2", "--next", "mon: ask").out == "a2\na4\n"

    card = tins("deal", "show", "d1", "--json").json
    assert [one["id"] for one in card["agenda"]] == ["a4", "a3"]
    assert [one["id"] for one in card["history"]] == ["a1", "a2"] or {one["id"] for one in card["history"]} == {
        "a1",
        "a2",
    }
    assert [line.split("\t")[0] for line in tins("history", "d1").lines] == [one["id"] for one in card["history"]]
    assert tins("show", "a1").lines[-2:] == ["  company       c1  Globex", "  deal          d1  Tea tins"]


def test_nobody_and_no_deal_is_refused(tins):
    found = tins("called", "-m", "x")

    assert (found.code, found.err.startswith("crm: who is it with?")) == (2, True)


def test_show_has_the_open_deals_of_a_person_and_a_company(tins):
    line = "  deals         d1  Tea tins: Lead, ₹50,000, Fri"

    assert line in tins("show", "priya").lines
    assert line in tins("show", "c1").lines
    assert [one["id"] for one in tins("show", "priya", "--json").json["deals"]] == ["d1"]
    tins("deal", "lose", "d1")
    assert line not in tins("show", "priya").lines
    assert tins("show", "priya", "--json").json["deals"] == []


def test_today_tells_which_deals_want_attention(tins):
    """Five open: one closes within the week and has a step, one should have closed and has none, one is far off with a
    step (not listed), one is far off without one, one has neither day nor step.
    """
    tins("todo", "quote", "--deal", "d1", "--due", "2026-12-24")
    tins("deal", "add", "Late", "close=2026-11-20")
    tins("deal", "add", "Far", "close=2027-03-01", "--next", "2027-01-01: call")
    tins("deal", "add", "Forgotten", "close=2027-03-01")
    tins("deal", "add", "Dim")
    tins("deal", "add", "Gone", "close=2026-11-20")
    tins("deal", "lose", "d6")

    assert tins("today", "--format", "table").lines == [
        "Deals (4)",
        "  d2    2 days late   Lead  Late (no next step)",
        "  d1    Fri           Lead  Tea tins             Priya Sharma, Globex",
        "  d4    no next step  Lead  Forgotten",
        "  d5    no next step  Lead  Dim",
    ]
    assert [one["id"] for one in tins("today", "--json").json["deals"]] == ["d2", "d1", "d4", "d5"]
    assert (
        tins("agenda", "city:pune", "--only", "deals").out
        == "deals\td1\t2026-11-27\t\tLead\tTea tins\tPriya Sharma, Globex\n"
    )
    assert tins("today", "--format", "ids").out == ""


def test_the_digest_speaks_of_a_deal_that_should_have_closed_and_of_no_other(tins, monkeypatch):
    assert tins("digest").out == ""
    monkeypatch.setenv("CRM_NOW", "2026-11-27T09:00:00+05:30")

    found = tins("digest").lines
    assert found[0] == "Fri 27 Nov 2026: 1 deal to close"
    assert "  crm show d1    today  Tea tins (no next step) · Priya Sharma, Globex" in found
    assert "- Tea tins \\(no next step\\) · Priya Sharma, Globex (today): `crm show d1`" in tins(
        "digest", "--format", "markdown"
    ).lines  # fmt: skip


def test_find_finds_a_deal(tins):
    tins("deal", "edit", "d1", "notes=the lighter red")

    assert tins("find", "tea").lines == ["d1\tTea tins\tGlobex\t\t\tdeal in Lead"]
    assert tins("find", "lighter red", "--json").json[0]["id"] == "d1"
    assert tins("find", "taa tins").err == "closest to what you typed: tea tins\n"


def test_a_person_is_meant_before_a_deal_that_is_named_after_them(tins):
    tins("deal", "add", "Priya's boxes", "--with", "priya")

    assert tins("show", "priya").lines[0] == "Priya Sharma  1"
    assert tins("deal", "show", "priya").lines[0] == "Priya's boxes  d2"
    assert tins("show", "boxes").lines[0] == "Priya's boxes  d2"


def test_changes_of_a_deal(tins):
    tins("deal", "move", "d1", "prop")

    assert [line.split("\t")[3] for line in tins("changes", "d1").lines] == ["deal move", "deal add"]
    assert "d1\tdeal\tupdate\tstage\tLead\tProposal" in tins("changes", "ch4").lines


def test_a_part_of_the_book_has_its_deals_and_goes_into_another(tins, tmp_path):
    """People are matched, deals come with their people, history and stages, and once only."""
    tins("stage", "add", "Samples")
    tins("deal", "move", "d1", "samples")
    tins("called", "--deal", "d1", "-m", "x")
    file, other = str(tmp_path / "a.json"), str(tmp_path / "other.db")
    assert tins("export", "name:priya", "--format", "json", "-o", file).err.endswith(
        ": 1 person, 1 company, 1 deal, 1 activity\n"
    )
    tins("--book", other, "add", "Somebody Else")

    assert tins("--book", other, "import", file).code == 0
    assert tins("--book", other, "import", file).code == 0
    card = tins("--book", other, "deal", "show", "tins", "--json").json
    assert (card["stage"], [one["name"] for one in card["people"]], len(card["history"])) == (
        "Samples",
        ["Priya Sharma"],
        1,
    )
    assert len(tins("--book", other, "deal", "list").lines) == 1


def test_a_book_with_deals_comes_back_equal(tins, tmp_path, book_path):
    """Stages and saved queries of one's own, deals in every state and currency, and what hangs off them."""
    tins("stage", "rename", "lead", "Erstkontakt", "-p", "unknown")
    tins("stage", "add", "Samples", "--before", "prop")
    tins("stage", "archive", "qual")
    tins("segment", "save", "big", "deal.amount.min:1000")
    tins("deal", "add", "Kyoto", "amount=950000 JPY", "probability=0", "stage=samples", "--next", "fri: x")
    tins("deal", "add", "Kuwait", "amount=1.234 KWD", "company=Acme")
    tins("deal", "win", "d2", "-m", "x")
    tins("rm", "d3")
    file, other = str(tmp_path / "a.json"), tmp_path / "copy.db"

    assert tins("export", "--format", "json", "-o", file).code == 0
    assert tins("--book", str(other), "import", file).code == 0
    assert dump(other) == dump(book_path)
    assert tins("--book", str(other), "check").code == 0
    assert tins("--book", str(other), "undo", "ch1").code == 0


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("amount", "5"),
        ("amount", {"amount": "5.123", "currency": "EUR"}),
        ("amount", {"amount": "5.00", "currency": "XYZ"}),
        ("amount", {"amount": 5, "currency": "EUR"}),
        ("stage_id", 99),
        ("status", "perhaps"),
        ("people", [{"id": 99}]),
        ("own_probability", 120),
    ],
)
def test_a_deal_that_is_none_is_refused_whole(tins, tmp_path, key, value):
    file, other = tmp_path / "a.json", str(tmp_path / "copy.db")
    tins("export", "--format", "json", "-o", str(file))
    book = json.loads(file.read_text())
    book["deals"][0][key] = value
    file.write_text(json.dumps(book))

    found = tins("--book", other, "import", str(file))
    assert (found.code, found.err.count("\n")) == (1, 1)
    assert "bug" not in found.err
    assert tins("--book", other, "list").out == ""


def test_what_was_said_of_the_deal_last_shown(tins, monkeypatch):
    """``history .`` and ``deal move .`` mean the deal that this terminal has shown last."""
    tins("called", "--deal", "d1", "-m", "Likes it")
    for module in ("agenda", "refs"):
        monkeypatch.setattr("crm_cli.cli.terminal.last_shown", lambda: "d1")
        monkeypatch.setattr(f"crm_cli.cli.{module}.last_shown", lambda: "d1", raising=False)

    assert [line.split("\t")[0] for line in tins("history", ".").lines] == ["a1"]
    assert tins("deal", "move", ".", "prop").err == "Moved d1 Tea tins → Proposal [ch5]\n"
