"""Changing what was logged or planned, and many records at once, through the front door."""

import sys

import pytest
from support import dump, made_once


@pytest.fixture
@made_once
def logged(crm):
    """A call with Asha (a1) and a plan with Ravi (a2)."""
    crm("add", "Asha Verma", "company=Acme")
    crm("add", "Ravi")
    crm("deal", "add", "Tea", "--with", "2")
    crm("called", "1", "-m", "Agreed", "--when", "yesterday 3pm")
    crm("todo", "Send it", "--with", "2", "--due", "fri 3pm", "--remind", "-1d")
    return crm


def show(crm, ref):
    return crm("show", ref, "--json").json


@pytest.mark.parametrize(
    ("ref", "word", "key", "value"),
    [
        ("a1", "text=Sold\nfor less", "body", "for less"),
        ("a1", "text+=for less", "body", "for less"),
        ("a1", "kind=meeting", "kind", "meeting"),
        ("a1", "when=2026-11-20 10:00", "at", "2026-11-20T10:00:00+05:30"),
        ("a1", "outcome=No answer", "reach", "attempt"),
        ("a1", "minutes=45", "minutes", 45),
        ("a1", "direction=in", "direction", "in"),
        ("a1", "kind=email", "direction", "out"),
        ("a1", "priority=h", "priority", "high"),
        ("a1", "company=", "company", None),
        ("a1", "deal=tea", "deal", {"id": "d1", "title": "Tea"}),
        ("a2", "text=Send both", "subject", "Send both"),
        ("a2", "due=2026-12-01 09:00", "due", "2026-12-01T09:00:00+05:30"),
        ("a2", "due=2026-12-01 09:00", "remind", "2026-11-30T09:00:00+05:30"),
        ("a2", "due=", "due", None),
        ("a2", "due=", "remind", None),
        ("a2", "due=", "reminders", []),
        ("a2", "remind=", "reminders", []),
        ("a2", "remind=-2h", "remind", "2026-11-27T13:00:00+05:30"),
        ("a2", "remind+=thu 9:00", "remind", "2026-11-26T09:00:00+05:30"),
        ("a2", "reminder-=-24h", "remind", None),
        ("a2", "promise=owe", "promise", "owe"),
        ("a2", "company=acme", "company", {"id": "c1", "name": "Acme"}),
    ],
    ids=str,
)
def test_what_a_word_does_to_an_activity(logged, book_path, ref, word, key, value):
    before = dump(book_path)
    found = logged("edit", ref, word)

    assert (found.code, found.out) == (0, f"{ref}\n")
    assert found.err.startswith(f"Changed {ref} ")
    assert show(logged, ref)[key] == value
    assert logged("undo", "ch6").code == 0
    assert dump(book_path) == before


def test_how_long_it_took_is_shown(logged):
    logged("edit", "a1", "minutes=45")

    assert "  duration      45 min" in logged("show", "a1").lines


@pytest.mark.parametrize(
    ("words", "people"), [(["with+=ravi"], [1, 2]), (["with=ravi"], [2]), (["with-=1"], []), (["with="], [])], ids=str
)
def test_who_takes_part(logged, words, people):
    assert logged("edit", "a1", *words).code == 0
    assert [who["id"] for who in show(logged, "a1")["people"]] == people


def test_a_changed_call_moves_the_last_reach(logged):
    logged("edit", "a1", "with+=2", "when=2026-11-20 10:00")
    assert show(logged, "2")["last_reach"] == "2026-11-20T10:00:00+05:30"
    logged("edit", "a1", "outcome=busy")
    assert show(logged, "2")["last_reach"] is None
    assert show(logged, "1")["last_attempt"] == "2026-11-20T10:00:00+05:30"


def test_the_echo_says_how_a_due_date_was_understood(logged):
    assert logged("edit", "a2", "due=mon").err == "Changed a2 Send it → Mon 23 Nov 2026 [ch6]\n"


