"""Streams, formats and exit codes: what a shell and a script see of every command."""

from __future__ import annotations

import io
import json
import os
import pty
import random
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from support import HOSTILE, dump, made_once

from crm_cli import entry
from crm_cli.book.book import Book
from crm_cli.cli import loading
from crm_cli.errors import EXIT_MEANINGS, Exit

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support import Run

    Crm = Callable[..., Run]

WRITES = [
    "add Ravi email=r@x.in", "edit 1 city=Goa", "rm 1", "tag 1 +vip", "job 1 Globex", "company add Globex",
    "field add renewal", "segment save pune city:pune", "deal add Tins --with 1", "stage add Tasting", "log call 1",
    "todo x --due fri", "done a1", "move a1 fri", "snooze a2 tomorrow", "cancel a1", "config set region IN", "backup",
    "init --region IN", "demo play.db",
]  # fmt: skip


@pytest.fixture
@made_once
def asha(crm: Crm) -> Crm:
    crm("add", "Asha Verma", "company=Acme", "email=asha@acme.example", "city=Pune")
    crm("todo", "call", "--with", "1", "--due", "yesterday")
    crm("todo", "send", "--with", "1", "--due", "fri")
    return crm


@pytest.mark.conv("C01")
@pytest.mark.parametrize("line", WRITES)
def test_a_write_says_at_most_one_line_on_stderr(asha: Crm, tmp_path: Path, monkeypatch, line: str) -> None:
    monkeypatch.chdir(tmp_path)

    found = asha(*line.split())

    assert found.code == 0
    assert len(found.err.splitlines()) <= 1


@pytest.mark.conv("C03")
@pytest.mark.parametrize("line", ["list", "find asha", "company list", "deal list", "history"])
def test_columns_are_listed_and_a_wrong_one_gets_the_nearest(asha: Crm, line: str) -> None:
    listed = asha(*line.split(), "--columns", "help")
    wrong = asha(*line.split(), "--columns", "idd")

    assert (listed.code, listed.err) == (0, "")
    assert listed.lines[0].split()[0] == "id"
    assert (wrong.code, wrong.out) == (2, "")
    assert "did you mean id?" in wrong.err


@pytest.mark.conv("C05")
def test_json_is_the_same_on_a_terminal(asha: Crm) -> None:
    master, slave = pty.openpty()
    subprocess.run([sys.executable, "-m", "crm_cli", "list", "--json"], stdout=slave, check=True, timeout=60)
    os.close(slave)

    shown = os.read(master, 100_000).decode()
    os.close(master)

    assert shown.replace("\r\n", "\n") == asha("list", "--json").out


