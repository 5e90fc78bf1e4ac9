"""Widths as the most spacious terminal counts them."""

from __future__ import annotations

import pytest

from crm_cli.core.text.cautious import cautious_width, fit_cautiously, is_disputed, shortened
from crm_cli.core.text.width import display_width, fit

COUNTED = {
    "Asha": 4, "王小明": 6, "कुमार": 4, "सुरेश": 3, "शांति": 4, "கொ": 2, "é": 1,
    "क\u094dष": 2, "👩\u200d👩\u200d👧": 6, "👍🏽": 4,
    "می\u200cخواهم": 7, "ไทย": 3, "a\u00adb": 3,
}  # fmt: skip
"""As tmux counts, or a terminal that joins no emoji."""


@pytest.mark.parametrize(("text", "cells"), COUNTED.items())
def test_each_mark_with_room_of_its_own_counts(text, cells):
    """Never less than the ordinary count."""
    assert cautious_width(text) == cells
    assert cautious_width(text) >= display_width(text)


@pytest.mark.parametrize(
    "text", ["सुरेश कुमार, शांति आयुर्वेद", "Asha Verma", "👩\u200d👩\u200d👧 Family", "林雅婷, 台北茶行"]
)
@pytest.mark.parametrize("width", range(30))
def test_what_is_shortened_certainly_fits(text, width):
    """A beginning of the text and a sign that it was cut; all of it where there is room."""
    found = shortened(text, width)

    assert cautious_width(found) <= width
    assert found == text or not found or (found.endswith("…") and text.startswith(found[:-1]))
    assert (found == text) is (cautious_width(text) <= width)


@pytest.mark.parametrize(
    "text",
    ["कि", "கொ", "ไทยน้ำ", "e\u0301x", "مُ", "👩", "👍🏽", "🇮🇳", "❤", "❤\ufe0f", "1\ufe0f\u20e3", "Ж", "α", "€",
     "a\u00adb", "می\u200cخ", "\u1112\u1161", "\ue000", "\U0001fbff", "\ufffd"],
)  # fmt: skip
def test_terminals_disagree_about(text):
    assert is_disputed(text)


@pytest.mark.parametrize(
    "text",
    ["", "Asha", "Zoë Ångström", "Łukasz", "王小明", "台北、", "한지민", "محمد", "שרה", "₹50,000", "Asha …", "│ ✓ →"],
)
def test_terminals_agree_about(text):
    assert not is_disputed(text)


@pytest.mark.parametrize("width", range(1, 30))
def test_what_is_fitted_takes_its_cells_and_certainly_no_more(width):
    """Padded by the ordinary measure, cut by the widest; one without disputed signs as ever."""
    found = fit_cautiously("सुरेश कुमार, शांति", width)

    assert display_width(found) == width
    assert cautious_width(found.rstrip(" ")) <= width
    assert fit_cautiously("Head of Purchasing", width) == fit("Head of Purchasing", width)
