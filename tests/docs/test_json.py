"""The JSON that is documented is the JSON that is printed: the same keys, shape by shape."""

import io
import json
import os
import re
import sqlite3
import sys
from contextlib import closing

import pytest
from docs_support import DOCS, ROOT, console

from crm_cli import entry

PAGE = (DOCS / "json.md").read_text(encoding="utf-8")


def documented():
    """Return the keys of each shape that the page describes."""
    shapes = {}
    for name, table in re.findall(r"<!-- keys: ([a-z ]+) -->\n\n((?:\|.*\n)+)", PAGE):
        cells = [line.split("|")[1] for line in table.splitlines()[2:]]
        shapes[name] = {key for cell in cells for key in re.findall(r"`([a-z0-9_]+)`", cell)}
    return shapes


KEYS = documented()


@pytest.fixture(scope="module")
def crm(tmp_path_factory):
    """Return what runs a command in a book of its own, in which every shape has something to show."""
    home = tmp_path_factory.mktemp("home")
    environment = {
        "HOME": str(home), "TZ": "Asia/Kolkata", "LANG": "en_IN.UTF-8", "CRM_NOW": console.NOW,
        "CRM_BOOK": str(home / "book.db"),
    }  # fmt: skip

    def run(*words, stream="stdout"):
        shown = {name: io.TextIOWrapper(io.BytesIO(), "utf-8") for name in ("stdin", "stdout", "stderr")}
        with pytest.MonkeyPatch.context() as patch:
            for name in [name for name in os.environ if name.startswith(("CRM_", "XDG_", "LC_"))]:
                patch.delenv(name)
            for name, value in environment.items():
                patch.setenv(name, value)
            for name, file in shown.items():
                patch.setattr(sys, name, file)
            patch.chdir(home)
            entry.run(list(words))
            shown[stream].flush()
        text = shown[stream].buffer.getvalue().decode()
        return json.loads(text) if text.lstrip().startswith(("{", "[")) else text

    run("import", *(str(ROOT / console.SAMPLES / name) for name in ("contacts.vcf", "leads.csv")))
    run("edit", "priya", "url=https://priya.example", "linkedin=priyasharma", "city.home=Goa", "anniversary=2016-11-24")
    run("called", "priya", "-m", "Agreed", "--next", "fri: send the contract")
    run("todo", "Call", "--with", "priya", "--due", "5pm", "--remind", "-1h")
    run("todo", "Sort", "--every", "every friday")
    run("todo", "Tidy")
    run("cadence", "set", "priya", "6w")
    run("cadence", "set", "asha", "2w")
    run("deal", "add", "Photos", "--with", "priya", "amount=99.95 EUR", "close=fri", "--next", "fri: quote")
    run("segment", "save", "clients", "tag:client")
    run("backup", "safe.db")
    with closing(sqlite3.connect(home / "book.db")) as db, db:
        db.execute(
            "INSERT INTO outbox (key, route, state, created_utc, updated_utc) VALUES ('digest:2026-11-21:', 'mail',"
            " 'failed', '2026-11-21T03:30:00Z', '2026-11-21T03:30:00Z')"
        )
    return run


def _keys(shape, found):
    assert set(found) == KEYS[shape], f"docs/json.md, {shape}"


def _card(found, shape):
    """Compare a contact or company, and all that it holds, with the page."""
    extra = KEYS["show"] & set(found)
    _keys(shape, {key: value for key, value in found.items() if key not in extra})
    parts = {"emails": "point", "phones": "phone", "urls": "point", "social": "social", "addresses": "address",
             "employments": "employment", "people": "person", "agenda": "activity", "history": "activity",
             "deals": "deal"}  # fmt: skip
    for key, part in parts.items():
        for each in found.get(key, ()):
            _keys(part, each)
    return {key for key in parts if found.get(key)}


def test_a_contact(crm):
    """The card of a person, each list of it filled, has the documented keys."""
    found = crm("show", "priya", "--json")

    filled = _card(found, "contact")
    assert filled == {"emails", "phones", "urls", "social", "addresses", "employments", "agenda", "history", "deals"}
    assert KEYS["show"] <= set(found)
    _keys("name parts", found["name_parts"])
    _keys("activity", found["next_step"])
    assert set(crm("list", "--json")[0]) == set(crm("find", "asha", "--json")[0]) == KEYS["contact"]


