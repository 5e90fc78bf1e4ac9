"""The page on the architecture names what is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
CODE = ROOT / "crm_cli"
PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
PACKAGES = sorted(path.parent.relative_to(CODE) for path in CODE.rglob("*/__init__.py"))
ROWS = re.findall(r"^\| `([\w/]+)/` \|.*\| ([^|]+) \|$", PAGE, re.MULTILINE)


@pytest.mark.parametrize("package", PACKAGES, ids=str)
def test_each_package_is_in_the_table(package: Path) -> None:
    table = PAGE[PAGE.index("## Packages") : PAGE.index("## Adding a noun")]

    assert f"`{package}/`" in table or f"`{package.name}/`" in table


@pytest.mark.parametrize(("package", "files"), ROWS, ids=[package for package, _ in ROWS])
def test_the_files_to_start_with_are_there(package: str, files: str) -> None:
    names = re.findall(r"`([^`]+)`", files)

    assert names
    assert [name for name in names if not (CODE / package / name).is_file()] == []
