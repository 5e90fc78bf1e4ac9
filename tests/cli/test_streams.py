"""Pipes, a terminal, an interrupt: where words come from and go to."""

import os
import signal
import subprocess
import sys
import time

import pexpect
import pytest
from support import dump, made_once, steering

READS_A_PIPE = [
    ["tag", "-", "+vip"], ["rm", "-", "--yes"], ["done", "-"], ["cancel", "-"], ["log", "call", "-", "-m", "x"],
    ["note", "-", "-m", "x"],
]  # fmt: skip


@pytest.fixture
@made_once
def asha(crm):
    crm("add", "Asha", "company=Acme")
    crm("add", "Ravi")
    crm("todo", "x", "--with", "1")
    return crm


@pytest.mark.parametrize("given", ["", "\n", "  \n\n"])
@pytest.mark.parametrize("command", READS_A_PIPE, ids=" ".join)
def test_an_empty_pipe_touches_nothing(asha, book_path, command, given):
    before = book_path.read_bytes()
    found = asha(*command, given=given)

    assert (found.code, found.out, found.err) == (0, "", "")
    assert book_path.read_bytes() == before


@pytest.mark.parametrize("command", [["done", "-"], ["cancel", "-"]], ids=" ".join)
def test_people_are_no_activities_to_complete(asha, book_path, command):
    before = dump(book_path)
    found = asha(*command, given=asha("list", "--format", "ids").out)

    assert (found.code, found.out) == (2, "")
    assert "these are ids of people" in found.err
    assert dump(book_path) == before


def test_activities_are_completed_from_a_pipe(asha):
    assert asha("done", "-", given="a1\n").out == "a1\n"


def test_ids_flow_from_one_command_to_the_next(asha):
    assert asha("tag", "-", "+fair2026", given=asha("find", "asha", "--format", "ids").out).code == 0
    assert asha("list", "tag:fair2026", "--format", "ids").out == "1\n"


def test_an_activity_with_everybody_in_the_pipe(asha):
    found = asha("log", "meeting", "-", "-m", "lunch", given="1\n2\n")
    assert found.err.startswith("Logged a2 meeting with Asha (Acme) and 1 more")


def test_a_pipe_that_names_somebody_unknown_writes_nothing(asha, book_path):
    before = dump(book_path)
    assert asha("tag", "-", "+vip", given="1\n99\n").code == 3
    assert dump(book_path) == before


@pytest.mark.conv("C04")
def test_lists_are_not_cut_off_a_terminal(crm):
    long = "person.with.a.very.long.address@" + "example-company." * 8 + "in"
    crm("add", "Asha", f"email={long}")
    assert long in crm("list").out
    assert crm("list", "--format", "json").json[0]["emails"][0]["value"] == long


