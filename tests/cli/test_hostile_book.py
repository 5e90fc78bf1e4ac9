"""A book in JSON whose every text somebody else wrote: nothing that is printed of it steers a terminal."""

import json

import pytest
from support import HOSTILE, steering

TEXTS = {"name", "label", "query", "title", "subject", "body", "outcome", "notes", "nickname", "value", "locality",
         "street", "reason", "source", "status", "department", "prefix", "given", "family", "tags",
         "motto"}  # fmt: skip
"""Keys of the export that hold free text."""

FIXED = {("activities", "status"), ("activities", "outcome"), ("deals", "status"), ("fields", "name"),
         ("segments", "query")}  # fmt: skip
"""Those of them that have a vocabulary of their own."""

FORMS = ("table", "tsv", "csv", "json", "jsonl", "ids")

LISTS = (
    "tag", "segment list", "stage list", "field list", "list", "find client", "company list", "deal list", "today",
    "agenda", "history", "changes", "changes ch1", "changes 1", "imports", "history 1", "deal board", "list tag:client",
)  # fmt: skip
SHOWN = ("show 1", "show c1", "show a1", "show d1", "deal show d1", "company show c1")
OTHERS = (
    "digest", "email asha", "phone 98200", "show asha", "show zz", "list nofield:x", "stage rename zz y", "list @zz",
    "segment rm zz", "field rm zz --yes", "deal move d1 zz", "tag 1 +zz -n", "edit 1 city=x -n", "done a1 -n",
    "rm 1 -n", "note 1 -m x -n", "deal edit d1 stage=zz", "undo ch1 -n", "stage archive zz", "export --format json",
)  # fmt: skip


def spoilt(value, text, kind, key=""):
    """Return a record of an export with ``text`` in all its free texts."""
    if isinstance(value, dict):
        return {key: spoilt(each, text, kind, key) for key, each in value.items()}
    if isinstance(value, list):
        return [spoilt(each, text, kind, key) for each in value]
    return f"{value}{text}" if key in TEXTS and (kind, key) not in FIXED and isinstance(value, str) else value


@pytest.fixture(scope="module")
def books(tmp_path_factory):
    """Where the books are kept, one for each text."""
    return tmp_path_factory.mktemp("hostile")


@pytest.fixture(
    params=[text for text in HOSTILE if "\0" not in text and len(text) < 1000], ids=lambda text: ascii(text)[:20]
)
def hostile(request, crm, books, tmp_path, monkeypatch):
    place = books / f"{HOSTILE.index(request.param)}.db"
    if not place.exists():
        make(crm, request.param, place, tmp_path / "book.json")
    monkeypatch.setenv("CRM_BOOK", str(place))
    return crm


def make(crm, text, place, file):
    crm("field", "add", "motto")
    crm("add", "Asha Verma", "company=Acme", "+client", "phone=098200 12345", "email=asha@x.in", "city=Pune", "notes=n",
        "motto=m", "nickname=Ash", "title=CTO")  # fmt: skip
    crm("todo", "plan", "--with", "1", "--due", "today")
    crm("note", "1", "-m", "said")
    crm("deal", "add", "Tins", "--with", "1", "amount=5 EUR", "notes=x", "source=fair")
    crm("segment", "save", "mine", "tag:client")
    whole = crm("export", "--format", "json").json
    whole = {kind: spoilt(value, text, kind) if isinstance(value, list) else value for kind, value in whole.items()}
    file.write_text(json.dumps(whole), encoding="utf-8")
    found = crm("--book", str(place), "import", str(file))
    assert found.code == 0, found.err


def test_no_list_steers_in_any_format(hostile):
    for command in LISTS:
        for form in FORMS:
            found = hostile(*command.split(), "--format", form)

            assert steering(found.out + found.err) == [], (command, form)
            assert "bug" not in found.err


def test_nothing_else_steers(hostile):
    for command in (*SHOWN, *(f"{each} --json" for each in SHOWN), *OTHERS):
        found = hostile(*command.split())

        assert steering(found.out + found.err) == [], command
        assert "bug" not in found.err


def test_bold_is_ours_alone(hostile):
    for command in LISTS[:8] + SHOWN:
        found = hostile(*command.split(), "--color", "always", *(["--format", "table"] if command in LISTS else []))

        assert steering(found.out.replace("\x1b[1m", "").replace("\x1b[0m", "")) == [], command
