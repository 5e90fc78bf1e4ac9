"""An editor that fails, in a real terminal: the screen comes back, and what was typed is there."""

from __future__ import annotations

import json
import shutil
import time

import pytest
from multiplexer import Tmux
from terminal import Terminal

SCRIPT = """#!/bin/sh
case $(cat {how}) in
exit) exit 1;;
saved) echo "saved words" > "$1"; exit 1;;
killed) stty raw -echo; echo "saved words" > "$1"; kill -9 $$;;
written) echo "written words" > "$1";;
esac
"""


@pytest.fixture
def editor(tmp_path, surroundings, monkeypatch):
    """Say what the editor is to do next."""
    how, script = tmp_path / "how", tmp_path / "editor"
    script.write_text(SCRIPT.format(how=how))
    script.chmod(0o700)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("EDITOR", "./editor")
    return how.write_text


def test_an_editor_that_fails_leaves_the_terminal_and_the_form(people, editor, crm):
    """By i, E and ^o; whether it gave up, crashed after saving, or was killed with the terminal in disorder."""
    with Terminal(people, size=(100, 30)) as terminal:
        terminal.until("Overdue  1")
        terminal.press("2")
        terminal.until("4 people")
        for how, message in (("exit", "failed with exit code 1"), ("saved", "is kept in"), ("killed", "SIGKILL")):
            editor(how)
            for key in "iE":
                terminal.press(key)
                terminal.until(message)
                terminal.press("T", "T", "T")
                terminal.until("theme = dark")
        terminal.press("l", "Agreed")
        for how, message in (("exit", "failed with exit code 1"), ("saved", "is kept in"), ("killed", "SIGKILL")):
            editor(how)
            terminal.press("\x0f")
            terminal.until(message)
            assert "Log with Asha Verma" in terminal.text
            assert "Agreed" in terminal.text
        editor("written")
        terminal.press("\x0f")
        terminal.until("written words")
        terminal.press("enter")
        terminal.until("Logged a9 call")
        terminal.press("i")
        terminal.until("Logged a10 note")
        assert terminal.leave() == 0

    history = json.loads(crm("history", "1", "--json").out)
    assert [one["subject"] for one in history[:2]] == ["written words", "written words"]


def test_an_editor_that_is_missing_is_one_line(people, surroundings, monkeypatch):
    """Nothing about shells or variables, which are not to be had in a full screen."""
    monkeypatch.setenv("EDITOR", "./no")
    with Terminal(people, size=(100, 30)) as terminal:
        terminal.until("Overdue  1")
        terminal.press("2")
        terminal.until("4 people")
        for key in ("i", "E"):
            terminal.press(key)
            terminal.until("cannot run the editor ./no: No such file or directory")
            assert "EDITOR" not in terminal.text
            terminal.press("T", "T", "T")
            terminal.until("theme = dark")
        assert terminal.leave() == 0


def test_a_pasted_text_keeps_its_lines(people, crm):
    """Also when more is typed after it; a field of one line has spaces between them."""
    with Terminal(people, size=(100, 30)) as terminal:
        terminal.until("Overdue  1")
        terminal.press("2")
        terminal.until("4 people")
        terminal.press("l")
        terminal.until("what was said")
        terminal.press("\x1b[200~The price\n10 % off\r\nIn May\n\x1b[201~", "!", "tab", "tab", "tab", "tab")
        terminal.press("\x1b[200~fri 3pm:\nsend it\x1b[201~", "enter")
        terminal.until("Logged")
        assert terminal.leave() == 0

    history = json.loads(crm("history", "1", "--json").out)
    assert (history[0]["subject"], history[0]["body"]) == ("The price", "10 % off\nIn May!")
    assert "send it" in crm("agenda").out


@pytest.mark.conv("T16")
@pytest.mark.skipif(not shutil.which("tmux"), reason="needs tmux")
def test_after_an_editor_was_killed_the_shell_has_its_terminal(people, editor):
    """An editor that dies in raw mode leaves it to nobody, neither while the dashboard runs nor afterwards."""
    editor("killed")
    with Tmux(people, size=(100, 30)) as tmux:
        tmux.until("Overdue  1")
        tmux.press("2")
        tmux.until("4 people")
        tmux.press("i")
        tmux.until("SIGKILL")
        tmux.press("q")
        tmux.until("left with 0")
        tmux.press("echoed")
        end = time.monotonic() + 5
        while "echoed" not in tmux.text:
            assert time.monotonic() < end, tmux.text
