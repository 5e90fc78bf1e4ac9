"""The progress of an import: a bar on a terminal once it takes longer than a second, nothing elsewhere."""

from __future__ import annotations

import os
import sys

import pexpect
import pyte
import pytest

ROWS = 40_000


@pytest.fixture
def large(tmp_path):
    """A file that takes longer than a second."""
    path = tmp_path / "large.csv"
    rows = "".join(f"Person {n},p{n}@x.example,+49 30 {n:07},Company {n % 999}\n" for n in range(ROWS))
    path.write_text("Name,Email,Phone,Company\n" + rows, encoding="utf-8")
    return path


def on_a_terminal(*args):
    """Return the exit code, and all that was written to the terminal."""
    child = pexpect.spawn(
        sys.executable, ["-m", "crm_cli", *args], encoding="utf-8", timeout=120, dimensions=(24, 100),
        env={**os.environ, "TERM": "xterm-256color"},
    )  # fmt: skip
    child.expect(pexpect.EOF)
    child.close()
    return child.exitstatus, child.before


def test_a_bar_is_shown_on_a_terminal_and_removed_at_the_end(surroundings, large):
    code, written = on_a_terminal("import", str(large))

    assert code == 0
    assert "━" in written
    assert "%" in written
    assert ",000 read" in written
    screen = pyte.Screen(100, 24)
    pyte.Stream(screen).feed(written)
    shown = "".join(screen.display)
    assert "━" not in shown
    assert f"{ROWS} read, {ROWS} new" in shown


def test_no_bar_when_quiet(surroundings, large):
    assert on_a_terminal("-q", "import", str(large)) == (0, "")


def test_a_short_import_has_no_bar(surroundings, tmp_path):
    path = tmp_path / "short.csv"
    path.write_text("Name,Email\nAsha,a@x.example\n", encoding="utf-8")

    code, written = on_a_terminal("import", str(path))

    assert (code, "━" in written) == (0, False)
