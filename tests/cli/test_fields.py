"""``field``: fields of one's own, typed."""

import pytest
from support import dump, made_once


@pytest.fixture
@made_once
def book(crm):
    crm("add", "Asha")
    crm("field", "add", "renewal", "--type", "date")
    crm("field", "add", "size", "--type", "choice", "--choices", "small, medium,large")
    crm("field", "add", "Lead Score", "--type", "number")
    crm("field", "add", "newsletter", "--type", "yesno")
    crm("field", "add", "motto")
    return crm


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("renewal=2027-03-31", "2027-03-31"),
        ("renewal=31 mar 2027", "2027-03-31"),
        ("size=MEDIUM", "medium"),
        ("lead-score=12.50", "12.50"),
        ("lead_score=1_000", "1000"),
        ("newsletter=Y", "yes"),
        ("newsletter=off", "no"),
        ("motto= semper  idem ", "semper  idem"),
    ],
)
def test_a_value_is_kept_in_the_form_of_its_type(book, word, value):
    assert book("edit", "1", word).code == 0
    assert list(book("show", "1", "--json").json["custom"].values()) == [value]


@pytest.mark.parametrize(
    "word",
    [
        "renewal=soon",
        "renewal=--03-31",
        "size=huge",
        "lead-score=many",
        "lead-score=nan",
        "lead-score=inf",
        "newsletter=maybe",
    ],
)
def test_a_value_of_another_type_is_refused(book, book_path, word):
    before = dump(book_path)
    found = book("edit", "1", word)

    assert (found.code, len(found.err.splitlines())) == (2, 1)
    assert dump(book_path) == before


def test_an_empty_value_clears(book):
    book("edit", "1", "motto=x")
    book("edit", "1", "motto=")

    assert book("show", "1", "--json").json["custom"] == {}


def test_the_list_has_ours_and_ones_own(book):
    book("edit", "1", "size=small")
    rows = {row["name"]: row for row in book("field", "list", "--json").json}

    assert {"email", "birthday", "renewal", "lead-score"} <= set(rows)
    assert list(rows["size"]) == ["name", "type", "meaning", "example"]
    assert rows["size"]["meaning"] == "your own: size (small, medium, large), 1 filled"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["email"], 2), (["mobile"], 2), (["bday"], 2), (["renewal"], 1), (["RENEWAL"], 1), (["a b c!"], 2),
        ([""], 2), (["-x"], 2),
        (["x", "--type", "colour"], 2), (["x", "--type", "choice"], 2), (["x", "--choices", "a,b"], 2), (["x\x1b"], 2),
    ],
    ids=str,
)  # fmt: skip
def test_a_field_that_cannot_be_is_refused(book, book_path, words, code):
    before = dump(book_path)
    found = book("field", "add", *words)

    assert (found.code, len(found.err.splitlines())) == (code, 1)
    assert dump(book_path) == before


def test_removing_a_field_with_values_asks(book, book_path):
    book("edit", "1", "renewal=2027-03-31")
    before = dump(book_path)

    assert book("field", "rm", "Renewal").code == 2
    assert dump(book_path) == before
    assert book("field", "rm", "renewal", "--yes").err == "Removed the field renewal and 1 value [ch8]\n"
    assert book("undo", "ch8").code == 0
    assert dump(book_path) == before


def test_removing_an_empty_field_asks_nothing(book):
    assert book("field", "rm", "motto").code == 0
    assert book("field", "rm", "motto").code == 3
    assert "there is no field 'motto'" in book("edit", "1", "motto=x").err


def test_companies_have_them_too(book):
    book("company", "add", "Acme", "renewal=2027-01-01")
    assert book("show", "acme", "--json").json["custom"] == {"renewal": "2027-01-01"}
