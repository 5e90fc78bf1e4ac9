from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_cli.core.query import parser as query
from crm_cli.core.query.parser import And, Node, Not, Or, Phrase, Term, Word
from crm_cli.errors import QueryError

TODAY = "2026-11-22"
FIELDS = query.with_custom({"renewal": "date", "seats": "number", "vip": "yesno", "tier": "choice", "name": "text"})


def parse(text: str | list[str]) -> Node:
    return query.parse(text, today=TODAY, fields=FIELDS)


def word(text: str) -> Word:
    return Word(text, (text,))


TERMS = [
    ("tag:client", Term("tag", "is", "client")),
    ("TAG:Client", Term("tag", "is", "client")),
    ("tags:client", Term("tag", "is", "client")),
    ("city:Pune", Term("city", "contains", "pune")),
    ("city:=Pune", Term("city", "is", "pune")),
    ('company:"Acme Ltd"', Term("company", "contains", "acme ltd")),
    ("email:@acme.com", Term("email", "contains", "@acme.com")),
    ("phone:098200-12345", Term("phone", "contains", "982001" + "2345")),
    ("name:हिन्दी", Term("name", "contains", "हिंदी")),
    ("id:C4", Term("id", "is", "c4")),
    ("uid:3f2a", Term("uid", "is", "3f2a")),
    ("quiet:60d", Term("quiet", "over", "2026-09-23")),
    ("quiet:>60d", Term("quiet", "over", "2026-09-23")),
    ("quiet.over:60d", Term("quiet", "over", "2026-09-23")),
    ("quiet:2026-09-23", Term("quiet", "over", "2026-09-23")),
    ("has:phone", Term("phone", "has")),
    ("no:email", Term("email", "no")),
    ("no:last-reach", Term("reach", "no")),
    ("has:renewal", Term("renewal", "has", custom=True)),
    ("is:incomplete", Term("is", "is", "incomplete")),
    ("created:2026-11-02", Term("created", "between", ("2026-11-02", "2026-11-02"))),
    ("created:2026-11", Term("created", "between", ("2026-11-01", "2026-11-30"))),
    ("created:2026", Term("created", "between", ("2026-01-01", "2026-12-31"))),
    ("created:this-week", Term("created", "between", ("2026-11-16", "2026-11-22"))),
    ("created:2026-01..2026-03", Term("created", "between", ("2026-01-01", "2026-03-31"))),
    ("created.after:2026-01-01", Term("created", "after", "2026-01-01")),
    ("created.after:2026-01", Term("created", "after", "2026-01-31")),
    ("created.before:2026-01", Term("created", "before", "2026-01-01")),
    ("created:>2026-01-01", Term("created", "after", "2026-01-01")),
    ("created:>=2026-01-01", Term("created", "min", "2026-01-01")),
    ("created:<=2026-01", Term("created", "max", "2026-01-31")),
    ("created.min:2026-01", Term("created", "min", "2026-01-01")),
    ("last-reach:>30d", Term("last-reach", "before", "2026-10-23")),
    ("last_reach.over:30d", Term("last-reach", "before", "2026-10-23")),
    ("last-reach.within:30d", Term("last-reach", "between", ("2026-10-23", "2026-11-22"))),
    ("last-reach:<30d", Term("last-reach", "between", ("2026-10-23", "2026-11-22"))),
    ("due.within:7d", Term("due", "between", ("2026-11-22", "2026-11-29"))),
    ("due.over:2w", Term("due", "after", "2026-12-06")),
    ("due:tomorrow", Term("due", "between", ("2026-11-23", "2026-11-23"))),
    ("due.before:today", Term("due", "before", "2026-11-22")),
    ("birthday:this-month", Term("birthday", "within", ("2026-11-01", "2026-11-30"))),
    ("birthday:today", Term("birthday", "within", ("2026-11-22", "2026-11-22"))),
    ("birthday.within:30d", Term("birthday", "within", ("2026-11-22", "2026-12-22"))),
    ("birthday:04-12", Term("birthday", "is", "--04-12")),
    ('birthday:"12 apr"', Term("birthday", "is", "--04-12")),
    ('birthday:"12 apr 1990"', Term("birthday", "between", ("1990-04-12", "1990-04-12"))),
    ("birthday:1990", Term("birthday", "between", ("1990-01-01", "1990-12-31"))),
    ("birthday.before:1990-01-01", Term("birthday", "before", "1990-01-01")),
    ("kind:call", Term("kind", "is", "call")),
    ("outcome:no_answer", Term("outcome", "is", "no-answer")),
    ("with:asha", Term("with", "contains", "asha")),
    ("renewal.within:60d", Term("renewal", "between", ("2026-11-22", "2027-01-21"), custom=True)),
    ("seats.min:50", Term("seats", "min", 50, custom=True)),
    ("seats:>=1.5", Term("seats", "min", 1.5, custom=True)),
    ("seats:>5", Term("seats", "after", 5, custom=True)),
    ("vip:yes", Term("vip", "is", True, custom=True)),
    ("tier:Gold", Term("tier", "is", "gold", custom=True)),
]


