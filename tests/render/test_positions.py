"""Columns put in their places by the cursor, on terminals that count as they like."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_cli.core.text.cautious import cautious_width, is_disputed
from crm_cli.core.text.width import clusters, display_width
from crm_cli.render import spans
from crm_cli.render.positions import STOP, positioned, unpositioned
from crm_cli.render.tables import Column, table

PIECES = (
    "a", "Z", " ", "é", "Ж", "ε", "€", "王", "한", "कि", "कु", "मा", "र", "கொ", "ไ", "ำ", "م", "مُ", "👩\u200d👩\u200d👧",
    "👍🏽", "❤\ufe0f", "🇮🇳", "a\u00ad", "ক্ষ", "…", "\u1112\u1161\u11ab",
)  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES), max_size=14).map("".join)


def draw(line, count):
    """Return which cells of a terminal a line fills, and with what, where ``count`` says how many a cluster takes."""
    screen, at = {}, 0
    for piece in re.split(r"(\x1b\[\d+G)", line):
        if piece.startswith("\x1b"):
            at = int(piece[2:-1]) - 1
            continue
        for cluster, cells in clusters(piece):
            taken = count(cluster, cells)
            assert cluster == " " or not any(screen.get(place, " ") != " " for place in range(at, at + taken))
            screen |= {at + place: cluster if not place else "" for place in range(taken)}
            at += taken
    return screen


def narrow(_cluster, cells):
    return cells


def wide(cluster, cells):
    return max(cells, cautious_width(cluster))


def tight(cluster, cells):
    """No text of disputed width takes more than a cell."""
    return min(cells, 1) if is_disputed(cluster) else cells


TERMINALS = (narrow, wide, tight)


@given(st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=5), st.integers(20, 60))
def test_columns_begin_at_one_place_and_nothing_is_covered(rows, width):
    """On every terminal, at every width; the last column ends before the edge."""
    columns = (
        Column("first", lambda row: row[0], grow=1),
        Column("second", lambda row: row[1], grow=2),
        Column("last", lambda row: "|"),
    )
    lines = [positioned(spans.text(line), width) for line in table(rows, columns, width=width, placed=True)][1:]

    for count in TERMINALS:
        screens = [draw(line, count) for line in lines]
        assert len({place for screen in screens for place, text in screen.items() if text == "|"}) == 1
        assert all(max(screen) < width for screen in screens)


@given(st.lists(TEXTS, min_size=2, max_size=4))
def test_a_column_behind_a_text_of_any_width_covers_nothing(parts):
    """Where nobody has bounded what stands before it, it begins later."""
    line = STOP.join(f"{part} " for part in parts)

    for count in TERMINALS:
        shown = draw(positioned(line, 500), count)
        assert "".join(shown[place] for place in sorted(shown)).replace(" ", "") == unpositioned(line).replace(" ", "")


@given(TEXTS)
def test_a_text_of_undisputed_width_has_one(text):
    """The widest and the ordinary measure are the same."""
    assert is_disputed(text) or cautious_width(text) == display_width(text)


@pytest.mark.parametrize("line", [f"Asha  {STOP}Acme", f"王小明  {STOP}台北", f"Zoë  {STOP}कुमार", f"{STOP}कि  Acme"])
def test_a_line_with_nothing_behind_disputed_widths_stays(line):
    assert positioned(line, 80) == line.replace(STOP, "")


def test_what_follows_a_disputed_width_is_put_there():
    assert positioned(f"  कि   {STOP}Acme  {STOP}Pune", 80) == "  कि\x1b[7GAcme\x1b[13GPune"


def test_no_column_is_put_beyond_the_edge():
    assert positioned(f"कि   {STOP}Acme", 4) == "कि   Acme"
