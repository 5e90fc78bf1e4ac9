"""Report errors: one line on stderr, or JSON, with candidates and a caret under the mistake in a query or a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_cli.cli.output import note
from crm_cli.core.limits import shortened
from crm_cli.core.text.width import display_width
from crm_cli.errors import (
    AmbiguousError,
    CrmError,
    PlacedError,
)

# Typer carries its own Click since 0.26 and exports no usage error; the pinned version keeps this name.
from crm_cli.render.hints import worded

if TYPE_CHECKING:
    pass

AROUND = 100
"""How many characters of the text are shown on either side of a mistake."""


def report(error: CrmError, *, as_json: bool) -> int:
    """Report an error on stderr, and return the exit code."""
    from crm_cli.render.clean import clean

    lines = [clean(shortened(str(error)))]
    if isinstance(error, PlacedError):
        lines += _pointed(error)
    candidates = [clean(shortened(line)) for line in error.candidates] if isinstance(error, AmbiguousError) else []
    if as_json:
        import json

        body = {
            "error": shortened(str(error)),
            "hint": worded(error.hint),
            "exit_code": int(error.exit_code),
            "candidates": candidates,
        }
        from crm_cli.core.json_text import unsteerable

        note(unsteerable(json.dumps(body, ensure_ascii=False)))
        return error.exit_code
    if hint := worded(error.hint):
        lines[0] += f" ({clean(shortened(hint))})"
    note("crm: " + "\n".join(lines + [f"  {line}" for line in candidates]))
    return error.exit_code


def _pointed(error: PlacedError) -> list[str]:
    """Return the part of the text with the mistake, and a caret under it."""
    from crm_cli.render.clean import clean

    first = max(0, error.position - AROUND) if len(error.text) > 2 * AROUND else 0
    part = error.text[first : first + 2 * AROUND]
    before, after = "…" * bool(first), "…" * (first + len(part) < len(error.text))
    shown = before + clean(error.text[first : error.position])
    return [f"  {shown}{clean(part[error.position - first :])}{after}", "  " + " " * display_width(shown) + "^"]
