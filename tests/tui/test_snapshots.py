"""What the screens look like: pictures of the demonstration's book on a fixed day, to be looked at when they change.

``pytest tests/tui/test_snapshots.py --snapshot-update`` takes new ones; look at them before they are committed.
"""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

import pytest
from textual.widgets import Input, TextArea
from tui_support import SIZES, press, settled

from crm_cli.session import Session
from crm_cli.tui.app import Dashboard

sys.path.insert(0, str(Path(__file__).parents[2] / "docs"))

import screenshots

PICTURES = {
    "today-small": ("small", "dark", ()),
    "today-large": ("large", "dark", ("j", "j")),
    "today-light": ("large", "light", ("j",)),
    "today-plain": ("small", "none", ("j",)),
    "today-card-small": ("small", "dark", ("v",)),
    "people-small": ("small", "dark", ("2", "j")),
    "people-large": ("large", "dark", ("2", "slash", "=tag:client", "enter", "space", "space")),
    "people-plain": ("large", "none", ("2", "slash", "=quiet:60d")),
    "mistake-small": ("small", "dark", ("2", "slash", *"asha tga:x")),
    "nobody-small": ("small", "dark", ("2", "slash", "=qqqq")),
    "done-small": ("small", "dark", ("d", "=Sent", "tab", "tab", "=fri 3pm: ask")),
    "log-large": ("large", "light", ("2", "l", "=Agreed", "tab", "m")),
    "log-plain": ("small", "none", ("2", "l", "=Agreed", "tab", "m")),
    "person-small": ("small", "dark", ("2", "e")),
    "move-mistake-small": ("small", "dark", ("m", "=soonish", "enter")),
    "pipeline-small": ("small", "dark", ("3", "j")),
    "pipeline-large": ("large", "light", ("3", "j")),
    "deal-small": ("small", "dark", ("3", "c", "=Tins", "tab", "=priya", "tab", "=50k INR")),
    "help-large": ("large", "dark", ("2", "question_mark")),
}


@pytest.fixture(scope="session")
def demo(tmp_path_factory):
    """The demonstration's book, made once."""
    path = tmp_path_factory.mktemp("demo") / "demo.db"
    with pytest.MonkeyPatch.context() as patch:
        for name in ("CRM_NOW", "TZ", "LANG"):
            patch.setenv(name, "")
        patch.setenv("XDG_CONFIG_HOME", str(path.parent))
        screenshots.make_book(path)
    return path


@pytest.mark.conv("T26")
@pytest.mark.parametrize("name", PICTURES)
def test_it_looks_as_it_did(snap_compare, demo, name):
    """A picture that is another than before is meant to be, or is a mistake."""
    size, theme, keys = PICTURES[name]
    moment = datetime.fromisoformat(screenshots.NOW)
    app = Dashboard(Session(demo, "Asia/Kolkata", "IN", lambda: moment, theme=theme, locale="en", currency=""))

    async def before(pilot):
        await settled(pilot)
        await press(pilot, *keys)
        # A cursor that blinks is there in one picture and not in the next, in a field of one line as in one of several.
        for field in pilot.app.screen.query(Input):
            field.cursor_blink = False
            field._restart_blink()
        for area in pilot.app.screen.query(TextArea):
            area.cursor_blink = False
            area.refresh()
        await settled(pilot)

    assert snap_compare(app, terminal_size=SIZES[size], run_before=before)


def test_the_pictures_of_the_readme_are_there():
    """Each picture the script knows is in the folder, and shown."""
    readme = (Path(screenshots.__file__).parents[1] / "README.md").read_text(encoding="utf-8")
    for name in (*screenshots.PICTURES, *screenshots.PROMPTS):
        assert (screenshots.FOLDER / f"{name}.svg").exists()
        assert f"docs/pictures/{name}.svg" in readme
