"""Widths as the most spacious terminal counts them."""

from __future__ import annotations

import pytest

from crm_cli.core.text.cautious import cautious_width, shortened
from crm_cli.core.text.folding import display_width

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
