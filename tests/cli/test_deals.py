"""``deal`` through the front door."""

import json

import pytest
from support import HOSTILE, dump, made_once, steering

from crm_cli.book.book import Book


@pytest.fixture
@made_once
def tins(crm):
    """Priya of Globex, and a deal about tea tins with her."""
    crm("add", "Priya Sharma", "company=Globex", "city=Pune")
    crm("add", "Ravi")
    crm("deal", "add", "Tea tins", "--with", "priya", "amount=50k", "close=27 nov")
    return crm


def test_add_says_how_all_was_understood(crm):
    crm("add", "Priya Sharma", "company=Globex")

    found = crm(
        "deal", "add", "Tea", "tins", "--with", "priya", "amount=₹1,00,000", "stage=prop", "--next",
        "fri: send the quote",
    )  # fmt: skip

    assert (found.code, found.out) == (0, "d1\na1\n")
    assert found.err == (
        "Added d1 Tea tins with Priya Sharma, Globex: Proposal, ₹1,00,000;"
        " next a1 send the quote → Fri 27 Nov 2026 [ch2]\n"
    )
    card = crm("deal", "show", "d1", "--json").json
    assert card["amount"] == {"amount": "100000.00", "currency": "INR"}
    assert (card["next_step"]["id"], card["next_step"]["deal"]) == ("a1", {"id": "d1", "title": "Tea tins"})


def test_a_company_alone_will_do_and_one_that_nobody_knows_is_made(crm):
    crm("company", "add", "Globex India")
    crm("deal", "add", "Boxes", "company=globex")
    crm("deal", "add", "Tins", "company=Initech")

    cards = crm("deal", "list", "--json").json
    assert [card["company"] for card in cards] == [
        {"id": "c1", "name": "Globex India"},
        {"id": "c2", "name": "Initech"},
    ]


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (["add"], 2, "missing argument"),
        (["add", "amount=5"], 2, "what is the deal about?"),
        (["add", "x", "amount=5 XYZ"], 2, "XYZ is not a currency"),
        (["add", "x", "amount=1.234"], 2, "the decimal sign here is ."),
        (["add", "x", "+vip"], 2, "a deal has no tags"),
        (["add", "x", "amuont=5"], 2, "did you mean amount?"),
        (["add", "x", "--with", "nobody-at-all"], 3, "no match"),
        (["add", "x", "stage=propsal"], 3, "did you mean Proposal?"),
        (["add", "x", "close=someday"], 2, "not a day or time"),
        (["add", "x", "--next", "send"], 2, "does not say when"),
        (["move", "d1", "propsal"], 3, "did you mean Proposal?"),
        (["move", "d1", "won"], 3, "crm deal win"),
        (["move", "d9", "lead"], 3, "there is no deal d9"),
        (["move", "c1", "lead"], 2, "is the id of a company; this wants a deal"),
        (["show", "wibble"], 3, "there is no deal wibble"),
        (["list", "stag:lead"], 2, "did you mean"),
        (["list", "--sort", "size"], 2, "there is no order size"),
        (["win", "d1", "--when", "tomorrow"], 2, "in the future"),
        (["reopen", "d1"], 1, "d1 is open already"),
        (["edit", "d1", "title="], 2, "says nothing"),
        (["edit", "d1", "amount+=5"], 2, "cannot be changed like that"),
        (["board", "--format", "svg"], 2, "there is no format"),
    ],
    ids=str,
)
def test_what_cannot_be_is_one_line_and_changes_nothing(tins, book_path, words, code, message):
    before = dump(book_path)
    found = tins("deal", *words)

    assert (found.code, found.out) == (code, "")
    assert message.lower() in found.err.lower()
    assert dump(book_path) == before


def test_an_error_as_json(tins):
    found = tins("deal", "move", "d1", "propsal", "--json")

    assert (found.code, found.error["hint"], found.error["exit_code"]) == (3, "did you mean Proposal?", 3)


@pytest.mark.parametrize("deal", ["d1", "1", "D1", "tea tins", "TEA"])
def test_a_deal_is_named_by_its_id_or_its_title(tins, deal):
    assert tins("deal", "move", deal, "PROP").err == "Moved d1 Tea tins → Proposal [ch4]\n"