@pytest.mark.conv("C11")
def test_an_interrupt_is_130_and_nothing_is_written(asha, book_path, surroundings, tmp_path):
    script = tmp_path / "editor.py"
    script.write_text(
        "import time, pathlib, signal, sys\n"
        "signal.signal(signal.SIGINT, signal.SIG_DFL)\n"  # ignored where a shell runs the tests with &
        "pathlib.Path(sys.argv[1]).touch()\ntime.sleep(30)\n"
    )
    before = dump(book_path)
    env = os.environ | {"EDITOR": f"{sys.executable} {script} {tmp_path / 'started'}"}
    command = subprocess.Popen(
        [sys.executable, "-m", "crm_cli", "edit", "1"],
        env=env,
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    while not (tmp_path / "started").exists():
        time.sleep(0.01)
    os.killpg(command.pid, signal.SIGINT)
    _, err = command.communicate(timeout=10)

    assert command.returncode == 130
    assert b"crm_cli" not in err
    assert dump(book_path) == before


# On a terminal


@pytest.fixture
def terminal(surroundings):
    """Type a command at a terminal; what it says is on one screen."""
    spawned = []

    def type_(*args, **env):
        child = pexpect.spawn(
            sys.executable,
            ["-m", "crm_cli", *args],
            env=os.environ | {"TERM": "xterm"} | env,
            encoding="utf-8",
            timeout=15,
            dimensions=(40, 80),
        )
        spawned.append(child)
        return child

    yield type_
    for child in spawned:
        child.close(force=True)


def rest(child):
    child.expect(pexpect.EOF)
    child.close()
    return child.before.replace("\r\n", "\n"), child.exitstatus


def test_on_a_terminal_a_list_is_a_table_no_wider_than_it(crm, terminal):
    crm("add", "Asha", f"email={'long' * 40}@x.in", "company=Acme")
    output, code = rest(terminal("list", NO_COLOR="1"))

    assert code == 0
    assert output.splitlines()[0].startswith("ID")
    assert all(len(line) <= 80 for line in output.splitlines())
    assert "\x1b" not in output


@pytest.mark.parametrize(
    ("env", "options", "colored"),
    [
        ({}, [], True),
        ({"NO_COLOR": "1"}, [], False),
        ({"NO_COLOR": ""}, [], True),
        ({"CLICOLOR": "0"}, [], False),
        ({"CLICOLOR": "1"}, [], True),
        ({"CLICOLOR": "0", "CLICOLOR_FORCE": "1"}, [], True),
        ({"TERM": "dumb"}, [], False),
        ({"TERM": "dumb", "CLICOLOR_FORCE": "1"}, [], True),
        ({"NO_COLOR": "1", "CLICOLOR_FORCE": "1"}, [], False),
        ({"NO_COLOR": "1"}, ["--color", "always"], True),
    ],
)
@pytest.mark.conv("C20")
def test_what_decides_about_colour(crm, terminal, env, options, colored):
    crm("add", "Asha")
    output, _ = rest(terminal("list", *options, **env))

    assert ("\x1b[" in output) is colored


EMPTY = [
    (["list"], "no people yet"), (["list", "tag:x"], "no people match"), (["list", "--format", "ids"], "no people yet"),
    (["company", "list"], "no companies yet"), (["company", "list", "acme"], "no companies match"),
    (["deal", "list"], "no open deals"), (["deal", "list", "stage:lead"], "no deals match"),
    (["history"], "nothing was logged"), (["agenda"], "nothing to do"), (["today"], "nothing to do"),
    (["tag"], "no tags yet"), (["changes"], "no changes"), (["imports"], "nothing was imported"),
    (["segment", "list"], "no query was saved"),
]  # fmt: skip


@pytest.mark.parametrize(("command", "words"), EMPTY, ids=str)
def test_an_empty_result_says_so_on_a_terminal(book, crm, terminal, command, words):
    output, code = rest(terminal(*command))

    assert (code, len(output.splitlines())) == (0, 1)
    assert output.startswith(words)


@pytest.mark.parametrize("command", [["-q", "list"], ["list", "-q", "tag:x"], ["-q", "history"]], ids=" ".join)
def test_an_empty_result_is_silent_with_quiet(book, crm, terminal, command):
    assert rest(terminal(*command)) == ("", 0)


@pytest.mark.parametrize("command", ["list", "company list", "deal list", "history", "tag", "changes"])
def test_an_empty_result_is_silent_off_a_terminal(book, crm, command):
    found = crm(*command.split())

    assert (found.code, found.out, found.err) == (0, "", "")


@pytest.mark.parametrize("form", ["vcf", "csv", "json"])
def test_an_export_to_a_terminal_cannot_steer_it(crm, terminal, form):
    crm("add", "Asha \x1b]2;PWNED\x07", "notes=a\u202eb\x9b31m")
    output, code = rest(terminal("export", "--format", form, NO_COLOR="1"))

    assert code == 0
    assert "PWNED" in output
    assert steering(output) == []


def test_a_change_at_a_terminal_is_by_hand_and_a_bare_undo_takes_it_back(crm, terminal, book_path):
    crm("add", "Ravi")
    assert rest(terminal("add", "Asha"))[1] == 0
    output, code = rest(terminal("undo"))

    assert code == 0
    assert "Took back ch2 add" in output
    assert [row[2] for row in dump(book_path)["contact"]] == ["Ravi"]
    assert "there is nothing to undo" in rest(terminal("undo"))[0]
    assert rest(terminal("redo"))[1] == 0


@pytest.mark.conv("C38")
def test_several_that_fit_are_offered_as_a_choice(crm, terminal):
    crm("add", "Ravi")
    crm("add", "Asha Verma")
    crm("add", "Asha Rao", "company=\x1b]2;X\x07Acme")
    child = terminal("tag", "asha", "+vip")
    child.expect("which id")
    assert "\x1b]2" not in child.before
    child.sendline("1")
    child.expect("1 is not one of these ids")
    child.sendline("2")

    assert rest(child)[1] == 0
    assert [crm("show", ref, "--json").json["tags"] for ref in "123"] == [[], ["vip"], []]


@pytest.mark.parametrize("answer", ["q", "", "\x1b"])
def test_a_choice_can_be_left(crm, terminal, answer):
    crm("add", "Asha Verma")
    crm("add", "Asha Rao")
    child = terminal("tag", "asha", "+vip")
    child.expect("which id")
    child.sendline(answer)

    output, code = rest(child)
    assert (code, "nothing was chosen" in output) == (1, True)
    assert crm("list", "tag:vip", "--count").out.strip() == "0"


def test_the_esc_key_alone_leaves_a_choice_and_the_terminal_as_it_was(crm, surroundings):
    crm("add", "Asha Verma")
    crm("add", "Asha Rao")
    line = f"stty -g; {sys.executable} -m crm_cli tag asha +vip; echo code $?; stty -g"
    child = pexpect.spawn("/bin/sh", ["-c", line], env=os.environ, encoding="utf-8", timeout=30)
    child.expect("which id")
    before = child.before.split()[0]
    child.send("\x1b")

    output, _ = rest(child)

    assert "crm: nothing was chosen\ncode 1\n" in output
    assert output.split()[-1] == before
    assert crm("list", "tag:vip", "--count").out.strip() == "0"


def test_the_esc_key_answers_no(crm, terminal, book_path):
    crm("add", "Asha")
    crm("add", "Ravi")
    child = terminal("rm", "1", "2")
    child.expect(r"\[y/N\]")
    child.send("\x1b")

    assert rest(child)[1] == 1
    assert len(dump(book_path)["contact"]) == 2


def test_an_arrow_key_chooses_nothing_and_leaves_nothing(crm, terminal):
    crm("add", "Asha Verma")
    crm("add", "Asha Rao")
    child = terminal("tag", "asha", "+vip")
    child.expect("which id")
    child.send("\x1b[A")
    child.expect("is not one of these ids")
    child.sendline("2")

    assert rest(child)[1] == 0
    assert crm("list", "tag:vip", "--format", "ids").out == "2\n"


def test_a_change_through_a_pipe_at_a_terminal_is_by_hand(crm, surroundings):
    """A controlling terminal decides, whatever is piped in; undo takes that change, and says what it skips."""
    crm("add", "Ravi")
    me = f"{sys.executable} -m crm_cli"
    line = f"{me} list --format ids | {me} tag - +x; CRM_ORIGIN=cron {me} tag 1 +nightly; {me} undo; sleep 0.1"
    child = pexpect.spawn("/bin/sh", ["-c", line], env=os.environ, encoding="utf-8", timeout=30)

    output, _ = rest(child)

    assert "Took back ch2 tag" in output
    assert "skipped 1 later change not made by hand, the last one ch3 tag by cron" in output
    assert crm("show", "1", "--json").json["tags"] == ["nightly"]


@pytest.mark.parametrize(("answer", "left"), [("n", 2), ("", 2), ("y", 0)])
@pytest.mark.conv("C33")
def test_rm_of_several_asks(crm, terminal, book_path, answer, left):
    crm("add", "Asha")
    crm("add", "Ravi")
    child = terminal("rm", "1", "2")
    child.expect(r"Remove 2 records\? \[y/N\]")
    child.sendline(answer)

    assert rest(child)[1] == (0 if answer == "y" else 1)
    assert len(dump(book_path)["contact"]) == left


@pytest.mark.parametrize(("answer", "left"), [("n", 2), ("y", 1)])
def test_merge_shows_what_it_would_do_and_asks(crm, terminal, book_path, answer, left):
    crm("add", "Asha Verma", "status=client")
    crm("add", "Asha V", "status=lead", "email=a@x.example")
    before = dump(book_path)
    child = terminal("merge", "1", "2")
    child.expect("status: client; lead goes to the notes")
    child.expect(r"Merge them into 1 Asha Verma\? \[y/N\]")
    assert dump(book_path) == before
    child.sendline(answer)

    assert rest(child)[1] == (0 if answer == "y" else 1)
    assert len(dump(book_path)["contact"]) == left


def test_a_merge_that_was_confirmed_is_refused_if_a_record_was_edited_meanwhile(crm, terminal, book_path):
    crm("add", "Asha Verma", "status=client")
    crm("add", "Asha V", "status=lead")
    child = terminal("merge", "1", "2")
    child.expect(r"\[y/N\]")
    crm("edit", "2", "status=customer")
    child.sendline("y")

    output, code = rest(child)
    assert (code, "changed meanwhile" in output) == (1, True)
    assert len(dump(book_path)["contact"]) == 2


def test_rm_of_several_says_what_goes_along_before_it_is_done(crm, terminal, book_path):
    crm("add", "Asha")
    crm("add", "Ravi")
    crm("called", "1")
    crm("deal", "add", "Tins", "--with", "2")
    before = dump(book_path)
    child = terminal("rm", "1", "2")
    child.expect(r"Remove 2 records with 1 activity, 1 deal\? \[y/N\]")
    assert dump(book_path) == before
    child.sendline("y")

    output, code = rest(child)
    assert code == 0
    assert "Removed 2 records with 1 activity, 1 deal [ch5] (crm undo ch5 restores them)" in output


def test_a_dot_is_the_last_one_shown_on_this_terminal(crm, terminal):
    crm("add", "Asha")
    crm("add", "Ravi")
    shell = f"python={sys.executable}; $python -m crm_cli show ravi >/dev/tty; $python -m crm_cli tag . +vip"
    child = pexpect.spawn("/bin/sh", ["-c", shell], encoding="utf-8", timeout=20)
    output, code = rest(child)

    assert code == 0, output
    assert crm("show", "2", "--json").json["tags"] == ["vip"]


@pytest.mark.parametrize(("answer", "company"), [("y", "c1"), ("c1", "c1"), ("n", "c2"), ("c2", "c2")])
def test_the_id_that_a_question_shows_means_yes(crm, terminal, answer, company):
    crm("company", "add", "Acme Pvt. Ltd.")
    crm("add", "Kavita")
    child = terminal("job", "kavita", "Acme")
    child.expect(r"Is it c1 Acme Pvt. Ltd.\? \[y/N\]")
    child.sendline(answer)

    output, code = rest(child)
    assert (code, f"Kavita is at {company} " in output) == (0, True)


@pytest.mark.parametrize("answer", ["y", "a1"])
def test_logging_offers_to_close_what_was_planned(crm, terminal, answer):
    crm("add", "Asha")
    crm("todo", "call Asha", "--kind", "call", "--with", "1")
    child = terminal("called", "asha", "-m", "done")
    child.expect(r"Close a1 call Asha\? \[y/N\]")
    child.sendline(answer)

    assert rest(child)[1] == 0
    assert crm("show", "a1", "--json").json["status"] == "done"


@pytest.mark.parametrize(
    "command", [["tag", "-", "+vip"], ["note", "1", "-m", "-"], ["done", "-"], ["import", "-"]], ids=" ".join
)
@pytest.mark.conv("C09")
def test_standard_input_that_is_the_keyboard_is_refused(crm, terminal, command):
    crm("add", "Asha")
    output, code = rest(terminal(*command))

    assert code == 2
    assert "standard input is a terminal" in output


def test_a_card_that_cannot_be_read_is_offered_again(crm, terminal, tmp_path):
    crm("add", "Asha", "city=Pune")
    script = tmp_path / "editor.py"
    script.write_text(
        "import pathlib, sys\npath = pathlib.Path(sys.argv[1]); text = path.read_text()\n"
        "again = 'mistake' in text\n"
        "text = text.replace('Pun\\n', 'Pune\"\\n') if again else text.replace('\"Pune\"', '\"Goa')\n"
        "text = text.replace('\"Goa', '\"Goa\"') if again else text\n"
        "path.write_text(text)\n"
    )
    child = terminal("edit", "1", EDITOR=f"{sys.executable} {script}")
    child.expect("Edit again")
    child.sendline("y")

    assert rest(child)[1] == 0
    assert crm("show", "1", "--json").json["addresses"][0]["locality"] == "Goa"


def test_init_asks_and_suggests(crm, terminal):
    child = terminal("init")
    child.expect(r"Country .*\[IN\]: ")
    child.sendline("XXX")
    child.expect("not a country")
    for answer in ("in", "", "inr", "Asha", "a@x.in"):
        child.expect(": ")
        child.sendline(answer)

    assert rest(child)[1] == 0
    assert crm("config", "get", "currency").out == "INR\n"


def test_a_byte_order_mark_in_a_pipe_is_not_part_of_the_text(crm):
    crm("add", "Asha Verma")

    assert crm("tag", "-", "+fair", given=b"\xef\xbb\xbf1\r\n").code == 0
    crm("note", "1", "-m", "-", given=b"\xef\xbb\xbfMet at the fair\r\n")
    assert crm("history", "--json").json[0]["subject"] == "Met at the fair"


def test_a_text_with_nul_characters_is_refused_and_kept(crm):
    crm("add", "Asha Verma")

    found = crm("note", "1", "-m", "-", given=b"a\0b")
    assert found.code == 2
    assert "NUL" in found.err
    assert "your text is kept in" in found.err
