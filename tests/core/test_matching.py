"""Which record of the book is the one of a file."""

from __future__ import annotations

import pytest

from crm_cli.core import matching
from crm_cli.core.matching import Candidate, decide
from crm_cli.core.records import Draft, Point


@pytest.mark.parametrize(
    ("key", "identifying"),
    [
        ("1", False),
        ("4711", False),
        ("urn:uuid:0a3c0000-1111-4222-8333-000000000001", True),
        ("0A3C0000-1111-4222-8333-000000000001", True),
        ("https://www.linkedin.com/in/asha", True),
        ("", False),
    ],
)
def test_row_numbers_are_no_telling_keys(key: str, identifying: bool) -> None:
    """Two files may both number their rows from 1."""
    assert matching.is_identifying(key) is identifying


def test_a_uuid_has_other_spellings_and_no_other_key_has() -> None:
    bare, named = "0a3c0000-1111-4222-8333-000000000001", "urn:uuid:0A3C0000-1111-4222-8333-000000000001"

    assert named in matching.spellings(bare)
    assert bare in matching.spellings(named)
    assert named not in matching.spellings(named)
    assert matching.spellings("4711") == matching.spellings("https://a.example/Asha") == ()


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
