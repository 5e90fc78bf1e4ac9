"""Bad days of ``crm remind``: what fails is tried again, what may have been sent is repeated at most once."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from crm_cli.book import sqlite_file

SAID = ["Call Asha (today 10:00)", "  Asha Verma, Acme", "  crm done a1"]


@pytest.fixture
def by_mail(reminded, settled, monkeypatch):
    """Start a mail server, and let the reminders go to it."""

    def start(**answers):
        mailbox = settled(**answers)
        monkeypatch.setenv("CRM_REMIND_ROUTES", "mail")
        return mailbox

    return start


@pytest.fixture
def by_command(reminded, program, monkeypatch):
    """Let the reminders go to a program of shell lines; return the folder in which it writes."""

    def make(lines):
        folder = program("notify", lines)
        monkeypatch.setenv("CRM_REMIND_ROUTES", "command")
        monkeypatch.setenv("CRM_NOTIFY_COMMAND", str(folder / "bin" / "notify"))
        return folder

    return make


def rows(path):
    """Return state and number of tries of what is in the outbox."""
    with closing(sqlite_file.open_file(path)) as db:
        return db.execute("SELECT state, tries FROM outbox ORDER BY id").fetchall()


@pytest.mark.conv("D02")
@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ({"RCPT": "451 4.7.1 greylisted"}, 75), ({"MAIL": "421 4.3.2 going down"}, 75), ({"DATA": "drop"}, 75),
        ({"RCPT": "550 5.1.1 no such user"}, 1), ({"DATA": "554 5.6.0 no"}, 1),
    ],
)  # fmt: skip
def test_a_mail_that_is_refused_is_tried_again_with_a_growing_wait(reminded, by_mail, at, answers, code):
    mailbox = by_mail(**answers)
    at("09:50")
    failed = reminded("remind")
    assert (failed.code, failed.out) == (code, "")
    assert failed.err.startswith("crm: the reminder of a1 was not delivered: 127.0.0.1")
    received = len(mailbox.envelopes)
    at("09:54")
    assert reminded("remind").code == 0, "too early: not tried"
    at("09:55")
    assert reminded("remind").code == code
    at("10:09")
    assert reminded("remind").code == 0
    listed = reminded("remind", "--list", "--json").json
    assert [(one["state"], one["tries"], one["delivery"][11:16]) for one in listed] == [("failed", 2, "10:10")]
    assert len(mailbox.envelopes) == 2 * received

    mailbox.reset({})
    at("10:10")
    assert (reminded("remind").code, reminded("remind").code) == (0, 0)
    (mail,) = mailbox.mails
    assert (mail["Subject"], mail.get_content().splitlines()) == ("Call Asha (today 10:00)", SAID)


def test_a_refused_one_is_named_in_the_digest_and_by_check_until_it_is_done(reminded, by_mail, at):
    by_mail(RCPT="550 5.1.1 no such user")
    at("09:50")
    reminded("remind")

    line = "crm show a1  again today 09:55  127.0.0.1 refused: 550 5.1.1 no such user"
    title, listed = reminded("digest").lines[-2:]
    assert (title, listed.split()) == ("Not delivered", line.split())
    checked = reminded("check")
    assert (checked.code, checked.err.splitlines()[0]) == (0, f"not delivered: {line}")
    reminded("done", "a1")
    assert "not delivered" not in reminded("check").err


def test_a_refusal_of_one_does_not_hold_up_the_others_and_a_dead_server_is_asked_once(reminded, by_mail, at):
    for text in ("two", "three"):
        reminded("todo", text, "--due", "today 10:00", "--remind", "-10m")
    at("09:50")
    by_mail(RCPT="550 5.1.1 no such user")
    refused = reminded("remind")
    assert (refused.code, "and 2 reminders more" in refused.err) == (1, True)

    mailbox = by_mail(RCPT="451 4.7.1 later")
    at("09:55")
    assert reminded("remind").code == 75
    assert len(reminded("remind", "--list", "--json").json) == 3
    mailbox.reset({})
    at("10:20")
    assert reminded("remind").code == 0
    assert sorted(mail["Subject"][:5] for mail in mailbox.mails) == ["Call ", "three", "two ("]


def test_a_wrong_certificate_sends_nothing_and_takes_the_next_route(reminded, server, at, monkeypatch):
    mailbox, config = server(name="mail.other.example")
    for key, value in config._asdict().items():
        if value:
            monkeypatch.setenv(f"CRM_{key.upper()}", value)
    monkeypatch.setenv("CRM_REMIND_ROUTES", "mail, print")
    at("09:50")

    found = reminded("remind")

    assert (found.code, found.lines, mailbox.envelopes) == (0, SAID, [])
    assert rows(Path(os.environ["XDG_DATA_HOME"]) / "crm" / "crm.db")[-1] == ("sent", 1)


HOSTILE = "Pay\x1b]0;owned\x07 \x1b[31m\r\nBcc: all@x.example\u2028\u202e --help"


@pytest.mark.conv("D06", "D11")
def test_texts_of_others_steer_neither_terminal_mail_nor_notification(reminded, by_mail, program, at, monkeypatch):
    reminded("edit", "a1", f"text={HOSTILE}")
    mailbox = by_mail()
    at("09:30")
    assert reminded("remind").code == 0
    (mail,) = mailbox.mails
    assert "Bcc" not in mail
    assert not set(mail["Subject"]) & set("\x1b\x07\r\n\u2028\u202e")
    assert not set(mail.get_content()) & set("\x1b\x07\u2028\u202e")

    monkeypatch.setenv("CRM_REMIND_ROUTES", "print")
    at("09:50")
    assert not set(reminded("remind").out) & set("\x1b\x07\r\u2028\u202e")

    folder = program("notify-send", 'for each in "$@"; do printf "[%s]" "$each"; done > shown')
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
    reminded("todo", "x", "--due", "today 10:00", "--remind", "-5m")
    reminded("edit", "a2", "text=-u <b>x</b>")
    monkeypatch.setenv("CRM_REMIND_ROUTES", "desktop")
    at("09:55")
    assert reminded("remind").code == 0
    assert "[--][-u <b>x</b> (today 10:00)][crm done a2]" in (folder / "shown").read_text()


@pytest.mark.parametrize(
    ("lines", "code", "words"),
    [
        ("sleep 60", 75, "did not end within 0.1 s"), ("echo no; echo broken >&2; exit 3", 1, "notify failed: broken"),
        ("exit 75", 75, "notify failed"),
    ],
)  # fmt: skip
def test_a_command_that_hangs_or_fails(reminded, by_command, at, monkeypatch, lines, code, words):
    by_command(lines)
    monkeypatch.setenv("CRM_DELIVERY_TIMEOUT", "0.1")
    at("09:50")
    found = reminded("remind")

    assert (found.code, found.out, words in found.err) == (code, "", True)


def test_a_command_gets_fields_and_its_output_of_a_megabyte_is_dropped(reminded, by_command, at):
    folder = by_command('cat > text; env | grep "^CRM_[ADLRW]" | sort > fields; head -c 1000000 /dev/zero')
    at("2026-11-22T11:50")

    assert (reminded("remind").code, reminded("remind").out) == (0, "")
    assert (folder / "text").read_text().splitlines()[0] == "Call Asha (today 10:00)"
    assert (folder / "fields").read_text().splitlines() == [
        "CRM_ACTIVITY=a1", "CRM_DUE=2026-11-22T10:00", "CRM_LATE_MINUTES=120",
        "CRM_REMINDER=2026-11-22T09:50:00+05:30", "CRM_REMIND_ROUTES=command", "CRM_WHAT=Call Asha",
        "CRM_WHO=Asha Verma, Acme",
    ]  # fmt: skip


def test_a_run_that_is_killed_between_sending_and_marking_repeats_once_with_the_same_key(
    reminded, by_command, crm_process, at, book_path
):
    folder = by_command('echo "$CRM_KEY" >> sent; [ -e again ] || { touch again; kill -9 $PPID; }')
    at("09:50")
    assert crm_process("remind").code == -signal.SIGKILL
    assert rows(book_path)[-1] == ("sending", 1)
    for time in ("09:55", "10:00", "10:30", "11:30", "23:00"):
        at(time)
        assert reminded("remind").code == 0

    first, second = (folder / "sent").read_text().splitlines()
    assert first == second
    assert rows(book_path)[-1] == ("sent", 2)


@pytest.mark.conv("D03")
@pytest.mark.parametrize("runs", [2, 8])
def test_runs_at_once_never_send_twice(reminded, by_command, crm_process, at, runs):
    folder = by_command('printf "%s\\n" "$CRM_ACTIVITY" >> sent')
    for number in range(4):
        reminded("todo", f"task {number}", "--due", "today 10:00", "--remind", "-10m")
    at("09:50")
    with ThreadPoolExecutor(runs) as pool:
        done = list(pool.map(lambda _: crm_process("remind"), range(runs)))

    assert {(each.code, each.err) for each in done} == {(0, "")}
    assert sorted((folder / "sent").read_text().split()) == ["a1", "a2", "a3", "a4", "a5"]


def test_standard_output_that_is_full_loses_nothing(reminded, crm_process, at):
    at("09:50")
    with Path("/dev/full").open("wb") as full:
        failed = crm_process("remind", stdout=full)
    assert (failed.code, failed.err) == (6, "crm: the disk is full; the output was not written\n")
    at("09:55")

    assert reminded("remind").lines == SAID


def test_a_disk_that_is_full_sends_nothing_and_marks_nothing(reminded, by_command, crm_process, at, book_path):
    folder = by_command("touch sent")
    at("09:50")

    def no_room():
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)

    failed = crm_process("remind", preexec_fn=no_room)
    assert failed.code == 6
    assert len(failed.err.splitlines()) == 1
    assert (rows(book_path), (folder / "sent").exists()) == ([], False)
    assert reminded("remind").code == 0
    assert (folder / "sent").exists()


@pytest.fixture
def readonly(reminded, tmp_path):
    """Put the book on a file system that is then made read-only."""
    place = tmp_path / "medium"
    place.mkdir()
    if os.geteuid() or subprocess.run(["mount", "-t", "tmpfs", "crm", place], capture_output=True).returncode:
        pytest.skip("only root mounts")
    book = place / "crm.db"
    reminded("--book", str(book), "todo", "Call", "--due", "today 10:00", "--remind", "-10m")
    reminded("--book", str(book), "remind")
    subprocess.run(["mount", "-o", "remount,ro", place], check=True)
    yield book
    subprocess.run(["umount", "-l", place], check=True)


def test_a_book_that_is_read_only_lists_and_refuses_to_deliver(reminded, readonly, at):
    assert (reminded("--book", str(readonly), "remind").code, reminded("--book", str(readonly), "remind").err) == (
        0,
        "",
    )
    at("09:50")
    assert len(reminded("--book", str(readonly), "remind", "--list").lines) == 1
    found = reminded("--book", str(readonly), "remind")

    assert (found.code, found.out, found.err) == (6, "", "crm: the book is read-only; nothing was changed\n")


def test_a_clock_that_was_a_day_ahead_neither_repeats_nor_loses(reminded, at):
    reminded("todo", "tomorrow", "--due", "tomorrow 9:00", "--remind", "-10m")
    at("2026-11-23T09:00")
    assert [line for line in reminded("remind").lines if "crm done" in line] == ["  crm done a1", "  crm done a2"]

    at("09:10")  # set right again
    reminded("todo", "new", "--due", "today 9:30", "--remind", "-10m")
    arrived = []
    for time in ("09:30", "09:50", "10:30", "2026-11-23T08:50", "2026-11-23T10:00"):
        at(time)
        arrived += reminded("remind").lines[:1]
    assert arrived == ["new (today 09:30)"]


def test_a_clock_that_jumps_back_an_hour_repeats_nothing(reminded, at):
    arrived = []
    for time in ("09:30", "08:30", "09:00", "09:30", "09:50", "08:50", "09:50", "10:30"):
        at(time)
        arrived += reminded("remind").lines[:1]

    assert arrived == ["Call Asha (today 10:00)"] * 2


@pytest.mark.parametrize(
    ("zone", "due", "before", "after"),
    [
        # a time that is skipped is read with the offset before the change, one that is repeated is the first of the two
        ("Europe/Berlin", "2026-03-29 02:45", "2026-03-29T01:34:59+00:00", "2026-03-29T01:35:00+00:00"),
        ("Europe/Berlin", "2026-10-25 02:45", "2026-10-25T00:34:59+00:00", "2026-10-25T00:35:00+00:00"),
        ("America/New_York", "2026-03-08 02:45", "2026-03-08T07:34:59+00:00", "2026-03-08T07:35:00+00:00"),
        ("America/New_York", "2026-11-01 01:45", "2026-11-01T05:34:59+00:00", "2026-11-01T05:35:00+00:00"),
        ("Australia/Lord_Howe", "2026-10-04 02:15", "2026-10-03T15:34:59+00:00", "2026-10-03T15:35:00+00:00"),
        ("Australia/Lord_Howe", "2026-04-05 01:45", "2026-04-04T14:34:59+00:00", "2026-04-04T14:35:00+00:00"),
    ],
)  # fmt: skip
def test_a_moment_that_a_clock_change_skips_or_repeats_comes_once(crm, monkeypatch, zone, due, before, after):
    monkeypatch.setenv("CRM_REMIND_ROUTES", "print")
    monkeypatch.setenv("TZ", zone)
    monkeypatch.setenv("CRM_NOW", "2026-01-01T00:00:00+00:00")
    crm("todo", "Ring", "--due", due, "--remind", "-10m")
    crm("remind")
    arrived = []
    first = datetime.fromisoformat(after)
    for moment in (datetime.fromisoformat(before), *(first + timedelta(hours=hour) for hour in range(3))):
        monkeypatch.setenv("CRM_NOW", moment.isoformat())
        arrived += [moment] * bool(crm("remind").out)

    assert arrived == [first]


def test_it_runs_with_nothing_but_home_and_path(reminded, at, book_path, surroundings):
    environment = {"HOME": surroundings["HOME"], "PATH": "/usr/bin:/bin", "CRM_NOW": "2026-11-22T09:50:00+05:30"}
    argv = [sys.executable, "-m", "crm_cli", "--book", str(book_path), "remind"]
    done = subprocess.run(argv, env=environment, capture_output=True, cwd=Path(__file__).parents[2])

    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.startswith(b"Call Asha (today 04:30)\n")


def test_a_restored_book_takes_what_was_delivered_since_as_passed(reminded, at, tmp_path):
    backup = tmp_path / "backup.db"
    reminded("backup", str(backup))
    at("09:50")
    assert reminded("remind").lines == SAID
    reminded("restore", str(backup), "--yes")
    at("09:51")
    found = reminded("remind")

    assert (found.code, found.out) == (0, "")
    assert "2 earlier reminders taken as passed" in found.err
    assert reminded("check").code == 0
