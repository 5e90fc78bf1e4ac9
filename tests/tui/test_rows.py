"""How rows look: the cursor in every number of colours, column headings, signs, and what is cut first."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_book import SmallBook
from terminal import Terminal
from tui_support import drive, lines, press, session, settled, shown

from crm_cli.core.activities import KINDS
from crm_cli.core.text.cautious import is_disputed
from crm_cli.core.text.width import display_width
from crm_cli.tui import themes
from crm_cli.tui.data.agenda_items import Item
from crm_cli.tui.glyphs import GLYPHS
from crm_cli.tui.widgets.agenda_list import AgendaList
from crm_cli.tui.widgets.people_list import PeopleList
from crm_cli.tui.widgets.rows import BAR

SIXTEEN = [{"TERM": "xterm-16color", "COLORTERM": ""}, {"TERM": "linux", "COLORTERM": ""}]


@pytest.mark.parametrize("theme", ["dark", "light", "none"])
@pytest.mark.parametrize("env", SIXTEEN, ids=lambda env: env["TERM"])
def test_the_cursor_row_is_seen_in_16_colours(people, env, theme):
    """It has a bar and a ground of its own, or reverse text; the row before has neither."""
    with Terminal(people, env=env | {"CRM_THEME": theme}) as terminal:
        terminal.until("Overdue  1")
        terminal.press("j")
        terminal.quiet()
        buffer = terminal.screen.buffer
        here = next(row for row in range(24) if buffer[row][0].data == BAR)
        ground = {
            (buffer[row][10].bg, buffer[row][10].reverse)
            for row in range(24)
            if "send the quote" in terminal.lines[row]
        }
        cursor = {(buffer[here][x].bg, buffer[here][x].reverse) for x in range(1, 70)}
        assert terminal.leave() == 0

    assert "call back" in terminal.lines[here]
    assert len(cursor) == 1
    assert cursor.isdisjoint(ground)


@pytest.mark.parametrize(
    ("env", "few"),
    [
        ({"TERM": "xterm-256color"}, False),
        ({"TERM": "xterm", "COLORTERM": "truecolor"}, False),
        ({"TERM": "xterm-16color"}, True),
        ({"TERM": "linux"}, True),
        ({"TERM": "screen"}, True),
    ],
    ids=str,
)
def test_the_number_of_colours_is_what_rich_detects(monkeypatch, env, few):
    """A theme for other colours than those that are drawn would not be readable."""
    for name in ("TERM", "COLORTERM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in env.items():
        monkeypatch.setenv(name, value)

    assert themes.has_few_colors() == few


def test_the_text_of_the_cursor_row_is_brighter(people):
    async def look(pilot):
        await press(pilot, "2")
        found = pilot.app.screen.query_one(PeopleList)
        row, other = (next(part for part in found.render_line(y) if "0" in part.text) for y in (1, 2))
        name, next_name = (list(found.render_line(y))[2 if y == 1 else 1] for y in (1, 2))
        assert name.style.color.name == themes.DARK.lit
        assert next_name.style.color.name == themes.DARK.foreground
        assert (row.style.color.name, other.style.color.name) == (themes.DARK.foreground, themes.DARK.muted)
        assert next(iter(found.render_line(1))).text == BAR

    drive(session(people), look)


def test_the_columns_have_headings_that_do_not_scroll(people):
    """Above their texts, with an arrow at the one that the list is sorted by."""

    async def look(pilot):
        await press(pilot, "2")
        heading, first = lines(pilot.app)[3:5]
        assert heading.split("▏")[0].split() == ["name", "▲", "company", "phone"]
        assert heading.index("company") == first.index("Acme")
        await press(pilot, "G", "r")
        assert lines(pilot.app)[3].split("▏")[0].split() == ["name", "▼", "company", "phone"]
        await pilot.click(PeopleList, offset=(5, 0))
        assert pilot.app.screen.found.cursor == 0

    drive(session(people), look, size=(100, 8))


def test_each_kind_has_a_sign_of_one_cell_in_every_terminal():
    """Neither an emoji nor a character that is wide in East Asian fonts; the help explains each."""
    assert {*KINDS, "deal", "birthday", "anniversary", "reach"} == set(GLYPHS)
    for sign in GLYPHS.values():
        assert (len(sign), display_width(sign), is_disputed(sign)) == (1, 1, False)
        assert unicodedata.east_asian_width(sign) in {"N", "Na"}
    assert len(set(GLYPHS.values())) == len(GLYPHS)


def test_the_help_explains_the_signs(people):
    async def look(pilot):
        await press(pilot, "question_mark", "G")
        assert all(f"{sign} {kind}" in shown(pilot.app) for kind, sign in GLYPHS.items())

    drive(session(people), look, size=(80, 24))


def test_a_row_of_today_keeps_the_person_before_the_text(book_path):
    """At any width the whole name is there, at 60 columns beside a text that is cut."""
    book = SmallBook(book_path)
    asha = book.person("Asha Verma", "Sahyadri Foods and Beverages")
    book.todo("ask what she thinks of the samples of the new pouch line", "2026-11-22", asha, kind="call")
    book.save().db.close()

    async def look(pilot):
        for width in (60, 80, 100, 120, 240):
            await pilot.resize_terminal(width, 24)
            await settled(pilot)
            row = next(line for line in lines(pilot.app) if GLYPHS["call"] in line)
            assert "Asha Verma" in row, width
            assert "ask what she" in row, width
        assert "ask what she thinks of the samples of the new pouch line  Asha Verma, Sahyadri Foods and Bev" in row

    drive(session(book_path), look)


@given(st.lists(st.tuples(st.text("ab", max_size=60), st.text("cd", max_size=60)), min_size=1), st.integers(20, 240))
def test_the_columns_of_today_are_never_wider_than_the_line(rows, width):
    found = AgendaList(
        [Item("due", "a1", "today", "call", what, f"{who}, Acme", first=who) for what, who in rows], id="x"
    )

    for row in range(len(rows)):
        cells = [cells for _, cells, _ in found.parts(row, width)]
        assert min(cells) >= 0
        assert sum(cells) <= width


@pytest.mark.parametrize("theme", ["dark", "light", "none"])
def test_an_example_in_an_empty_field_does_not_look_like_a_value(people, theme):
    """It says that it is one, and is in italics; without colours it is dim as well."""

    async def look(pilot):
        await press(pilot, "2", "c", "=Ravi")
        parts = [part for strip in pilot.app.screen._compositor.render_strips() for part in strip]
        hints = [part for part in parts if part.text.strip().startswith("e.g. ")]
        value = next(part for part in parts if part.text.strip() == "Ravi")
        assert len(hints) > 5
        assert all(part.style.italic for part in hints)
        assert not value.style.italic
        if theme == "none":
            assert all(part.style.dim for part in hints)
            assert not value.style.dim

    drive(session(people, theme=theme), look, size=(80, 30))
