"""Tags: names that can be typed again, and one tag however it is spelled."""

import pytest
from support import NOW_UTC

from crm_cli.errors import NotFoundError, UsageError
from crm_cli.services import contacts, tags


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("vip", "vip"),
        ("  two   words ", "two words"),
        ("+vip", "vip"),
        ("#vip", "vip"),
        ("ग्राहक", "ग्राहक"),
        ("a-b_c", "a-b_c"),
    ],
)
def test_a_name_is_kept_as_it_can_be_typed(given, kept):
    assert tags.valid(given) == kept


@pytest.mark.parametrize("given", ["", " ", "+", "-x", "a,b", "a;b", 'a"b', "a\\b", "a\x00b", "a\x1bb", "a\u202eb"])
def test_a_name_that_could_not_be_typed_again_is_refused(given):
    with pytest.raises(UsageError):
        tags.valid(given)


def test_only_those_that_changed_are_returned(book):
    with book.change("x", now=NOW_UTC):
        one, two = (("contact", contacts.add(book, name, now=NOW_UTC)) for name in ("Asha", "Ravi"))
        tags.apply(book, [one], add=["vip"], remove=[], now=NOW_UTC)
        assert tags.apply(book, [one, two], add=["VIP"], remove=[], now=NOW_UTC) == [two]


def test_a_tag_that_is_not_there_cannot_be_taken_away(book):
    with pytest.raises(NotFoundError, match="there is no tag lead"), book.change("x", now=NOW_UTC):
        tags.apply(book, [], add=[], remove=["lead"], now=NOW_UTC)