@pytest.mark.conv("C06")
def test_each_exit_code_is_documented_and_driven(
    asha: Crm, tmp_path: Path, book_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cards = (
        "BEGIN:VCARD\nVERSION:4.0\nKIND:location\nFN:Hall 3\nEND:VCARD\nBEGIN:VCARD\nVERSION:4.0\nFN:Mia\nEND:VCARD\n"
    )
    (tmp_path / "part.vcf").write_text(cards, encoding="utf-8")
    (tmp_path / "text.db").write_text("x" * 5000, encoding="utf-8")
    asha("add", "Asha Rao")
    lines = {
        Exit.OK: ("list",), Exit.FAILED: ("import", str(tmp_path / "nowhere.csv")), Exit.USAGE: ("list", "--wibble"),
        Exit.NOT_FOUND: ("show", "zzz"), Exit.AMBIGUOUS: ("show", "asha"),
        Exit.BOOK: ("--book", str(tmp_path / "text.db"), "list"),
    }  # fmt: skip

    assert {code: asha(*line).code for code, line in lines.items()} == {code: code for code in lines}
    listed = " ".join(asha("help", "exit-codes").out.split())
    assert listed == " ".join(
        [*(f"{code} {meaning}".replace("`", "") for code, meaning in EXIT_MEANINGS),
         "Any other code means failure."]
    )  # fmt: skip
    monkeypatch.setattr("crm_cli.book.locks.BUSY_SECONDS", 0.1)
    with closing(sqlite3.connect(book_path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert asha("add", "Mia").code == Exit.TRY_LATER
    assert asha("import", str(tmp_path / "part.vcf"), "--rejects", str(tmp_path / "rejects")).code == Exit.PARTIAL
    assert set(dict(EXIT_MEANINGS)) == {*lines, Exit.TRY_LATER, Exit.PARTIAL, Exit.INTERRUPTED}


@pytest.mark.conv("C08")
def test_a_dash_is_standard_input_and_output(asha: Crm) -> None:
    card = "BEGIN:VCARD\nVERSION:4.0\nFN:Mia Roth\nEMAIL:mia@roth.example\nEND:VCARD\n"

    assert asha("import", "-", given=card).code == 0
    assert asha("export", "--format", "csv", "-o", "-").out.startswith("crm id,")
    assert "Mia Roth" in asha("export", "--format", "csv", "-o", "-").out


@pytest.mark.conv("C11")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_in_an_import_leaves_the_book_as_it_was(asha: Crm, tmp_path: Path, book_path: Path, number) -> None:
    rows = "".join(f"Person {n},p{n}@x.example\n" for n in range(20_000))
    (tmp_path / "big.csv").write_text("Name,Email\n" + rows, encoding="utf-8")
    before, chance = dump(book_path), random.Random(int(number))
    begun = time.monotonic()
    subprocess.run([sys.executable, "-m", "crm_cli", "--version"], check=True, capture_output=True, timeout=60)
    start, codes = time.monotonic() - begun, set()
    for _ in range(3):
        process = subprocess.Popen(
            [sys.executable, "-m", "crm_cli", "import", str(tmp_path / "big.csv")], stderr=subprocess.PIPE,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # noqa: PLW1509
        )  # fmt: skip
        time.sleep(chance.uniform(1, 3) * start)
        process.send_signal(number)
        output = process.communicate(timeout=60)[1]
        codes.add(process.returncode)

        assert b"Traceback" not in output
        assert process.returncode == 0 or dump(book_path) == before

    assert codes <= {0, 130, -number}
    assert asha("check").code == 0


@pytest.mark.parametrize("early", [True, False], ids=["before the command line", "in a command"])
def test_ctrl_c_while_a_class_is_being_made(crm: Crm, monkeypatch: pytest.MonkeyPatch, early: bool) -> None:
    """As while modules load: Python 3.11 raises a RuntimeError from the KeyboardInterrupt."""

    class Interrupted:
        def __set_name__(self, owner: type, name: str) -> None:
            raise KeyboardInterrupt

    def load(_: object) -> None:
        type("Made", (), {"field": Interrupted()})

    left: list[int] = []
    monkeypatch.setattr(entry, "_leave", left.append)
    monkeypatch.setattr(sys, "argv", ["crm", "list"])
    monkeypatch.setattr(*(entry, "run", load) if early else (loading, "load_command", load))

    entry.main()

    assert left == [Exit.INTERRUPTED]


@pytest.mark.conv("C12")
def test_a_full_disk_on_standard_output_is_an_error(asha: Crm) -> None:
    with open("/dev/full", "wb") as full:  # noqa: PTH123
        done = subprocess.run(
            [sys.executable, "-m", "crm_cli", "export", "--format", "csv"], stdout=full, stderr=subprocess.PIPE,
            timeout=60, check=False,
        )  # fmt: skip

    assert done.returncode == Exit.BOOK
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.conv("C21")
def test_what_is_late_says_so_without_colour(asha: Crm) -> None:
    asha("todo", "pay", "--due", "today", "--priority", "high")

    shown = asha("today", "--format", "table").out

    assert "\x1b" not in shown
    assert all(word in shown for word in ("Overdue", "! "))


@pytest.mark.conv("C24")
def test_no_progress_is_drawn_off_a_terminal(asha: Crm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crm_cli.cli.progress.PATIENCE", -1)
    rows = "".join(f"Person {n},p{n}@x.example\n" for n in range(6_000))
    (tmp_path / "big.csv").write_text("Name,Email\n" + rows, encoding="utf-8")

    assert "\r" not in asha("import", str(tmp_path / "big.csv")).err


@pytest.mark.conv("C56")
def test_without_a_header_every_line_is_an_address(asha: Crm) -> None:
    assert [line.split("\t")[0] for line in asha("email", "--no-header", "asha").lines] == ["asha@acme.example"]


@pytest.mark.conv("C57")
def test_a_thousand_hostile_names_break_no_line(crm: Crm, book_path: Path) -> None:
    from crm_cli.core.edits import Edit
    from crm_cli.services import contacts

    chance = random.Random(57)
    with Book.write(book_path) as book, book.change("add", now="2026-11-22T03:30:00Z", origin="script"):
        for n in range(1000):
            name = "".join(chance.choice(HOSTILE)[:40] + chance.choice("\t\n\r\x1b\x07 a") for _ in range(3))
            email = Edit("email", "add", f"{'abcdefghij'[n % 10]}zed{n}@x.example")
            contacts.add(book, f"Zed {name}", [email], now="2026-11-22T03:30:00Z")

    lines = [line for first in "abcdefghij" for line in crm("email", "--no-header", f"{first}zed").out.split("\n")[:-1]]

    assert len(lines) == 1000
    assert all(line.count("\t") >= 2 for line in lines)
    assert not {char for line in lines for char in line if ord(char) < 32 and char != "\t"}


@pytest.mark.conv("D10")
def test_cron_needs_nothing_but_a_home(asha: Crm, tmp_path: Path, book_path: Path) -> None:
    asha("edit", "1", "name=Łukasz 李小龍")
    done = subprocess.run(
        [sys.executable, "-m", "crm_cli", "digest", "--book", str(book_path)],
        env={"HOME": str(tmp_path)}, capture_output=True, cwd="/", timeout=60, check=False,
    )  # fmt: skip

    assert (done.returncode, done.stderr) == (0, b"")
    assert "Łukasz 李小龍" in done.stdout.decode()


def test_a_digest_that_cannot_be_made_is_loud(crm: Crm, tmp_path: Path) -> None:
    found = crm("--book", str(tmp_path / "gone.db"), "digest")

    assert (found.code, found.out) == (Exit.NOT_FOUND, "")
    assert len(found.err.splitlines()) == 1


@pytest.mark.conv("C02")
def test_json_is_not_escaped(asha: Crm) -> None:
    asha("edit", "1", "name=李小龍")

    assert "李小龍" in asha("show", "1", "--json").out
    assert json.load(io.StringIO(asha("show", "1", "--json").out))["birthday"] is None
