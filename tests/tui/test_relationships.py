"""People: a relationship is recorded, seen from both sides, and removed."""

from __future__ import annotations

from tui_support import drive, press, session, shown, toast


def test_a_relationship_is_recorded_and_removed(people):
    async def work(pilot):
        await press(pilot, "2", "R", "=ravi", "tab", "down", "enter")
        assert toast(pilot.app) == "Related: Ravi Kumar referred Asha Verma [ch1]"
        await press(pilot, "enter")
        assert "referred-by" in shown(pilot.app)
        await press(pilot, "escape", "u")
        assert toast(pilot.app).startswith("Took back ch1 relate")

    drive(session(people), work)


def test_a_name_that_fits_nobody_stays_a_name(people):
    async def work(pilot):
        await press(pilot, "2", "R", "=Meena Rao", "enter")
        assert toast(pilot.app) == "Related: Meena Rao referred Asha Verma [ch1]"

    drive(session(people), work)
