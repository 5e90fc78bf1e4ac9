"""Writes what the pages take from the program: ``commands.md``, ``man/crm.1``, tables between markers, console blocks.

``python docs/generate.py`` writes all of it, ``python docs/generate.py PAGE...`` only those pages. The tests in
``tests/docs`` fail when something is stale.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

import console
import man

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

DOCS = Path(__file__).resolve().parent
COMMANDS = DOCS / "commands.md"
MAN = DOCS / "man" / "crm.1"

HEAD = """# Commands

All commands of `crm`, their options and exit codes. This page is written by `docs/generate.py` from the program
itself. For the task rather than the command, see [the guide](guide/index.md).
"""


def commands() -> str:
    """Return the page of all commands."""
    from crm_cli.cli.loading import GLOBAL_OPTIONS
    from crm_cli.commands import COMMANDS as EVERY

    parts = [HEAD, *_contents(EVERY), "## Options of every command\n"]
    parts.append("They can be given anywhere on the command line.\n")
    parts.append(table(("option", "meaning"), [(code(name), meaning) for name, meaning in GLOBAL_OPTIONS]))
    parts.append(_exit_codes())
    parts += [part for command in EVERY for part in _command(command.name)]
    return "\n".join(parts).rstrip() + "\n"


def _contents(every: Iterable[Any]) -> Iterator[str]:
    """Yield the list of commands, section by section, each with its link."""
    section = ""
    for command in every:
        if command.section != section:
            yield f"{chr(10) if section else ''}**{command.section}**\n"
            section = command.section
        yield f"- [`crm {command.name}`](#crm-{command.name}): {command.summary}"
    yield "- [Exit codes](#exit-codes)\n"


def _exit_codes() -> str:
    return "\n## Exit codes\n\n" + table(("code", "meaning"), exit_codes())


def exit_codes() -> list[tuple[str, str]]:
    """Return the exit codes and their meanings."""
    from crm_cli.errors import EXIT_MEANINGS

    return [(str(int(code)), meaning) for code, meaning in EXIT_MEANINGS]


def _command(name: str) -> Iterator[str]:
    from crm_cli.cli.loading import load_command

    command = load_command(name)
    parts = getattr(command, "commands", None)
    yield from _page(command, f"crm {name}", "##")
    for part in parts or ():
        yield from _page(parts[part], f"crm {name} {part}", "###")


def _page(command: Any, title: str, mark: str) -> Iterator[str]:
    yield f"{mark} {title}\n"
    from crm_cli.cli.help_layout import argument_name, meaning, option_names

    if hasattr(command, "commands"):
        yield f"{command.help}\n"
        return
    arguments = [param for param in command.params if param.param_type_name == "argument"]
    options = [param for param in command.params if param.param_type_name == "option"]
    usage = " ".join(["crm", *title.split()[1:], "[OPTIONS]", *(argument_name(one) for one in arguments)])
    yield f"```text\n{usage}\n```\n"
    yield from _help(command.help or "")
    rows = [(code(argument_name(one)), one.help) for one in arguments if getattr(one, "help", None)]
    rows += [(code(option_names(one)), meaning(one)) for one in options]
    yield table(("option", "meaning"), [*rows, ("`-h`, `--help`", "Show the help of the command.")])


def _help(text: str) -> Iterator[str]:
    """Yield the paragraphs of a help text; examples and columns become code."""
    held: list[str] = []
    for paragraph in re.split(r"\n\s*\n", text.strip()):
        verbatim = paragraph.startswith("\b")
        lines = paragraph.removeprefix("\b\n").splitlines()
        if verbatim or all(line.startswith("  ") for line in lines):
            held += [line.removeprefix("  ") for line in lines]
            continue
        if held:
            yield _block(held)
            held = []
        yield " ".join(line.strip() for line in lines) + "\n"
    if held:
        yield _block(held)


def _block(lines: list[str]) -> str:
    return "```sh\n" + "\n".join(lines) + "\n```\n"


def code(text: str) -> str:
    """Return a text as code in a table."""
    return "`" + text.replace("|", "\\|") + "`"


def table(header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """Return a Markdown table."""
    lines = [header, tuple("---" for _ in header), *rows]
    return "\n".join("| " + " | ".join(cell for cell in line) + " |" for line in lines) + "\n"


def assignment_fields() -> str:
    """Return the fields that ``field=value`` knows."""
    from crm_cli.core.fields import COMPANY_FIELDS, CONTACT_FIELDS

    companies = {field.name for field in COMPANY_FIELDS}
    rows = [
        (code(one.name), ", ".join(map(code, one.aliases)), one.meaning, "yes" if one.name in companies else "",
         code(one.example))
        for one in CONTACT_FIELDS
    ]  # fmt: skip
    return table(("field", "also called", "meaning", "companies too", "example"), rows)


def deal_fields() -> str:
    """Return the fields of a deal."""
    from crm_cli.core.fields import DEAL_FIELDS

    rows = [(code(one.name), ", ".join(map(code, one.aliases)), one.meaning, code(one.example)) for one in DEAL_FIELDS]
    return table(("field", "also called", "meaning", "example"), rows)


def activity_fields() -> str:
    """Return the fields of an activity."""
    from crm_cli.core.fields import ACTIVITY_FIELDS

    rows = [
        (code(one.name), ", ".join(map(code, one.aliases)), one.meaning, code(one.example)) for one in ACTIVITY_FIELDS
    ]
    return table(("field", "also called", "meaning", "example"), rows)


def query_fields() -> str:
    """Return the fields of the query language."""
    from crm_cli.core.query.fields import ALIASES, describe

    also: dict[str, list[str]] = {}
    for alias, name in ALIASES.items():
        also.setdefault(name, []).append(code(alias))
    rows = [
        (code(name), meaning, code(example), ", ".join(also.get(name, ()))) for name, meaning, example in describe()
    ]
    return table(("field", "finds", "example", "also called"), rows)


def flags() -> str:
    """Return the words of ``is:``."""
    from crm_cli.core.query.fields import IS_FLAGS

    return table(("query", "who or what it finds"), [(code(f"is:{name}"), text) for name, text in IS_FLAGS.items()])


def outcomes() -> str:
    """Return what each outcome makes of an activity."""
    from crm_cli.core.activities import OUTCOMES

    words = {2: "reach", 1: "attempt", 0: "neither", None: ""}
    rows = [(code(name), text, *(words[one] for one in reach)) for name, (text, reach) in OUTCOMES.items()]
    return table(("outcome", "meaning", "a call", "a meeting", "e-mail, message, letter"), rows)


def keys() -> str:
    """Return the keys of the dashboard, place by place."""
    from crm_cli.tui.actions import ACTIONS, CARD, LINKS, MOVES, NAMES, key_words

    rows = [
        (_keys(key_words(one.keys)), one.means, NAMES[one.where], code(one.twin) if one.twin else "") for one in ACTIONS
    ]
    rows += [(_keys(key_words(names)), means, NAMES[CARD], "") for names, _, means in LINKS]
    rows += [(_keys(key_words(names)), means, "a list", "") for names, _, means in MOVES]
    return table(("key", "does", "where", "the same at the prompt"), rows)


def _keys(names: list[str]) -> str:
    return " ".join(code(name) for name in names)


TABLES = {
    "keys": keys,
    "assignment fields": assignment_fields,
    "deal fields": deal_fields,
    "activity fields": activity_fields,
    "query fields": query_fields,
    "is flags": flags,
    "outcomes": outcomes,
}

MARKED = re.compile(r"(<!-- table: ([a-z ]+) -->\n)(.*?)(<!-- end -->)", re.DOTALL)


def with_tables(text: str) -> str:
    """Return a page with its marked tables written anew."""
    return MARKED.sub(lambda found: f"{found[1]}\n{TABLES[found[2]]()}\n{found[4]}", text)


def main() -> None:
    """Write everything, or the pages named."""
    named = [Path(word).resolve() for word in sys.argv[1:]]
    if not named or COMMANDS in named:
        COMMANDS.write_text(commands(), encoding="utf-8")
    if not named or MAN in named:
        MAN.write_text(man.page(exit_codes()), encoding="utf-8")
    for page in [DOCS.parent / "README.md", *sorted(DOCS.rglob("*.md"))]:
        if (named and page not in named) or page == COMMANDS:
            continue
        text = page.read_text(encoding="utf-8")
        page.write_text(with_tables(text), encoding="utf-8")
        if "```console" in text:
            console.fill(page)


if __name__ == "__main__":
    main()
