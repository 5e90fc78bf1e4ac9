"""Tags: names that can be typed again, and one tag however it is spelled."""

import pytest
from support import NOW_UTC

from crm_cli.errors import NotFoundError
from crm_cli.services import contacts, tags


def test_only_those_that_changed_are_returned(book):
    with book.change("x", now=NOW_UTC):
        one, two = (("contact", contacts.add(book, name, now=NOW_UTC)) for name in ("Asha", "Ravi"))
        tags.apply(book, [one], add=["vip"], remove=[], now=NOW_UTC)
        assert tags.apply(book, [one, two], add=["VIP"], remove=[], now=NOW_UTC) == [two]


def test_a_tag_that_is_not_there_cannot_be_taken_away(book):
    with pytest.raises(NotFoundError, match="there is no tag lead"), book.change("x", now=NOW_UTC):
        tags.apply(book, [], add=[], remove=["lead"], now=NOW_UTC)
