"""TAB in the real shells: what is typed, completed and run, and the words that crm then gets."""

import os
import shutil
import sys
import time
from pathlib import Path

import pexpect
import pytest
from small_book import SmallBook

ROOT = Path(__file__).parents[2]
SHELLS = ("bash", "zsh", "fish")
START = {"bash": ["--noprofile", "-i"], "zsh": ["-d", "-i"], "fish": ["-i"]}
NASTY = "$(touch pwned) `touch pwned` ;touch pwned & *!"

SHIM = """#!/bin/sh
if [ -n "$_CRM_COMPLETE" ]; then exec {python} -c 'from crm_cli.entry import main; main()' "$@"; fi
printf '%s\\n' "$@" > "$CRM_GOT.part" && mv "$CRM_GOT.part" "$CRM_GOT"
"""


@pytest.fixture
def book(tmp_path, monkeypatch, surroundings):
    made = SmallBook(tmp_path / "book.db")
    made.person("Asha Verma", "R&D (East) Ltd", email="asha@acme.in",
                tags=("kunde:vip", "r&d", "big deal", "a/b", "c++", "zoë/ü", NASTY))  # fmt: skip
    made.insert("custom_field", name="size", label="Size", type="choice", choices="small\nmedium")
    made.save()
    monkeypatch.setenv("CRM_BOOK", str(made.path))
    return made


class Typed:
    """One shell, started in an empty folder, with completion set up in its home by crm itself."""

    def __init__(self, shell, tmp_path):
        self.here, self.got = tmp_path / "here", tmp_path / "got"
        self.here.mkdir()
        shim = tmp_path / "bin" / "crm"
        shim.parent.mkdir()
        shim.write_text(SHIM.format(python=sys.executable))
        shim.chmod(0o755)
        env = {
            **os.environ, "PATH": f"{shim.parent}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT), "TERM": "xterm",
            "LANG": "C.UTF-8", "CRM_GOT": str(self.got), "fish_greeting": "",
        }  # fmt: skip
        self.child = pexpect.spawn(
            shutil.which(shell), START[shell], env=env, cwd=str(self.here), timeout=30, dimensions=(40, 200)
        )
        self.run("crm ready")

    def run(self, line):
        """Type a line, and return the words that crm got."""
        self.got.unlink(missing_ok=True)
        self.child.send(line + "\r")
        end = time.monotonic() + 30
        while not self.got.exists():
            assert time.monotonic() < end, self.child.read_nonblocking(100_000, 1)
            try:
                self.child.read_nonblocking(100_000, 0.05)
            except pexpect.TIMEOUT:
                continue
        return self.got.read_text().splitlines()


@pytest.fixture(params=SHELLS)
def typed(request, tmp_path, book, crm):
    if shutil.which(request.param) is None:
        pytest.skip(f"{request.param} is not installed")
    assert crm("--install-completion", request.param).code == 0
    shell = Typed(request.param, tmp_path)
    yield shell
    shell.child.close(force=True)


@pytest.mark.conv("C54")
def test_what_tab_completes_comes_out_whole(typed):
    for line, words in [
        ("crm list tag:kun\t", ["list", "tag:kunde:vip"]),
        ("crm list tag:kunde:\t", ["list", "tag:kunde:vip"]),
        ("crm tag 1 +r\t", ["tag", "1", "+r&d"]),
        ("crm tag 1 +big\t", ["tag", "1", "+big deal"]),
        ("crm list tag:a/\t", ["list", "tag:a/b"]),
        ("crm list tag:c\t", ["list", "tag:c++"]),
        ("crm list 'tag:big\t", ["list", "tag:big deal"]),
        ('crm list "tag:r\t', ["list", "tag:r&d"]),
        ("crm list tag:zo\t", ["list", "tag:zoë/ü"]),
        ("crm list 'tag:$\t", ["list", f"tag:{NASTY}"]),
        ("crm add Bob company=R\t", ["add", "Bob", "company=R&D (East) Ltd"]),
        ("crm add Bob size=s\t", ["add", "Bob", "size=small"]),
        ("crm show ash\t", ["show", "Asha Verma"]),
        ("crm show asha@a\t", ["show", "asha@acme.in"]),
        ("crm list --colu\t id", ["list", "--columns", "id"]),
        ("crm called 1 --outcome no-a\t", ["called", "1", "--outcome", "no-answer"]),
    ]:
        got = typed.run(line)

        assert [word.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'") for word in got] == words, line
    assert list(typed.here.iterdir()) == []
