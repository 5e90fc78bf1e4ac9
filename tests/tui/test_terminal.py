"""The dashboard in a real terminal: a morning's work, hostile names, aligned scripts, an orderly end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import termios

import pytest
from hostile import names, steering, unusual
from small_book import SmallBook
from support import steering as steering_in
from terminal import PATIENCE, Terminal

from crm_cli import config

SCRIPTS = ("Asha Verma", "सुरेश कुमार", "林雅婷", "محمد علي", "Zoë Ångström", "👩‍👩‍👧 Family", "한지민", "Ελένη")


def test_a_mornings_work(people, crm):
    """Find, open, log with a next step, complete, undo, add a person, quit; the command line sees the same."""
    with Terminal(people) as terminal:
        terminal.until("Overdue  1")
        terminal.press("/", "asha")
        terminal.until("1 person")
        terminal.press("enter", "enter")
        terminal.until("last reach")
        terminal.press("escape", "l")
        terminal.until("Log with Asha Verma")
        terminal.press("Agreed on the price", "tab", "tab", "tab", "tab", "fri 3pm: send the contract")
        terminal.until("Fri 27 Nov 2026 15:00")
        terminal.press("enter")
        terminal.until("Logged a9 call")
        terminal.press("1")
        terminal.until("send the contract")
        terminal.press("d")
        terminal.until("Done: send the quote")
        terminal.press("enter")
        terminal.until("Done a1 send the quote")
        terminal.press("u")
        terminal.until("Took back ch2 done")
        terminal.press("2", "c")
        terminal.until("Add a person")
        terminal.press("Meera Iyer", "tab", "Iyer Photos", "enter")
        terminal.until("Added 5 Meera Iyer")
        code = terminal.leave()

    assert code == 0
    assert b"\x1b[?1049l" in terminal.written, "the terminal is the shell's again"
    assert [row["name"] for row in crm("list", "--json").json][1] == "Meera Iyer"
    assert "send the contract" in crm("agenda").out
    assert "send the quote" in crm("today").out
    assert crm("check").code == 0


def test_columns_stand_in_line_in_every_script(tmp_path):
    """The company begins in the same column beside every name, as a terminal counts columns."""
    book = SmallBook(tmp_path / "scripts.db")
    for name in SCRIPTS:
        book.person(name, "Acme", phone="098200 12345")
    book.save().db.close()
    with Terminal(tmp_path / "scripts.db", size=(120, 30)) as terminal:
        terminal.until("Nothing to do")
        terminal.press("2")
        terminal.until("8 people")
        terminal.quiet()
        rows = [row for row in range(30) if "Acme" in terminal.lines[row] and "098200" in terminal.lines[row]]
        buffer = terminal.screen.buffer
        starts = {
            next(x for x in range(120) if "".join(buffer[row][x + i].data for i in range(4)) == "Acme") for row in rows
        }
        cards = {x for row in rows for x in range(60, 120) if buffer[row][x].data == "▏"}
        assert terminal.leave() == 0

    assert len(rows) == len(SCRIPTS)
    assert len(starts) == 1
    assert len(cards) == 1


def hostile_book(path, count):
    book = SmallBook(path)
    for number, name in enumerate(names(count, seed=7)):
        person = book.person(
            name or "x", name[::-1] or "y", title=name, email=name, phone=name, city=name, tags=(f"{name}{number}",),
            notes=name, nickname=name, birthday=f"1990-11-{22 + number % 6}",
        )  # fmt: skip
        if number % 2:
            book.todo(name, "2026-11-2" + str(number % 8), person, body=name)
        else:
            book.done("call", "2026-08-01T10:00:00Z", person, subject=name, body=name, reach=2)
        book.deal(name or "x", person, stage=1 + number % 4, source=name, notes=name, close_on="2026-11-30")
    for stage, name in enumerate(names(4, seed=8), 1):
        book.db.execute("UPDATE stage SET name = ? WHERE id = ?", (f"{name}{stage}", stage))
    book.save().db.close()


@pytest.mark.conv("T22")
def test_hostile_names_steer_nothing(tmp_path):
    """200 of them on every screen and in every dialog: no crash, no control character but the dashboard's own."""
    hostile_book(tmp_path / "hostile.db", 200)
    with Terminal(tmp_path / "hostile.db", size=(140, 45)) as terminal:
        terminal.until("Overdue")
        start = len(terminal.written)
        for key in ("\x04",) * 8:
            terminal.press(key)
        terminal.press("d", "escape", "l", "escape", "p", "escape", "m", "escape", "?", "escape", "g")
        terminal.press("2")
        for key in ("\x04",) * 7:
            terminal.press(key)
        for _ in range(4):
            terminal.press("k", "e", "escape", "t", "escape", "l", "escape")
        terminal.press("y", "enter", "j", "escape", "\x10", "tag", "escape", "escape", "3")
        for key in (*"jjHjLL", *("\x04",) * 3):
            terminal.press(key)
        terminal.press("enter", "escape", "m", "escape", "w", "escape", "x", "escape", "e", "escape", ">", "u", "g")
        end = len(terminal.written)
        code = terminal.leave()

    written = terminal.written[start:end].decode("utf-8")
    assert code == 0
    assert [hex(ord(char)) for char in steering(written)] == []
    assert unusual(written) == set()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_leaves_the_terminal_in_order(people, number):
    """Killed politely, it gives the screen back."""
    with Terminal(people) as terminal:
        terminal.until("Overdue")
        terminal.child.kill(number)
        for _ in range(100):
            if not terminal.child.isalive():
                break
            terminal.read()
        terminal.quiet()

    assert b"\x1b[?1049l" in terminal.written


