"""Importing, measured: a CSV against the sqlite3 command line's own import, vCards against vobject.

A CSV takes turns with its floor on the clock. vobject takes so long that nothing stays the same meanwhile: there the
processor's seconds are compared.
"""

from __future__ import annotations

import re
import shutil
import sqlite3
import subprocess
from pathlib import Path
from statistics import median
from typing import NamedTuple

from timing import Run, Runner

PARSE = """
import sys, time
from crm_cli.formats.open import open_source
start = time.process_time()
with open(sys.argv[1], "rb") as stream:
    count = sum(1 for _ in open_source(stream, name="people.vcf").records)
print(count, time.process_time() - start)
"""
"""Our own reading of a file, without storing it: prints how many records, and the seconds."""
VOBJECT = """
import sys, time, vobject
start = time.process_time()
with open(sys.argv[1], encoding="utf-8") as stream:
    count = sum(1 for _ in vobject.readComponents(stream))
print(count, time.process_time() - start)
"""
"""vobject's bare reading of the same file."""
EXECUTEMANY = """
import csv, sqlite3, sys
db = sqlite3.connect(sys.argv[1], isolation_level=None)
db.execute("BEGIN")
for file in sys.argv[2:]:
    table = file.rsplit("/", 1)[1][:-4]
    with open(file, encoding="utf-8", newline="") as stream:
        rows = csv.reader(stream)
        marks = ",".join("?" * len(db.execute(f"SELECT * FROM {table} LIMIT 0").description))
        db.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)
db.execute("COMMIT")
"""
"""The floor where there is no sqlite3 command line."""


class Loaded(NamedTuple):
    """An import and its floor: seconds, their ratio, and the largest memory in MB."""

    seconds: float
    floor: float
    ratio: float
    megabytes: float


class Floor:
    """A finished book's tables as CSV files, and the empty book of the same tables and indexes to bring them into.

    STRICT and CHECK are left out, and partial indexes ask for text instead of NOT NULL, as a CSV knows no NULL. The
    search index is no part of it.
    """

    def __init__(self, book: Path, folder: Path, python: str) -> None:
        self.folder, self.python = folder, python
        folder.mkdir(exist_ok=True)
        db = sqlite3.connect(f"file:{book}?mode=ro", uri=True)
        kept = [
            (kind, name, sql)
            for kind, name, table, sql in db.execute("SELECT type, name, tbl_name, sql FROM sqlite_schema")
            if sql and not table.startswith(("search_", "sqlite_"))
        ]
        self.tables = [name for kind, name, _ in kept if kind == "table"]
        self.schema = ";\n".join(_loosened(kind, sql) for kind, _, sql in kept) + ";\n"
        db.close()
        for table in self.tables:
            with (folder / f"{table}.csv").open("wb") as out:
                dump = [python, "-c", _DUMP, str(book), table]
                subprocess.run(dump, stdout=out, check=True)

    @property
    def name(self) -> str:
        """Which floor this is."""
        return "sqlite3 .import" if shutil.which("sqlite3") else "python executemany"

    def command(self, number: int) -> list[str]:
        """Prepare an empty book of this schema, and return what fills it in one transaction."""
        target = self.folder / f"floor{number}.db"
        target.unlink(missing_ok=True)
        db = sqlite3.connect(target)
        db.executescript(self.schema)
        db.close()
        files = [str(self.folder / f"{table}.csv") for table in self.tables]
        if not shutil.which("sqlite3"):
            return [self.python, "-c", EXECUTEMANY, str(target), *files]
        script = self.folder / "load.sql"
        imports = "".join(f'.import --csv "{self.folder}/{table}.csv" {table}\n' for table in self.tables)
        script.write_text(f"BEGIN;\n{imports}COMMIT;\n", encoding="utf-8")
        return ["sqlite3", str(target), f".read {script}"]


_DUMP = """
import csv, sqlite3, sys
out = csv.writer(sys.stdout, lineterminator="\\n")
out.writerows(sqlite3.connect(sys.argv[1]).execute("SELECT * FROM " + sys.argv[2]))
"""


def _loosened(kind: str, sql: str) -> str:
    """Make a statement of the schema take what a CSV can say."""
    if kind == "index":
        return sql.replace("IS NOT NULL", "<> ''")
    sql = re.sub(r"--[^\n]*", "", sql)
    sql = re.sub(r",?\s*CHECK \((?:[^()]|\([^()]*\))*\)", "", sql)
    return re.sub(r"\) STRICT(, WITHOUT ROWID)?$", lambda found: ") WITHOUT ROWID" if found[1] else ")", sql)


def csv_import(runner: Runner, crm: list[str], file: Path, floor: Floor, rounds: int) -> Loaded:
    """Time the import of a CSV and its floor in turn."""
    taken = []
    for number in range(rounds):
        base = runner.run(floor.command(number))
        taken.append((base, _imported(runner, crm, file)))
    return Loaded(
        median(mine.seconds for _, mine in taken),
        median(base.seconds for base, _ in taken),
        median(mine.seconds / base.seconds for base, mine in taken),
        max(mine.megabytes for _, mine in taken),
    )


def _imported(runner: Runner, crm: list[str], file: Path) -> Run:
    book = file.with_suffix(".imported.db")
    book.unlink(missing_ok=True)
    return runner.run([*crm, "import", str(file), "--quiet"], {"CRM_BOOK": str(book)})


def memory(runner: Runner, crm: list[str], file: Path) -> float:
    """Return how much memory the import of a file takes at most, in MB."""
    return _imported(runner, crm, file).megabytes


def parsed_by(python: str, file: Path, script: str) -> tuple[int, float]:
    """Return how many cards a reader found in a file, and the processor's seconds without the start of Python."""
    done = subprocess.run([python, "-c", script, str(file)], capture_output=True, text=True, check=True)
    count, seconds = done.stdout.split()
    return int(count), float(seconds)


def vcard_import(runner: Runner, crm: list[str], python: str, file: Path, rounds: int) -> tuple[Loaded, Loaded]:
    """Time our reading of a vCard file, and its whole import, against vobject's bare reading of it."""
    parsed, imported = [], []
    for _ in range(rounds):
        count, base = parsed_by(python, file, VOBJECT)
        ours, seconds = parsed_by(python, file, PARSE)
        if count != ours:
            raise SystemExit(f"vobject reads {count} cards, crm {ours}")
        parsed.append(Loaded(seconds, base, base / seconds, 0))
        whole = _imported(runner, crm, file)
        imported.append(Loaded(whole.worked, base, base / whole.worked, whole.megabytes))
    return _middle(parsed), _middle(imported)


def _middle(found: list[Loaded]) -> Loaded:
    return sorted(found, key=lambda one: one.ratio)[len(found) // 2]