def test_a_move_to_where_it_is_says_so(tins):
    assert tins("deal", "move", "d1", "lead").err == "Moved d1 Tea tins → Lead: nothing changed\n"


def test_win_lose_and_reopen(tins):
    assert tins("deal", "win", "d1", "-m", "The samples").err == "Won d1 Tea tins [ch4]\n"
    assert tins("deal", "lose", "d1").code == 1
    assert tins("deal", "reopen", "d1").err == "Reopened d1 Tea tins in Lead [ch5]\n"
    assert tins("deal", "lose", "d1", "-m", "-", given="Too dear\n").code == 0

    shown = tins("deal", "show", "d1").lines
    assert "  lost          today: Too dear" in shown
    assert [line.split(None, 1)[1] if "stages" in line else line.strip() for line in shown[-4:]] == [
        "today  Lead  0 days", "today  Won: The samples", "today  Lead  0 days",
        "today  Lost: Too dear",
    ]  # fmt: skip


def test_days_in_each_stage(tins, monkeypatch):
    """Lead from the 22nd to the 24th, two days; Proposal from the 24th to the 1st, seven so far."""
    monkeypatch.setenv("CRM_NOW", "2026-11-24T09:00:00+05:30")
    tins("deal", "move", "d1", "prop")
    monkeypatch.setenv("CRM_NOW", "2026-12-01T10:00:00+05:30")

    assert [each["days"] for each in tins("deal", "show", "d1", "--json").json["stages"]] == [2, 7]
    assert "24 Nov  Proposal  7 days so far" in tins("deal", "show", "d1").out


def test_edit_changes_people_and_money(tins):
    found = tins("deal", "edit", "d1", "with+=ravi", "amount=1.5m", "probability=60%", "notes+=wants samples")

    assert found.err == "Changed d1 Tea tins with Priya Sharma, Ravi: Lead, ₹15,00,000 [ch4]\n"
    card = tins("show", "d1", "--json").json
    assert ([one["name"] for one in card["people"]], card["own_probability"]) == (["Priya Sharma", "Ravi"], 60)
    assert tins("edit", "d1", "with-=priya").code == 0
    assert [one["name"] for one in tins("show", "d1", "--json").json["people"]] == ["Ravi"]


def test_list_in_every_format(tins):
    tins("deal", "add", "Boxes", "amount=99.95 EUR", "company=Acme")

    assert tins("deal", "list").lines == [
        "d1\tTea tins\tGlobex\tPriya Sharma\topen\tLead\t50000.00\tINR\t10\t2026-11-27\t\t\t",
        "d2\tBoxes\tAcme\t\topen\tLead\t99.95\tEUR\t10\t\t\t\t",
    ]
    assert tins("deal", "list", "--format", "csv").lines[0] == (
        "id,title,company,people,status,stage,amount,currency,probability,close,next,source,reason"
    )
    assert tins("deal", "list", "--format", "ids").out == "d1\nd2\n"
    assert [json.loads(line)["id"] for line in tins("deal", "list", "--format", "jsonl").lines] == ["d1", "d2"]
    table = tins("deal", "list", "--format", "table")
    assert " ".join(table.lines[1].split()) == "d1 Tea tins Priya Sharma, Globex Lead ₹50,000 10% Fri no next step"
    assert table.err == "2 deals: €99.95 · ₹50,000, weighted €10 · ₹5,000\n"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ([], ["d1", "d2"]),
        (["--all"], ["d1", "d2", "d3"]),
        (["status:won"], ["d3"]),
        (["closed:today"], ["d3"]),
        (["stage:prop"], ["d2"]),
        (["amount.min:50k"], ["d1"]),
        (["amount.max:49999.99"], ["d2"]),
        (["amount.min:50 EUR"], ["d2"]),
        (["amount.min:50 INR"], ["d1"]),
        (["no:amount", "--all"], ["d3"]),
        (["close.before:2026-12-01"], ["d1"]),
        (["close.within:7d"], ["d1"]),
        (["no:close"], ["d2"]),
        (["probability.min:50"], ["d2"]),
        (["city:pune"], ["d1"]),
        (["company:globex"], ["d1"]),
        (["with:priya", "--all"], ["d1"]),
        (["title:tea"], ["d1"]),
        (["tins"], ["d1"]),
        (["priya"], ["d1"]),
        (["source:fair"], ["d2"]),
        (["no:next"], ["d2"]),
        (["has:next"], ["d1"]),
        (["due.within:7d"], ["d1"]),
        (["-stage:prop"], ["d1"]),
        (["--sort", "-amount", "--limit", "1"], ["d1"]),
        (["--sort", "-id"], ["d2", "d1"]),
        (["@small"], ["d2"]),
    ],
    ids=str,
)
def test_deals_are_asked_in_their_own_words(tins, query, found):
    tins("deal", "add", "Boxes", "amount=99.95 EUR", "stage=prop", "source=fair")
    tins("deal", "add", "Bags")
    tins("deal", "win", "d3")
    tins("todo", "quote", "--deal", "d1", "--due", "fri")
    tins("segment", "save", "small", "amount.max:100")

    assert tins("deal", "list", *query, "--format", "ids").lines == found


