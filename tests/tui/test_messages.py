"""Messages: two lines at most, a path whole, and nothing of the list covered."""

from __future__ import annotations

import pytest
from small_book import SmallBook
from support import made_once
from tui_support import drive, lines, press, session, shown

from crm_cli.core.text.width import display_width
from crm_cli.tui import messages

PATH = "/home/asha/.local/state/crm/unsaved/20261122-090000-abcdefgh/note.txt"


@pytest.mark.parametrize("width", [40, 57, 77, 117])
@pytest.mark.parametrize(
    "text",
    [
        "Done",
        "word " * 60,
        "क" * 300,
        f"cannot run the editor ({'because of this ' * 20}; your text is kept in {PATH})",
    ],
)
def test_a_message_has_two_lines_at_most_and_keeps_its_path(text, width):
    found = messages.laid_out(text, width)

    assert len(found) <= 2
    assert all(display_width(line) <= width for line in found)
    if len(found) == 2 and PATH in text and width > 40:
        assert PATH in "".join(found)
    if "".join(text.split()) != "".join("".join(found).split()):
        assert "…" in "".join(found)


def test_a_message_that_fits_is_broken_at_spaces():
    assert messages.laid_out("Logged a9 call with Asha Verma", 20) == ["Logged a9 call with", "Asha Verma"]
    assert messages.laid_out(f"kept in {PATH}", 50) == [f"kept in {PATH}"[:49], f"kept in {PATH}"[49:]]


@pytest.fixture
@made_once
def long_day(book_path):
    """More to do than a small screen shows."""
    book = SmallBook(book_path)
    asha = book.person("Asha Verma", "Acme")
    for number in range(30):
        book.todo(f"task {number}", "2026-11-22", asha)
    book.save().db.close()
    return book_path


async def drawn(pilot, text):
    """Wait until a message is on the screen."""
    for _ in range(50):
        if text in shown(pilot.app):
            return
        await pilot.pause(0.02)
    pytest.fail(f"{text} is not shown")


def test_a_message_covers_no_row(long_day):
    """The row under the cursor, which was just changed, is the last one, and is seen above one line and above two."""

    async def look(pilot):
        await press(pilot, "G")
        height = pilot.app.screen.found.size.height
        pilot.app.say("Done a1")
        await drawn(pilot, "Done a1")
        assert [line[1:].strip() for line in lines(pilot.app)[-2:-1]] == ["Done a1"]
        assert "task 29" in lines(pilot.app)[-3]
        pilot.app.say("Done a1 " + "and more " * 12, "error")
        await drawn(pilot, "Done a1 and more")
        assert "Done a1" in lines(pilot.app)[-3]
        assert "task 29" in lines(pilot.app)[-4]
        assert pilot.app.screen.found.size.height == height - 1
        await press(pilot, "2")
        pilot.app.say("Done a1")
        await press(pilot, "1")
        assert pilot.app.screen.found.size.height == height

    drive(session(long_day), look, size=(80, 24), notifications=True)
