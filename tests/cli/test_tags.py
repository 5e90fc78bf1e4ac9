"""``tag`` through the front door."""

import pytest
from support import dump, made_once


@pytest.fixture
@made_once
def people(crm):
    crm("add", "Asha", "company=Acme", "phone=098200 12345", "+client")
    crm("add", "Ravi", "+lead")
    return crm


def tags(crm, ref="1"):
    return crm("show", ref, "--json").json["tags"]


def test_tag_puts_in_and_takes_out(people):
    found = people("tag", "ravi", "+vip", "-lead")

    assert (found.code, found.out, found.err) == (0, "2\n", "Tagged 2 Ravi +vip -lead [ch3]\n")
    assert tags(people, "2") == ["vip"]


def test_tag_alone_lists_the_tags(people):
    people("tag", "c1", "+client")

    assert people("tag").out == "client\t1\t1\nlead\t1\t0\n"
    assert people("tag", "--json").json[0] == {"name": "client", "people": 1, "companies": 1}


def test_several_are_one_change(people):
    assert people("tag", "1", "2", "c1", "+vip").err == "Tagged 3 of 3 +vip [ch3]\n"
    assert people("undo", "ch3").code == 0
    assert (tags(people), tags(people, "2"), tags(people, "c1")) == (["client"], ["lead"], [])


def test_case_and_marks_make_no_other_tag(people):
    people("tag", "1", "+CLIENT", "+Café")
    people("tag", "2", "+cafe", "+Client")

    assert tags(people) == ["Café", "client"]
    assert tags(people, "2") == ["Café", "client", "lead"]


@pytest.mark.parametrize("words", [["+client"], ["+client", "-lead"], ["-lead"]])
def test_what_changes_nothing_makes_no_change(people, book_path, words):
    before = dump(book_path)
    found = people("tag", "1", *words)

    assert (found.code, "nothing changed" in found.err) == (0, True)
    assert dump(book_path) == before
    assert people("changes", "--format", "ids").out == "ch2\nch1\n"


def test_a_tag_of_digits_is_a_tag_and_a_phone_is_a_ref(people):
    people("tag", "2", "+2026")
    assert tags(people, "2") == ["2026", "lead"]
    assert people("tag", "+919820012345", "+vip").out == "1\n"
    assert people("tag", "+91 98200 12345", "2", "+big").out == "1\n2\n"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["1"], 2),
        (["+vip"], 2),
        (["1", "+a,b"], 2),
        (["1", "+"], 2),
        (["1", "+a\x1bb"], 2),
        (["1", "-nosuch"], 3),
        (["nobody", "+vip"], 3),
        (["1", "nobody", "+vip"], 3),
    ],
)
def test_a_mistake_is_one_line_and_writes_nothing(people, book_path, words, code):
    before = dump(book_path)
    found = people("tag", *words)

    assert (found.code, found.out, len(found.err.splitlines())) == (code, "", 1)
    assert dump(book_path) == before


def test_ids_from_a_pipe(people):
    assert people("tag", "-", "+fair2026", given="1\n2\n\nc1\n").out == "1\n2\nc1\n"


def test_lines_of_a_list_from_a_pipe(people):
    assert people("tag", "-", "+fair2026", given=people("list").out).out == "1\n2\n"


def test_an_id_of_an_activity_from_a_pipe_is_refused(people, book_path):
    people("note", "1", "-m", "x")
    before = dump(book_path)

    assert people("tag", "-", "+vip", given="1\na1\n").code == 2
    assert dump(book_path) == before


def test_a_new_tag_and_a_typo_in_it_say_what_was_tagged(people):
    assert people("tag", "asha", "+cleint").err == "Tagged 1 Asha, Acme +cleint [ch3]\n"
