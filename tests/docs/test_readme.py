"""The README tells the truth: its session prints what it shows, and its first lines are the two commands."""

import re

from docs_support import ROOT, console

README = ROOT / "README.md"
BLOCKS = re.findall(r"```(\w+)\n(.*?)\n```", README.read_text(encoding="utf-8"), re.DOTALL)
SHELL = [text for language, text in BLOCKS if language == "sh"]


def test_the_first_blocks_are_the_two_commands():
    """A fresh clone is set up by the first block and tested by the second."""
    assert SHELL[0] == "python3 -m venv .venv && .venv/bin/pip install -q . && .venv/bin/crm demo"
    assert SHELL[1] == "python3 -m venv .venv && .venv/bin/pip install -q -e '.[dev]' && .venv/bin/pytest -q"


def test_ci_runs_the_test_command_of_the_readme():
    """What CI installs is what the README says to install."""
    assert re.search(r"pip\W+install -q .*-e '\.\[dev\]'", (ROOT / ".ci/run").read_text(encoding="utf-8"))


def test_the_session_prints_what_the_readme_shows():
    """Every command of the session, one after the other, prints just those lines and succeeds."""
    done = console.printed(README)

    assert [actual for _, actual, _ in done] == [step.output for step, _, _ in done], (
        "run: python docs/generate.py README.md"
    )
    assert all(code == 0 for _, _, code in done)
    verbs = {step.command.split()[1] for step, _, _ in done}
    assert {"import", "find", "show", "today", "done", "undo"} <= verbs
