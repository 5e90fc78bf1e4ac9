"""A plan without a time is that day wherever one is; one with a time is that moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from support import Run

    Crm = Callable[..., Run]

ZONES = {"Pacific/Auckland": "+13:00", "America/Los_Angeles": "-08:00", "Pacific/Kiritimati": "+14:00", "UTC": "+00:00"}


@pytest.fixture
def travel(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], None]:
    """Go to a zone at a time of its own clock."""

    def go(zone: str, clock: str) -> None:
        monkeypatch.setenv("TZ", zone)
        monkeypatch.setenv("CRM_NOW", f"{clock}:00{ZONES[zone]}")

    return go


@pytest.fixture
def plan(crm: Crm, travel: Callable[[str, str], None]) -> None:
    travel("UTC", "2027-01-10T10:00")
    crm("add", "Anna")
    crm("todo", "Send it", "--with", "anna", "--due", "2027-01-15")


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(
    ("clock", "section"),
    [
        ("2027-01-14T00:10", "coming"),
        ("2027-01-14T23:50", "coming"),
        ("2027-01-15T00:10", "due"),
        ("2027-01-15T23:50", "due"),
        ("2027-01-16T00:10", "overdue"),
    ],
)
def test_a_day_is_that_day_everywhere(
    crm: Crm, plan: None, travel: Callable[[str, str], None], zone: str, clock: str, section: str
) -> None:
    travel(zone, clock)

    found = crm("agenda", "--json").json

    assert [name for name in ("overdue", "due", "coming") if found[name]] == [section]
    assert (crm("list", "is:overdue", "--count").out.strip() == "1") is (section == "overdue")
    assert (crm("agenda", "is:overdue", "--format", "ids").out == "a1\n") is (section == "overdue")


def test_it_has_no_zone(crm: Crm, plan: None) -> None:
    card = crm("show", "a1", "--json").json

    assert (card["due"], card["zone"]) == ("2027-01-15", None)


def test_a_time_is_a_moment(crm: Crm, travel: Callable[[str, str], None]) -> None:
    travel("UTC", "2027-01-10T10:00")
    crm("todo", "Call", "--due", "2027-01-15 09:00")

    travel("Pacific/Auckland", "2027-01-15T21:59")
    before = crm("agenda", "--json").json
    travel("Pacific/Auckland", "2027-01-15T22:01")
    after = crm("agenda", "--json").json

    assert (len(before["due"]), len(after["overdue"])) == (1, 1)


def test_a_list_is_in_the_order_of_the_readers_clock(crm: Crm, travel: Callable[[str, str], None]) -> None:
    travel("Pacific/Auckland", "2027-01-10T10:00")
    for text, due in (("early", "2027-01-16 08:00"), ("day", "2027-01-15"), ("late", "2027-01-15 23:00")):
        crm("todo", text, "--due", due)

    rows = crm("agenda", "--only", "coming", "--format", "tsv").lines

    assert [row.split("\t")[5] for row in rows] == ["late", "day", "early"]


@pytest.mark.parametrize(
    ("due", "remind", "at"),
    [
        ("25 oct 09:00", "-1d", "2026-10-24T09:00:00+02:00"),
        ("31 oct 09:00", "-1w", "2026-10-24T09:00:00+02:00"),
        ("28 mar 2027", "-1d", "2027-03-27T09:00:00+01:00"),
        ("25 oct 09:00", "-2h", "2026-10-25T07:00:00+01:00"),
    ],
)
def test_a_day_before_is_the_same_time_across_a_clock_change(
    crm: Crm, monkeypatch: pytest.MonkeyPatch, due: str, remind: str, at: str
) -> None:
    monkeypatch.setenv("TZ", "Europe/Berlin")
    monkeypatch.setenv("CRM_NOW", "2026-10-10T10:00:00+02:00")

    found = crm("todo", "Send it", "--due", due, "--remind", remind, "--json").json

    assert found["remind"] == at


def test_a_plan_in_another_zone_is_echoed_in_the_user_s(crm: Crm, travel: Callable[[str, str], None]) -> None:
    travel("America/Los_Angeles", "2027-01-10T10:00")

    assert (
        "→ Thu 14 Jan 2027 14:00 (09:00 Australia/Sydney)"
        in crm("todo", "Call", "--due", "2027-01-15 9am Australia/Sydney").err
    )
    assert "→ Fri 15 Jan 2027 14:00 (23:00 Europe/Paris)" in crm("move", "a1", "2027-01-15 11pm Europe/Paris").err
    snoozed = crm("snooze", "a1", "2027-01-16 9am Europe/Paris").err
    assert "Snoozed until 2027-01-16 00:00 (09:00 Europe/Paris): a1 Call" in snoozed
    assert "past its due date 2027-01-15 14:00 (23:00 Europe/Paris)" in snoozed
    assert crm("move", "a1", "2027-01-15 9am").err.startswith("Moved a1 Call → Fri 15 Jan 2027 09:00 [")
