"""Hints are codes below the faces; each face has words for all of them, and the dashboard advises no shell command."""

import ast
import re
from pathlib import Path

import pytest

from crm_cli.render import hints as prompt
from crm_cli.tui import hints as dashboard

ROOT = Path(__file__).parent.parent / "crm_cli"
BELOW = [
    path
    for path in ROOT.rglob("*.py")
    if path.relative_to(ROOT).parts[0] not in {"cli", "tui", "entry.py", "completion", "addresses.py"}
    and path.name != "hints.py"
]
SHELL = re.compile(r"\bcrm [a-z]|(?<!\w)--[a-z]")


def _raised(path):
    """Yield what each call in a module gives as ``hint``."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            yield from (word.value for word in node.keywords if word.arg == "hint")


def _codes():
    for path in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Hint":
                yield ast.literal_eval(node.args[0])


def test_each_face_words_every_hint():
    assert set(prompt.WORDS) == set(dashboard.WORDS) == set(_codes())


@pytest.mark.parametrize("code", dashboard.WORDS)
def test_the_dashboard_advises_no_shell_command(code):
    assert not SHELL.search(dashboard.WORDS[code])


@pytest.mark.parametrize("path", BELOW, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_plain_hint_names_no_command(path):
    texts = [ast.unparse(found) for found in _raised(path) if not isinstance(found, ast.Call)]

    assert [text for text in texts if SHELL.search(text)] == []
