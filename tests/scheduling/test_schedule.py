"""``crm schedule``: cron or systemd runs the digest and the reminders; other lines of the crontab stay as they are."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_cli.errors import UsageError
from crm_cli.scheduling import crontab, systemd
from crm_cli.scheduling.entries import Job, Timing

FOREIGN = b"# mine\nSHELL=/bin/bash\n\n0 5 * * 1 tar -zcf /b.tgz /home  # crm schedule?\n@daily \xff\xfe odd\n"


@pytest.fixture
def cron(tmp_path, monkeypatch):
    """A crontab command that keeps its lines in a file, which is returned."""
    kept = tmp_path / "crontab.kept"
    program = tmp_path / "bin" / "crontab"
    program.parent.mkdir()
    program.write_text(
        f'#!/bin/sh\ncase "$1" in\n-l) [ -e {kept} ] || {{ echo "no crontab for you" >&2; exit 1; }}; cat {kept};;\n'
        f"-r) rm {kept};;\n-) cat > {kept};;\nesac\n"
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")
    return kept


@pytest.fixture
def made(crm, monkeypatch):
    """A book with one person; the environment sets no folders."""
    crm("add", "Asha")
    return crm


def test_reminders_and_the_digest_are_scheduled_with_absolute_paths(made, cron, book_path):
    first = made("schedule", "remind", "--yes")
    made("schedule", "digest", "--at", "7:30", "--to", "me@x.example", "--yes")

    remind, digest = (line.decode() for line in cron.read_bytes().splitlines())
    assert first.lines == [remind]
    assert remind.startswith("*/5 * * * * TZ=Asia/Kolkata XDG_CONFIG_HOME=/")
    assert remind.endswith(f"/bin/crm --quiet --book {book_path} remind # crm schedule")
    assert digest.startswith("30 7-10 * * * ")
    assert digest.endswith(f"--book {book_path} digest --to me@x.example # crm schedule")


def test_scheduling_again_changes_the_time_and_nothing_twice(made, cron):
    cron.write_bytes(FOREIGN)
    for at in ("7:30", "8am", "8am"):
        found = made("schedule", "digest", "--at", at, "--yes")

    assert found.err.startswith("crm digest is already scheduled like that\n")
    assert cron.read_bytes().startswith(FOREIGN + b"0 8 * * * ")
    assert cron.read_bytes().count(b"\n") == FOREIGN.count(b"\n") + 1


@pytest.mark.conv("D09")
def test_removing_leaves_the_lines_of_others_byte_for_byte(made, cron):
    cron.write_bytes(FOREIGN)
    made("schedule", "remind", "--yes")
    made("schedule", "digest", "--at", "7:30", "--yes")

    assert [line.split("\t")[0] for line in made("schedule", "list").lines] == ["remind", "digest"]
    assert made("schedule", "remove", "remind", "--yes").code == 0
    assert [line.split("\t")[0] for line in made("schedule", "list").lines] == ["digest"]
    assert made("schedule", "remove", "--yes").code == 0
    assert cron.read_bytes() == FOREIGN
    assert made("schedule", "remove", "--yes").code == 1


def test_a_crontab_that_did_not_exist_does_not_exist_afterwards(made, cron):
    made("schedule", "remind", "--yes")
    made("schedule", "remove", "--yes")

    assert not cron.exists()


def test_a_large_crontab_is_kept_whole(made, cron):
    large = b"# %d\n" % 7 * 60_000
    cron.write_bytes(large)
    made("schedule", "remind", "--yes")

    assert cron.read_bytes().startswith(large)


def test_it_is_shown_first_and_needs_a_yes(made, cron):
    asked = made("schedule", "remind")
    tried = made("schedule", "remind", "-n")

    assert (asked.code, tried.code) == (2, 0)
    assert asked.out == tried.out != ""
    assert not cron.exists()


def test_without_crontab_it_says_what_to_do(made, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    found = made("schedule", "remind", "--yes")

    assert (found.code, found.err) == (
        1, "crm: there is no crontab command here (install cron, or give --systemd)\n"
    )  # fmt: skip


def test_a_crontab_that_cannot_be_read_is_not_overwritten(made, cron):
    cron.write_bytes(FOREIGN)
    program = cron.parent / "bin" / "crontab"
    program.write_text(program.read_text().replace("-l)", "-l) echo broken >&2; exit 1;;\n-x)"))
    found = made("schedule", "remind", "--yes")

    assert (found.code, found.err) == (1, "crm: cannot read your crontab: broken\n")
    assert cron.read_bytes() == FOREIGN


@pytest.mark.parametrize(
    "args",
    [
        ("remind", "--every", "7m"), ("remind", "--every", "often"), ("digest", "--at", "tomorrow 7:30"),
        ("digest", "--at", "25:00"), ("digest", "--at", "7:30", "--to", "nobody"), ("remove", "import"),
        ("digest", "--at", "7:30", "--systemd"),
    ],
)  # fmt: skip
def test_what_cannot_be_scheduled_is_a_usage_error(made, cron, args):
    assert made("schedule", *args, "--yes").code == 2


def test_without_a_book_nothing_is_scheduled(crm, cron):
    assert crm("schedule", "remind", "--yes").code == 3
    assert not cron.exists()


def test_the_machine_that_schedules_takes_over_from_another(made, cron, book_path, tmp_path, monkeypatch):
    made("todo", "Call", "--due", "today 8:00", "--remind", "-10m")
    made("todo", "Write", "--due", "today 10:00", "--remind", "-10m")
    made("remind")
    copy = tmp_path / "copy.db"
    shutil.copy(book_path, copy)
    refused = made("--book", str(copy), "remind")
    assert (refused.code, refused.out) == (1, "")
    assert f"from {book_path} (to deliver them here: crm schedule remind)" in refused.err

    taken = made("--book", str(copy), "schedule", "remind", "--yes")
    assert "earlier reminders taken as passed: 1" in taken.err
    monkeypatch.setenv("CRM_NOW", "2026-11-22T09:55:00+05:30")
    monkeypatch.setenv("CRM_REMIND_ROUTES", "print")
    assert made("--book", str(copy), "remind").lines[0] == "Write (today 10:00)"
    assert made("remind").lines[0] == "Write (today 10:00)"


def test_two_ways_of_scheduling_exclude_each_other(made, cron):
    made("schedule", "remind", "--yes")

    assert made("schedule", "remind", "--systemd", "--yes").err == (
        "crm: crm remind is scheduled by cron (first: crm schedule remove remind)\n"
    )


OFTEN = Timing(5)


def job(path, *options, timing=OFTEN, task="remind"):
    return Job(task, Path(path), timing, options)


PATHS = st.text("aZ0 '\"`$%#\\*?~!&|;<>()[]{}=-+,:@äक\u202e\ufeff\u2028", min_size=1, max_size=30).map(
    "/data/{}".format
)


@given(PATHS, st.lists(st.sampled_from([*FOREIGN.splitlines(keepends=True), b"\n"]), max_size=4).map(b"".join))
def test_any_path_comes_back_from_the_line_and_removing_is_exact(path, before):
    after = crontab.with_line(before, job(path))

    found = crontab.entry(crontab.line(job(path)))
    assert found is not None
    assert (found.task, found.book) == ("remind", path)
    assert crontab.with_line(after, job(path)) == after
    assert crontab.without(after, "remind", path) == before
    assert crontab.without(after, "digest", path) == after


def test_the_shell_reads_the_path_as_it_is(monkeypatch):
    """As cron passes the command to the shell: with \\% read as %."""
    path = '/it\'s 100% $HOME `id` "x" \\ #.db'
    monkeypatch.setattr("crm_cli.scheduling.entries.program", lambda: ["printf", "%s|"])
    command = crontab.line(job(path)).decode().split(" ", 5)[5].replace("\\%", "%")
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True)

    assert (done.stdout, done.stderr) == (f"--quiet|--book|{path}|remind|", "")


def test_a_path_with_a_line_break_is_refused():
    with pytest.raises(UsageError):
        crontab.line(job("/a\nb.db"))
    with pytest.raises(UsageError):
        systemd.units(job("/a\nb.db"), "UTC")


@pytest.mark.parametrize(
    ("timing", "cron", "calendar"),
    [
        (Timing(1), "* * * * *", "*:0/1"), (Timing(15), "*/15 * * * *", "*:0/15"),
        (Timing(60), "0 * * * *", "*-*-* 00/1:00:00"), (Timing(120), "0 */2 * * *", "*-*-* 00/2:00:00"),
        (Timing(0, 7, 30), "30 7 * * *", "*-*-* 07:30:00 Asia/Kolkata"),
        (Timing(0, 7, 30, 4), "30 7-10 * * *", "*-*-* 07..10:30:00 Asia/Kolkata"),
        (Timing(0, 22, 5, 4), "5 22-23 * * *", "*-*-* 22..23:05:00 Asia/Kolkata"),
    ],
)  # fmt: skip
def test_when_it_runs(timing, cron, calendar):
    assert crontab.line(job("/b.db", timing=timing)).decode().startswith(f"{cron} ")
    timer = list(systemd.units(job("/b.db", timing=timing), "Asia/Kolkata").values())[1]
    assert f"OnCalendar={calendar}\n" in timer


@pytest.fixture
def manager(cron):
    """A systemctl that writes down what it is asked; its file is returned."""
    asked = cron.with_name("asked")
    program = cron.parent / "bin" / "systemctl"
    program.write_text(f'#!/bin/sh\necho "$@" >> {asked}\n')
    program.chmod(0o755)
    return asked


def test_a_timer_is_installed_listed_and_removed_without_a_trace(made, manager, surroundings, book_path):
    units = Path(surroundings["XDG_CONFIG_HOME"]) / "systemd" / "user"
    assert made("schedule", "digest", "--at", "7:30", "--to", "me@x.example", "--systemd", "--yes").code == 0
    service, timer = sorted(units.iterdir())

    assert f'--book" "{book_path}" "digest" "--to" "me@x.example"' in service.read_text()
    assert "Persistent=true" in timer.read_text()
    assert manager.read_text().splitlines() == ["--user daemon-reload", f"--user enable --now {timer.name}"]
    again = made("schedule", "digest", "--at", "7:30", "--to", "me@x.example", "--systemd", "--yes")
    assert "already scheduled" in again.err
    listed = made("schedule", "list", "--json").json
    assert [(one["task"], one["book"], one["by"]) for one in listed] == [("digest", str(book_path), "systemd")]
    assert made("schedule", "remove", "--yes").code == 0
    assert list(units.iterdir()) == []


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="there is no systemd here")
def test_systemd_accepts_the_units(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    odd = job('/it\'s 100% $HOME "x" \\ #.db', "--to", "me@x.example", timing=Timing(0, 7, 30, 4), task="digest")
    for path, text in systemd.units(odd, "Asia/Kolkata").items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    done = subprocess.run(
        ["systemd-analyze", "verify", *map(str, systemd.folder().iterdir())], capture_output=True, text=True,
        env={**os.environ, "SYSTEMD_UNIT_PATH": f"{systemd.folder()}:", "XDG_RUNTIME_DIR": str(tmp_path)},
    )  # fmt: skip
    said = [line for line in done.stderr.splitlines() if "crm-" in line]

    assert said == []


CRONTABS = Path("/var/spool/cron/crontabs")
IN_USE = (CRONTABS / "root", Path("/run/crond.pid"))
IS_FREE = os.getuid() == 0 and shutil.which("cron") and not any(path.exists() for path in IN_USE)


@pytest.fixture
def real_cron(tmp_path):
    """Debian's cron, and the crontab of root, which is empty."""
    with (tmp_path / "cron.log").open("wb") as log, subprocess.Popen(["cron", "-f"], stdout=log, stderr=log) as daemon:
        yield
        daemon.terminate()
    subprocess.run(["crontab", "-r"], capture_output=True)
    Path("/run/crond.pid").unlink(missing_ok=True)


