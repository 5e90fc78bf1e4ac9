"""Measure the dashboard as its user sees it: through a real pty, to the last byte of what is looked at.

    python benchmarks/tui.py                      a book of 100,000 people, made in a temporary folder
    python benchmarks/tui.py --book FULL          a book that is there already
    python benchmarks/tui.py --large MILLION      a book of 1,000,000 for the search, besides

*First paint* is the time from the start of the process until the first list stands on the screen, against an empty
Textual app in turn. *A key* is the time from a letter typed into the search until field and list look as they do when
all is quiet; the card beside them follows when one pauses, and is not waited for. Beside it stands what a letter costs
in an app with nothing but a field, on the same machine in the same minutes. *The query* is what the book is asked for
these letters, without the screen. *Bytes* are counted at 80x24, as over a slow line each of them is time.
"""

from __future__ import annotations

import argparse
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from statistics import median, quantiles
from typing import NamedTuple, Self

import pexpect
import pyte

from crm_cli.book import kept
from crm_cli.queries.find import find_people

HERE = Path(__file__).resolve().parent
EMPTY = """
import gc
gc.disable()
from textual.app import App
from textual.widgets import Static
class Empty(App):
    def compose(self):
        yield Static("EMPTY")
Empty().run()
"""
ECHO = """
import gc
gc.disable()
from textual.app import App
from textual.widgets import Input, Static
class Echo(App):
    def compose(self):
        yield Input()
        yield Static("READY")
    def on_input_changed(self, event):
        self.query_one(Static).update(event.value)
Echo().run()
"""
"""The least that a letter typed into a Textual field can cost: it is shown twice, and nothing is searched."""
SIZE = (40, 140)
LIST = 80
"""So many columns of the screen are field and list; the card lies right of them."""
SMALL = (24, 80)
QUIET, LONGEST = 0.4, 3.0
SEARCHES = 10
"""So many names out of the book are typed, letter by letter: the given name and the beginning of the family's."""
FIRST_PAINT, KEY, QUERY = 1.5, 0.050, 0.005
BYTES = {
    "the first switch to a screen": (20_000, "23"),
    "a switch of screens": (20_000, "1213"),
    "a moved cursor": (1_500, "jj"),
    "a letter in the search": (20_000, "2/ash"),
    "a form opened and closed": (20_000, "\x15\x1bl\x1b"),
}
"""What is done -> the most bytes it may take, and its keys, typed one after the other."""
ROUNDS = 9


class Row(NamedTuple):
    """A row of the table: what was measured, its goal, whether it is kept, and figures beside it."""

    name: str
    goal: str
    measured: str
    ok: bool
    detail: str


class Pty:
    """A process in a terminal, whose bytes are noted with the moment they came."""

    def __init__(self, words: Sequence[str], env: dict[str, str], size: tuple[int, int] = SIZE) -> None:
        self.started = time.perf_counter()
        self.child = pexpect.spawn(words[0], list(words[1:]), dimensions=size, env=env, timeout=30)
        self.child.delaybeforesend = None  # pexpect waits 50 ms before it sends, unless told otherwise
        self.screen = pyte.Screen(size[1], size[0])
        self.stream = pyte.ByteStream(self.screen)

    def __enter__(self) -> Self:
        """Return the terminal."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the process."""
        self.child.close(force=True)

    def until(self, needle: bytes) -> float:
        """Return the seconds from the start until some bytes were written."""
        written = b""
        while needle not in written:
            found = self.child.read_nonblocking(1 << 16, timeout=30)
            written += found
        seconds = time.perf_counter() - self.started
        self.stream.feed(written)
        return seconds

    def chunks(self) -> list[tuple[float, bytes]]:
        """Return what is written until all is quiet (a cursor may blink), each piece with its moment."""
        found: list[tuple[float, bytes]] = []
        until = time.perf_counter() + LONGEST
        while time.perf_counter() < until:
            try:
                piece = self.child.read_nonblocking(1 << 16, timeout=QUIET)
            except pexpect.TIMEOUT:
                return found
            found.append((time.perf_counter(), piece))
        return found

    def looked_at(self) -> tuple[str, ...]:
        """Return field and list as they are shown."""
        return tuple(line[:LIST] for line in self.screen.display)

    def key(self, letter: str) -> float:
        """Type a letter; return the seconds until field and list look as they do in the end."""
        before = time.perf_counter()
        self.child.send(letter)
        looks = []
        for moment, piece in self.chunks():
            self.stream.feed(piece)
            looks.append((moment, self.looked_at()))
        if not looks:
            return 0.0
        last = looks[-1][1]
        return next(moment for moment, look in looks if look == last) - before


def environment(folder: Path, book: Path) -> dict[str, str]:
    """Return what the measured processes see."""
    (folder / "home").mkdir(exist_ok=True)
    kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
    terminal = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}
    return kept | terminal | {"HOME": str(folder / "home"), "CRM_BOOK": str(book), "TZ": "Asia/Kolkata"}


def first_paint(env: dict[str, str]) -> Row:
    """Measure the first list against an empty app, in turn."""
    crm = [sys.executable, "-m", "crm_cli"]
    empty, ours = [], []
    for number in range(ROUNDS + 1):
        with Pty([sys.executable, "-c", EMPTY], env) as pty:
            floor = pty.until(b"EMPTY")
        with Pty(crm, env) as pty:
            seconds = pty.until(b"Overdue")
        if number:  # the first of each does not count
            empty.append(floor)
            ours.append(seconds)
    ratio = median(mine / floor for mine, floor in zip(ours, empty, strict=True))
    detail = f"{median(ours) * 1000:.0f} ms; empty app {median(empty) * 1000:.0f} ms"
    return Row("first paint", f"<= {FIRST_PAINT} x", f"{ratio:.2f} x", ratio <= FIRST_PAINT, detail)


