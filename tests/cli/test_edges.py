"""What holds for every command: global options, formats, hostile texts, rehearsals, help."""

import hashlib
import json
import re
import subprocess
import sys

import pytest
from support import HOSTILE, dump, made_once, steering

from crm_cli.cli.loading import load_command
from crm_cli.commands import COMMANDS

WRITES = [
    ["add", "Ravi", "email=r@x.in", "company=New", "+new"], ["edit", "1", "city=Goa", "+vip", "phone+=1234567"],
    ["rm", "1"], ["rm", "c1"],
    ["rm", "a1"], ["tag", "1", "+vip", "-client"], ["job", "1", "Globex", "title=CEO"], ["company", "add", "Globex"],
    ["company", "edit", "c1", "city=Goa"], ["company", "rm", "c1"], ["field", "add", "renewal", "--type", "date"],
    ["field", "rm", "motto", "--yes"],
    ["log", "call", "1", "-m", "x", "--next", "fri: y"], ["called", "1"], ["met", "1"], ["wrote", "1"],
    ["note", "1", "-m", "x"],
    ["todo", "x", "--with", "1", "--due", "fri"], ["done", "a2", "--next", "mon: y"], ["move", "a2", "fri"],
    ["snooze", "a2", "fri"],
    ["cancel", "a2"], ["undo", "ch1"],
]  # fmt: skip
LOOKS = [
    ["list"], ["find", "asha"], ["show", "1"], ["show", "c1"], ["show", "a1"], ["tag"], ["field", "list"],
    ["changes"], ["changes", "ch1"],
    ["changes", "1"], ["today"], ["agenda"], ["history"], ["config", "list"], ["config", "path"],
    ["company", "list"], ["check"], ["imports"],
]  # fmt: skip


def NAME(words):  # noqa: N802
    return " ".join(map(str, words)) if isinstance(words, list) else str(words)


@pytest.fixture
@made_once
def asha(crm):
    crm("add", "Asha", "company=Acme", "city=Pune", "+client")
    crm("field", "add", "motto")
    crm("edit", "1", "motto=x")
    crm("note", "1", "-m", "a note")
    crm("todo", "a plan", "--with", "1", "--due", "today 5pm")
    return crm


@pytest.mark.parametrize("command", WRITES, ids=NAME)
@pytest.mark.conv("C31")
def test_a_rehearsal_leaves_the_file_as_it_is(asha, book_path, command):
    if command[0] == "undo":
        asha("add", "Mia")
        command = ["undo", "ch6"]
    before = hashlib.sha256(book_path.read_bytes()).hexdigest()

    for flag in ("--dry-run", "-n"):
        found = asha(*command, flag)
        assert found.code == 0, found.err
        assert "dry run: nothing was changed" in found.err

    assert hashlib.sha256(book_path.read_bytes()).hexdigest() == before
    assert sorted(path.name for path in book_path.parent.iterdir()) == ["crm.db"]


@pytest.mark.parametrize("command", WRITES, ids=NAME)
def test_a_write_is_one_change_that_undo_takes_back(asha, book_path, command):
    if command[0] == "undo":
        pytest.skip("undo is not a change")
    before, ids = dump(book_path), asha("changes", "--format", "ids").lines
    assert asha(*command).code == 0
    made = asha("changes", "--format", "ids").lines
    assert len(made) == len(ids) + 1

    assert asha("undo", made[0]).code == 0
    assert dump(book_path) == before


@pytest.mark.parametrize("command", [*LOOKS, *WRITES], ids=NAME)
@pytest.mark.conv("C01")
def test_json_is_json_and_nothing_else(asha, command):
    if command[0] == "undo":
        asha("add", "Mia")
        command = ["undo", "ch6"]
    found = asha(*command, "--json")

    assert found.code == 0, found.err
    json.loads(found.out)
    assert "\x1b" not in found.out


@pytest.mark.parametrize("command", [command for command in LOOKS if command[0] not in {"show", "check"}], ids=NAME)
def test_jsonl_is_one_object_a_line(asha, command):
    for line in asha(*command, "--format", "jsonl").lines:
        assert isinstance(json.loads(line), dict)