@pytest.mark.parametrize(
    "words",
    [
        ["a1", "due=fri"], ["a1", "when=2027-01-01"], ["a1", "when="], ["a1", "outcome=danced"], ["a1", "minutes=soon"],
        ["a1", "minutes=-5"], ["a1", "kind=dance"], ["a1", "kind=note", "text="], ["a1", "kind=note", "outcome=busy"],
        ["a1", "company=", "with="], ["a1", "with-=2"], ["a1", "priority=urgent"], ["a1", "colour=red"], ["a1", "+vip"],
        ["a1", "when=fri", "3pm"], ["a2", "when=yesterday"], ["a2", "outcome=busy"], ["a2", "text="],
        ["a2", "with=nobody"], ["a2", "deal=d9"], ["a9", "text=x"],
        ["a1", "remind=-1d"], ["a2", "remind-=-5d"], ["a2", "remind+="], ["a2", "remind=soon"],
        ["a2", "due=", "remind=-1d"],
    ],
    ids=" ".join,
)  # fmt: skip
def test_what_makes_no_sense_is_one_line_and_writes_nothing(logged, book_path, words):
    before = dump(book_path)
    found = logged("edit", *words)

    assert (found.code, found.out, len(found.err.splitlines())) == (3 if found.code == 3 else 2, "", 1)
    assert dump(book_path) == before


def test_the_same_once_more_is_no_change_of_an_activity(logged, book_path):
    before = dump(book_path)

    assert "nothing changed" in logged("edit", "a1", "kind=call", "text=Agreed", "with+=1").err
    assert "nothing changed" in logged("edit", "a2", "due=fri 3pm").err
    assert dump(book_path) == before


def test_an_activity_in_the_editor(logged, tmp_path, monkeypatch):
    script = tmp_path / "editor.py"
    script.write_text(
        "import pathlib, sys\npath = pathlib.Path(sys.argv[1]); text = path.read_text()\n"
        "text = text.replace('\"Agreed\"', '\"Sold\"').replace('minutes = \"\"', 'minutes = 20')\n"
        'path.write_text(text.replace(\'["1 Asha Verma"]\', \'["1 Asha Verma", "ravi"]\'))\n'
    )
    monkeypatch.setenv("EDITOR", f"{sys.executable} {script}")

    assert logged("edit", "a1").err == "Changed a1 Sold [ch6]\n"
    card = show(logged, "a1")
    assert (card["subject"], card["minutes"], [who["id"] for who in card["people"]]) == ("Sold", 20, [1, 2])
    assert (card["at"], card["company"]["id"]) == ("2026-11-21T15:00:00+05:30", "c1")


def test_the_reminders_of_a_plan_in_the_editor(logged, tmp_path, monkeypatch):
    """A due time that goes takes reminders along, and one that comes is there before they are."""
    script = tmp_path / "editor.py"
    monkeypatch.setenv("EDITOR", f"{sys.executable} {script}")

    def edited(**lines):
        """Put lines in the place of those that begin with the same word."""
        script.write_text(
            "import pathlib, re, sys\npath = pathlib.Path(sys.argv[1])\ntext = path.read_text()\n"
            f"for name, value in {lines}.items():\n"
            "    text = re.sub(f'^{name} = .*$', f'{name} = {value}', text, flags=re.MULTILINE)\n"
            "path.write_text(text)\n"
        )
        assert logged("edit", "a2").code == 0
        return [one["lead_minutes"] for one in show(logged, "a2")["reminders"]]

    assert edited(remind='["-1d", "2026-11-26 09:00", "-1h"]') == [None, 1440, 60]
    assert edited(due='""', remind='["2026-11-26 09:00", "-1h"]') == [None]
    assert edited(due='"2026-11-28"', remind='["-2h"]') == [120]


def test_many_people_are_changed_from_a_pipe_and_counted(logged, book_path):
    before = dump(book_path)

    found = logged("edit", "-", "city=Pune", "+vip", "--dry-run", given="1\n2\n")
    assert found.err == "Changed 2 people (dry run: nothing was changed)\n"
    assert dump(book_path) == before
    assert logged("edit", "-", "city=Pune", given="1\n").err == "Changed 1 person [ch6]\n"
    found = logged("edit", "-", "city=Pune", given="1\n2\n")
    assert (found.out, found.err) == ("1\n2\n", "Changed 1 person (1 had it already) [ch7]\n")
    assert logged("edit", "-", "city=Pune", given="1\n2\n").err == "Changed 0 of 2: nothing changed\n"


def test_a_pipe_of_activities_companies_and_deals(logged):
    found = logged("edit", "-", "with+=1", given="a1\na2\nd1\n")

    assert found.err == "Changed 1 activity and 1 deal (1 had it already) [ch6]\n"
    assert [who["id"] for who in show(logged, "a2")["people"]] == [1, 2]


@pytest.mark.parametrize(
    ("words", "given"), [(["-"], "1\n"), (["-", "city=Pune"], ""), (["-", "city=Pune"], "1\n99\n")], ids=str
)
def test_a_pipe_that_says_too_little_changes_nothing(logged, book_path, words, given):
    before = dump(book_path)
    logged("edit", *words, given=given)

    assert dump(book_path) == before
