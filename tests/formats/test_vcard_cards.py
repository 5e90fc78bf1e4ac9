"""Where cards begin and end: glued, cut off, nested or unended, each is taken once or rejected with its lines."""

from __future__ import annotations

import pytest
from formats_support import drafts, everything, problems
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from crm_cli.core.records import Draft, Problem

SIGNS = [
    "",
    " ",
    "\t",
    "\xa0",
    "\ufeff",
    "\u200b",
    "\x0c",
    ",",
    ";",
    '"',
    ">",
    "NULL",
    "\x1a",
    "\n",
    "\r\n",
    "\n\n",
    "\\n",
]
GLUE = st.lists(st.sampled_from(SIGNS), max_size=3).map("".join)


def card(name: str, *lines: str, end: str = "\n") -> str:
    return end.join(["BEGIN:VCARD", "VERSION:3.0", f"FN:{name}", f"TEL:{name}-1", *lines, "END:VCARD"])


def names(text: str) -> list[str]:
    return [each.name for each in drafts(text)]


def rejected(text: str) -> list[Problem]:
    return [each for each in problems(text) if each.rejected]


@settings(deadline=None)
@given(st.lists(st.tuples(GLUE, st.sampled_from(["\n", "\r\n"])), min_size=1, max_size=8), GLUE)
def test_whole_cards_are_taken_whatever_stands_between_them(parts: list[tuple[str, str]], last: str):
    first = parts[0][0].strip()
    # Words, a line break and a separator before the first card are a CSV file, perhaps with cards in its cells.
    assume(not (any(map(str.isalnum, first)) and "\n" in first and {",", ";"} & set(first)))
    text = "".join(glue + card(f"N{number}", end=end) for number, (glue, end) in enumerate(parts)) + last

    assert [(each.name, each.points[0].value) for each in drafts(text)] == [
        (f"N{number}", f"N{number}-1") for number in range(len(parts))
    ]
    assert not rejected(text)


