"""The card: a briefing parted into the names of fields and their values."""

from __future__ import annotations

import pytest

from crm_cli.render.fields import LABEL, field
from crm_cli.tui.widgets.card import laid_out


@pytest.mark.parametrize("label", ["city", "出生地", "जन्म-स्थान", "longer-than-its-column"])
def test_a_value_stays_whole_whatever_its_field_is_called(label):
    ((parts, _),) = laid_out(field(label, "ab c"), 60)

    assert [text for text, _, _ in parts] == [label, "ab c", ""]
    assert [cells for _, cells, _ in parts] == [LABEL, 4, 60 - LABEL - 4]
