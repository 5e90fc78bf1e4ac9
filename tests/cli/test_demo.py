"""The demonstration book: whole, the same each time, never in the user's own place."""

from __future__ import annotations

import json
import sqlite3
from datetime import date
from pathlib import Path

import pytest

from crm_cli import demo
from crm_cli.book.backup import problems
from crm_cli.core.text.width import display_width
from crm_cli.entry import run
from crm_cli.errors import Exit

NOW = "2026-11-24T09:30:00+05:30"


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name))
    for name, value in {"CRM_NOW": NOW, "TZ": "Asia/Kolkata", "COLUMNS": "80"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("CRM_BOOK", str(tmp_path / "own.db"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))


def made(path: Path, capsys: pytest.CaptureFixture[str], *more: str) -> str:
    assert run(["demo", *more, str(path)]) == Exit.OK
    return capsys.readouterr().out


def test_makes_a_sound_book_in_a_temporary_place(tmp_path, capsys):
    """Fail if the own book is touched, the book is not sound, or the line to paste does not work."""
    assert run(["demo"]) == Exit.OK
    printed = capsys.readouterr()

    path = printed.err.split("--book ", 1)[1].splitlines()[0]
    assert Path(path).is_relative_to(tmp_path)
    assert Path(path).stat().st_mode & 0o777 == 0o600
    assert problems(sqlite3.connect(path)) == []
    assert not (tmp_path / "own.db").exists()
    assert "happy birthday!" in printed.out
    assert "Your own book was not touched" in printed.err


def test_commands_to_try_work(tmp_path, capsys):
    """Fail if one of the commands that are named does not do what it says."""
    import shlex

    answer = json.loads(made(tmp_path / "my book.db", capsys, "--json"))

    assert len(answer["try"]) == 4
    for line in answer["try"]:
        assert run(shlex.split(line)[1:]) == Exit.OK, line


def test_holds_people_in_five_scripts_and_a_year_of_activities(tmp_path, capsys):
    """Fail if the book is too poor to show anything."""
    answer = json.loads(made(tmp_path / "demo.db", capsys, "--json"))
    db = sqlite3.connect(answer["book"])

    assert answer["people"] == 54
    assert answer["companies"] == 14
    assert answer["activities"] == 99
    assert answer["deals"] == 13
    assert {row[0] for row in db.execute("SELECT currency FROM deal")} == {"INR", "EUR", "JPY", None}
    assert {row[0] for row in db.execute("SELECT status FROM deal")} == {"open", "won", "lost"}
    assert len({row[0] for row in db.execute("SELECT stage_id FROM deal WHERE status = 'open'")}) == 4
    for name in ("Łukasz Wójcik", "अंजलि शर्मा", "ليلى الخطيب", "林雅婷", "Ольга Соколова"):
        assert db.execute("SELECT 1 FROM contact WHERE name = ?", (name,)).fetchone(), name
    assert db.execute("SELECT min(at_utc) FROM activity").fetchone()[0] < "2025-12-24"
    assert {row[0] for row in db.execute("SELECT promise FROM activity WHERE status = 'open'")} == {"", "owe", "await"}
    kept = db.execute("SELECT count(*) FROM source_property").fetchone()[0]
    assert kept + db.execute("SELECT count(zone) + count(language) FROM contact").fetchone()[0] > 10
    assert db.execute("SELECT count(*) FROM import_run WHERE rejected = 0").fetchone()[0] == 2


def test_agenda_shows_every_section(tmp_path, capsys):
    """Fail if a section of today's agenda is empty, or if the agenda differs from that of ``crm today``."""
    shown = made(tmp_path / "demo.db", capsys)
    run(["today", "--book", str(tmp_path / "demo.db")])

    assert capsys.readouterr().out == shown
    sections = [line.split("\t")[0] for line in shown.splitlines()]
    assert {name: sections.count(name) for name in dict.fromkeys(sections)} == {
        "overdue": 3, "due": 4, "coming": 13, "deals": 5, "birthdays": 4,
    }  # fmt: skip


def test_table_fits_eighty_columns(tmp_path, capsys):
    """Fail if a line of the agenda would wrap on a small terminal."""
    path = tmp_path / "demo.db"
    made(path, capsys)
    run(["today", "--format", "table", "--book", str(path)])

    lines = capsys.readouterr().out.splitlines()
    assert lines
    assert max(map(display_width, lines)) <= 80


def test_is_the_same_each_time(tmp_path, capsys):
    """Fail if two books made at the same moment differ in anything but their uids."""
    dumps = []
    for name in ("one.db", "two.db"):
        made(tmp_path / name, capsys)
        db = sqlite3.connect(tmp_path / name)
        dumps.append(
            [
                db.execute("SELECT id, name, birthday, notes, created_utc FROM contact").fetchall(),
                db.execute("SELECT id, subject, body, at_utc, due_utc, reach, company_id FROM activity").fetchall(),
                db.execute("SELECT * FROM activity_participant").fetchall(),
                db.execute("SELECT contact_id, kind, value, norm FROM contact_point").fetchall(),
            ]
        )

    assert dumps[0] == dumps[1]


def test_refuses_what_is_somebodys(tmp_path, capsys, monkeypatch):
    """Fail if a book that holds something, another program's file, or the user's own book is filled."""
    taken, foreign = tmp_path / "taken.db", tmp_path / "letter.txt"
    made(taken, capsys)
    foreign.write_text("Dear all")
    before = taken.read_bytes()

    assert run(["demo", str(taken)]) == Exit.FAILED
    assert "not empty" in capsys.readouterr().err
    assert run(["demo", "--book", str(foreign)]) == Exit.BOOK
    assert run(["demo", str(tmp_path / "own.db")]) == Exit.USAGE
    assert "your own book" in capsys.readouterr().err
    monkeypatch.delenv("CRM_BOOK")
    assert run(["demo", "--book", str(tmp_path / "XDG_DATA_HOME" / "crm" / "crm.db")]) == Exit.USAGE
    assert run(["demo", "a.db", "--book", "b.db"]) == Exit.USAGE
    assert taken.read_bytes() == before
    assert foreign.read_text() == "Dear all"


@pytest.mark.parametrize("day", ["2028-02-25", "2026-12-31", "2027-01-02", "2024-02-29"])
def test_birthdays_are_days(day):
    """Fail if a birthday falls on a 29th of February of a year without one, or its month and day run together."""
    import re

    cards = demo.read(demo.PEOPLE, date.fromisoformat(day)).decode()
    rows = demo.read(demo.FAIR, date.fromisoformat(day)).decode()

    assert "{" not in cards + rows
    for year, month, number in re.findall(r"BDAY:(\d{4}|--)(\d\d)(\d\d)", cards):
        assert date(1970 if year == "--" else int(year), int(month), int(number))


def test_history_lies_on_working_days():
    """Fail if something was done on a Saturday or Sunday."""
    today = date(2026, 11, 22)

    assert demo.workday(today, 0) == today
    assert demo.workday(today, -1) == date(2026, 11, 20)
    assert demo.workday(today, 6) == date(2026, 11, 30)
    assert all(demo.workday(today, number).weekday() < 5 for number in (*range(-260, 0), *range(1, 30)))


def test_a_rehearsed_demo_makes_nothing(tmp_path, capsys, monkeypatch):
    """Fail if a book stays, or if what is in the way is not refused."""
    assert run(["demo", "-n", "--json", str(tmp_path / "play.db")]) == Exit.OK
    printed = json.loads(capsys.readouterr().out)

    assert printed["book"] == str(tmp_path / "play.db")
    assert (printed["people"], printed["dry_run"]) == (54, True)
    assert run(["demo", "-n"]) == Exit.OK
    assert list(tmp_path.iterdir()) == []
    assert run(["demo", "-n", str(tmp_path / "own.db")]) == Exit.USAGE
