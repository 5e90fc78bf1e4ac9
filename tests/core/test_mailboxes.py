"""E-mail addresses out of what stands where one should be."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_cli.core.mailboxes import Mailbox, mailboxes, names_with_mail


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a@b.example", [("a@b.example", "")]),
        ("Eva Eins <a@b.example>", [("a@b.example", "Eva Eins")]),
        ("<a@b.example>", [("a@b.example", "")]),
        ("mailto:a@b.example", [("a@b.example", "")]),
        ("Eva <mailto:a@b.example>", [("a@b.example", "Eva")]),
        ('"Vier, Eva" <a@b.example>', [("a@b.example", "Vier, Eva")]),
        ("a@b.example (Eva Eins)", [("a@b.example", "Eva Eins")]),
        ("a@b.example / c@d.example", [("a@b.example", ""), ("c@d.example", "")]),
        ("a@b.example; c@d.example", [("a@b.example", ""), ("c@d.example", "")]),
        (
            "A <a@b.example>, c@d.example, E <e@f.example>",
            [("a@b.example", "A"), ("c@d.example", ""), ("e@f.example", "E")],
        ),
        ("\u200ea@b.example\ufeff", [("a@b.example", "")]),
        ("bert", [("bert", "")]),
        ("jörg@b.example", [("jörg@b.example", "")]),
    ],
)
def test_mailboxes(text: str, found: list[tuple[str, str]]) -> None:
    assert mailboxes(text) == [Mailbox(*each) for each in found]


@pytest.mark.parametrize("text", ["none", "None", "n/a", "N/A", "-", "--", "—", "(none)", "<none>", "null", "", " "])
def test_a_text_that_says_none_is_no_mailbox(text: str) -> None:
    assert mailboxes(text) == []


def test_a_name_that_says_nothing_new_is_not_kept() -> None:
    assert names_with_mail(["Eins, Eva", "Eva at work"], "Eva Eins") == [("E-mail name", "Eva at work")]


@given(st.text("ab@<>(), ;/.-\u200e", max_size=30))
def test_no_address_is_lost(text: str) -> None:
    """Every letter is in an address or in a name, unless the text says that there is none."""
    found = "".join(part for each in mailboxes(text) for part in each)

    assert not found or sorted(filter(str.isalnum, found)) == sorted(filter(str.isalnum, text))
