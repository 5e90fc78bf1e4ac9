"""How the dashboard is opened, what that loads, and what is left when it fails."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from tui_support import drive, session

from crm_cli import config
from crm_cli.tui import log as dashboard_log
from crm_cli.tui import start
from crm_cli.tui.start import Options


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        ([], Options()),
        (["tui"], Options()),
        (["--book", "x.db"], Options(book="x.db")),
        (["tui", "--read-only", "--book=x.db"], Options(book="x.db", readonly=True)),
        (["-q", "tui", "--color", "never", "--debug"], Options(color="never", debug=True)),
        (["--help"], None),
        (["tui", "--help"], None),
        (["--read-only"], None),
        (["--book"], None),
        (["today"], None),
        (["tui", "tui"], None),
        (["--color", "mauve"], None),
    ],
    ids=str,
)
def test_only_the_dashboards_own_words_open_it(words, asked):
    """Whatever else is typed is the command line's to answer."""
    assert start.options(words) == asked


@pytest.mark.conv("T02")
def test_without_a_terminal_it_says_so_and_the_bare_command_helps(crm):
    """One line and exit 2; the help and no failure."""
    found = crm("tui")

    assert (found.code, found.out) == (2, "")
    assert found.err == "crm: the dashboard needs a terminal (off one, try: crm today)\n"
    assert crm().out.startswith("Usage: crm")


def test_opening_loads_neither_typer_nor_sqlmodel(people):
    """Nor the screens and dialogs that are not seen at first."""
    probe = (
        "import json, sys\n"
        "from crm_cli.tui import start\n"
        "from crm_cli.tui.data.first_list import FirstList\n"
        "from crm_cli.tui.app import Dashboard\n"
        "session = start._session(start.options([]))\n"
        "first = FirstList(session); first.start(); first.join()\n"
        "Dashboard(session, first).run(headless=True, auto_pilot=lambda pilot: leave(pilot))\n"
        "print(json.dumps(sorted(sys.modules)))\n"
    )
    leave = "async def leave(pilot):\n    await pilot.pause(0.3)\n    pilot.app.exit()\n"
    done = subprocess.run([sys.executable, "-c", leave + probe], capture_output=True, check=True, env=os.environ)
    loaded = set(json.loads(done.stdout))

    assert "crm_cli.tui.app" in loaded
    heavy = {"typer", "sqlmodel", "sqlalchemy", "pydantic", "phonenumbers", "tomlkit"}
    assert heavy & loaded == set()
    screens = {f"crm_cli.tui.screens.{name}" for name in ("people", "companies", "pipeline")}
    later = {*screens, "crm_cli.tui.dialogs.form", "crm_cli.tui.dialogs.palette", "crm_cli.models"}
    assert later & loaded == set()


def test_a_failure_is_one_line_that_names_the_log(people, monkeypatch, capsys):
    """The traceback is in the log, which only the user can read."""
    from crm_cli.tui.app import Dashboard

    def fail(self, **_):
        self.failure = ValueError("what a pity")
        return 1

    monkeypatch.setattr(Dashboard, "run", fail)
    code = start.run(session(people))

    log = config.folder("state") / dashboard_log.LOG
    assert code == 1
    assert capsys.readouterr().err == f"crm: the dashboard failed: ValueError: what a pity; the log is {log}\n"
    assert "ValueError: what a pity" in log.read_text()
    assert log.stat().st_mode & 0o777 == 0o600


def test_an_exception_in_a_handler_ends_the_dashboard_and_is_kept(people):
    """Whoever started it can tell."""

    async def work(pilot):
        def fail():
            raise ValueError("what a pity")

        pilot.app.call_later(fail)
        await pilot.pause(0.2)

    with pytest.raises(ValueError, match="what a pity"):
        drive(session(people), work)


@pytest.mark.parametrize(
    ("config_text", "env", "theme"),
    [
        ("", {}, "dark"),
        ('theme = "light"', {}, "light"),
        ('theme = "light"', {"NO_COLOR": "1"}, "none"),
        ('theme = "light"', {"CLICOLOR": "0"}, "none"),
        ('theme = "light"', {"CRM_THEME": "dark"}, "dark"),
    ],
)
def test_the_theme_is_the_users_unless_no_colour_is_wanted(surroundings, monkeypatch, config_text, env, theme):
    """NO_COLOR goes before the settings."""
    config.config_path().parent.mkdir(parents=True)
    config.config_path().write_text(config_text)
    for name, value in env.items():
        monkeypatch.setenv(name, value)

    assert start._session(Options()).theme == theme


def test_a_book_that_is_none_is_refused_before_the_screen_is_taken(surroundings, book_path, monkeypatch, capsys):
    """Exit 6, as everywhere."""
    book_path.write_bytes(b"no book at all" * 100)
    monkeypatch.setattr(start, "has_terminal", lambda: True)

    assert start.open_dashboard([]) == 6
    assert "damaged or not a crm book" in capsys.readouterr().err
