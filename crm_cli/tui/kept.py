"""Forms that were filled in when the dashboard was ended from outside: kept in private files for the next start."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from crm_cli import config
from crm_cli.drafts import FOLDER, Draft

if TYPE_CHECKING:
    from crm_cli.tui.dialogs.spec import FormSpec, Values

SUFFIX = ".form.json"


class Kept(NamedTuple):
    """A form that was kept: its name and the records it is about, its title, and the values that were changed."""

    path: Path
    name: str
    about: tuple[str, ...]
    title: str
    values: Values

    @property
    def typed(self) -> str:
        """The texts that were typed, in one line."""
        return " · ".join(" ".join(text.split()) for text in self.values.values() if text.strip())

    def discard(self) -> None:
        """Delete it."""
        import shutil

        shutil.rmtree(self.path.parent, ignore_errors=True)


def keep(book: Path, spec: FormSpec, values: Values) -> None:
    """Keep what was typed in a form. Raises OSError."""
    typed = {name: text for name, text in values.items() if text != spec.values[name]}
    what = {"book": _place(book), "form": spec.name, "about": spec.about, "title": spec.title, "values": typed}
    Draft(typed=json.dumps(what, ensure_ascii=False, indent=1), suffix=SUFFIX).file()


def first(book: Path) -> Kept | None:
    """Return the form that was kept first for a book, or None. A file that is not one is ignored."""
    for path in sorted((config.folder("state") / FOLDER).glob(f"*/crm{SUFFIX}")):
        try:
            found = json.loads(path.read_bytes())
            kept = Kept(path, found["form"], tuple(found["about"]), found["title"], dict(found["values"]))
        except (OSError, ValueError, KeyError, TypeError):
            continue
        if found["book"] == _place(book):
            return kept
    return None


def _place(book: Path) -> str:
    return str(book.resolve())
