"""How often to keep in touch: set for a person or a tag, started again by each reach, paused, spread, suggested."""

import json

import pytest
from support import made_once

from crm_cli.book import rhythm

REACHED = ("2026-05-03", "2026-05-26", "2026-06-10", "2026-06-30", "2026-07-20", "2026-08-09", "2026-08-30",
           "2026-09-20", "2026-10-12")  # fmt: skip
"""Days with gaps of 15 to 23 days; today is 22 November."""


@pytest.fixture
@made_once
def people(crm):
    """Asha (1) with a phone, client; Ravi (2); Mina (3), client, whom we reached often, the last time 41 days ago."""
    crm("add", "Asha Verma", "company=Acme", "phone=+91 98200 12345", "+client")
    crm("add", "Ravi")
    crm("add", "Mina", "+client")
    for day in REACHED:
        crm("called", "mina", "--when", f"{day} 10:00")


def cadence(crm, ref):
    return crm("show", ref, "--json").json["cadence"]


def following(crm, ref):
    return cadence(crm, ref)["next"]


def reach(crm):
    return [(one["person"]["id"], one["days_late"], one["why"]) for one in crm("today", "--json").json["reach"]]


# Set, and start again


def test_it_starts_again_at_each_reach(crm, people):
    crm("called", "asha", "--when", "2026-10-02 23:30")
    done = crm("cadence", "set", "asha", "6w")

    assert "Asha Verma, Acme: every 6 weeks" in done.err
    assert "Every 6 weeks; last reached 2 Oct; next by 13 Nov, 9 days late" in crm("show", "asha").out
    assert reach(crm) == [(1, 9, "every 6 weeks, last reached 2 Oct"), (3, 17, SILENCE)]

    crm("called", "asha")

    assert following(crm, "asha") == "2027-01-03"
    assert [ref for ref, *_ in reach(crm)] == [3]


SILENCE = "usually within 23 days (8 of 8 gaps), now 41"


def test_an_attempt_moves_only_the_last_attempt(crm, people):
    crm("called", "asha", "--when", "2026-10-02")
    crm("cadence", "set", "asha", "6w")
    crm("called", "asha", "--outcome", "no-answer")

    assert following(crm, "asha") == "2026-11-13"
    row = crm("cadence", "list", "--columns", "last-reach,last-attempt,next,late", "--format", "csv").out.splitlines()[
        1
    ]
    assert row == "2026-10-02,2026-11-22,2026-11-13,9"
    assert "every 6 weeks, last reached 2 Oct, tried today" in [why for _, _, why in reach(crm)]


@pytest.mark.parametrize(
    ("last", "every", "wanted"),
    [
        ("2026-08-31", "1m", "2026-09-30"), ("2026-01-31", "1m", "2026-02-28"), ("2024-02-29", "1y", "2025-02-28"),
        ("2026-08-31", "30d", "2026-09-30"), ("2026-08-31", "2 weeks", "2026-09-14"),
        ("2026-08-31", "90d", "2026-11-29"),
    ],
)  # fmt: skip
def test_months_end_with_their_last_day(crm, people, last, every, wanted):
    crm("called", "ravi", "--when", f"{last} 10:00")
    crm("cadence", "set", "ravi", *every.split())

    assert following(crm, "ravi") == wanted


@pytest.mark.parametrize(
    ("zone", "offset", "clock"),
    [
        ("Asia/Kolkata", "+05:30", "01:00"), ("America/Los_Angeles", "-08:00", "20:00"), ("UTC", "+00:00", "23:59"),
        ("Pacific/Kiritimati", "+14:00", "09:00"),
    ],
)  # fmt: skip
def test_the_days_are_those_of_the_reader(crm, people, monkeypatch, zone, offset, clock):
    monkeypatch.setenv("TZ", zone)
    crm("called", "asha", "--when", f"2026-10-12T{clock}")
    crm("cadence", "set", "asha", "6w")

    assert following(crm, "asha") == "2026-11-23"
    for day, late in (("2026-11-22", []), ("2026-11-23", [(1, 0)]), ("2026-11-24", [(1, 1)])):
        monkeypatch.setenv("CRM_NOW", f"{day}T12:00:00{offset}")
        assert [one[:2] for one in reach(crm) if one[0] == 1] == late
        assert crm("list", "is:quiet", "asha", "--count").out == f"{len(late)}\n"