@st.composite
def fragments(draw: st.DrawFn) -> str:
    """Cards of which some lack their end, some their beginning, put one behind the other."""
    pieces = []
    for number in range(draw(st.integers(1, 6))):
        whole = card(f"N{number}", f"NOTE:of N{number}")
        begin, end = draw(st.sampled_from([(0, 0)] * 3 + [(0, 1), (1, 0)]))
        pieces.append(whole[len(whole) // 3 if begin else 0 : draw(st.integers(15, len(whole))) if end else None])
    return "".join(piece + draw(GLUE) for piece in pieces)


@settings(deadline=None, max_examples=400)
@given(fragments())
@example("BEGIN:VCARD\nVERSION:3.0\nFN:N0\nTEL:N0-1BEGIN:VCARD\nVERSION:3.0\nFN:N1\nTEL:N1-1\nEND:VCARD")
def test_of_fragments_no_name_is_lost_and_none_comes_twice(text: str):
    """Where both edges between two cards are gone, the second name is one more FN of the first card."""
    found = everything(card("first") + "\n" + text)
    kept = ["\n".join(each.raw) for each in found if isinstance(each, Problem) and each.rejected]
    kept += [f"FN:{name}" for each in found if isinstance(each, Draft) for name in _names_of(each)]

    for number in range(6):
        if f"FN:N{number}\n" in text:
            assert sum(f"FN:N{number}" in each for each in kept) == 1


def _names_of(draft: Draft) -> list[str]:
    return [draft.name, *(each.value for each in draft.properties if each.name == "FN")]


@pytest.mark.parametrize(
    "sign", ["\xa0", "\ufeff", "\u200b", "\x0c", ",", "NULL", ">", "<pre>", '"', "\\n", "\x00", "\u2028"]
)
@pytest.mark.parametrize("place", ["first", "between"])
def test_a_sign_before_begin_costs_no_card(sign: str, place: str):
    first = "" if place == "first" else card("A") + "\n"

    assert names(first + sign + card("B") + "\n" + card("C") + "\n") == [*(["A"] if first else []), "B", "C"]


@pytest.mark.parametrize(
    "text",
    [
        "BEGIN:VCARD VERSION:3.0\nFN:A\nEND:VCARD\n",
        "BEGIN:VCARDVERSION:3.0\nFN:A\nEND:VCARD\n",
        "BEGIN:VCARD;VERSION:3.0\nFN:A\nEND:VCARD\n",
        "BEGIN:VCARD,FN:A\nEND:VCARD\n",
        "begin : vcard\nFN:A\nEnd:VCard \n",
        "BEGIN:VCARD\nVERSION:3.0\nFN:AEND:VCARD\n",
        "BEGIN:VCARD\nVERSION:3.0\nFN:AEND:VCARD",
        "BEGIN:VCARD\nVERSION:3.0\nFN:A\nEND:VCARD;\n",
        "BEGIN:VCARD FN:A END:VCARD\n",
    ],
)
def test_an_edge_without_a_line_of_its_own_swallows_no_other_card(text: str):
    assert names(text + card("B") + "\n") == ["A", "B"]


def test_an_end_and_a_beginning_in_the_middle_of_a_line():
    assert names("BEGIN:VCARD\nFN:A\nTEL:1END:VCARD BEGIN:VCARD\nFN:B\nEND:VCARD\n") == ["A", "B"]


@pytest.mark.parametrize(
    "value", ["how BEGIN:VCARD looks", "BEGIN:VCARD\\nFN:x\\nEND:VCARD", "END:VCARD", "BEGIN:VCARD"]
)
def test_an_edge_in_a_value_is_text(value: str):
    (found,) = drafts(f"BEGIN:VCARD\nVERSION:3.0\nFN:A\nNOTE:{value}\nTEL:1\nEND:VCARD\n")

    assert found.notes == value.replace("\\n", "\n")
    assert found.points[0].value == "1"


def test_an_edge_in_a_folded_value_is_text():
    (found,) = drafts("BEGIN:VCARD\nVERSION:3.0\nFN:A\nNOTE:a\n BEGIN:VCARD\n END:VCARD\nTEL:1\nEND:VCARD\n")

    assert found.notes == "aBEGIN:VCARDEND:VCARD"


def test_an_agent_that_begins_on_its_own_line():
    (found,) = drafts("BEGIN:VCARD\nVERSION:2.1\nN:Boss\nAGENT:BEGIN:VCARD\nN:Help\nEND:VCARD\nTEL:1\nEND:VCARD\n")

    assert (found.name, found.points[0].value) == ("Boss", "1")
    assert found.properties[0].value == "BEGIN:VCARD\\nN:Help\\nEND:VCARD"


def test_a_card_cut_off_at_the_end_of_the_file_is_rejected_with_its_lines():
    first, problem = everything(card("A") + "\nBEGIN:VCARD\nFN:B\nTEL:+49")

    assert first.name == "A"
    assert (problem.line, problem.rejected, problem.raw) == (6, True, ("FN:B", "TEL:+49"))
    assert "cut off" in problem.reason


def test_a_card_cut_off_where_another_file_begins_is_rejected_and_the_next_is_taken():
    found = everything("BEGIN:VCARD\nVERSION:3.0\nFN:A\nTEL:+49" + card("B") + "\n")

    assert [each.raw for each in found if isinstance(each, Problem)] == [("VERSION:3.0", "FN:A", "TEL:+49")]
    assert names("BEGIN:VCARD\nVERSION:3.0\nFN:A\nTEL:+49" + card("B") + "\n") == ["B"]


def test_a_card_without_end_is_taken_where_the_next_begins_on_its_own_line():
    text = "BEGIN:VCARD\nFN:A\nTEL:1\n" + card("B") + "\n" + card("C") + "\n"

    assert sorted(names(text)) == ["A", "B", "C"]
    assert [(each.line, each.rejected) for each in problems(text)] == [(1, False)]


def test_two_cards_whose_edges_are_both_spoilt_are_rejected():
    text = card("A").replace("END:VCARD", "END:VCRD") + "\n" + card("B").replace("BEGIN:VCARD", "BGIN:VCARD") + "\n"

    (problem,) = everything(text)

    assert problem.rejected
    assert {"FN:A", "FN:B"} <= set(problem.raw)


@pytest.mark.parametrize("between", ["", "VERSION:3.0\n", "\n"])
@pytest.mark.parametrize("ends", [0, 1, 2000])
@pytest.mark.parametrize("inside", ["", "FN:x\n"])
def test_2000_nested_begins_are_one_rejected_card(between: str, ends: int, inside: str):
    text = ("BEGIN:VCARD\n" + between) * 2000 + inside + "END:VCARD\n" * ends + card("B") + "\n"

    found = everything(text)

    assert [each.rejected for each in found if isinstance(each, Problem)] == [True]
    assert ("FN:B" in found[0].raw) == (not ends)
    assert [each.name for each in found[1:]] == (["B"] if ends else [])
    assert inside.strip() in "\n".join(found[0].raw)


def test_a_begin_that_stands_twice_is_one():
    (problem, found) = everything("BEGIN:VCARD\nBEGIN:VCARD\nVERSION:3.0\nFN:A\nEND:VCARD\nEND:VCARD\n")

    assert (found.name, problem.rejected) == ("A", False)
    assert "2 times" in problem.reason


def test_lines_after_a_nested_card_belong_to_the_outer_one_and_it_is_said():
    text = "BEGIN:VCARD\nFN:A\n" + card("B") + "\nTEL:2\nEND:VCARD\n"

    assert {each.name: each.points[0].value for each in drafts(text)} == {"A": "2", "B": "B-1"}
    assert "nested card" in problems(text)[0].reason


def test_text_outside_any_card_is_counted():
    (problem,) = problems(card("A") + "\nexported by hand\nyesterday\n" + card("B") + "\n")

    assert (problem.line, problem.rejected) == (6, False)
    assert problem.reason == "2 lines of text outside any card skipped"


def test_lines_of_a_card_outside_any_card_are_kept():
    (problem,) = problems(card("A") + "\nFN:Lost\nTEL;TYPE=HOME:1\n\nEND:VCARD\n" + card("B") + "\n")

    assert problem.rejected
    assert problem.raw == ("FN:Lost", "TEL;TYPE=HOME:1", "END:VCARD")


@pytest.mark.parametrize(
    "lines",
    [
        "PRODID:x\nREV:1",
        "NOTE:x",
        "X-A:1\nX-B:2",
        "UID:1",
        "N:;;;;\nFN:",
        "CATEGORIES:a",
        "",
        "E-Mail:a@b.example\nGroup:",
        "First name:Eddie",
    ],
)
def test_a_card_of_nothing_known_is_rejected_with_its_lines(lines: str):
    (problem,) = everything(f"BEGIN:VCARD\nVERSION:3.0\n{lines}\nEND:VCARD\n")

    assert problem.rejected
    assert "\n".join(problem.raw) == f"VERSION:3.0\n{lines}"


@pytest.mark.parametrize(
    "line", ["TEL:1", "EMAIL:a@b.example", "ORG:Acme", "ADR:;;1 Main;;;;", "BDAY:--0412", "PHOTO:x"]
)
def test_a_card_without_a_name_that_says_who_is_taken(line: str):
    assert len(drafts(f"BEGIN:VCARD\n{line}\nEND:VCARD\n")) == 1


def test_a_bomb_of_edges_on_one_line_is_soon_over():
    found = everything("BEGIN:VCARDEND:VCARD" * 100_000 + "\n" + card("A") + "\n")

    assert found[-1].name == "A"
