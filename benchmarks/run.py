"""Measure what design.md promises, and print goal and measured, row by row.

    python benchmarks/run.py                 the interpreter that runs this, 100,000 people
    python benchmarks/run.py --installed     a wheel built and installed into a fresh environment
    python benchmarks/run.py --quick         10,000 people, few rounds: to see that it works

Everything lies in a temporary folder. Rows are ratios to a floor that is measured in the same run.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import cases
import loads
from timing import Measured, Runner, always

HERE = Path(__file__).resolve().parent
CONFIG = 'region = "IN"\nzone = "Asia/Kolkata"\ncurrency = "INR"\n'
SMALL = 1000
START = 0.0085
"""Seconds in which ``python -I -S -c pass`` started on the machine whose seconds are the goal of the duplicate scan."""
GREW = 12
"""So many times as long may the scan of ten times the people take."""


class Row(NamedTuple):
    """A row of the table. ``limit`` is the most (or, with ``least``, the least) that ``value`` may be."""

    name: str
    limit: float
    value: float
    unit: str
    detail: str
    least: bool = False

    @property
    def ok(self) -> bool:
        """Is the promise kept?"""
        return self.value >= self.limit if self.least else self.value <= self.limit


class Bench:
    """The folder, the environment and the interpreter of one run."""

    def __init__(self, folder: Path, python: str, people: int, rounds: int) -> None:
        self.folder, self.python, self.people, self.rounds = folder, python, people, rounds
        beside = Path(python).parent / "crm"
        self.crm = [str(beside)] if beside.exists() else [python, "-m", "crm_cli"]
        self.env = environment(folder)
        self.runner = Runner(self.env, folder / "stderr")

    def generated(self, name: str, people: int, *more: str) -> Path:
        """Make (or find again) a file by the generator."""
        path = self.folder / name
        if not path.exists():
            words = [sys.executable, str(HERE / "generate.py"), str(people), *more, str(path)]
            subprocess.run(words, check=True, stderr=subprocess.DEVNULL)
        return path

    def floor(self, name: str) -> list[str]:
        """Return a floor's command."""
        return [self.python, *cases.FLOORS[name]]


def environment(folder: Path) -> dict[str, str]:
    """Return what the measured processes see: a user of their own, and none of what makes Python slow."""
    config = folder / "config" / "crm"
    config.mkdir(parents=True, exist_ok=True)
    (config / "config.toml").write_text(CONFIG, encoding="utf-8")
    names = {"XDG_CONFIG_HOME": "config", "XDG_DATA_HOME": "data", "XDG_STATE_HOME": "state", "HOME": "home"}
    given = {name: str(folder / place) for name, place in names.items()}
    return {"PATH": os.environ.get("PATH", os.defpath), "LANG": "C.UTF-8", **given}


def everyday(bench: Bench) -> Iterator[Row]:
    """Measure look-ups on the full book and on a small one, then writes on a copy."""
    full = bench.generated("full.db", bench.people)
    small = bench.generated("small.db", SMALL)
    for case in cases.READS:
        found = against_floor(bench, case, full)
        yield _row(case, found)
        if case.grows:
            yield _growth(bench, case, small, full)
    scratch = bench.folder / "scratch.db"
    shutil.copy(full, scratch)
    os.sync()  # the first writes would wait for the copy
    for case in cases.WRITES:
        yield _row(case, against_floor(bench, case, scratch))
    digest = bench.runner.pairs(always(*bench.floor("typer")), always(*bench.crm, "digest"), 3, CRM_BOOK=str(full))
    yield Row("digest", 1.0, digest.seconds, "s", f"{bench.people:,} people, {digest.megabytes:.0f} MB")


def against_floor(bench: Bench, case: cases.Case, book: Path) -> Measured:
    """Time a case in turn with its floor."""
    chosen = cases.samples(book)
    floor = always(*bench.floor(case.floor))
    env = {"CRM_BOOK": str(book), **case.env}
    return bench.runner.pairs(
        floor, lambda number: [*bench.crm, *chosen[number % len(chosen)].fill(case.words)], bench.rounds, **env
    )


def _row(case: cases.Case, found: Measured) -> Row:
    detail = f"{found.seconds * 1000:.0f} ms; {cases.SHOWN[case.floor]} {found.floor * 1000:.0f} ms"
    return Row(case.name, case.limit, found.ratio, "x", detail)


def _growth(bench: Bench, case: cases.Case, small: Path, full: Path) -> Row:
    few, many = cases.samples(small), cases.samples(full)
    found = bench.runner.pairs(
        lambda number: [*bench.crm, "--book", str(small), *few[number % len(few)].fill(case.words)],
        lambda number: [*bench.crm, "--book", str(full), *many[number % len(many)].fill(case.words)],
        bench.rounds,
    )
    detail = f"{found.seconds * 1000:.0f} ms; {found.floor * 1000:.0f} ms at {SMALL:,}"
    return Row(f"{case.name}, as at {SMALL:,}", cases.GROWTH, found.ratio, "x", detail)


