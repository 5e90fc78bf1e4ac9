"""REF: what names a record, what is refused, and that a write never guesses."""

import pytest
from support import dump, made_once


@pytest.fixture
@made_once
def people(crm):
    crm("add", "Priya Sharma", "company=Globex", "email=priya@globex.in", "phone=098200 12345")
    crm("add", "Priya Sharma", "company=Acme Ltd", "email=priya@acme.in")
    crm("add", "Priya Rao", "company=Globex", "phone=+49 30 901820")
    crm("add", "Ravi Kumar")
    crm("company", "add", "Sharma Brothers")
    crm("note", "4", "-m", "a note")
    return crm


@pytest.mark.parametrize(
    ("ref", "ids"),
    [
        ("1", [1]),
        ("c1", ["c1"]),
        ("C1", ["c1"]),
        ("a1", ["a1"]),
        ("ravi", [4]),
        ("RAVI KUMAR", [4]),
        ("kumar ravi", [4]),
        ("rav", [4]),
        ("priya@globex.in", [1]),
        ("PRIYA@GLOBEX.IN", [1]),
        ("098200 12345", [1]),
        ("9820012345", [1]),
        ("+91 98200-12345", [1]),
        ("+4930901820", [3]),
        ("priya sharma @acme", [2]),
        ("priya @acme", [2]),
        ("priya r", [3]),
        ("sharma brothers", ["c3"]),
    ],
)
def test_what_a_ref_means(people, ref, ids):
    assert people("show", ref, "--json").json["id"] == ids[0]


@pytest.mark.conv("C39")
def test_uid_and_a_prefix(people):
    uid = people("show", "4", "--json").json["uid"]

    assert people("show", f"uid:{uid}", "--json").json["id"] == 4
    assert people("show", f"UID:{uid[:8].upper()}", "--json").json["id"] == 4
    assert people("show", "uid:").code == 3


def test_an_exact_name_beats_a_partial_one(people):
    people("add", "Ravi")

    assert people("show", "ravi", "--json").json["id"] == 5


def test_a_namesake_elsewhere_does_not_hide_who_works_there(people):
    people("add", "Priya", "company=Initech")

    assert people("show", "priya @acme", "--json").json["id"] == 2


WRITES = [
    ["edit", "REF", "city=Pune"], ["rm", "REF"], ["tag", "REF", "+vip"], ["log", "call", "REF"], ["called", "REF"],
    ["note", "REF", "-m", "x"],
    ["todo", "x", "--with", "REF"], ["job", "REF", "Acme"],
]  # fmt: skip


@pytest.mark.parametrize("command", [["show", "REF"], ["changes", "REF"], *WRITES], ids=lambda words: words[0])
@pytest.mark.conv("C38")
def test_several_fits_are_listed_and_nothing_is_written(people, book_path, command):
    before = dump(book_path)
    found = people(*(word.replace("REF", "priya sharma") for word in command))

    assert (found.code, found.out) == (4, "")
    assert found.err.splitlines() == [
        "crm: priya sharma matches 2 records; give the id of one",
        "  1  Priya Sharma, Globex <priya@globex.in>",
        "  2  Priya Sharma, Acme Ltd <priya@acme.in>",
    ]
    assert dump(book_path) == before


def test_candidates_as_json(people):
    error = people("show", "priya sharma", "--json").error

    assert list(error) == ["error", "hint", "exit_code", "candidates"]
    assert error["exit_code"] == 4
    assert [line.split()[0] for line in error["candidates"]] == ["1", "2"]


@pytest.mark.parametrize(
    "ref",
    ["pirya", "ravi kumra", "priya sharna", "priya@globex.com", "uid:00000000", "99", "c99", "a99", "?", "12345678"],
)
@pytest.mark.parametrize("command", [["show", "REF"], *WRITES], ids=lambda words: words[0])
def test_a_typo_is_never_taken(people, book_path, command, ref):
    before = dump(book_path)
    found = people(*(word.replace("REF", ref) for word in command))

    assert found.code in {2, 3}
    assert found.out == ""
    assert len(found.err.splitlines()) == 1
    assert dump(book_path) == before


@pytest.mark.conv("C37")
def test_a_near_name_is_offered(people):
    assert "did you mean Ravi Kumar?" in people("show", "ravi kumra").err


def test_a_number_is_an_id_and_never_a_word_of_a_name(people):
    people("add", "Studio 54")

    assert people("rm", "54").code == 3
    assert people("show", "studio 54").code == 0


@pytest.mark.conv("C39")
def test_a_removed_id_means_nobody_else(people):
    people("rm", "4")
    people("add", "4 Seasons")

    assert people("tag", "4", "+vip").code == 3


@pytest.mark.parametrize(
    ("command", "message"),
    [
        (["tag", "a1", "+vip"], "a1 is the id of an activity; this wants a person or company"),
        (["job", "c1", "Acme"], "c1 is the id of a company; this wants a person"),
        (["company", "show", "a1"], "a1 is the id of an activity; this wants a company"),
        (["done", "c1"], "c1 is not an activity"),
        (["move", "priya", "fri"], "priya is not an activity"),
        (["log", "call", "a1"], "a1 is the id of an activity"),
    ],
)
def test_an_id_of_another_kind_is_refused(people, command, message):
    found = people(*command)

    assert found.code == 2
    assert message in found.err


def test_a_dot_off_a_terminal_is_nobody(people):
    found = people("show", ".")

    assert found.code == 3
    assert len(found.err.splitlines()) == 1


def test_one_word_for_each_ref_where_a_verb_takes_several(people):
    assert people("tag", "ravi", "priya rao", "sharma brothers", "+vip").out == "4\n3\nc3\n"
    assert people("log", "meeting", "ravi", "priya rao", "c3", "-m", "lunch").code == 0


def test_an_activity_has_one_company_at_most(people):
    assert people("log", "meeting", "c1", "c2").code == 2
