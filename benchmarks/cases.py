"""What is measured of the everyday commands, and with whom: rows of the table in design.md, section 6."""

from __future__ import annotations

import shlex
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

FLOORS = {
    "typer": ("-c", "import typer, sqlite3"),
    "sqlmodel": ("-c", "import sqlmodel"),
    "pass": ("-I", "-S", "-c", "pass"),
}
"""What a command is compared with: arguments of the same Python."""
SHOWN = {
    "typer": 'python -c "import typer, sqlite3"',
    "sqlmodel": 'python -c "import sqlmodel"',
    "pass": "python -I -S -c pass",
}
SAMPLES = 60
GROWTH = 1.1
"""How much slower a look-up may be at full size than among 1,000 people."""


class Case(NamedTuple):
    """A command as a template over a sample, its floor and the ratio allowed.

    ``grows`` compares it with the same among 1,000 people, too.
    """

    name: str
    words: str
    floor: str
    limit: float
    grows: bool = False
    env: dict[str, str] = {}  # noqa: RUF012


READS = (
    Case("find, by name", "find {given} {family}", "typer", 1.3, grows=True),
    Case("show, by id", "show {id}", "typer", 1.3, grows=True),
    Case("today", "today --format table", "typer", 1.3, grows=True),
    Case("remind, nothing due", "remind", "typer", 1.3),
    Case("list --limit 20", "list --limit 20", "typer", 1.3, grows=True),
    Case("find, a phone", 'find "{phone}"', "typer", 1.8),
    Case("find, a typo", "find {given} {typo}", "typer", 1.8),
    Case("email WORDS", "email {given} {start}", "pass", 3),
    Case("phone WORDS", "phone {given} {start}", "pass", 3),
    Case("TAB on a name", "", "pass", 3, env={"_CRM_COMPLETE": "complete_bash", "COMP_CWORD": "2",
                                              "COMP_WORDS": "crm show Ash"}),
    Case("TAB on a verb", "", "pass", 3, env={"_CRM_COMPLETE": "complete_bash", "COMP_CWORD": "1",
                                              "COMP_WORDS": "crm sh"}),
)  # fmt: skip
WRITES = (
    Case("log", 'log call {id} -m "talked about the quote"', "typer", 1.5),
    Case("called --next", 'called {id} -m "agreed" --next "fri: send samples"', "typer", 1.5),
    Case("todo", 'todo "send the quote" --with {id} --due fri', "typer", 1.5),
    Case("done", "done {activity}", "typer", 1.5),
    Case("tag", "tag {id} +measured", "typer", 1.5),
    Case("add", 'add "{given} Measured" email={given}@measured.example company=Acme', "typer", 1.5),
    Case("add, with a phone", 'add "{given} Measured" "{phone}"', "typer", 1.8),
    Case("edit", "edit {id} city=Pune email+={given}@measured.example +measured", "typer", 1.5),
    Case("edit, a phone", 'edit {id} phone+="{phone}"', "typer", 1.8),
    Case("job", "job {id} Measured title=CTO", "typer", 1.5),
    Case("deal move", "deal move {deal} prop", "sqlmodel", 1.7),
)


class Sample(NamedTuple):
    """Somebody in a book: what the templates are filled with."""

    id: str
    given: str
    family: str
    start: str
    typo: str
    phone: str
    activity: str
    deal: str

    def fill(self, words: str) -> list[str]:
        """Fill a template and part it as a shell would."""
        return [word.format(**self._asdict()) for word in shlex.split(words)]


def samples(book: Path) -> Sequence[Sample]:
    """Choose people all over the book, with a long Latin name and a phone; each with an open activity to complete."""
    db = sqlite3.connect(f"file:{book}?mode=ro", uri=True)
    people = db.execute(
        "SELECT c.id, c.given, c.family, p.norm FROM contact c JOIN contact_point p ON p.contact_id = c.id"
        " WHERE p.kind = 'phone' AND p.norm GLOB '+919*' AND c.family GLOB '[A-Z][a-z][a-z][a-z][a-z][a-z]*'"
        " AND EXISTS (SELECT 1 FROM contact_point e WHERE e.contact_id = c.id AND e.kind = 'email')"
        " AND c.given GLOB '[A-Z][a-z]*' AND c.id % 7 = 0 ORDER BY substr(c.id * 7919, -4), c.id LIMIT ?",
        (SAMPLES,),
    ).fetchall()
    open_ones = [row[0] for row in db.execute("SELECT id FROM activity WHERE status = 'open' LIMIT ?", (SAMPLES,))]
    deals = [row[0] for row in db.execute("SELECT id FROM deal WHERE status = 'open' LIMIT ?", (SAMPLES,))]
    db.close()
    return [
        Sample(
            str(ref), given, family, family[:4], _swapped(family), f"0{norm[3:8]} {norm[8:]}",
            f"a{open_ones[number % len(open_ones)]}", f"d{deals[number % len(deals)]}",
        )
        for number, (ref, given, family, norm) in enumerate(people)
    ]  # fmt: skip


def _swapped(word: str) -> str:
    """Swap two letters in the middle, as a hurried hand does."""
    middle = next((place for place in range(2, len(word) - 1) if word[place] != word[place + 1]), 2)
    return word[:middle] + word[middle + 1] + word[middle] + word[middle + 2 :]
