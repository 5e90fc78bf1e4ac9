"""What an import keeps of a record reads back as the same record."""

from __future__ import annotations

import io

from hypothesis import given
from hypothesis import strategies as st
from strategies import records_of

from crm_cli.core.records import Address, Consent, Draft, NameParts, Point, Property
from crm_cli.formats.base import base_text, from_base
from crm_cli.formats.open import open_source

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
    consents=st.lists(records_of(Consent, texts, texts, texts, texts), max_size=2).map(tuple),
)  # fmt: skip


@given(drafts)
def test_base_text_holds_everything_a_draft_says(draft: Draft) -> None:
    """What an import keeps as the base reads back as the same draft."""
    assert from_base(base_text(draft)) == draft


def test_base_text_leaves_out_where_it_stood() -> None:
    """A record that moved down in its file is the same record."""
    assert base_text(Draft(name="A", line=3, raw=("a",))) == base_text(Draft(name="A", line=9))


def cards(text: str) -> list[Draft]:
    return list(open_source(io.BytesIO(text.encode()), name="file").records)


def test_a_card_is_kept_in_its_own_words() -> None:
    """A card that nothing has to be joined in is its own base; where it stood and its raw lines are no part of it."""
    (card,) = cards("BEGIN:VCARD\nVERSION:3.0\nFN:Zoë\nitem1.TEL:1234567\nitem1.X-ABLabel:desk\nX-A;B=c:d\nEND:VCARD\n")

    assert base_text(card) == "VERSION:3.0\nFN:Zoë\nitem1.TEL:1234567\nitem1.X-ABLabel:desk\nX-A;B=c:d"
    assert from_base(base_text(card)) == card._replace(line=0)


def test_a_card_of_an_older_version_reads_back_by_its_rules() -> None:
    """In vCard 2.1 a comma is text and a backslash no escape."""
    (card,) = cards("BEGIN:VCARD\nVERSION:2.1\nN:Doe, Sr.;Jo\\hn\nFN:John\nEND:VCARD\n")

    assert from_base(base_text(card)) == card._replace(line=0)


def test_what_cannot_stand_alone_is_kept_as_json() -> None:
    """A folded card, one with a NUL and one that begins like JSON are written as fields."""
    folded = cards("BEGIN:VCARD\nFN:Zo\n ra\nEND:VCARD\n")
    nul = cards("BEGIN:VCARD\nFN:Zo\0ra\nEND:VCARD\n")
    odd = [each for each in cards("BEGIN:VCARD\n[x:y\nFN:Zora\nEND:VCARD\n") if isinstance(each, Draft)]

    for card in (*folded, *nul, *odd):
        assert base_text(card).startswith('["person"')
        assert from_base(base_text(card)).name == card.name