def test_jsonl_of_a_write_to_several_is_one_object_a_line(asha):
    asha("todo", "another")
    assert [json.loads(line)["id"] for line in asha("cancel", "a2", "a3", "--format", "jsonl").lines] == ["a2", "a3"]


@pytest.mark.parametrize("command", [*LOOKS, *WRITES], ids=NAME)
def test_quiet_is_quiet_wherever_it_stands(asha, command):
    if command[0] == "undo":
        asha("add", "Mia")
        command = ["undo", "ch6"]
    assert asha("-q", *command).err == ""
    if command in LOOKS:
        assert asha(*command, "--quiet").err == ""


@pytest.mark.parametrize("command", LOOKS, ids=NAME)
@pytest.mark.conv("C01")
def test_a_look_says_nothing_on_the_side_and_changes_nothing(asha, book_path, command):
    before = book_path.read_bytes()
    found = asha(*command)

    assert found.code == 0
    assert found.err == "" or command == ["check"]
    assert book_path.read_bytes() == before


@pytest.mark.parametrize("place", [0, 1, 2, 3])
def test_the_book_can_be_named_anywhere(asha, tmp_path, place):
    other = tmp_path / "other.db"
    words = ["add", "Ravi", "+x"]
    for option in (["--book", str(other)], [f"--book={other}"]):
        assert asha(*words[:place], *option, *words[place:]).code == 0

    assert len(dump(other)["contact"]) == 2


@pytest.mark.parametrize(
    "words",
    [
        ["--book"], ["--book="], ["--color", "pink", "list"], ["lst"], ["list", "--nonsense"],
        ["list", "--format", "xml"],
        ["company"], ["company", "dance"],
    ],
    ids=NAME,
)  # fmt: skip
def test_a_wrong_command_line_is_a_usage_error(crm, words):
    found = crm(*words)

    assert (found.code, found.out) == (2, "")
    assert "Traceback" not in found.err


@pytest.mark.parametrize(
    ("typed", "meant"), [("lst", "list"), ("shwo", "show"), ("serch", ""), ("ad", "add"), ("chnages", "changes")]
)
@pytest.mark.conv("C37")
def test_a_mistyped_command_is_answered_with_the_nearest(crm, typed, meant):
    assert (f"did you mean {meant}?" if meant else "crm --help") in crm(typed).err


@pytest.mark.parametrize(
    "command",
    [["show", "99"], ["add"], ["find", "nobody"], ["done", "x"], ["list", "nosuch:x"], ["undo", "ch9"], ["lst"]],
    ids=NAME,
)
def test_with_json_an_error_is_json_too(asha, command):
    found = asha(*command, "--json")

    assert found.code != 0
    if command[0] != "find":
        assert list(found.error) == ["error", "hint", "exit_code", "candidates"]
        assert found.error["exit_code"] == found.code


def test_the_version(crm):
    assert crm("--version").out.startswith("crm ")


# Help


def commands():
    for command in COMMANDS:
        if command.parts:
            yield from ([command.name, part] for part in command.parts)
        yield [command.name]


@pytest.mark.parametrize("words", list(commands()), ids=NAME)
@pytest.mark.conv("C30")
def test_help_has_an_example_and_says_what_each_option_does(crm, words):
    found = crm(*words, "--help")

    assert (found.code, found.err) == (0, "")
    assert "╭" not in found.out
    command = load_command(words[0])
    if len(words) == 1 and command.name in {c.name for c in COMMANDS if c.parts}:
        return
    if words == ["imports"]:
        pytest.xfail("crm imports has no example yet")
    assert any(line.strip().startswith(f"crm {' '.join(words)}") for line in found.out.splitlines()[1:]), "an example"
    command = command if len(words) == 1 else command.commands[words[1]]
    for option in command.params:
        if option.param_type_name == "option":
            assert option.help, option.opts
            assert any(name.startswith("--") for name in option.opts)


def test_crm_alone_is_the_help(crm):
    found = crm()

    assert (found.code, found.err) == (0, "")
    for command in COMMANDS:
        assert re.search(rf"\b{command.name}\b", found.out)


