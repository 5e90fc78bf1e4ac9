from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_cli.core import activities
from crm_cli.errors import UsageError

REACH, ATTEMPT, NEITHER = 2, 1, 0
TABLE = [
    ("call", "out", "", REACH),
    ("call", "in", "", REACH),
    ("call", "", "", REACH),
    ("call", "out", "reached", REACH),
    ("call", "out", "no-answer", ATTEMPT),
    ("call", "out", "voicemail", ATTEMPT),
    ("call", "out", "busy", ATTEMPT),
    ("call", "out", "left-message", ATTEMPT),
    ("call", "out", "wrong-number", NEITHER),
    ("meeting", "", "", REACH),
    ("meeting", "", "held", REACH),
    ("meeting", "", "no-show", ATTEMPT),
    ("meeting", "", "cancelled", NEITHER),
    ("email", "out", "", NEITHER),
    ("email", "out", "sent", NEITHER),
    ("email", "out", "bounced", NEITHER),
    ("email", "out", "replied", REACH),
    ("email", "in", "", REACH),
    ("email", "in", "received", REACH),
    ("email", "", "", NEITHER),
    ("message", "in", "", REACH),
    ("message", "out", "", NEITHER),
    ("message", "out", "replied", REACH),
    ("letter", "in", "", REACH),
    ("letter", "out", "", NEITHER),
    ("note", "", "", NEITHER),
    ("note", "in", "reached", NEITHER),
    ("task", "", "", NEITHER),
    ("task", "out", "replied", NEITHER),
]


@pytest.mark.parametrize(("kind", "direction", "outcome", "reach"), TABLE)
def test_reach(kind: str, direction: str, outcome: str, reach: int) -> None:
    assert activities.reach_of(kind, direction, outcome) == reach


@given(
    st.sampled_from(activities.KINDS), st.sampled_from(["", "in", "out"]), st.sampled_from(["", *activities.OUTCOMES])
)
def test_every_combination_has_a_reach(kind: str, direction: str, outcome: str) -> None:
    assert activities.reach_of(kind, direction, outcome) in (REACH, ATTEMPT, NEITHER)


def test_words_are_matched_forgivingly() -> None:
    assert activities.check_outcome("No Answer", "call") == "no-answer"
    assert activities.check_outcome("", "note") == ""
    assert activities.check_kind("Call") == "call"
    assert activities.check_direction("") == ""


@pytest.mark.parametrize(
    ("outcome", "kind", "advice"),
    [
        ("voicmail", "call", "did you mean voicemail"),
        ("purple", "meeting", "one of reached"),
        ("voicemail", "letter", "outcome of a letter"),
        ("reached", "note", "a note has no outcome"),
    ],
)
def test_an_outcome_that_does_not_fit_is_refused(outcome: str, kind: str, advice: str) -> None:
    with pytest.raises(UsageError, match=advice):
        activities.check_outcome(outcome, kind)


def test_an_unknown_kind_is_refused_with_the_nearest() -> None:
    with pytest.raises(UsageError, match="did you mean meeting"):
        activities.check_kind("meting")


@pytest.mark.parametrize(
    ("text", "when", "subject"),
    [
        ("fri: send quote", "fri", "send quote"),
        ("fri 15:00: call: budget", "fri 15:00", "call: budget"),
        ("2026-12-01T09:00:  x", "2026-12-01T09:00", "x"),
        ("in 2 weeks:ask", "in 2 weeks", "ask"),
    ],
)
def test_parse_next(text: str, when: str, subject: str) -> None:
    assert activities.parse_next(text) == (when, subject)


@pytest.mark.parametrize("text", ["", "send quote", "fri:", ": send", "fri 15:00"])
def test_a_next_step_needs_when_and_what(text: str) -> None:
    with pytest.raises(UsageError, match="fri 3pm: send the quote"):
        activities.parse_next(text)
