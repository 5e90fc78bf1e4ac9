"""More than anybody types: a short, clear refusal, and never "this is a bug"."""

import json

import pytest
from support import made_once

BIG, PAST_SQLITE, ENDLESS = "1" + "0" * 30, str(2**63), "9" * 5000
WORDS, LINE = " ".join(f"w{n}" for n in range(5000)), "x" * 100_000
IDS = [BIG, PAST_SQLITE, ENDLESS]


@pytest.fixture
@made_once
def asha(crm):
    crm("add", "Asha", "email=a@x.in")
    crm("todo", "x", "--with", "1", "--due", "fri")
    crm("deal", "add", "Tea", "--with", "1")
    return crm


def check(found, *codes):
    assert found.code in codes, found.err[:300]
    assert "bug" not in found.err
    assert len(found.err) < 1000
    assert found.err.count("\n") <= 3


@pytest.mark.parametrize("text", [WORDS, LINE, "中" * 3000, "a." * 1900], ids=["words", "line", "han", "dots"])
@pytest.mark.parametrize(
    "command",
    [["find"], ["show"], ["list"], ["email"], ["phone"], ["tag", "+x"], ["note", "-m", "x"], ["deal", "show"], ["rm"]],
    ids=" ".join,
)
def test_what_nobody_looks_for(asha, command, text):
    check(asha(*command, text), *((0, 2) if command == ["list"] else (2, 3)))


@pytest.mark.parametrize("number", IDS, ids=["10^30", "2^63", "5000 digits"])
@pytest.mark.parametrize(
    "command",
    [
        "show {}", "show c{}", "show a{}", "show d{}", "undo ch{}", "undo {}", "redo ch{}", "changes ch{}", "done a{}",
        "move a{} fri", "snooze a{} fri", "cancel a{}", "deal move d{} lead", "deal show {}", "rm {} --yes",
        "list id:{}", "agenda id:a{}", "deal list id:d{}", "list deal.amount.min:{}", "list --limit {}",
        "changes --limit {}", "history 1 --limit {}", "log call 1 --minutes {}", "log call 1 --deal d{}",
        "log call 1 --closes a{}", "todo x --deal d{}", "agenda --days {}", "find asha --limit {}",
    ],
)  # fmt: skip
def test_numbers_past_all_records(asha, command, number):
    check(asha(*command.format(number).split()), 2, 3)


@pytest.mark.parametrize("sign", ["²", "٣", "１"])
def test_digits_that_are_not_ours_are_no_change(asha, sign):
    check(asha("changes", f"ch{sign}"), 2)
    check(asha("undo", f"ch{sign}"), 2)


def test_a_mistake_in_a_long_query_is_shown_with_what_stands_around_it(asha):
    query = "tag:client " * 40 + "nofield:x " + "city:pune " * 10

    found = asha("list", query)

    message, shown, caret = found.err.splitlines()
    assert "nofield" in message
    assert shown[caret.index("^") :].startswith("nofield:x")
    assert len(shown) < 250


@pytest.mark.parametrize(
    "place",
    [("contacts", "id"), ("companies", "id"), ("activities", "id"), ("tags", "id"), ("contacts", "revision"),
     ("activities", "deal"), ("deals", "id")],
    ids=".".join,
)  # fmt: skip
@pytest.mark.parametrize("value", [10**30, 2**63, 2**63 - 1, [], {}, "c" + "9" * 40], ids=repr)
@pytest.mark.parametrize("book", ["new", "filled"])
def test_numbers_of_a_book_in_json_past_all_records(asha, tmp_path, place, value, book):
    asha("edit", "1", "+client", "company=Acme")
    whole = asha("export", "--format", "json").json
    kind, key = place
    whole[kind][0][key] = value
    (tmp_path / "in.json").write_text(json.dumps(whole))
    target = [] if book == "filled" else ["--book", str(tmp_path / "new.db")]

    found = asha(*target, "import", str(tmp_path / "in.json"))

    assert found.code in {0, 1, 5}, found.err
    assert "bug" not in found.err