def names(book: str) -> list[str]:
    """Return names out of the book, far apart from each other."""
    with closing(sqlite3.connect(f"file:{book}?mode=ro", uri=True)) as db:
        last = db.execute("SELECT max(id) FROM contact").fetchone()[0]
        ids = [last * number // SEARCHES + 1 for number in range(SEARCHES)]
        found = [db.execute("SELECT name FROM contact WHERE id >= ? LIMIT 1", (one,)).fetchone()[0] for one in ids]
    return [name[: name.find(" ") + 3] if " " in name else name for name in found]


def keys(env: dict[str, str]) -> Iterator[float]:
    """Yield the seconds that each letter of the names takes in the search."""
    with Pty([sys.executable, "-m", "crm_cli"], env) as pty:
        pty.until(b"Today")
        pty.chunks()
        pty.child.send("/")
        for _, piece in pty.chunks():
            pty.stream.feed(piece)
        time.sleep(5)
        yield from typed(pty, env)


def echoed(env: dict[str, str]) -> Iterator[float]:
    """Yield the seconds that each letter of the names takes in an app that only shows it."""
    with Pty([sys.executable, "-c", ECHO], env) as pty:
        pty.until(b"READY")
        pty.chunks()
        yield from typed(pty, env)


def typed(pty: Pty, env: dict[str, str]) -> Iterator[float]:
    """Type the names, each into an empty field; yield the seconds of each letter."""
    for word in names(env["CRM_BOOK"]):
        for letter in word:
            yield pty.key(letter)
        pty.key("\x15")


def search(env: dict[str, str], name: str) -> Row:
    """Measure a letter typed into the search, and into a field that searches nothing."""
    floor = [1000 * seconds for seconds in echoed(env)]
    found = [1000 * seconds for seconds in keys(env)]
    p95, least = quantiles(found, n=20)[-1], quantiles(floor, n=20)[-1]
    detail = (
        f"median {median(found):.0f} ms, worst {max(found):.0f} ms, {len(found)} letters;"
        f" a field alone: p95 {least:.0f} ms, median {median(floor):.0f} ms"
    )
    return Row(
        f"a key in the search, {name}", f"<= {KEY * 1000:.0f} ms", f"p95 {p95:.0f} ms", p95 <= 1000 * KEY, detail
    )


def queried(book: Path, name: str) -> Row:
    """Measure the query of a letter alone, in a process that has the book open as the dashboard has."""
    found = []
    with kept.reading(book) as opened:
        find_people(opened.db, "an", scan=False)
        for word in names(str(book)):
            for end in range(1, len(word) + 1):
                begin = time.perf_counter()
                find_people(opened.db, word[:end], scan=False)
                found.append(1000 * (time.perf_counter() - begin))
    p95 = quantiles(found, n=20)[-1]
    goal, detail = f"<= {QUERY * 1000:.0f} ms", f"median {median(found):.1f} ms, worst {max(found):.0f} ms"
    return Row(f"the query of a key, {name}", goal, f"p95 {p95:.1f} ms", p95 <= 1000 * QUERY, detail)


def written(env: dict[str, str]) -> Iterator[Row]:
    """Count the bytes that keys cause on a small terminal."""
    with Pty([sys.executable, "-m", "crm_cli"], env, SMALL) as pty:
        pty.until(b"Today")
        pty.chunks()
        for name, (most, keys) in BYTES.items():
            counts = []
            for key in keys:
                pty.child.send(key)
                counts.append(sum(len(piece) for _, piece in pty.chunks()))
            detail = f"median {median(counts) / 1000:.1f} KB"
            largest = f"{max(counts) / 1000:.1f} KB"
            yield Row(f"{name}, 80x24", f"<= {most / 1000:g} KB", largest, max(counts) <= most, detail)


def main() -> int:
    """Measure, print, and return how many goals were missed."""
    parser = argparse.ArgumentParser(description="Measure the dashboard through a pty.")
    parser.add_argument("--book", type=Path, help="a book of 100,000 people")
    parser.add_argument("--bytes", action="store_true", help="only count the bytes")
    parser.add_argument("--large", type=Path, help="a book of 1,000,000 people, for the search")
    asked = parser.parse_args()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    with tempfile.TemporaryDirectory(prefix="crm-bench-") as folder:
        book = asked.book or Path(folder) / "full.db"
        if not book.exists():
            words = [sys.executable, str(HERE / "generate.py"), "100000", str(book)]
            subprocess.run(words, check=True)
        rows = []
        if not asked.bytes:
            rows.append(first_paint(environment(Path(folder), book)))
            rows.append(search(environment(Path(folder), book), "100,000 people"))
        rows += written(environment(Path(folder), book))
        if asked.large:
            rows.append(search(environment(Path(folder), asked.large), "1,000,000 people"))
            rows.append(queried(asked.large, "1,000,000 people"))
    for row in rows:
        print(f"{row.name:40} {row.goal:10} {row.measured:12} {'ok' if row.ok else 'MISSED':7} {row.detail}")
    return sum(not row.ok for row in rows)


if __name__ == "__main__":
    raise SystemExit(main())
