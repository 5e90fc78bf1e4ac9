"""What the pages show is what the program prints, run on a terminal in a home of its own."""

import difflib

import pytest
from docs_support import DOCS, ROOT, console

PAGES = [page for page in console.pages() if page.name != "README.md"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_page_shows_what_its_commands_print(page):
    """Run the page from top to bottom: each command prints just what the page says."""
    for step, actual, _ in console.printed(page):
        assert actual == step.output, _difference(step, actual, page)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_guide_page_starts_with_its_task(page):
    """A page has one title, says what it is for, and soon has something to paste."""
    lines = page.read_text(encoding="utf-8").splitlines()

    assert lines[0].startswith("# ")
    assert "```" in "\n".join(lines[:45])


def test_every_noun_has_its_page():
    """The guide is complete: each page is in its index, and each line of the index is a page."""
    index = (DOCS / "guide/index.md").read_text(encoding="utf-8")
    pages = {page.name for page in (DOCS / "guide").glob("*.md")} - {"index.md"}

    assert all(f"({name})" in index for name in pages)
    assert len(pages) == 26


def _difference(step, actual, page):
    lines = difflib.unified_diff(step.output, actual, "the page", "the program", lineterm="")
    return f"\n$ {step.command}\n" + "\n".join(lines) + f"\nif the program is right: python docs/generate.py {page}"
