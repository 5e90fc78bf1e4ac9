"""``crm erase``: a person is forgotten for ever, in every file of the program."""

import base64
import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from support import index_lag, made_once

PICTURE = b"\xff\xd8\xff\xe0" + os.urandom(600)
NEEDLES = (
    b"Zerlina", b"zerlina", b"Quastel", b"zq@needle.example", b"9820077123", b"9820077 123", b"former@needle.example",
    b"Kumquat", b"Loquat", b"Tamarind", base64.b64encode(PICTURE)[100:140], b"zerlina-uid-77",
)  # fmt: skip
CARD = (
    "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:zerlina-uid-77\r\nFN:Zerlina Quastel\r\nN:Quastel;Zerlina;;;\r\n"
    "EMAIL:zq@needle.example\r\nTEL:+91 9820077 123\r\nNOTE:Kumquat lover\r\nEND:VCARD\r\n"
    "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:ravi\r\nFN:Ravi Kumar\r\nEMAIL:ravi@x.example\r\nNOTE:cousin of "
    "Zerlina Quastel\r\nEND:VCARD\r\n"
)


@pytest.fixture
@made_once
def book(crm, tmp_path):
    (tmp_path / "cards.vcf").write_text(CARD, encoding="utf-8")
    crm("import", str(tmp_path / "cards.vcf"))
    crm("photo", "zerlina", "--set", "-", given=PICTURE)
    crm("edit", "1", "email+=former@needle.example", "+zerlina-quastel", "+client", "street=1 Loquat Road")
    crm("edit", "1", "email-=former@needle.example", "street=2 Plain Road")
    crm("called", "1", "-m", "talked about Tamarind")
    crm("log", "meeting", "1", "ravi", "-m", "the three of us")
    crm("todo", "send Tamarind to Zerlina Quastel", "--with", "1", "--due", "fri", "--remind", "-1d")
    crm("deal", "add", "Tins for Zerlina Quastel", "--with", "1", "company=Acme", "amount=5 EUR")
    crm("relate", "ravi", "referred-by", "1")
    crm("segment", "save", "z", "email:zq@needle.example")
    crm("note", "ravi", "-m", "Zerlina Quastel called him")
    crm("rm", "a1", "--yes")
    crm("add", "Mia", "+client")
    return crm


def holding(folder: Path) -> list[tuple[str, bytes]]:
    """Return the files in which a needle is found as bytes, and which."""
    return [
        (str(path.relative_to(folder)), needle)
        for path in folder.rglob("*")
        if path.is_file() and path.suffix != ".vcf"
        for needle in NEEDLES
        if needle in path.read_bytes()
    ]


def sound(book_path):
    with closing(sqlite3.connect(book_path, isolation_level=None)) as db:
        assert index_lag(db) == {}


def test_nothing_is_left_in_any_file(book, book_path, tmp_path):
    assert len({needle for _, needle in holding(tmp_path)}) == len(NEEDLES)

    done = book("erase", "zerlina", "--yes", "--redact")

    assert done.code == 0, done.err
    assert "Erased 1 for ever [ch" in done.err
    assert holding(tmp_path) == []
    assert book("check").code == 0
    sound(book_path)


def test_texts_of_others_stay_unless_they_are_redacted(book, tmp_path):
    done = book("erase", "zerlina", "--yes")

    assert "texts that still name them: 2, a" in done.err
    assert "cousin of Zerlina Quastel" in book("show", "2").out
    assert {needle for _, needle in holding(tmp_path)} == {b"Zerlina", b"zerlina", b"Quastel"}


def test_redacted_texts_say_so(book):
    book("erase", "zerlina", "--yes", "--redact")

    assert "cousin of [erased]" in book("show", "2").out
    assert "[erased] called him" in book("history", "2").out
    assert "Tins for [erased]" in book("deal", "list").out
    assert "the three of us" in book("history", "2").out
    assert book("show", "2", "--json").json["relationships"] == []


def test_a_dry_run_shows_what_would_be_forgotten_and_changes_nothing(book, book_path):
    before = book_path.read_bytes()

    done = book("erase", "1", "--dry-run")

    assert "1 Zerlina Quastel" in done.err
    assert "rows to forget for ever" in done.err
    assert "cousin of Zerlina Quastel" in done.err
    assert "their name is replaced in tags, titles, saved queries or imports: 2, segment" in done.err
    assert "the three of us" not in done.err
    assert book_path.read_bytes() == before


def test_without_a_terminal_it_wants_yes(book, book_path):
    before = book_path.read_bytes()

    assert book("erase", "1").code == 2
    assert book_path.read_bytes() == before


def test_undo_cannot_restore_them_and_says_so(book, tmp_path):
    book("erase", "zerlina", "--yes", "--redact")
    number = book("changes", "--limit", "1", "--format", "ids").out.strip()

    assert "erased a person for ever" in book("undo", number).err
    assert "were erased since" in book("undo", "ch2").err
    assert holding(tmp_path) == []


def test_other_changes_are_undone_as_before(book, book_path, tmp_path):
    book("erase", "zerlina", "--yes", "--redact")
    for ref in book("changes", "--limit", "99", "--format", "ids").lines:
        book("undo", ref)

    assert book("list", "--json").json == []
    for ref in reversed(book("changes", "--limit", "99", "--format", "ids").lines):
        book("redo", ref)
    assert sorted(row["name"] for row in book("list", "--json").json) == ["Mia", "Ravi Kumar"]
    assert holding(tmp_path) == []
    assert book("check").code == 0