def test_ids_go_through_a_pipe(tins):
    tins("deal", "add", "Boxes")
    ids = tins("deal", "list", "--format", "ids").out

    assert tins("deal", "move", "-", "prop", given=ids).err == "Moved d1 Tea tins → Proposal and 1 more [ch5]\n"
    assert tins("deal", "win", "-", given="").err == ""
    refused = tins("deal", "win", "-", given="1\n")
    assert (refused.code, "ids of people" in refused.err) == (2, True)


@pytest.mark.parametrize(
    "words",
    [
        ["deal", "add", "x", "amount=5 EUR", "--next", "fri: y"],
        ["deal", "edit", "d1", "amount=6k"],
        ["deal", "move", "d1", "prop"],
        ["deal", "win", "d1"],
        ["deal", "lose", "d1"],
        ["rm", "d1"],
        ["stage", "add", "Samples"],
        ["stage", "rename", "lead", "First"],
        ["stage", "move", "lead", "last"],
        ["stage", "archive", "qual"],
        ["segment", "save", "big", "deal.amount.min:5"],
    ],
    ids=" ".join,
)
def test_each_write_can_be_rehearsed_and_taken_back(tins, book_path, words):
    before = dump(book_path)

    rehearsed = tins(*words, "--dry-run")
    assert (rehearsed.code, "dry run" in rehearsed.err) == (0, True)
    assert dump(book_path) == before
    assert tins(*words).code == 0
    assert dump(book_path) != before
    assert tins("undo", "ch4").code == 0
    assert dump(book_path) == before
    assert tins("redo", "ch4").code == 0
    with Book.read(book_path) as book:
        assert book.db.execute("PRAGMA foreign_key_check").fetchall() == []


def test_board_in_every_format(tins):
    tins("deal", "add", "Boxes", "amount=99.95 EUR", "stage=prop")

    found = tins("deal", "board", "--json").json
    assert [(one["stage"]["name"], one["stage"]["deals"], len(one["deals"])) for one in found["stages"]] == [
        ("Lead", 1, 1), ("Qualified", 0, 0), ("Proposal", 1, 1), ("Negotiation", 0, 0),
    ]  # fmt: skip
    assert [one["amount"] for one in found["total"]["sums"]] == [
        {"amount": "99.95", "currency": "EUR"}, {"amount": "50000.00", "currency": "INR"},
    ]  # fmt: skip
    assert tins("deal", "board", "--format", "ids").out == "d1\nd2\n"
    assert len(tins("deal", "board", "--format", "jsonl").lines) == 4
    assert tins("deal", "board", "--format", "csv").lines[1].startswith("d1,Tea tins,")
    assert tins("deal", "board", "stage:prop", "--format", "ids").out == "d2\n"
    assert "d1 Tea tins" in tins("deal", "board", "--format", "table").out