# Hostile texts


ALL = [text.replace("\0", "") for text in HOSTILE]


@pytest.fixture
@made_once
def hostile(crm):
    """A book whose every text was written by somebody else."""
    for text in ALL:
        words = [f"{field}={text}" for field in ("name", "company", "notes", "city", "title", "nickname", "linkedin")]
        crm("add", *words, f"phone=112 {text}", "+client")
        crm("todo", text, "--with", "1", "--due", "today")
    for text in HOSTILE:
        crm("note", "1", "-m", "-", given=f"{text}\n{text}")
    assert crm("list", "--count").out == f"{len(ALL)}\n"
    return crm


FORMS = ([], ["--json"], ["--format", "table"], ["--format", "csv"])


@pytest.mark.parametrize("form", FORMS, ids=NAME)
@pytest.mark.parametrize(
    "command", [*LOOKS, ["changes", "ch2"], ["show", "asha"], ["find", "client"], ["history", "1"]], ids=NAME
)
def test_no_text_can_steer_a_terminal(hostile, command, form):
    found = hostile(*command, *form)

    assert steering(found.out + found.err) == []
    assert "bug" not in found.err


@pytest.mark.parametrize("kind", ["", "c", "a"])
def test_no_record_can_steer_a_terminal(hostile, kind):
    for ref in range(1, len(ALL) + 1):
        for form in ([], ["--json"]):
            found = hostile("show", f"{kind}{ref}", *form)
            assert (found.code, steering(found.out + found.err)) == (0, [])


@pytest.mark.parametrize("command", [["show"], ["find", "zz"], ["email"], ["phone"], ["list"]], ids=NAME)
def test_nothing_looked_for_can_steer_a_terminal(hostile, command):
    for text in ALL:
        found = hostile(*command, text)
        assert steering(found.out + found.err) == []
        assert "bug" not in found.err


