"""``company`` through the front door."""

import pytest
from support import dump, made_once


@pytest.fixture
@made_once
def acme(crm):
    crm("company", "add", "Acme", "Ltd", "city=Pune", "email=info@acme.in", "+supplier")
    crm("add", "Asha", "company=acme ltd", "title=CTO")
    return crm


def test_add_says_what_it_made(crm):
    found = crm("company", "add", "Acme", "Ltd", "city=Pune")

    assert (found.code, found.out, found.err) == (0, "c1\n", "Added c1 Acme Ltd [ch1]\n")


def test_a_person_joins_the_company_of_that_name(acme, book_path):
    assert len(dump(book_path)["company"]) == 1
    assert acme("company", "show", "acme").lines[:7] == [
        "Acme Ltd  c1", "+supplier", "", "  email         info@acme.in",
        "  address       Pune", "  people        1  Asha, CTO",
    ]  # fmt: skip


def test_a_namesake_is_noted(acme):
    assert "note: 1 of that name before: c1" in acme("company", "add", "ACME ltd").err


def test_edit_renames_for_its_people_too(acme):
    assert acme("company", "edit", "acme", "ltd", "name=Acme International", "-supplier").code == 0
    assert acme("show", "asha", "--json").json["company"] == "Acme International"
    assert acme("find", "international", "--format", "ids").lines[:2] in (["c1", "1"], ["1", "c1"])


@pytest.mark.parametrize("words", [["birthday=--01-01"], ["title=x"], ["nosuch=x"], ["name="]])
def test_what_a_company_does_not_have_is_refused(acme, words):
    assert acme("company", "edit", "c1", *words).code == 2
    assert acme("edit", "c1", *words).code == 2


def test_rm_and_undo(acme, book_path):
    before = dump(book_path)
    assert acme("company", "rm", "acme").err == "Removed c1 Acme Ltd (company) [ch3] (crm undo ch3 restores it)\n"
    assert acme("company", "show", "c1").code == 3
    acme("undo", "ch3")
    assert dump(book_path) == before


@pytest.mark.parametrize(
    "command",
    [["company", "show", "asha"], ["company", "rm", "1"], ["company", "edit", "asha", "city=x"]],
    ids=" ".join,
)
def test_a_person_is_no_company(acme, book_path, command):
    before = dump(book_path)
    assert acme(*command).code in {2, 3}
    assert dump(book_path) == before


def test_a_company_needs_a_name(crm):
    assert crm("company", "add", "").code == 2
    assert crm("company", "add", "city=Pune").code == 2
