"""What is named as a target and must not be one: no file of the user's is destroyed by a command that writes files."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import ledger
import pytest

from crm_cli.book.book import Book

if TYPE_CHECKING:
    from collections.abc import Callable

    from support import Run

    Crm = Callable[..., Run]

LEADS = "Name,Email,Size\nAsha,a@x.in,\n,,7\n"
"""A row of it is rejected."""

WRITERS = {
    "export": ["export", "--format", "vcf", "-o", "{}"],
    "rejects": ["import", "{source}", "--rejects", "{}"],
    "backup": ["backup", "{}"],
}

REFUSED = (
    "book", "link to the book", "hard link to the book", "dotted path to the book", "journal", "log", "missing journal",
    "link to the journal",
    "source", "link to the source", "hard link to the source", "settings", "link to the settings", "database",
    "another book", "folder",
    "named pipe", "link to a named pipe", "socket", "link in a circle", "below a file", "in no folder",
)  # fmt: skip


@pytest.fixture
def place(crm: Crm, tmp_path: Path, book_path: Path, surroundings: dict[str, str]) -> Path:
    """A folder with everything that somebody could name by mistake."""
    crm("add", "Ravi")
    crm("config", "set", "region", "IN")
    folder = tmp_path / "place"
    folder.mkdir()
    (folder / "leads.csv").write_text(LEADS, encoding="utf-8")
    (folder / "notes.txt").write_text("dear diary", encoding="utf-8")
    crm("--book", str(folder / "other.db"), "add", "Somebody")
    with closing(sqlite3.connect(folder / "photos.db")) as db:
        db.execute("CREATE TABLE photo (id)")
    os.mkfifo(folder / "pipe")
    os.mknod(folder / "socket", stat.S_IFSOCK | 0o600)
    (folder / "loop").symlink_to(folder / "loop")
    (folder / "pipe-link").symlink_to(folder / "pipe")
    return folder


def target(kind: str, folder: Path, book: Path) -> Path:
    """Return a path that a command may be given by mistake."""
    settings = folder.parent / "home" / "config" / "crm" / "config.toml"
    source = folder / "leads.csv"
    linked, hard = folder / "a-link", folder / "a-hard-link"
    of = {"source": source, "settings": settings, "journal": book.with_name("crm.db-journal")}.get(
        kind.rsplit(maxsplit=1)[-1], book
    )
    if kind.startswith("link to the"):
        linked.symlink_to(of)
    if kind.startswith("hard link"):
        hard.hardlink_to(of)
    if kind in {"journal", "log"}:
        book.with_name(f"crm.db-{'journal' if kind == 'journal' else 'wal'}").touch()
    return {
        "book": book,
        "dotted path to the book": book.parent / "." / ".." / book.parent.name / book.name,
        "journal": book.with_name("crm.db-journal"),
        "missing journal": book.with_name("crm.db-journal"),
        "log": book.with_name("crm.db-wal"),
        "source": source,
        "settings": settings,
        "database": folder / "photos.db",
        "another book": folder / "other.db",
        "folder": folder,
        "named pipe": folder / "pipe",
        "link to a named pipe": folder / "pipe-link",
        "socket": folder / "socket",
        "link in a circle": folder / "loop",
        "below a file": folder / "notes.txt" / "x",
        "in no folder": folder / "nowhere" / "x",
    }.get(kind) or (hard if kind.startswith("hard") else linked)


def state(*folders: Path) -> dict[str, tuple[int, int, bytes]]:
    """Return all that lies in folders: what each is, which inode, what it holds."""
    found = {}
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            facts = path.lstat()
            held = path.read_bytes() if stat.S_ISREG(facts.st_mode) else b""
            found[str(path)] = (facts.st_mode, facts.st_ino, held)
    return found


def test_no_file_of_the_users_is_destroyed(crm: Crm, place: Path, book_path: Path, monkeypatch) -> None:
    """Each kind of target for each command that writes a file: it is refused, or nothing that was there is touched."""
    monkeypatch.setattr("crm_cli.files.READER_SECONDS", 0.05)
    kept = place.parent / "kept"
    shutil.copytree(book_path.parent, kept)
    tried = held = 0
    for kind in REFUSED:
        for writer, words in WRITERS.items():
            if (writer == "export" and "source" in kind) or (writer in {"backup", "export"} and kind == "folder"):
                continue  # an ordinary file may be replaced by an export; in a folder both use names of their own
            path = target(kind, place, book_path)
            before = state(place, book_path.parent)

            found = crm(*(word.format(path, source=place / "leads.csv") for word in words))

            tried += 1
            after = state(place, book_path.parent)
            lost = [name for name, facts in before.items() if after.get(name) != facts and name != str(book_path)]
            taken_back = after.keys() - before.keys()
            fine = not lost and found.code in {1, 2, 5, 6} and len(found.err.splitlines()) <= 4
            if writer == "rejects" and found.code == 5:
                fine = fine and {Path(name).name for name in taken_back} <= {"photos.1.db", "other.1.db"}
            else:
                fine = fine and not taken_back and after == before
            held += fine
            assert fine, (kind, writer, found, lost, taken_back)
            for name in taken_back:
                Path(name).unlink()
            shutil.copy(kept / "crm.db", book_path)
            for name in ("a-link", "a-hard-link"):
                (place / name).unlink(missing_ok=True)
            for end in ("-journal", "-wal"):
                book_path.with_name(book_path.name + end).unlink(missing_ok=True)
    ledger.count("a target that must not be overwritten", tried=tried, held=held)


def test_a_device_stays_a_device(crm: Crm, place: Path) -> None:
    """Output may go to one, a backup or rejected rows may not."""
    null = place / "null"
    try:
        os.mknod(null, stat.S_IFCHR | 0o666, os.makedev(1, 3))
    except PermissionError:
        pytest.skip("only root makes devices")

    assert crm("export", "--format", "csv", "-o", str(null)).code == 0
    assert crm("backup", str(null)).code == 1
    assert crm("import", str(place / "leads.csv"), "--rejects", str(null)).code == 1
    assert stat.S_ISCHR(null.lstat().st_mode)
    assert crm("list", "--count").out == "1\n"


@pytest.mark.parametrize("way", ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"])
def test_output_to_a_descriptor_is_added_to_what_is_there(crm_process, crm: Crm, place: Path, way: str) -> None:
    """``(echo a; crm export -o /dev/stdout; echo b) > file`` keeps all three."""
    out = place / "out.txt"
    with out.open("wb", buffering=0) as file:
        file.write(b"first\n")
        assert crm_process("export", "--format", "csv", "-o", way, stdout=file).code == 0
        file.write(b"last\n")

    assert [line.split(b",")[0] for line in out.read_bytes().splitlines()] == [b"first", b"id", b"1", b"last"] or (
        out.read_bytes().startswith(b"first\n") and out.read_bytes().endswith(b"last\n") and b"Ravi" in out.read_bytes()
    )


def test_an_export_appended_to_the_book_is_refused(crm_process, crm: Crm, place: Path, book_path: Path) -> None:
    """``crm export >> crm.db``."""
    before = book_path.read_bytes()
    with book_path.open("ab") as file:
        found = crm_process("export", "--format", "csv", stdout=file)

    assert found.code == 2
    assert book_path.read_bytes() == before


def test_a_named_pipe_that_is_read_gets_the_export(crm_process, crm: Crm, place: Path) -> None:
    """It is written to, not replaced; the reader may come a little later."""
    from threading import Thread

    got: list[bytes] = []
    reader = Thread(target=lambda: got.append((place / "pipe").read_bytes()))
    reader.start()
    found = crm("export", "--format", "csv", "-o", str(place / "pipe"))
    reader.join()

    assert found.code == 0
    assert b"Ravi" in got[0]
    assert stat.S_ISFIFO((place / "pipe").lstat().st_mode)


@pytest.mark.parametrize("name", ["leads.csv.rejects", "mine.txt"])
def test_rejected_rows_take_a_name_that_is_free(crm: Crm, place: Path, name: str) -> None:
    """A file that is there is not replaced, and the report says where the rows are."""
    (place / name).write_text("mine", encoding="utf-8")
    words = ["--rejects", str(place / name)] if name == "mine.txt" else []

    found = crm("import", str(place / "leads.csv"), "--json", *words)

    free = {"leads.csv.rejects": "leads.csv.1.rejects", "mine.txt": "mine.1.txt"}[name]
    assert found.json[0]["rejects"] == str(place / free)
    assert (place / free).read_text(encoding="utf-8").startswith("Name,Email,Size,line,reason")
    assert (place / name).read_text(encoding="utf-8") == "mine"


def test_a_link_named_as_a_target_is_followed_and_stays(crm: Crm, place: Path) -> None:
    """As with a shell's own redirection."""
    link = place / "latest.vcf"
    link.symlink_to("2026.vcf")
    assert crm("export", "-o", str(link)).code == 0
    assert link.is_symlink()
    assert "Ravi" in (place / "2026.vcf").read_text(encoding="utf-8")

    settings = place.parent / "home" / "config" / "crm" / "config.toml"
    shutil.move(settings, place / "dotfile.toml")
    settings.symlink_to(place / "dotfile.toml")
    assert crm("config", "set", "currency", "INR").code == 0
    assert settings.is_symlink()
    assert 'currency = "INR"' in (place / "dotfile.toml").read_text(encoding="utf-8")