@pytest.mark.parametrize(
    "command",
    [
        ["add", "X"], ["add", "X", "-n"], ["edit", "1", "city=X"], ["edit", "1", "X=1"], ["edit", "1", "email=X"],
        ["edit", "X", "city=x"],
        ["tag", "1", "+X"], ["tag", "1", "-X"], ["tag", "X", "+vip"], ["log", "X", "1"], ["note", "1", "-m", "X"],
        ["note", "1", "-o", "X"],
        ["note", "1", "--when", "X"], ["note", "1", "--next", "X"], ["note", "1", "--next", "fri: X"],
        ["todo", "X"], ["todo", "x", "--due", "X"],
        ["todo", "x", "--priority", "X"], ["todo", "x", "--kind", "X"], ["done", "X"], ["move", "a1", "X"],
        ["job", "1", "X"], ["company", "add", "X"],
        ["company", "rm", "X"], ["field", "add", "X"], ["field", "rm", "X"], ["field", "add", "y", "--type", "X"],
        ["field", "add", "z", "--type", "choice", "--choices", "X,Y"], ["undo", "X"], ["changes", "X"], ["rm", "X"],
        ["config", "set", "name", "X"], ["config", "set", "X", "1"], ["config", "get", "X"],
        ["restore", "X", "--yes"], ["X"], ["list", "--format", "X"],
        ["list", "--columns", "X"], ["list", "--sort", "X"], ["init", "--zone", "X"],
    ],
    ids=NAME,
)  # fmt: skip
def test_no_argument_can_steer_a_terminal(asha, command, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for text in ALL:
        for form in ([], ["--json"]):
            found = asha(*(word.replace("X", text) for word in command), *form)

            assert steering(found.out + found.err) == []
            assert "bug" not in found.err, found.err
            assert "Traceback" not in found.err
            assert found.code in {0, 1, 2, 3, 4, 6}


# Ways of the system


@pytest.mark.conv("C13")
def test_bytes_that_are_no_text_are_refused(crm_process, crm):
    crm("add", "Asha")
    for words in (
        [b"add", b"\xff"],
        [b"show", b"\xff"],
        [b"tag", b"1", b"+\xff"],
        [b"note", b"1", b"-m", b"\xff"],
        [b"find", b"\xff"],
        [b"edit", b"1", b"city=\xff"],
    ):
        found = crm_process(*words)

        assert found.code in {2, 3}, found
        assert len(found.err.splitlines()) == 1
        assert "Traceback" not in found.err


@pytest.mark.parametrize(
    "env", [{"PYTHONIOENCODING": "ascii"}, {"PYTHONUTF8": "0", "LC_ALL": "C", "PYTHONCOERCECLOCALE": "0"}], ids=str
)
@pytest.mark.conv("C14")
def test_a_terminal_of_ascii_gets_escapes(crm, crm_process, env):
    crm("add", "李小龍", "+é")
    for command in (["list"], ["show", "1"], ["show", "1", "--json"], ["show", "nobody李"]):
        found = crm_process(*command, env=env)
        assert found.code in {0, 3}
        assert found.out.isascii()
        assert found.err.isascii()
    assert crm_process("show", "1", "--json", env=env).json["name"] == "李小龍"


@pytest.mark.conv("C10")
def test_who_reads_no_more_is_no_error(crm, crm_process, surroundings):
    for number in range(3):
        crm("add", f"Person {number}", f"notes={'x' * 100_000}")
    writer = subprocess.Popen(
        [sys.executable, "-m", "crm_cli", "list", "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    writer.stdout.read(10)
    writer.stdout.close()

    assert writer.stderr.read() == b""
    assert writer.wait() == 0


@pytest.mark.parametrize("variable", [{"NO_COLOR": "1"}, {}, {"TERM": "dumb"}])
@pytest.mark.conv("C04")
def test_off_a_terminal_there_is_no_colour(crm, crm_process, variable):
    crm("add", "Asha")
    assert "\x1b" not in crm_process("list", "--format", "table", env=variable).out


def test_colour_when_it_is_asked_for(asha):
    assert "\x1b[1m" in asha("list", "--format", "table", "--color", "always").out
    assert "\x1b" not in asha("list", "--format", "table", "--color=never").out


def test_a_bad_clock_is_named(asha, monkeypatch):
    monkeypatch.setenv("CRM_NOW", "yesterday")
    assert asha("add", "x").code == 2


@pytest.mark.parametrize(
    "command",
    ["list", "find asha", "show 1", "today", "agenda", "history", "email asha", "export --format csv", "changes",
     "tag", "deal list", "digest", "log call 1 -m x", "edit 1 city=Pune", "rm 1", "company list", "imports",
     "done a1", "move a1 tomorrow", "snooze a1 tomorrow", "cancel a1", "undo ch1", "redo ch1", "segment rm mine"],
)  # fmt: skip
@pytest.mark.parametrize("chosen", ["option", "variable"])
def test_a_book_that_was_named_and_is_missing_is_an_error(crm, tmp_path, monkeypatch, command, chosen):
    missing = tmp_path / "none.db"
    if chosen == "variable":
        monkeypatch.setenv("CRM_BOOK", str(missing))

    found = crm(*command.split(), *(["--book", str(missing)] if chosen == "option" else []))

    assert (found.code, found.out) == (3, "")
    assert found.err.startswith(f"crm: there is no book at {missing} (")
    assert not missing.exists()


@pytest.mark.parametrize("command", ["list", "today", "tag", "changes", "export --format csv"])
def test_ones_own_book_that_is_not_there_yet_answers_empty_with_a_note(crm, book_path, command):
    found = crm(*command.split())

    assert found.code == 0
    assert found.err.startswith(f"crm: there is no book at {book_path} yet; start with: crm init")
    assert crm("-q", *command.split()).err == ""
    assert not book_path.exists()


@pytest.mark.parametrize(
    "command", ["add Asha", "todo Call", "company add Acme", "tag rename a b", "stage list", "init", "deal add Tins"]
)
def test_a_command_that_writes_makes_the_book_that_was_named(crm, tmp_path, command):
    book = tmp_path / "new.db"

    found = crm(*command.split(), "--book", str(book))

    assert (found.code == 0) == book.exists(), found.err