def test_the_shortest_of_ones_own_and_those_of_tags_applies(crm, people):
    crm("cadence", "set", "mina", "3m")
    crm("cadence", "set", "tag:client", "8w")

    assert cadence(crm, "mina")["every"] == "8w"
    assert cadence(crm, "mina")["tag"] == "client"
    assert "Every 8 weeks (tag client)" in crm("show", "mina").out

    crm("tag", "mina", "-client")

    assert cadence(crm, "mina")["every"] == "3m"


def test_a_tag_gives_its_cadence_to_whom_it_is_added(crm, people):
    crm("cadence", "set", "tag:client", "8w")
    assert cadence(crm, "ravi") is None

    crm("tag", "ravi", "+client")

    assert cadence(crm, "ravi")["every"] == "8w"
    assert crm("list", "cadence:56d", "--format", "ids").out.split() == ["1", "3", "2"]
    assert crm("list", "no:cadence", "--count").out == "0\n"


def test_who_was_never_reached_is_due_on_the_day_it_is_set(crm, people, monkeypatch):
    monkeypatch.setenv("CRM_NOW", "2026-12-20T09:00:00+05:30")
    crm("cadence", "set", "ravi", "1y")

    assert (2, 0, "every year, never reached") in reach(crm)


def test_people_from_a_pipe(crm, people):
    ids = crm("list", "tag:client", "--format", "ids").out

    crm("cadence", "set", "-", "10d", given=ids)

    assert crm("cadence", "list", "--format", "ids").out.split() == ["3", "1"]
    assert crm("cadence", "set", "-", "10d", given="").code == 0


@pytest.mark.parametrize("words", [["asha"], ["asha", "soon"], ["asha", "0w"], ["asha", "6"], ["6w"], ["asha", "11y"]])
def test_what_is_not_a_span_is_refused(crm, people, words):
    done = crm("cadence", "set", *words)

    assert done.code == 2
    assert not crm("cadence", "list").out


def test_unknown_tags_and_people_are_refused(crm, people):
    assert crm("cadence", "set", "tag:nobody", "6w").code == 3
    assert crm("cadence", "set", "zoltan", "6w").code == 3
    assert crm("cadence", "rm", "asha").code == 3
    assert crm("cadence", "resume", "asha").code == 1


# Pause


def test_a_pause_ends_on_its_day(crm, people, monkeypatch):
    crm("called", "asha", "--when", "2026-10-02")
    crm("cadence", "set", "asha", "6w")
    crm("cadence", "pause", "asha", "verma", "15", "jan")

    assert [ref for ref, *_ in reach(crm)] == [3]
    assert "paused until 15 Jan 2027" in crm("show", "asha").out
    monkeypatch.setenv("CRM_NOW", "2027-01-15T09:00:00+05:30")
    assert (1, 0, "every 6 weeks, last reached 2 Oct 2026") in reach(crm)


def test_a_paused_person_is_not_named_as_silent_either(crm, people):
    crm("cadence", "pause", "mina")

    assert reach(crm) == []
    assert crm("list", "is:quiet", "--count").out == "0\n"

    crm("cadence", "resume", "mina")

    assert reach(crm) == [(3, 17, SILENCE)]
    assert cadence(crm, "mina") is None


