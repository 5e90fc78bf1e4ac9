"""Fields of one's own: their names and the types of their values."""

import pytest
from support import NOW_UTC

from crm_cli.core import custom
from crm_cli.core.edits import Edit
from crm_cli.errors import ConflictError, NotFoundError, UsageError
from crm_cli.models import CustomField
from crm_cli.services import contacts, fields


@pytest.mark.parametrize(
    ("type_", "given", "kept"),
    [
        ("text", " x ", "x"), ("number", "1_000.50", "1000.50"), ("number", "-3", "-3"), ("number", "1e3", "1000"),
        ("date", "12 apr 2027", "2027-04-12"),
        ("yesno", "TRUE", "yes"), ("yesno", "0", "no"), ("choice", "B", "b"),
    ],
)  # fmt: skip
def test_a_value_in_the_form_of_its_type(type_, given, kept):
    assert custom.typed(CustomField(name="x", label="x", type=type_, choices="a\nb"), given) == kept


@pytest.mark.parametrize(
    ("type_", "given"),
    [
        ("number", "x"),
        ("number", "nan"),
        ("number", "1,5"),
        ("date", "soon"),
        ("date", "--04-12"),
        ("yesno", "2"),
        ("choice", "c"),
    ],
)
def test_a_value_of_another_type_is_refused(type_, given):
    with pytest.raises(UsageError, match="x takes"):
        custom.typed(CustomField(name="x", label="x", type=type_, choices="a\nb"), given)


@pytest.mark.parametrize(
    "name", ["", "  ", "a=b", "a.b", "-a", "a\x1b", "a\u202eb", "email", "bday", "mobile", "Full Name"[:0]]
)
def test_a_name_that_cannot_be_assigned_is_refused(book, name):
    with pytest.raises(UsageError), book.change("x", now=NOW_UTC):
        fields.add(book, name)


@pytest.mark.parametrize(
    ("given", "name"), [("Renewal", "renewal"), ("Lead  Score", "lead-score"), ("लक्ष्य", "लक्ष्य"), ("a_b", "a-b")]
)
def test_the_name_is_what_assignments_use(book, given, name):
    with book.change("x", now=NOW_UTC):
        fields.add(book, given)
        assert fields.names(book) == [name]
        with pytest.raises(ConflictError):
            fields.add(book, name.upper())


def test_a_field_that_is_not_there(book):
    with pytest.raises(NotFoundError), book.change("x", now=NOW_UTC):
        fields.remove(book, "nothing")
    with pytest.raises(NotFoundError), book.change("x", now=NOW_UTC):
        contacts.add(book, "Asha", [Edit("nothing", "set", "x")], now=NOW_UTC)