def test_undoing_an_import_says_who_is_not_restored(book):
    book("erase", "zerlina", "--yes", "--redact")
    for ref in book("changes", "--limit", "99", "--format", "ids").lines[:-1]:
        book("undo", ref)

    assert "what it did to 1 was erased for ever and is not restored" in book("undo", "ch1").err


def test_backups_are_listed_or_rewritten(book, book_path, tmp_path):
    backup = Path(book("backup").out.strip())
    before = backup.stat().st_mtime_ns

    done = book("erase", "zerlina", "--yes", "--redact")
    assert f"{backup} of " in done.err
    assert "keeps them until you delete it" in done.err
    assert {name for name, _ in holding(tmp_path)} == {str(backup.relative_to(tmp_path))}

    book("restore", str(backup), "--yes")
    done = book("erase", "zerlina", "--yes", "--redact", "--backups")
    assert f"{backup}" in done.err
    assert holding(tmp_path) == []
    assert backup.stat().st_mtime_ns == before
    assert book("restore", str(backup), "--yes").code == 0
    assert book("check").code == 0


def test_copies_that_crm_made_by_itself_are_rewritten(book, book_path, tmp_path):
    backup = tmp_path / "mine.db"
    book("backup", str(backup))
    book("restore", str(backup), "--yes")
    backup.unlink()
    assert list(book_path.parent.glob("*.before-restore-*"))

    assert book("erase", "zerlina", "--yes", "--redact").code == 0
    assert holding(tmp_path) == []


def test_rejected_rows_drafts_and_logs_are_cleaned(book, tmp_path, surroundings):
    (tmp_path / "rows.csv").write_text(
        'Name,Email,Born\nZerlina Quastel,"a@b@c",Kumquat\n,,\n,,zq@needle.example\nTom,,32-13-1\n', encoding="utf-8"
    )
    book("import", str(tmp_path / "rows.csv"))
    state = Path(surroundings["XDG_STATE_HOME"], "crm")
    (state / "unsaved" / "x").mkdir(parents=True)
    (state / "unsaved" / "x" / "crm.md").write_text("a note for Zerlina Quastel", encoding="utf-8")
    (state / "dashboard.log").write_text("Traceback: zq@needle.example", encoding="utf-8")
    (tmp_path / "rows.csv").unlink()

    assert book("erase", "1", "--yes", "--redact").code == 0
    assert holding(state) == []
    assert [found for found in holding(tmp_path) if "rejects" in found[0]] == []


def test_a_later_import_of_the_same_person_warns(book, tmp_path):
    book("erase", "zerlina", "--yes", "--redact")
    (tmp_path / "cards.vcf").write_text(CARD, encoding="utf-8")

    done = book("import", str(tmp_path / "cards.vcf"))

    assert "4 was erased on 2026-11-22" in done.err


def test_adding_the_same_person_warns(book):
    book("erase", "zerlina", "--yes", "--redact")

    done = book("add", "Zerlina Q", "email=ZQ@needle.example")

    assert "note: this person was erased on 2026-11-22" in done.err
    assert "erased" not in book("add", "Zerlina Quastel").err


def test_secure_delete_is_not_needed(book, book_path, tmp_path, monkeypatch):
    from crm_cli.book import opening

    monkeypatch.setattr(
        opening, "PRAGMAS", (*(one for one in opening.PRAGMAS if "secure" not in one), "secure_delete=OFF")
    )
    book("edit", "1", "notes=Kumquat pie")

    assert book("erase", "zerlina", "--yes", "--redact").code == 0
    assert holding(tmp_path) == []


def test_an_erasure_that_was_killed_is_finished_at_the_next_start(book, book_path, tmp_path):
    from crm_cli.services.erasing import run

    run.begin(book_path, [1], now="2026-11-22T03:30:00Z", redact=True, backups=False)

    done = book("list")

    assert "an erasure that was interrupted is finished" in done.err
    assert "Zerlina" not in done.out
    assert holding(tmp_path) == []
    assert book("list").err == ""


def test_a_person_who_was_merged_is_forgotten_with_all_their_records(book, book_path, tmp_path):
    book("add", "Z. Quastel", "email=zq2@needle.example", "notes=Kumquat jam", "phone=98200 77123")
    book("called", "z. quastel", "-m", "Tamarind again")
    assert book("merge", "1", "4", "--yes").code == 0
    book("merge", "2", "3", "--yes")

    assert book("erase", "1", "--yes", "--redact").code == 0

    assert holding(tmp_path) == []
    assert b"zq2@needle.example" not in book_path.read_bytes()
    assert book("unmerge", "2").code == 0
    assert sorted(row["name"] for row in book("list", "--json").json) == ["Mia", "Ravi Kumar"]
    assert holding(tmp_path) == []
    assert book("check").code == 0


def test_a_person_who_was_removed_is_forgotten_by_number(book, tmp_path):
    book("rm", "1", "--yes")
    assert book("erase", "zerlina", "--yes").code == 3

    done = book("erase", "1", "--yes", "--redact")

    assert "1 Zerlina Quastel (removed)" in done.err
    assert holding(tmp_path) == []
    assert book("check").code == 0
    assert book("erase", "1", "--yes").code == 3


def test_the_dashboard_finishes_what_was_killed(book, book_path, tmp_path):
    from crm_cli.services.erasing import run
    from crm_cli.tui import start

    run.begin(book_path, [1], now="2026-11-22T03:30:00Z", redact=True, backups=False)
    start._session(start.Options())

    assert holding(tmp_path) == []
