"""``changes``, ``undo``, ``redo`` through the front door."""

import pytest
from support import dump, made_once


@pytest.fixture
@made_once
def asha(crm):
    crm("add", "Asha", "city=Pune", "+client")
    crm("edit", "1", "city=Goa")
    return crm


def test_changes_lists_the_latest_first(asha):
    assert asha("changes").lines == [
        "ch2\t2026-11-22 09:00\tscript\tedit\t2\t\t1",
        "ch1\t2026-11-22 09:00\tscript\tadd\t4\t\t1",
    ]


def test_changes_as_json(asha):
    first = asha("changes", "--json").json[0]

    assert list(first)[:5] == ["id", "at", "verb", "origin", "state"]
    assert (first["id"], first["at"], first["state"]) == ("ch2", "2026-11-22T09:00:00+05:30", "done")


def test_changes_of_one_record(asha):
    asha("add", "Ravi")
    asha("tag", "1", "2", "+vip")

    assert asha("changes", "ravi", "--format", "ids").out == "ch4\nch3\n"
    assert asha("changes", "1", "--limit", "1", "--format", "ids").out == "ch4\n"


def test_a_change_tells_what_it_did(asha):
    assert "1\tpostal_address\tupdate\tlocality\tPune\tGoa" in asha("changes", "ch2").lines
    assert asha("changes", "ch2", "--json").json["differences"][0] == {
        "table": "postal_address", "op": "update", "column": "locality", "before": "Pune", "after": "Goa", "of": "1",
    }  # fmt: skip
    assert asha("changes", "ch99").code == 3


@pytest.mark.parametrize("verb", ["undo", "redo"])
def test_off_a_terminal_the_change_is_named(asha, verb, book_path):
    before = dump(book_path)
    found = asha(verb)

    assert found.code == 2
    assert f"not at a terminal: name the change to {verb}" in found.err
    assert dump(book_path) == before


def test_undo_and_redo_say_what_they_did(asha, book_path):
    after = dump(book_path)
    undone = asha("undo", "ch2")
    assert (undone.code, undone.out) == (0, "ch2\n")
    assert undone.err == "Took back ch2 edit of 2026-11-22 09:00, 2 rows (1)\n"
    assert asha("show", "1", "--json").json["addresses"][0]["locality"] == "Pune"
    assert asha("changes").lines[0].split("\t")[5] == "undone"

    assert asha("redo", "2").err == "Redid ch2 edit of 2026-11-22 09:00, 2 rows (1)\n"
    assert dump(book_path) == after


def test_undo_as_json(asha):
    assert asha("undo", "ch2", "--json").json == {"change": "ch2", "done": "undo", "rows": 2}


@pytest.mark.parametrize(
    ("command", "code", "message"),
    [
        (["undo", "ch1"], 1, "later changes build on it: ch2 (undo those first, newest first: crm undo ch2)"),
        (["undo", "ch9"], 3, "there is no change ch9"),
        (["redo", "ch2"], 1, "ch2 is not undone"),
        (["undo", "asha"], 2, "asha is not a change"),
        (["undo", "ch"], 2, "ch is not a change"),
    ],
)
def test_what_cannot_be_taken_back(asha, book_path, command, code, message):
    before = dump(book_path)
    found = asha(*command)

    assert (found.code, found.out) == (code, "")
    assert message in found.err
    assert dump(book_path) == before


def test_a_rehearsed_undo_says_so(asha, book_path):
    before = book_path.read_bytes()
    assert asha("undo", "ch2", "--dry-run").err.endswith("(dry run: nothing was changed)\n")
    assert book_path.read_bytes() == before


def test_the_journal_holds_no_words_of_the_command_line(asha, book_path):
    asha("note", "1", "-m", "secret words")
    verbs = {line.split("\t")[3] for line in asha("changes").lines}

    assert verbs == {"add", "edit", "log"}


def test_cron_says_who_it_is(asha, monkeypatch):
    monkeypatch.setenv("CRM_ORIGIN", "cron")
    asha("add", "Ravi")
    assert asha("changes").lines[0].split("\t")[2] == "cron"


def test_a_deleted_person_stays_in_the_list_of_changes(asha):
    asha("rm", "1")
    assert asha("changes").lines[0].split("\t")[3:] == ["rm", "3", "", "1"]


def test_what_a_later_change_only_touched_is_not_undone_before_it(crm):
    """Its row is needed to undo the later one."""
    crm("add", "Asha")
    crm("tag", "1", "+lead", "-lead")

    assert "later changes build on it: ch2 " in crm("undo", "ch1").err
    assert crm("undo", "ch2").code == 0
    assert crm("undo", "ch1").code == 0
