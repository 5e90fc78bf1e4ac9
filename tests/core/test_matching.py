"""Which record of the book is the one of a file."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import records_of

from crm_cli.core import matching
from crm_cli.core.matching import Candidate, decide
from crm_cli.core.records import Address, Draft, NameParts, Point, Property

texts = st.text(st.characters(exclude_categories=("Cs",)), max_size=8)
drafts = records_of(Draft,
    kind=st.sampled_from(["person", "company"]),
    name=texts, nickname=texts, company=texts, title=texts, department=texts, notes=texts, uid=texts,
    parts=records_of(NameParts, texts, texts, texts, texts, texts),
    points=st.lists(
        records_of(Point, st.sampled_from(["email", "phone", "im"]), texts, texts, st.booleans(), texts, texts)
    ).map(tuple),
    addresses=st.lists(records_of(Address, texts, texts, texts, texts, preferred=st.booleans()), max_size=2).map(tuple),
    birthday=st.none() | st.just("--11-22"),
    tags=st.lists(texts, max_size=3).map(tuple),
    custom=st.lists(st.tuples(texts, texts), max_size=3).map(tuple),
    properties=st.lists(records_of(Property, texts, texts, texts, texts), max_size=2).map(tuple),
)  # fmt: skip


@given(drafts)
def test_base_text_holds_everything_a_draft_says(draft: Draft) -> None:
    """What an import keeps as the base reads back as the same draft."""
    assert matching.from_base(matching.base_text(draft)) == draft


def test_base_text_leaves_out_where_it_stood() -> None:
    """A record that moved down in its file is the same record."""
    assert matching.base_text(Draft(name="A", line=3, raw=("a",))) == matching.base_text(Draft(name="A", line=9))


@pytest.mark.parametrize(
    ("key", "telling"),
    [
        ("1", False),
        ("4711", False),
        ("urn:uuid:0a3c0000-1111-4222-8333-000000000001", True),
        ("0A3C0000-1111-4222-8333-000000000001", True),
        ("https://www.linkedin.com/in/asha", True),
        ("", False),
    ],
)
def test_row_numbers_are_no_telling_keys(key: str, telling: bool) -> None:
    """Two files may both number their rows from 1."""
    assert matching.is_telling(key) is telling


ASHA = Draft(name="Asha Verma", points=(Point("email", "Asha@Acme.in"),))


@pytest.mark.parametrize(
    ("people", "found"),
    [
        ([Candidate(1, "Asha Verma")], 1),
        ([Candidate(1, "Verma, A.")], 1),
        ([Candidate(1, "Ravi Kumar")], None),
        ([Candidate(1, "Asha Verma"), Candidate(2, "Asha Verma")], None),
        ([Candidate(1, "Asha Verma"), Candidate(1, "Asha Verma")], 1),
        ([], None),
    ],
)
def test_an_email_decides_only_when_unique_and_the_names_agree(people: list[Candidate], found: int | None) -> None:
    """A shared address, or a namesake's, merges nobody silently."""
    match = decide(ASHA, [("email", "asha@acme.in", people)])

    assert match.id == found
    assert bool(match.doubt) is (found is None and bool(people))


def test_a_phone_decides_where_the_email_does_not() -> None:
    """An e-mail that nobody has leaves it to the phone."""
    assert decide(ASHA, [("email", "x", []), ("phone", "+911", [Candidate(7, "A. Verma")])]).id == 7


def test_a_name_made_of_the_address_contradicts_nothing() -> None:
    """A record that only says an e-mail is whoever has it."""
    draft = Draft(name="asha@acme.in", points=(Point("email", "asha@acme.in"),))

    assert decide(draft, [("email", "asha@acme.in", [Candidate(1, "Asha Verma")])]).id == 1
