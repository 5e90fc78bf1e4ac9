"""Addresses and numbers in the format of neomutt and aerc. Imports little, as it must answer at a keystroke."""

from __future__ import annotations

import os
import sys

from crm_cli.render.clean import clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from crm_cli.queries.addresses import Line

NOTHING = "no match"
FOUND, NOT_FOUND = 0, 3


def write(kind: str, found: list[Line], *, header: bool) -> int:
    """Write the answer in the format of neomutt and aerc, and return the exit code.

    The first line is a message (unless ``header`` is false), the others are ``address<TAB>name<TAB>company (label)``.
    Nothing in the book can add a line or a column.
    """
    lines = ["\t".join(map(clean, (value, name, _place(company, label)))) for value, name, company, label in found]
    if header:
        noun = {"email": ("address", "addresses"), "phone": ("number", "numbers")}[kind][len(found) != 1]
        lines.insert(0, f"{len(found)} {noun}" if found else NOTHING)
    try:
        sys.stdout.write("".join(f"{line}\n" for line in lines))
        sys.stdout.flush()
    except UnicodeEncodeError:
        sys.stdout.buffer.write("".join(f"{line}\n" for line in lines).encode("utf-8", "backslashreplace"))
        sys.stdout.flush()
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FOUND if isinstance(error, BrokenPipeError) else _not_written(error)
    if not found and not header:
        sys.stderr.write(f"crm: {NOTHING}\n")
    return FOUND if found else NOT_FOUND


def _not_written(error: OSError) -> int:
    from crm_cli.errors import unwritable

    failure = unwritable("the output", error)
    sys.stderr.write(f"crm: {failure}\n")
    return int(failure.exit_code)


def card(line: Line) -> dict[str, str]:
    """Return an address or number as a JSON object."""
    return dict(zip(("value", "name", "company", "label"), line, strict=True))


def _place(company: str, label: str) -> str:
    return f"{company} ({label})" if company and label else company or label
