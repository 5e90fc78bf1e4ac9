"""The page of all commands is what the program says of itself, and every command has its place in the guide."""

import re

import pytest
from docs_support import DOCS, console, generate

from crm_cli.commands import COMMANDS

PAGE = (DOCS / "commands.md").read_text(encoding="utf-8")
GUIDE = "\n".join(page.read_text(encoding="utf-8") for page in sorted((DOCS / "guide").glob("*.md")))


def test_the_page_of_commands_is_what_the_generator_writes():
    """A changed option or help text has reached the page."""
    assert generate.commands() == PAGE, "run: python docs/generate.py docs/commands.md"


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_every_command_is_listed_and_told_in_the_guide(command):
    """No command is without its reference and a place in the guide."""
    assert f"\n## crm {command.name}\n" in PAGE
    assert all(f"\n### crm {command.name} {part}\n" in PAGE for part in command.parts)
    assert re.search(rf"\bcrm {command.name}\b|`{command.name}`", GUIDE), f"no guide page tells of crm {command.name}"


@pytest.mark.parametrize("page", [page for page in sorted(DOCS.rglob("*.md")) if "<!-- table:" in page.read_text()])
def test_tables_are_what_the_program_knows(page):
    """A field, an outcome or a flag that was added stands in the page's table."""
    text = page.read_text(encoding="utf-8")

    assert generate.with_tables(text) == text, f"run: python docs/generate.py {page}"


def test_every_word_of_has_is_listed():
    """The queries page names all that has: and no: take."""
    from crm_cli.core.query.fields import PRESENCE

    listed = re.search(
        r"`has:` and `no:` take: (.*?), and custom fields", (DOCS / "guide/queries.md").read_text(), re.DOTALL
    )

    assert listed
    assert tuple(listed[1].replace("\n", " ").split(", ")) == PRESENCE


def test_the_sample_book_has_steps():
    """The first block of the guide makes the book that the other pages begin with."""
    assert [step.command for step in console.sample_book()] == ["crm import contacts.vcf leads.csv"]
