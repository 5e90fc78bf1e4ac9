"""Input, safety and files: nothing waits for an answer off a terminal, errors are short, nothing strays."""

from __future__ import annotations

import socket
import time
from typing import TYPE_CHECKING

import pytest
from support import made_once

from crm_cli.commands import COMMANDS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support import Run

    Crm = Callable[..., Run]

LINES = [
    "add Mia", "list", "find asha", "show 1", "edit 1 city=Goa", "edit 1", "rm 1 2", "tag 1 +vip", "job 1 Globex",
    "dupes", "relate 1 spouse 2", "unrelate 1 2", "stop 1", "allow 1 email", "photo 1 --remove",
    "merge 1 2", "unmerge 1",
    "company list", "field add size", "field edit size --type text", "field rm size", "segment list", "deal list",
    "stage list", "log call 1",
    "called asha", "met 1", "wrote 1", "note 1 -e", "todo -e", "done a1 -m -", "move a1 fri", "snooze a1 fri",
    "skip a1", "cancel a1", "today", "agenda", "history", "digest", "remind --list", "schedule remind", "cadence list",
    "import -", "imports", "export --format csv", "capture -", "email asha",
    "phone asha", "changes",
    "disclose asha", "erase asha", "quality", "undo", "redo", "backup", "restore", "check", "init", "config list",
    "help", "tui", "demo play.db",
]  # fmt: skip

WRONG = [
    "wibble", "list wibble:x", "list (", "list --limit x", "list --columns x", "list --sort x",
    "list --format x", "show", "show 99", "show a99", "show c99", "show d99", "show zzz", "show asha", "edit 1 x=y",
    "edit 1 email=x", "edit 1 phone=abc", "rm 99", "tag 1", "job 1", "log wibble 1", "log call zzz",
    "todo x --due 32dec", "done 99", "move a1 never", "import /nowhere.csv", "export", "undo ch99", "restore /nowhere",
    "config set wibble x", "add", "deal add", "deal move d9 Lead", "stage rename x y", "field add email",
    "segment rm @x", "agenda --only x", "history --limit -1", "init --region XXX",
    "merge 1", "merge 1 99", "merge 1 2 --keep x=1", "unmerge 1",
]  # fmt: skip


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands run in the test's folder."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture
@made_once
def asha(crm: Crm, here: None) -> Crm:
    crm("add", "Asha Verma", "email=asha@acme.example", "phone=098200 12345")
    crm("add", "Asha Rao")
    crm("todo", "call", "--with", "1", "--due", "yesterday")
    return crm


def test_every_command_is_here():
    assert {line.split()[0] for line in LINES} == {command.name for command in COMMANDS}


@pytest.mark.conv("C32")
@pytest.mark.parametrize("line", LINES)
def test_nothing_waits_off_a_terminal(asha: Crm, line: str) -> None:
    begun = time.process_time()

    found = asha(*line.split())

    assert time.process_time() - begun < 10  # of a busy machine: it is no measure of speed
    assert found.code in {0, 1, 2, 3, 4}
    assert found.code == 0 or found.err


@pytest.mark.conv("C40")
@pytest.mark.parametrize("line", WRONG)
def test_an_error_is_short_and_no_traceback(asha: Crm, line: str) -> None:
    found = asha(*line.split())

    assert found.code in {1, 2, 3, 4, 6}
    assert 1 <= len(found.err.splitlines()) <= 5
    assert "Traceback" not in found.err
    assert "\x1b" not in found.err


@pytest.mark.conv("C41")
@pytest.mark.parametrize("key", ["smtp.password", "password", "token"])
def test_secrets_are_refused_as_settings(crm: Crm, key: str) -> None:
    found = crm("config", "set", key, "x")

    assert (found.code, found.out) == (2, "")
    assert found.err == "crm: secrets are not kept in the settings (as in smtp_password_command = pass show mail)\n"


@pytest.mark.conv("C50")
def test_nothing_is_made_outside_the_folders_of_xdg(crm: Crm, surroundings, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", surroundings["XDG_CONFIG_HOME"].replace("config", "data"))
    for line in ("add Asha", "config set region IN", "show 1", "backup", "list", "export --format csv"):
        assert crm(*line.split()).code == 0

    inside = {path.relative_to(tmp_path).parts[:2] for path in tmp_path.rglob("*") if path.is_file()}
    assert inside <= {("home", "data"), ("home", "config"), ("home", "state"), ("home", "cache")}


@pytest.mark.conv("C35")
def test_the_same_file_again_changes_nothing(crm: Crm, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("Name,Email\nAsha,a@x.example\nRavi,r@x.example\n", encoding="utf-8")
    crm("import", str(tmp_path / "a.csv"))
    before = crm("export", "--format", "csv").out

    again = crm("import", str(tmp_path / "a.csv"))

    assert "0 new, 0 changed, 2 same" in again.err
    assert crm("export", "--format", "csv").out == before


@pytest.mark.conv("P07")
@pytest.mark.parametrize("line", LINES)
def test_no_command_asks_the_network(asha: Crm, monkeypatch: pytest.MonkeyPatch, line: str) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)

    assert "internal" not in asha(*line.split()).err