def test_a_paused_tag_makes_nothing_due(crm, people):
    crm("cadence", "set", "tag:client", "1w")
    crm("cadence", "set", "mina", "1y")
    crm("cadence", "pause", "tag:client")

    assert cadence(crm, "mina")["every"] == "1y"
    assert cadence(crm, "asha") == {
        "every": "1w", "own": None, "tag": "client", "next": None, "paused": True, "paused_until": None
    }  # fmt: skip

    crm("cadence", "resume", "tag:client")

    assert cadence(crm, "mina")["every"] == "1w"


def test_a_pause_that_would_be_over_is_refused(crm, people):
    assert crm("cadence", "pause", "asha", "until", "yesterday").code == 2


# The rhythm of a person


def test_silence_beyond_ones_own_rhythm_is_named_with_the_arithmetic(crm, people):
    assert reach(crm) == [(3, 17, SILENCE)]
    assert f"Last reached 12 Oct; {SILENCE}" in crm("show", "mina").out
    assert crm("list", "is:quiet", "--format", "ids").out == "3\n"


def test_four_reaches_are_no_rhythm_and_several_on_a_day_count_once(crm, people):
    for day in ("01", "02", "03", "04", "04"):
        crm("called", "ravi", "--when", f"2026-08-{day} 10:00")

    assert [ref for ref, *_ in reach(crm)] == [3]

    crm("called", "ravi", "--when", "2026-08-05 10:00")

    assert [ref for ref, *_ in reach(crm)] == [2, 3][::-1]


def test_after_a_year_silence_belongs_to_the_past(crm, people, monkeypatch):
    monkeypatch.setenv("CRM_NOW", "2027-11-04T09:00:00+05:30")
    assert [ref for ref, *_ in reach(crm)] == [3]

    monkeypatch.setenv("CRM_NOW", "2027-11-06T09:00:00+05:30")
    assert reach(crm) == []


def test_a_cadence_is_suggested_from_the_median_gap(crm, people):
    assert crm("cadence", "suggest", "--format", "tsv").out == f"3\tMina\t3w\t{SILENCE}\n"

    done = crm("cadence", "suggest", "--apply")

    assert done.out == "3\n"
    assert cadence(crm, "mina")["own"] == "3w"
    assert crm("cadence", "suggest").out == ""


def test_suggestions_for_a_query_include_those_who_are_not_silent(crm, people):
    crm("called", "mina", "--when", "2026-11-20")

    assert crm("cadence", "suggest").out == ""
    assert crm("cadence", "suggest", "tag:client", "--json").json[0]["suggested"] == "3w"


# Spread


def test_a_fresh_import_is_spread_over_the_weeks(crm, tmp_path):
    leads = tmp_path / "leads.csv"
    leads.write_text("name,city\n" + "".join(f"Lead {number},Pune\n" for number in range(84)), encoding="utf-8")
    crm("import", str(leads), "--tag", "fair")
    crm("cadence", "set", "tag:fair", "6w")
    assert len(crm("today", "--json").json["reach"]) == 84

    tried = crm("cadence", "spread", "tag:fair", "--dry-run")
    assert len(crm("today", "--json").json["reach"]) == 84
    done = crm("cadence", "spread", "tag:fair")

    assert "Spread 84 people: 2 in the week of Mon 16 Nov, 14 in the week of Mon 23 Nov" in tried.err
    assert "12 in the week of Mon 28 Dec" in done.err
    assert len(crm("today", "--json").json["reach"]) == 2
    assert crm("cadence", "spread", "tag:fair", "--over", "1w", "--json").json == [
        {"week": "2026-11-16", "people": 1}, {"week": "2026-11-23", "people": 1}
    ]  # fmt: skip


# Undo, and everything that changes a rhythm