@pytest.mark.skipif(not IS_FREE, reason="needs root without a crontab, and a cron that is not running")
def test_the_cron_of_debian_runs_what_was_scheduled(made, real_cron, book_path, tmp_path, monkeypatch):
    """It has neither PATH nor LANG of the user, and the settings still apply. Up to a minute passes; little is used."""
    arrived = tmp_path / "arrived"
    notify = tmp_path / "notify"
    notify.write_text(f'#!/bin/sh\nprintf "%s" "$CRM_WHAT" > {arrived}.part; mv {arrived}.part {arrived}\n')
    notify.chmod(0o755)
    made("config", "set", "remind_routes", "command")
    made("config", "set", "notify_command", str(notify))
    monkeypatch.delenv("CRM_NOW")
    made("schedule", "remind", "--every", "1m", "--yes")
    made("todo", "Ring Jürgen", "--due", "tomorrow", "--remind", "in 1 minute")
    with sqlite3.connect(book_path) as db:  # its moment has come since the scheduling
        db.execute("UPDATE deliverer SET done_until = '2026-01-01T00:00:00Z'")
        db.execute("UPDATE reminder SET at_utc = '2026-01-02T00:00:00Z'")
    until = time.monotonic() + 75
    while not arrived.exists() and time.monotonic() < until:
        time.sleep(0.2)

    assert arrived.read_text(encoding="utf-8") == "Ring Jürgen"