def test_a_terminal_that_is_gone_without_a_signal_ends_it(people):
    """It is no session's terminal, so no SIGHUP is sent; it would read the end of its input again and again."""
    ours, theirs = os.openpty()
    termios.tcsetwinsize(theirs, (24, 80))
    command = [sys.executable, "-m", "crm_cli", "--book", str(people)]
    env = os.environ | {"TERM": "xterm-256color"}
    with subprocess.Popen(
        command, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True, env=env
    ) as dashboard:
        os.close(theirs)
        shown = b""
        while b"Overdue" not in shown:
            shown += os.read(ours, 1 << 16)
        os.write(ours, b"dSent it")
        while b"Sent it" not in shown:
            shown += os.read(ours, 1 << 16)
        os.close(ours)

        assert dashboard.wait(PATIENCE) == 0
    assert len(list((config.folder("state") / "unsaved").rglob("*.json"))) == 1


@pytest.mark.conv("T23")
def test_a_failure_restores_the_terminal_and_says_where_the_log_is(people, monkeypatch, surroundings, tmp_path):
    """One line after the screen was given back, exit 1."""
    (tmp_path / "sitecustomize.py").write_text(
        "import sys\n"
        "class Break:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name == 'crm_cli.tui.dialogs.help':\n"
        "            raise RuntimeError('broken on purpose')\n"
        "sys.meta_path.insert(0, Break())\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with Terminal(people, size=(200, 24)) as terminal:
        terminal.until("Overdue")
        terminal.child.send("?")
        for _ in range(200):
            if not terminal.child.isalive():
                break
            terminal.read()
        terminal.quiet()
        terminal.child.close()

    tail = terminal.written.split(b"\x1b[?1049l")[1].decode()
    assert terminal.child.exitstatus == 1
    assert "crm: the dashboard failed: RuntimeError: broken on purpose; the log is" in tail
    assert "Traceback" not in tail
    assert steering_in(tail.split("crm: ")[1].replace("\r", "").split("\n")[0]) == []


def test_bare_crm_on_a_terminal_is_the_dashboard(people):
    """And q leaves it."""
    with Terminal(people) as terminal:
        terminal.until("1 Today")
        assert terminal.leave() == 0
