"""``stage`` through the front door."""

import pytest


def names(crm):
    return [line.split("\t")[1] for line in crm("stage", "list").lines if not line.endswith("archived")]


def test_list(crm):
    crm("deal", "add", "x")

    assert crm("stage", "list").lines[0] == "1\tLead\t10%\t1\t"
    assert crm("stage", "list", "--json").json[1] == {
        "name": "Qualified", "place": 2, "probability": 25, "archived": False, "deals": 0,
    }  # fmt: skip
    assert crm("stage", "list", "--format", "ids").lines == ["Lead", "Qualified", "Proposal", "Negotiation"]


def test_add_before_another(crm):
    found = crm("stage", "add", "Samples", "-p", "40", "--before", "prop")

    assert (found.out, found.err) == ("Samples\n", "Added the stage Samples [ch1]\n")
    assert names(crm) == ["Lead", "Qualified", "Samples", "Proposal", "Negotiation"]


def test_rename_and_another_probability(crm):
    assert (
        crm("stage", "rename", "prop", "Quote", "-p", "60").err == "Renamed the stage Proposal to Quote (60%) [ch1]\n"
    )
    assert crm("stage", "rename", "quote", "-p", "unknown").err == "Changed the stage Quote [ch2]\n"
    assert crm("stage", "list", "--json").json[2]["probability"] is None
    assert crm("stage", "rename", "quote").code == 2


@pytest.mark.parametrize(
    ("place", "order"),
    [
        (["1"], ["Proposal", "Lead", "Qualified", "Negotiation"]),
        (["first"], ["Proposal", "Lead", "Qualified", "Negotiation"]),
        (["last"], ["Lead", "Qualified", "Negotiation", "Proposal"]),
        (["before", "qual"], ["Lead", "Proposal", "Qualified", "Negotiation"]),
        (["after", "nego"], ["Lead", "Qualified", "Negotiation", "Proposal"]),
        (["after", "lead"], ["Lead", "Proposal", "Qualified", "Negotiation"]),
    ],
)
def test_move(crm, place, order):
    assert crm("stage", "move", "proposal", *place).code == 0
    assert names(crm) == order


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["move", "proposal", "there"], 2),
        (["move", "proposal", "before", "proposal"], 2),
        (["move", "proposal", "after", "wibble"], 3),
        (["move", "wibble", "1"], 3),
        (["add", "Lead"], 1),
        (["add", ""], 2),
        (["add", "won"], 2),
        (["add", "x", "-p", "200"], 2),
        (["archive", "wibble"], 3),
    ],
)
def test_what_cannot_be_is_one_line(crm, words, code):
    found = crm("stage", *words)

    assert (found.code, len(found.err.splitlines())) == (code, 1)
    assert "bug" not in found.err


def test_archive_and_back(crm):
    crm("deal", "add", "x")
    refused = crm("stage", "archive", "lead")
    assert (refused.code, "1 open deal is in Lead" in refused.err) == (1, True)
    crm("deal", "move", "d1", "prop")

    assert crm("stage", "archive", "lead").err == "Archived the stage Lead [ch3]\n"
    assert names(crm) == ["Qualified", "Proposal", "Negotiation"]
    assert crm("deal", "move", "d1", "lead").code == 3
    assert "Lead  0 days" in crm("deal", "show", "d1").out
    assert crm("stage", "archive", "lead", "--back").code == 0
    assert names(crm)[0] == "Lead"