def test_a_company(crm):
    """The card of a company has the documented keys."""
    assert "people" in _card(crm("show", "acme", "--json"), "company")
    assert set(crm("company", "list", "--json")[0]) == KEYS["company"]


def test_a_link_that_waits(crm_process, tmp_path):
    """A deal that names a person whom the book does not have."""
    path = tmp_path / "deals.csv"
    path.write_text("Deal Name,Stage,Contact Name\nTins,Proposal,Meera Iyer\n", encoding="utf-8")
    book = ("--book", str(tmp_path / "other.crm"))
    crm_process(*book, "import", str(path))

    _keys("pending link", crm_process(*book, "show", "d1", "--json").json["pending"][0])


def test_an_activity(crm):
    """An activity has the documented keys wherever it is printed."""
    found = crm("show", "a1", "--json")

    _keys("activity", found)
    _keys("person", found["people"][0])
    _keys("reminder", crm("show", "a3", "--json")["reminders"][0])
    _keys("every", crm("show", "a4", "--json")["every"])
    assert set(found["company"]) == {"id", "name"}
    assert set(crm("show", "a6", "--json")["deal"]) == {"id", "title"}
    for each in (crm("history", "--json")[0], crm("log", "call", "asha", "--json", "-n")):
        _keys("activity", each)
    _keys("activity", crm("move", "a2", "fri", "--json", "-n")[0])


@pytest.mark.parametrize("more", [["--dry-run"], ["--yes"]])
def test_an_erasure(crm, more):
    who = crm("add", "Zoe Zimmer", "email=zoe@zimmer.example", "--json")["id"]
    crm("note", "priya", "-m", "Zoe Zimmer sent her.")

    found = crm("erase", str(who), "--json", *more)

    _keys("erasure", found)
    assert (found["erased"], found["dry_run"]) == ([who], more == ["--dry-run"])
    assert found["rows"] > 1
    assert bool(found["changes"]) is (more == ["--yes"])
    assert {*found["mentions"][0]} == {"of", "table", "column", "text"}
    crm("rm", str(who))


def test_a_disclosure(crm):
    """What is disclosed has the documented keys."""
    found = crm("disclose", "priya", "--json")

    _keys("disclosure", found)
    assert _card(found["contact"], "contact")
    for each in found["activities"]:
        _keys("activity", each)
    [change, *_] = found["changes"]
    _keys("difference", change["differences"][0])
    assert set(change) == KEYS["change"] | {"differences"}


def test_the_agenda(crm):
    """The agenda has its sections, the day's list all but the undated."""
    found = crm("agenda", "--json")

    _keys("agenda", found)
    assert all(found[section] for section in ("due", "coming", "undated", "birthdays"))
    _keys("activity", found["due"][0])
    _keys("deal", found["deals"][0])
    _keys("birthday", found["birthdays"][0])
    _keys("person", found["birthdays"][0]["person"])
    _keys("anniversary", found["anniversaries"][0])
    _keys("failed delivery", found["failed"][0])
    _keys("person to reach", found["reach"][0])
    _keys("cadence", found["reach"][0]["cadence"])
    assert set(crm("today", "--json")) == set(crm("digest", "--json")) == KEYS["agenda"] - {"undated"}


def test_a_scheduled_command(crm):
    """What is scheduled has the documented keys."""
    _keys("scheduled command", crm("schedule", "remind", "--systemd", "-n", "--json")[0])


def test_a_reminder_to_come(crm):
    """A reminder of the list has the documented keys."""
    found = crm("remind", "--list", "--json")[0]

    _keys("coming reminder", found)
    _keys("activity", found["activity"])


def test_a_deal(crm):
    """A deal and the stages it went through have the documented keys."""
    found = crm("deal", "show", "d1", "--json")

    more = {key: found.pop(key) for key in ("stages", "agenda", "history")}
    _keys("deal", found)
    _keys("money", found["amount"])
    _keys("activity", found["next_step"])
    _keys("stage change", more["stages"][0])
    for words in (("deal", "list"), ("deal", "move", "d1", "prop", "-n"), ("deal", "win", "d1", "-n")):
        _keys("deal", crm(*words, "--json")[0])
    for words in (("deal", "edit", "d1", "close=", "-n"), ("deal", "add", "x", "-n")):
        _keys("deal", crm(*words, "--json"))