@pytest.mark.parametrize(("text", "term"), TERMS)
def test_terms(text: str, term: Term) -> None:
    assert parse(text) == term
    assert parse(query.to_text(term)) == term


A, B, C = word("a"), word("b"), word("c")
TREES: list[tuple[str, Node]] = [
    ("", And(())),
    ("  ", And(())),
    ("pune", word("pune")),
    ("O'Brien-Roy", Word("O'Brien-Roy", ("obrien", "roy"))),
    ("15:30", Word("15:30", ("15", "30"))),
    ('"blue door"', Phrase(("blue", "door"))),
    ('"say \\"hi\\""', Phrase(("say", "hi"))),
    ("a b", And((A, B))),
    ("a AND b", And((A, B))),
    ("a OR b", Or((A, B))),
    ('a "or" b', And((A, Phrase(("or",)), B))),
    ("or", word("or")),
    ("12", Term("id", "is", "12")),
    ("C4 a31", And((Term("id", "is", "c4"), Term("id", "is", "a31")))),
    ("text:2026", word("2026")),
    ("text:c4", word("c4")),
    ("+919820012345", Term("phone", "contains", "919820012345")),
    ("098200-12345", Term("phone", "contains", "9820012345")),
    ("a OR b c", Or((A, And((B, C))))),
    ("(a OR b) c", And((Or((A, B)), C))),
    ("a (b c)", And((A, B, C))),
    ("NOT a b", And((Not(A), B))),
    ("NOT (a b)", Not(And((A, B)))),
    ("-a", Not(A)),
    ("not:a", Not(A)),
    ("not:tag:dnc", Not(Term("tag", "is", "dnc"))),
    ("-tag:dnc", Not(Term("tag", "is", "dnc"))),
    ('not:"blue door"', Not(Phrase(("blue", "door")))),
    ("not:(a b)", Not(And((A, B)))),
    ("NOT NOT a", Not(Not(A))),
    ("a(b)", And((A, B))),
    (
        '(company:"Acme Ltd" OR email:@acme.com) AND -tag:dnc AND last-reach:>30d',
        And(
            (
                Or((Term("company", "contains", "acme ltd"), Term("email", "contains", "@acme.com"))),
                Not(Term("tag", "is", "dnc")),
                Term("last-reach", "before", "2026-10-23"),
            )
        ),
    ),
]


@pytest.mark.parametrize(("text", "tree"), TREES)
def test_trees(text: str, tree: Node) -> None:
    assert parse(text) == tree
    assert parse(query.to_text(tree)) == tree


MISTAKES = [
    ("a emial:x", 2, "did you mean email:"),
    ("a or b", 2, "write OR to join"),
    ("a and b", 2, "write AND to join"),
    ("not a", 0, "write NOT to join"),
    ("a tag=client", 2, "write tag:client"),
    ("City=Pune", 0, "write City:Pune"),
    ("deals.stage:x", 0, "no field 'deals'"),
    ("http://x", 0, "no field 'http'"),
    ("@segment", 0, "no segment"),
    ("a last-reach:", 2, "has no value"),
    ("tag:= x", 0, "has no value"),
    ('tag:""', 0, "has no value"),
    ("not: a", 0, "has no value"),
    ('a "b', 2, "unterminated quote"),
    ("(a", 0, "never closed"),
    ("a)", 1, "never opened"),
    ("a OR", 4, "missing here"),
    ("AND a", 0, "missing here"),
    ("()", 1, "missing here"),
    ("- a", 0, "needs something"),
    ("NOT", 3, "missing here"),
    ("!!", 0, "nothing to search for"),
    ("created:soon", 0, "not a day or range"),
    ("created:30d", 0, "created.within:30d"),
    ("created.before:30d", 0, "created.over:30d"),
    ("created.within:2026", 0, "not a span of time"),
    ("created:2026-12..2026-01", 0, "ends before"),
    ("created:2026-02-30", 0, "not a day or range"),
    ("created.befor:2026", 0, "did you mean .before"),
    ("created.before:>2026", 0, "takes no >"),
    ("quiet.within:60d", 0, "last-reach.within"),
    ("quiet:sixty", 0, "not a span"),
    ("quiet:99999y", 0, "does not fit"),
    ("birthday:>30d", 0, "repeats every year"),
    ("birthday:someday", 0, "not a birthday"),
    ("city:>pune", 0, "cannot be compared"),
    ("is:incomplet", 0, "did you mean is:incomplete"),
    ("has:wings", 0, "known are"),
    ("deal.amount:much", 0, "not an amount"),
    ("deal.amount.within:5k", 0, ".min or .max"),
    ("deal.stag:lead", 0, "did you mean deal.stage:"),
    ("deal.amount.mim:5", 0, "did you mean .min"),
    ("kind:cal", 0, "did you mean kind:call"),
    ("id:xy", 0, "not an id"),
    ("phone:abc", 0, "no digits"),
    ("seats:many", 0, "not a number"),
    ("seats.within:5", 0, ".min or .max"),
    ("vip:perhaps", 0, "yes or no"),
    ("(" * 40 + "a" + ")" * 40, 32, "inside each other"),
    ("-" * 40 + "a", 32, "inside each other"),
    ("a " * 65, 128, "at most 64"),
    ("a" * 5000, 4000, "at most 4000"),
]