def imports(bench: Bench) -> Iterator[Row]:
    """Measure the import of a CSV and of vCards."""
    rounds = 3 if bench.rounds > 7 else 1
    table = bench.generated("people.csv", bench.people, "--csv")
    loads.memory(bench.runner, bench.crm, table)
    floor = loads.Floor(table.with_suffix(".imported.db"), bench.folder / "floor", bench.python)
    found = loads.csv_import(bench.runner, bench.crm, table, floor, rounds)
    detail = f"{found.seconds:.1f} s, {found.megabytes:.0f} MB; {floor.name} {found.floor:.2f} s"
    yield Row(f"import CSV, {bench.people:,} rows", 8, found.ratio, "x", detail)
    cards = bench.generated("people.vcf", bench.people, "--vcf")
    few = bench.generated("few.vcf", bench.people // 10, "--vcf")
    parsed, whole = loads.vcard_import(bench.runner, bench.crm, bench.python, cards, rounds)
    base = f"vobject {parsed.floor:.1f} s of the processor"
    yield Row(f"parse {bench.people:,} vCards", 10, parsed.ratio, "x", f"{parsed.seconds:.1f} s; {base}", least=True)
    yield Row(f"import {bench.people:,} vCards", 4, whole.ratio, "x", f"{whole.seconds:.1f} s; {base}", least=True)
    little = loads.memory(bench.runner, bench.crm, few)
    detail = f"{whole.megabytes:.0f} MB; {little:.0f} MB at {bench.people // 10:,} cards"
    yield Row("memory of the vCard import", 1.5, whole.megabytes / little, "x", detail)


def duplicates(bench: Bench) -> Iterator[Row]:
    """Measure the duplicate scan, in seconds of the machine that the goal was set on, and how it grows."""
    full, tenth = bench.generated("full.db", bench.people), bench.generated("tenth.db", bench.people // 10)
    rounds = 5 if bench.rounds > 7 else 1
    bare = always(*bench.floor("pass"))
    found = bench.runner.pairs(bare, always(*bench.crm, "dupes"), rounds, CRM_BOOK=str(full))
    slowness = bench.runner.pairs(bare, bare, bench.rounds).seconds / START
    detail = f"{found.seconds:.1f} s, {found.megabytes:.0f} MB; Python starts {slowness:.1f} x slower than for the goal"
    yield Row(f"dupes, {bench.people:,} people", 15, found.seconds / slowness, "s", detail)
    grown = bench.runner.pairs(
        always(*bench.crm, "--book", str(tenth), "dupes"), always(*bench.crm, "--book", str(full), "dupes"), rounds
    )
    detail = f"{grown.seconds:.1f} s; {grown.floor:.1f} s at {bench.people // 10:,}"
    yield Row("dupes, as at a tenth", GREW, grown.ratio, "x", detail)


PARTS = {"everyday": everyday, "imports": imports, "duplicates": duplicates}


def installed(folder: Path) -> str:
    """Build a wheel of this checkout, install it into a fresh environment, and return its Python."""
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "-q"]
    subprocess.run([*pip, "wheel", "--no-deps", "-w", str(folder / "wheel"), str(HERE.parent)], check=True)
    subprocess.run([sys.executable, "-m", "venv", str(folder / "venv")], check=True)
    python = str(folder / "venv" / "bin" / "python")
    wheel = next((folder / "wheel").glob("*.whl"))
    subprocess.run(
        [python, "-m", "pip", "-q", "--disable-pip-version-check", "install", str(wheel), "vobject"], check=True
    )
    return python


def compile_all(python: str) -> None:
    """Compile what will be imported, so that no start has to."""
    where = subprocess.run(
        [python, "-c", "import crm_cli, typer; print(*crm_cli.__path__); print(*typer.__path__)"],
        capture_output=True, text=True, check=True,
    ).stdout.split("\n")  # fmt: skip
    places = [where[0], str(Path(where[1]).parent)]
    subprocess.run([python, "-m", "compileall", "-q", *places], check=False, stdout=subprocess.DEVNULL)


def shown(row: Row) -> str:
    """Lay a row out."""
    sign = ">=" if row.least else "<="
    goal, value = f"{sign} {row.limit:g} {row.unit}", f"{row.value:.2f} {row.unit}"
    return f"{row.name:<34}{goal:>10}{value:>10}  {'ok  ' if row.ok else 'OVER'}  {row.detail}"


def main() -> None:
    """Read the command line, measure, print the table."""
    parser = argparse.ArgumentParser(description="Measure what the design promises.")
    parser.add_argument("--python", default=sys.executable, help="the interpreter crm is installed for")
    parser.add_argument("--installed", action="store_true", help="measure a wheel in a fresh environment")
    parser.add_argument("--quick", action="store_true", help="10,000 people and few rounds")
    parser.add_argument("--only", choices=PARTS, action="append", help="a part of the table")
    parser.add_argument("--keep", type=Path, help="a folder to work in and to find generated books in again")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    given = parser.parse_args()
    for name in ("PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED"):
        os.environ.pop(name, None)
    people, rounds = (10_000, 7) if given.quick else (100_000, 21)
    with tempfile.TemporaryDirectory(prefix="crm-bench-") as temporary:
        folder = given.keep or Path(temporary)
        folder.mkdir(exist_ok=True)
        python = installed(Path(temporary)) if given.installed else given.python
        compile_all(python)
        rows = measure(Bench(folder, python, people, rounds), given.only or list(PARTS))
    if given.json:
        given.json.write_text(json.dumps([row._asdict() | {"ok": row.ok} for row in rows], indent=1) + "\n")


def measure(bench: Bench, parts: list[str]) -> list[Row]:
    """Measure the parts, printing each row as it comes."""
    rows = []
    for part in parts:
        for row in PARTS[part](bench):
            print(shown(row), flush=True)
            rows.append(row)
    return rows


if __name__ == "__main__":
    main()
