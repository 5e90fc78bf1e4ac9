"""``segment``, and ``@name`` wherever a query stands."""

import pytest
from support import made_once


@pytest.fixture
@made_once
def people(crm):
    crm("add", "Asha", "city=Pune", "+client")
    crm("add", "Ravi", "city=Mumbai", "+client")
    crm("add", "Zoë", "city=Pune")
    return crm


def ids(crm, *words):
    return crm(*words, "--format", "ids").lines


def test_a_saved_query_stands_for_itself(people):
    assert people("segment", "save", "Clients", "tag:client").err == "Saved @Clients: tag:client [ch4]\n"

    assert ids(people, "list", "@clients") == ["1", "2"]
    assert ids(people, "list", "@CLIENTS", "city:pune") == ["1"]
    assert ids(people, "list", "-@clients") == ["3"]
    assert ids(people, "list", "city:pune OR @clients") == ["1", "2", "3"]
    assert people("export", "@clients", "--format", "csv").out.count("\n") == 3
    assert people("agenda", "@clients").code == 0


def test_an_or_inside_stays_inside(people):
    people("segment", "save", "either", "city:pune OR city:mumbai")

    assert ids(people, "list", "@either", "tag:client") == ["1", "2"]


def test_one_can_stand_in_another_and_is_read_when_it_is_used(people):
    people("segment", "save", "clients", "tag:client")
    people("segment", "save", "near", "@clients city:pune")
    assert ids(people, "list", "@near") == ["1"]
    assert people("segment", "save", "clients", "has:city").err == "Replaced @clients: has:city [ch6]\n"
    assert ids(people, "list", "@near") == ["1", "3"]


def test_list_and_rm(people):
    people("segment", "save", "clients", "tag:client", "blue door")

    assert people("segment", "list").lines == ['@clients\ttag:client "blue door"']
    assert people("segment", "list", "--json").json == [{"name": "clients", "query": 'tag:client "blue door"'}]
    assert people("segment", "rm", "@clients").err == "Removed @clients [ch5]\n"
    assert people("segment", "rm", "clients").code == 3
    people("undo", "ch5")
    assert people("segment", "list", "--format", "ids").out == "@clients\n"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["segment", "save", "a b", "x"], "not a name for a segment"),
        (["segment", "save", "a:b", "x"], "not a name for a segment"),
        (["segment", "save", "big", "citty:pune"], "did you mean city:?"),
        (["segment", "save", "self", "@self"], "refers to itself"),
        (["segment", "save", "big", "@nosuch"], "there is no segment"),
        (["segment", "save", "big"], "missing argument"),
        (["list", "@client"], "did you mean @clients?"),
        (["list", "@acme.com"], "write email:@acme.com"),
        (["deal", "list", "@broken"], None),
    ],
    ids=str,
)
def test_a_mistake_is_said_with_its_place(people, words, message):
    people("segment", "save", "clients", "tag:client")
    people("segment", "save", "broken", "status:lead")
    found = people(*words)

    assert found.code == 2
    assert (message or "in the segment @broken: status: does not know") in found.err.replace("deal.status", "status")


def test_two_that_stand_in_each_other_are_refused_when_used(people):
    people("segment", "save", "a", "tag:client")
    people("segment", "save", "b", "@a")

    refused = people("segment", "save", "a", "@b")
    assert (refused.code, "refers to itself" in refused.err) == (2, True)