def test_each_change_can_be_undone_and_redone(crm, people):
    crm("called", "asha", "--when", "2026-10-02")
    steps = [
        ["cadence", "set", "asha", "6w"], ["called", "asha"], ["cadence", "pause", "asha", "fri"],
        ["cadence", "set", "tag:client", "10d"], ["tag", "asha", "-client"], ["cadence", "rm", "asha"],
        ["rm", "mina", "--yes"],
    ]  # fmt: skip
    states = [state(crm)]
    for step in steps:
        assert crm(*step).code == 0, step
        states.append(state(crm))

    changes = [change["id"] for change in crm("changes", "--limit", str(len(steps)), "--json").json]
    for change, wanted in zip(changes, states[-2::-1], strict=True):
        crm("undo", change)
        assert state(crm) == wanted
    for change, wanted in zip(changes[::-1], states[1:], strict=True):
        crm("redo", change)
        assert state(crm) == wanted


def state(crm):
    assert crm("check").code == 0
    return crm("cadence", "list", "--json").out, crm("list", "is:quiet", "--format", "ids").out


def test_removing_an_activity_takes_its_reach_back(crm, people):
    crm("cadence", "set", "asha", "6w")
    crm("called", "asha")
    activity = crm("history", "asha", "--format", "ids").out.strip()
    assert following(crm, "asha") == "2027-01-03"

    crm("edit", activity, "outcome=no-answer")
    assert following(crm, "asha") == "2026-11-22"

    crm("rm", activity, "--yes")
    assert cadence(crm, "asha")["next"] == "2026-11-22"
    assert crm("check").code == 0


def test_a_planned_call_that_is_done_counts_for_all_who_took_part(crm, people):
    crm("cadence", "set", "tag:client", "6w")
    crm("todo", "call both", "--with", "asha", "--with", "mina", "--due", "today", "--kind", "call")

    crm("done", "a10")

    assert [following(crm, who) for who in ("asha", "mina")] == ["2027-01-03"] * 2


# Derived rows


def test_check_finds_an_outdated_rhythm_and_repair_mends_it(crm, people, book):
    book.db.execute("UPDATE rhythm SET next_on = '2020-01-01', silent_on = NULL")

    found = crm("check")

    assert found.code == 6
    assert "1 people with an outdated rhythm" in found.out
    assert crm("check", "--repair").code == 0
    assert reach(crm) == [(3, 17, SILENCE)]


def test_what_another_program_wrote_is_read_as_nothing(crm, people, book):
    crm("cadence", "set", "asha", "6w")
    book.db.execute("UPDATE cadence SET every = 'often', paused_until = 'soon', from_on = 'never'")

    rhythm.rebuild(book.db)

    assert crm("today").code == 0
    assert crm("cadence", "list").code == 0


def test_a_digest_names_who_is_to_be_reached_with_the_number_and_the_command(crm, people):
    crm("cadence", "set", "asha", "6w")

    lines = crm("digest", "--only", "reach").out.splitlines()

    assert lines[0] == "Sun 22 Nov 2026: 2 to reach"
    assert lines[3].startswith("  crm called 1    today   Asha Verma, Acme · +91 98200 12345 · every 6 weeks")
    assert all(len(line) <= 78 for line in lines)


def test_the_agenda_has_the_section_by_a_query(crm, people):
    crm("cadence", "set", "asha", "6w")

    assert crm("agenda", "tag:client", "--only", "reach", "--format", "tsv").out.count("\n") == 2
    assert crm("agenda", "asha", "--only", "reach", "--format", "tsv").out == (
        "reach\t1\t2026-11-22\t\treach\t+91 98200 12345 · every 6 weeks, never reached\tAsha Verma, Acme\n"
    )


def test_columns_are_listed_and_formats_are_those_of_every_list(crm, people):
    crm("cadence", "set", "tag:client", "6w")

    assert "last-attempt" in crm("cadence", "list", "--columns", "help").out
    assert crm("cadence", "list", "--columns", "name,from", "--format", "csv").out.splitlines() == [
        "name,from", "Asha Verma,tag:client", "Mina,tag:client"
    ]  # fmt: skip
    assert [
        json.loads(line)["cadence"]["every"] for line in crm("cadence", "list", "--format", "jsonl").out.splitlines()
    ] == ["6w"] * 2