def test_the_board(crm):
    """The board, its lanes and every total have the documented keys."""
    found = crm("deal", "board", "--json")

    _keys("board", found)
    for lane in found["stages"]:
        _keys("lane", lane)
        _keys("stage", lane["stage"])
    for total in (found["total"], found["won"], found["stages"][0]["total"]):
        _keys("total", total)
    _keys("sum", found["total"]["sums"][0])
    _keys("stage", crm("stage", "list", "--json")[0])


LISTS = {
    "change": ("changes",),
    "quality": ("quality",),
    "import run": ("imports",),
    "tag": ("tag",),
    "field": ("field", "list"),
    "setting": ("config", "list"),
    "segment": ("segment", "list"),
    "look up": ("email", "asha"),
    "captured": ("capture", str(ROOT / console.SAMPLES / "mail/hello.eml"), "--dry-run"),
    "import": ("import", str(ROOT / console.SAMPLES / "kunden.csv"), "--dry-run"),
}
OBJECTS = {
    "setting": ("config", "get", "zone"),
    "setting written": ("config", "set", "region", "IN", "--dry-run"),
    "init": ("init", "--dry-run"),
    "write": ("edit", "asha", "city=Goa", "--dry-run"),
    "backup": ("backup",),
    "restore": ("restore", "safe.db", "--dry-run"),
    "check": ("check",),
    "demo": ("demo",),
    "undo": ("undo", "ch3", "--dry-run"),
    "book": ("export", "--format", "json"),
}


@pytest.mark.parametrize("shape", LISTS)
def test_a_list(crm, shape):
    """Each object of the list has the documented keys."""
    words = LISTS[shape]

    for each in crm(*words, "--json"):
        _keys(shape, each)


@pytest.mark.parametrize("shape", OBJECTS)
def test_an_object(crm, shape):
    """The object has the documented keys."""
    words = OBJECTS[shape]

    _keys(shape, crm(*words, *(() if shape == "book" else ("--json",))))


def test_what_a_change_did(crm):
    """A change shows its differences."""
    found = crm("changes", "ch3", "--json")

    assert set(found) == KEYS["change"] | {"differences"}
    _keys("difference", found["differences"][0])


def test_an_error(crm):
    """An error is an object on stderr."""
    _keys("error", crm("show", "nobody-at-all", "--json", stream="stderr"))


def test_a_merge(crm):
    """Each level of what a merge prints has the documented keys."""
    found = crm("merge", "1", "2", "--dry-run", "--json")

    _keys("merge", found)
    _keys("merged record", found["merged"][0])
    _keys("merged field", found["merged"][0]["fields"][0])
    crm("merge", "1", "2", "--yes")
    _keys("unmerge", crm("unmerge", "2", "--json"))


@pytest.mark.conv("C02")
def test_every_shape_is_checked():
    """A shape that the page describes is compared with the program."""
    cards = {
        "contact",
        "merge",
        "merged record",
        "merged field",
        "erasure",
        "unmerge",
        "relationship",
        "name parts",
        "point",
        "phone",
        "social",
        "address",
        "employment",
        "consent",
        "show",
        "company",
    }
    others = {
        "activity", "every", "pending link", "reminder", "coming reminder", "scheduled command", "person", "agenda",
        "birthday", "anniversary", "failed delivery", "person to reach",
        "cadence", "difference", "disclosure", "error",
    }  # fmt: skip
    deals = {"deal", "stage change", "money", "board", "lane", "total", "sum", "stage"}
    assert set(KEYS) == cards | others | deals | set(LISTS) | set(OBJECTS)


def test_a_consent(crm):
    """Each channel has the documented keys; in a whole book its row has an id and the channel besides."""
    crm("stop", "priya", "--json")

    found = crm("show", "priya", "--json")["consent"]
    [rows] = [each["consents"] for each in crm("export", "--format", "json")["contacts"] if each["consents"]]

    assert set(found) == {"email", "phone"}
    for each in found.values():
        _keys("consent", each)
    assert {key for row in rows for key in row} == {"id", "channel", *found["email"]}


def test_a_relationship(crm):
    """A relationship has the documented keys, and its person those of a person and a uid."""
    crm("relate", "priya", "spouse", "ravi", "--json")
    crm("relate", "priya", "assistant", "--name", "Meena Rao", "--json")

    found, named = crm("show", "priya", "--json")["relationships"]

    _keys("relationship", found)
    _keys("relationship", named)
    assert set(found["person"]) == KEYS["person"] | {"uid"}
    assert named["person"] is None
