"""CSV from every list: formulas are neutralised, phones and days are not, and ``--csv-raw`` leaves all as it is."""

from __future__ import annotations

import pytest
from support import made_once

LISTS = {
    "list": ("list", "--columns", "id,name,phone,birthday"),
    "find": ("find", "Plus"),
    "company list": ("company", "list"),
    "deal list": ("deal", "list"),
    "history": ("history",),
    "agenda": ("agenda",),
    "today": ("today",),
    "segment list": ("segment", "list"),
    "changes": ("changes",),
    "imports": ("imports",),
}


@pytest.fixture
@made_once
def formulas(crm):
    """A book in which everything is called like a formula."""
    crm("add", "@Plus", "phone=+49 170 100200", "birthday=--04-12")
    crm("company", "add", "@Acme Plus")
    crm("deal", "add", "@Deal", "with=1")
    crm("log", "note", "1", "-m", "=1+1")
    crm("todo", "@2", "--due", "today")
    return crm


@pytest.mark.parametrize("words", LISTS.values(), ids=LISTS)
def test_every_list_has_csv_raw(formulas, words: tuple[str, ...]):
    guarded = formulas(*words, "--format", "csv")
    raw = formulas(*words, "--format", "csv", "--csv-raw")

    assert (guarded.code, raw.code) == (0, 0)
    assert raw.out == guarded.out.replace("'@", "@").replace("'=", "=")
    assert "--csv-raw" in formulas(*(word for word in words[:2] if word.isalpha() and word.islower()), "--help").out


def test_phones_and_days_are_no_formulas(formulas):
    line = formulas("list", "--format", "csv", "--columns", "name,phone,birthday").out.splitlines()[-1]

    assert line == "'@Plus,+49 170 100200,--04-12"


def test_what_was_guarded_comes_back_whole(formulas, tmp_path):
    path = tmp_path / "list.csv"
    path.write_text(formulas("list", "--format", "csv", "--columns", "name,phone,birthday").out)

    formulas("--book", str(tmp_path / "other.db"), "import", str(path))

    back = formulas("--book", str(tmp_path / "other.db"), "list", "--columns", "name,phone,birthday")
    assert back.out.strip().split("\t") == ["@Plus", "+49 170 100200", "--04-12"]