@pytest.mark.parametrize(("text", "position", "message"), MISTAKES)
def test_mistakes_have_a_place_and_advice(text: str, position: int, message: str) -> None:
    with pytest.raises(QueryError, match=message.replace(".", "\\.")) as caught:
        parse(text)

    assert caught.value.position == position
    assert caught.value.text == text
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("args", "joined"),
    [
        (["tag:client", "city:pune"], "tag:client city:pune"),
        (["company:Acme Ltd", "-tag:dnc"], 'company:"Acme Ltd" -tag:dnc'),
        (["not:company:Acme Ltd"], 'not:company:"Acme Ltd"'),
        (["city:=New Delhi"], 'city:="New Delhi"'),
        (["-company:Acme Ltd"], '-company:"Acme Ltd"'),
        (["blue door"], '"blue door"'),
        (["tag:client city:pune"], "tag:client city:pune"),
        (
            ['(company:"Acme Ltd" OR email:@acme.com) AND -tag:dnc'],
            '(company:"Acme Ltd" OR email:@acme.com) AND -tag:dnc',
        ),
        (["a OR b"], "a OR b"),
        (["NOT a"], "NOT a"),
        (["a -b"], "a -b"),
        (["last-reach:", "x"], "last-reach: x"),
        (["", " "], ""),
        (["notes:back\\slash here"], 'notes:"back\\\\slash here"'),
    ],
)
def test_shell_words_get_their_quotes_back(args: list[str], joined: str) -> None:
    assert query.join_args(args) == joined


def test_words_and_text_parse_alike() -> None:
    assert parse(["company:Acme Ltd", "quiet:60d"]) == parse('company:"Acme Ltd" quiet:60d')


PIECES = [
    *(text for text, _ in TERMS),
    *(text for text, _ in TREES),
    "(",
    ")",
    '"',
    "-",
    "not:",
    "AND",
    "OR",
    "NOT",
    ":",
    ">",
    "..",
    "\\",
    "@",
    "tag:",
    "30d",
    "first name",
    "कुमार",
    "\u0000",
    "\u200d",
]


@settings(max_examples=400)
@given(st.text() | st.lists(st.sampled_from(PIECES)).map(" ".join) | st.lists(st.sampled_from(PIECES)).map("".join))
def test_any_text_is_a_query_or_a_query_error(text: str) -> None:
    try:
        tree = parse(text)
    except QueryError as error:
        tree, position = None, error.position
    else:
        position = 0

    assert 0 <= position <= len(text)
    assert tree is None or parse(query.to_text(tree)) == tree


@given(st.lists(st.text() | st.sampled_from(PIECES)))
def test_any_shell_words_are_a_query_or_a_query_error(args: list[str]) -> None:
    try:
        parse(args)
    except QueryError:
        return


def test_a_custom_field_never_hides_ours_and_examples_parse() -> None:
    assert not FIELDS["name"].custom
    for name, meaning, example in query.describe():
        assert meaning
        assert parse(example) is not None, name


def test_terms_lists_what_a_query_asks_for() -> None:
    assert [term.field for term in query.terms(parse("tag:a (city:b OR -no:email) c"))] == ["tag", "city", "email"]


@pytest.mark.parametrize(
    ("first", "last", "ranges"),
    [
        ("2026-11-01", "2026-11-30", [("11-01", "11-30")]),
        ("2026-12-20", "2027-01-10", [("12-20", "12-31"), ("01-01", "01-10")]),
        ("2027-03-01", "2027-03-05", [("03-01", "03-05"), ("02-29", "02-29")]),
        ("2028-03-01", "2028-03-05", [("03-01", "03-05")]),
        ("2027-02-20", "2027-03-05", [("02-20", "03-05")]),
        ("2026-01-01", "2027-01-01", [("01-01", "12-31")]),
    ],
)
def test_month_days(first: str, last: str, ranges: list[tuple[str, str]]) -> None:
    assert query.month_days(first, last) == ranges