def test_a_backup_replaces_an_earlier_one_of_the_same_book_and_no_other(crm: Crm, place: Path, book_path: Path) -> None:
    """Another crm book is replaced only by those who say so."""
    target, other = place / "b.db", place / "other.db"
    assert crm("backup", str(target)).code == 0
    crm("add", "Asha")
    crm("rm", "1")
    assert crm("backup", str(target)).code == 0
    before = other.read_bytes()

    found = crm("backup", str(other))

    assert (found.code, "another crm book (people: 1)" in found.err) == (2, True)
    assert other.read_bytes() == before
    assert crm("backup", str(other), "--yes").code == 0
    with Book.read(other) as book:
        assert [row[0] for row in book.db.execute("SELECT name FROM contact")] == ["Asha"]


def test_a_backup_that_knows_more_than_the_book_is_asked_for(crm: Crm, place: Path, book_path: Path) -> None:
    """After an older book was put back, the newer backup is the only copy of what came since."""
    shutil.copy(book_path, place / "old.db")
    crm("add", "Asha")
    crm("backup", str(place / "b.db"))
    shutil.copy(place / "old.db", book_path)

    assert crm("backup", str(place / "b.db")).code == 2


def test_a_backup_is_not_put_before_anothers_journal(crm: Crm, place: Path) -> None:
    """SQLite would roll it into the backup."""
    (place / "b.db-journal").write_bytes(b"\xd9\xd5\x05\xf9 \xa1c\xd7" + b"x" * 600)

    assert crm("backup", str(place / "b.db")).code == 6
    assert not (place / "b.db").exists()


@pytest.mark.parametrize("form", ["csv", "vcf", "json"])
def test_an_export_replaces_an_earlier_one_and_asks_about_any_other_file(crm: Crm, place: Path, form: str) -> None:
    target = place / f"people.{form}"
    assert crm("export", "-o", str(target)).code == 0
    assert crm("export", "-o", str(target)).code == 0
    target.write_text("name,phone\nAsha,98200 12345\n")

    asked = crm("export", "-o", str(target))

    assert asked.code == 2
    assert asked.err.startswith(f"crm: {target} exists and is not an export of crm. Replace it?")
    assert target.read_text() == "name,phone\nAsha,98200 12345\n"
    assert crm("export", "-n", "-o", str(target)).code == 0
    assert crm("export", "--yes", "-o", str(target)).code == 0
    assert "98200 12345\n" not in target.read_text()