@pytest.mark.parametrize("text", [each for each in HOSTILE if "\0" not in each])
def test_nothing_in_a_title_steers_the_terminal(crm, text):
    crm("deal", "add", f"x {text}".replace("=", "-"), "--next", "fri: y")
    for words in (["board"], ["list", "--format", "table"], ["show", "d1"], ["list"]):
        assert steering(crm("deal", *words).out) == []
    assert steering(crm("today", "--format", "table").out + crm("digest").out) == []


def test_removing_deals(tins):
    assert tins("rm", "d1").err == "Removed d1 Tea tins (deal, Lead) [ch4] (crm undo ch4 restores it)\n"
    assert tins("deal", "list").out == ""
    assert tins("show", "d1").code == 3


def test_another_locale_reads_and_shows_its_own(crm, monkeypatch):
    monkeypatch.setenv("LANG", "de_DE.UTF-8")

    assert crm("deal", "add", "Kartons", "amount=1.234,50").err.startswith("Added d1 Kartons: Lead, 1.234,50 € [")
    assert crm("deal", "edit", "d1", "amount=1.500").err.startswith("Changed d1 Kartons: Lead, 1.500 € [")
    assert crm("deal", "edit", "d1", "amount=1,500").code == 2


def test_without_a_currency_of_ones_own_it_must_be_said(crm, monkeypatch):
    monkeypatch.setenv("LANG", "C")

    refused = crm("deal", "add", "x", "amount=500")
    assert (refused.code, "which currency?" in refused.err) == (2, True)
    crm("config", "set", "currency", "EUR")
    assert crm("deal", "add", "x", "amount=500").err == "Added d1 x: Lead, €500 [ch1]\n"


def test_a_deal_is_edited_in_the_editor(tins, tmp_path, monkeypatch):
    """Amounts stand on the card as plain numbers; people are added by any REF and taken out with their line."""
    script = tmp_path / "editor.py"
    script.write_text(
        "import pathlib, sys\npath = pathlib.Path(sys.argv[-1])\ntext = path.read_text()\n"
        "assert 'amount = \"50000.00 INR\"' in text and 'stage = \"Lead\"' in text, text\n"
        'text = text.replace("50000.00 INR", "99.95 EUR").replace("Lead", "prop").replace("2026-11-27", "1 dec")\n'
        "text = text.replace('\"1 Priya Sharma\"', '\"ravi\"')\npath.write_text(text)\n"
    )
    monkeypatch.setenv("EDITOR", f"python3 {script}")

    assert tins("deal", "edit", "d1").code == 0
    card = tins("deal", "show", "d1", "--json").json
    assert (card["amount"]["currency"], card["stage"], card["close"]) == ("EUR", "Proposal", "2026-12-01")
    assert [one["name"] for one in card["people"]] == ["Ravi"]


@pytest.mark.parametrize(
    ("work", "message"),
    [
        ('text.replace("Lead", "nosuch")', "there is no stage nosuch"),
        ('text.replace("50000.00 INR", "5 XYZ")', "XYZ is not a currency"),
        ('text + "colour = 1\\n"', "there is no field"),
        ('text.replace("title = ", "title = [")', "the card is not valid TOML"),
        ('text.replace("with = [", "with = 5 #")', "with is a list"),
        ("text", "nothing was changed"),
        ('""', "nothing was changed"),
    ],
)
def test_a_card_that_cannot_be_read_changes_nothing(tins, tmp_path, monkeypatch, book_path, work, message):
    script, before = tmp_path / "editor.py", dump(book_path)
    script.write_text(
        f"import pathlib, sys\npath = pathlib.Path(sys.argv[-1])\ntext = path.read_text()\npath.write_text({work})\n"
    )
    monkeypatch.setenv("EDITOR", f"python3 {script}")

    found = tins("deal", "edit", "d1")
    assert found.code in {1, 2, 3}
    assert message in found.err
    assert dump(book_path) == before


def test_what_is_still_planned_for_a_deal_that_ends_is_told(tins):
    tins("todo", "send the quote", "--deal", "d1", "--due", "fri")

    assert tins("deal", "win", "d1").err == "Won d1 Tea tins [ch5]\nnote: still to do: a1 send the quote\n"
