"""The one door to a terminal."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import HOSTILE, STEERING

from crm_cli.render.clean import MARKS, clean


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Asha", "Asha"), ("\x1b[31m", "␛[31m"), ("a\x07b", "a␇b"), ("a\nb\tc", "a␊b␉c"), ("\0", "␀"),
        ("\x7f", "␡"), ("\x9b", "\ufffd"),
        ("a\u202eb", "a\ufffdb"), ("a\u2028b", "a␤b"), ("\udcff", "?"), ("[bold]", "[bold]"),
        ("👩‍👩‍👧‍👦", "👩‍👩‍👧‍👦"), ("क्षत्रिय", "क्षत्रिय"), ("", ""),
    ],
)  # fmt: skip
def test_what_is_shown(text, shown):
    assert clean(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"), [("a\nb", "a\nb"), ("a\r\nb", "a\nb"), ("a\rb", "a\nb"), ("a\tb", "a    b"), ("a\x1bb", "a␛b")]
)
def test_lines_may_stay(text, shown):
    assert clean(text, lines=True) == shown


def test_a_pile_of_marks_is_cut():
    assert clean("z" + "\u0301" * 500) == "z" + "\u0301" * MARKS


@given(st.one_of(st.text(), st.sampled_from(HOSTILE)), st.booleans())
def test_nothing_steers_and_nothing_more_is_taken(text, lines):
    shown = clean(text, lines=lines)

    assert {ord(char) for char in shown} & STEERING <= ({0x0A} if lines else set())
    shown.encode()
    assert clean(shown, lines=lines) == shown
