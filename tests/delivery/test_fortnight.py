"""A fortnight, hour by hour: what arrives, and when, is what the lines below say, worked out by hand."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

BEGIN = datetime.fromisoformat("2026-11-02T00:00:00+05:30")
"""A Monday."""
OFF = {10, 11}
"""The days on which the machine is off."""

PEOPLE = {
    # name: the last reach before the fortnight, and the cadence
    "Asha Verma": ("2026-10-27", "1w"),
    "Ravi Kumar": ("2026-10-28", "2w"),
    "Meera Iyer": ("2026-10-05", "1m"),
    "Priya Nair": ("2026-11-01 10:00", "3d"),
    "Jürgen Müller": ("2026-10-30", ""),  # by the tag client, 10d
}

DOES = {
    2: ["done plants"],
    3: ["called asha"],
    4: ["called priya --outcome no-answer"],
    5: ["done plants", "called priya"],
    6: ["done passport"],
    8: ["done plants"],
    9: ["done timesheet", "called jürgen"],
    12: ["done plants", "called asha"],
    13: ["done timesheet"],
    14: ["skip plants"],
}
"""Day -> what the user does at 10:30."""

ARRIVES = """
Mon  2 07:30 mail: 1 due today
Mon  2 08:00 Water the plants
Tue  3 07:30 mail: 1 to reach
Wed  4 07:30 mail: 1 to reach
Wed  4 10:00 Renew passport
Thu  5 07:30 mail: 1 due today, 1 reminder, 2 to reach
Thu  5 08:00 Water the plants
Fri  6 07:30 mail: 1 due today, 1 reminder, 1 to reach
Fri  6 15:00 Send timesheet
Sat  7 07:30 mail: 1 overdue, 1 to reach
Sun  8 07:30 mail: 1 overdue, 1 due today, 2 to reach
Sun  8 08:00 Water the plants
Mon  9 07:30 mail: 1 overdue, 3 to reach
Thu 12 07:00 Water the plants, 1380 minutes late
Thu 12 07:30 mail: 1 overdue, 4 to reach
Fri 13 07:30 mail: 1 due today, 3 to reach
Sat 14 07:30 mail: 1 due today, 3 to reach
Sat 14 08:00 Water the plants
Sun 15 07:30 mail: 3 to reach
"""
"""Why: the plants are watered on the 2nd, 5th, 8th, 11th and 14th, a timesheet is sent each Friday.

Asha is due on the 3rd and, reached then, on the 10th; Priya on the 4th, and an attempt changes nothing; Meera on the
5th, Jürgen on the 9th, Ravi on the 11th. The passport's reminder came before its due date, so it is in the mails until
it is done. The machine is off on the 10th and 11th; at midnight after that it is quiet until 7. The timesheet of the
13th is sent before its reminder.
"""


@pytest.fixture
def log(program, monkeypatch):
    """Set a command for reminders and one for mail, which write to a log; return it."""
    folder = program("notify", 'echo "$CRM_WHAT, $CRM_LATE_MINUTES minutes late" | sed "s/, 0 minutes late//" >> log')
    program("sendmail", r"""sed -n 's/^Subject: [^:]*: /mail: /p' >> log""")
    monkeypatch.setenv("CRM_REMIND_ROUTES", "command")
    monkeypatch.setenv("CRM_NOTIFY_COMMAND", "notify")
    monkeypatch.setenv("CRM_SENDMAIL", str(folder / "bin" / "sendmail"))
    monkeypatch.setenv("CRM_QUIET_HOURS", "21:00-07:00")
    (folder / "log").touch()
    return folder / "log"


def prepare(run):
    for name, (reached, every) in PEOPLE.items():
        run("add", name)
        run("called", name, "--when", reached)
        if every:
            run("cadence", "set", name, every)
    run("tag", "jürgen", "+client")
    run("cadence", "set", "tag:client", "10d")
    run("todo", "Water the plants", "--due", "mon 9am", "--every", "every 3 days", "--remind", "-1h")
    run("todo", "Send timesheet", "--every", "every friday 5pm", "--remind", "-2h")
    run("todo", "Renew passport", "--due", "20 nov", "--remind", "wed 10:00")


def test_a_fortnight(crm, log, monkeypatch):
    arrived = []

    def run(*words):
        found = crm(*words)
        assert found.code == 0, found.err
        return found

    def do(line):
        verb, *words = line.split()
        if verb in {"done", "skip"}:
            words = run("agenda", *words, "--format", "ids").lines[:1]
        run(verb, *words)

    monkeypatch.setenv("CRM_NOW", (BEGIN - timedelta(hours=4)).isoformat())
    prepare(run)
    run("remind")
    for half in range(14 * 48):
        now = BEGIN + timedelta(minutes=30 * half)
        monkeypatch.setenv("CRM_NOW", now.isoformat())
        if now.day in OFF:
            continue
        before = log.read_text()
        if now.minute == 0:
            run("remind")
        elif now.hour == 7:
            run("digest", "--to", "me@x.example")
        elif now.hour == 10:
            for line in DOES.get(now.day, ()):
                do(line)
        arrived += [f"{now:%a} {now.day:2} {now:%H:%M} {line}" for line in log.read_text()[len(before) :].splitlines()]

    assert arrived == ARRIVES.strip().splitlines()
