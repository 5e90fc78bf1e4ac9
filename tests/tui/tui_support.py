"""Driving the dashboard without a terminal, and reading what it shows."""

from __future__ import annotations

import asyncio
import contextlib
from datetime import datetime
from typing import TYPE_CHECKING, Any

from small_book import NOW, ZONE
from textual import events
from textual.keys import _character_to_key
from textual.worker import WorkerCancelled

from crm_cli.session import Session
from crm_cli.tui.app import Dashboard

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from textual.pilot import Pilot

MOMENT = datetime.fromisoformat(NOW)
SIZES = {"small": (80, 24), "large": (120, 40)}


def session(path: Path, **more: Any) -> Session:
    """The surroundings of a test: its book on its Sunday."""
    return Session(path, ZONE, "IN", lambda: MOMENT, **{"theme": "dark", "currency": "INR", "locale": "en_IN", **more})


async def settled(pilot: Pilot[Any]) -> None:
    """Wait until every question is answered and drawn."""
    for _ in range(3):
        await pilot.pause()
        while not pilot.app.typeahead.is_idle and pilot.app.is_running:
            await pilot.pause(0.005)
        jobs = [job for job in pilot.app.workers if job.group != "watch" and not job.is_finished]
        if jobs:  # none would mean all
            with contextlib.suppress(WorkerCancelled):  # a newer question took its place
                await pilot.app.workers.wait_for_complete(jobs)
        await pilot.pause(0.01)


async def press(pilot: Pilot[Any], *keys: str) -> None:
    """Press keys, each when the last is settled; a word of several letters that is no key is typed in one breath."""
    for key in keys:
        if key.startswith("=") or (len(key) > 1 and " " in key):
            await burst(pilot, *key.removeprefix("="))
        else:
            await pilot.press({" ": "space", ":": "colon", "/": "slash"}.get(key, key))
            await settled(pilot)


KEYS = {" ": "space", "/": "slash", "?": "question_mark", "<": "less_than_sign", ">": "greater_than_sign", ":": "colon"}
"""What is typed -> Textual's name of its key, where that is another."""


async def burst(pilot: Pilot[Any], *keys: str, wait: bool = True) -> None:
    """Press keys in one breath, as a macro or a slow line does: none waits for what the one before it does."""
    for key in keys:
        name = _character_to_key(key) if len(key) == 1 else key
        pilot.app.post_message(events.Key(name, key if len(key) == 1 else None))
    if wait:
        await settled(pilot)


def drive(
    session: Session,
    script: Callable[[Pilot[Any]], Awaitable[None]],
    size: tuple[int, int] = (120, 40),
    *,
    few_colors: bool = False,
    notifications: bool = False,
) -> Dashboard:
    """Run the dashboard under a script, and return it; messages are drawn only with ``notifications``."""
    app = Dashboard(session, few_colors=few_colors)

    async def run() -> None:
        async with app.run_test(size=size, notifications=notifications) as pilot:
            await settled(pilot)
            await script(pilot)

    asyncio.run(run())
    return app


def lines(app: Dashboard) -> list[str]:
    """What is on the screen, line by line."""
    return ["".join(segment.text for segment in strip).rstrip() for strip in app.screen._compositor.render_strips()]


def shown(app: Dashboard) -> str:
    """What is on the screen."""
    return "\n".join(lines(app))


def toast(app: Dashboard) -> str:
    """What was said last, if it is still shown."""
    return app.message if list(app._notifications) else ""
