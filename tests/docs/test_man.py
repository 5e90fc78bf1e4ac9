"""``man crm`` says what the program says of itself, and is found where man looks for it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from docs_support import DOCS, generate

from crm_cli.cli.loading import load_command
from crm_cli.commands import COMMANDS

PAGE = DOCS / "man" / "crm.1"

needs_man = pytest.mark.skipif(shutil.which("man") is None, reason="man is not installed")


def man(*words, **env):
    return subprocess.run(
        ["man", *words], capture_output=True, text=True, env={**os.environ, "LC_ALL": "C.UTF-8", **env}
    )


def test_the_page_is_what_the_generator_writes():
    assert generate.man.page(generate.exit_codes()) == PAGE.read_text(encoding="utf-8"), "run: python docs/generate.py"


@pytest.mark.conv("P04")
def test_every_command_and_option_is_in_it():
    page = PAGE.read_text(encoding="utf-8").replace("\\-", "-")
    for command in COMMANDS:
        loaded = load_command(command.name)
        for name, one in getattr(loaded, "commands", {"": loaded}).items():
            title = f"\n.SS crm {command.name} {name}".rstrip()

            assert title in page
            section = page.split(title, 1)[1].split("\n.S", 1)[0]
            assert [opt for param in one.params for opt in param.opts if opt[:1] == "-" and opt not in section] == []


@needs_man
@pytest.mark.conv("P04")
def test_man_has_nothing_to_complain_of():
    shown = man("--warnings", "-l", str(PAGE))

    assert (shown.returncode, shown.stderr) == (0, "")
    assert "CRM(1)" in shown.stdout


@needs_man
def test_man_finds_the_page_of_an_installed_crm():
    page = Path(sys.prefix) / "share/man/man1/crm.1"
    if not page.exists():
        pytest.skip("crm is not installed in this Python's environment")
    found = man("-w", "crm", PATH=f"{sys.prefix}/bin:{os.environ['PATH']}", MANPATH="")

    assert found.stdout.strip() == str(page)
