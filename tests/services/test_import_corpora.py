"""Every file of the corpora: taken, taken in part, or refused in one line; never a traceback, never a hang."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from support import dump, steering

from crm_cli.book import backup
from crm_cli.book.book import Book

if TYPE_CHECKING:
    from collections.abc import Callable

    from support import Run

    Crm = Callable[..., Run]

CORPORA = Path(__file__).parents[3] / "shared" / "corpora"
FILES = sorted(p for p in CORPORA.rglob("*") if p.suffix in {".vcf", ".csv", ".json", ".ics", ".ldif", ".tsv"})

pytestmark = pytest.mark.skipif(not FILES, reason="the corpora are not here")


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(CORPORA)))
def test_a_file_of_the_corpora(crm: Crm, tmp_path: Path, book_path: Path, path: Path) -> None:
    """Exit 0, 1 or 5; the same file again changes nothing; the whole book goes through JSON to an equal one."""
    done = crm("import", str(path), "--rejects", str(tmp_path / "rejects"))

    assert done.code in {0, 1, 5}, done
    assert "Traceback" not in done.err
    assert "this is a bug" not in done.err
    assert not steering(done.err)
    if done.code == 1:
        assert done.err.count("\n") == 1
        return
    before = dump(book_path)
    again = crm("import", str(path), "--rejects", str(tmp_path / "rejects"))
    assert "0 new, 0 changed" in again.err
    assert dump(book_path) == before
    with Book.read(book_path) as book:
        assert not backup.problems(book.db)
    crm("export", "--format", "json", "-o", str(tmp_path / "a.json"))
    if any(before.values()):
        assert crm("--book", str(tmp_path / "copy.db"), "import", str(tmp_path / "a.json")).code == 0
        assert dump(tmp_path / "copy.db") == before
