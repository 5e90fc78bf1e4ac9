"""``crm find`` and ``crm list``, as typed."""

import sqlite3
from contextlib import closing

import pytest
from small_book import SmallBook, ask, settle


@pytest.fixture
def crm(tmp_path, monkeypatch, capsys):
    book = SmallBook(tmp_path / "book.db")
    asha = book.person(
        "Asha Verma", "Acme Ltd", title="CTO", former="Globex", email="asha@acme.in", phone="098200 12345", city="Pune",
        tags=("client", "vip"), birthday="1990-11-25", notes="met at the fair; prefers mornings",
    )  # fmt: skip
    ravi = book.person("Ravi Verma", "Globex", title="Buyer", email="ravi@globex.com", city="Zürich", tags=("dnc",))
    book.person("Priya O'Brien", email="priya@example.org", birthday="--02-29", tags=("lead",))
    book.person("कुमार शर्मा", "Acme Ltd", phone="+91 98111 22233", city="Mumbai")
    book.person("Vermont Hill")
    book.person("\x1b[31mEvil\x1b[0m\n$(touch x)", notes="hostile")
    book.done("call", "2026-11-02T10:00:00Z", asha, subject="price", body="She asked for a blue door.", reach=2)
    book.done("meeting", "2026-06-02T10:00:00Z", ravi, subject="blue door again", reach=2)
    book.todo("send the quote", "2026-11-20", asha)
    book.save()
    settle(monkeypatch, book.path)
    return lambda *args: ask(capsys, *args)


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("asha verma", "Asha Verma"),
        ("verma asha", "Asha Verma"),
        ("ash", "Asha Verma"),
        ("ASHA", "Asha Verma"),
        ("obrien", "Priya O'Brien"),
        ("कुमार", "कुमार शर्मा"),
        ("98200-12345", "Asha Verma"),
        ("+91 98200 12345", "Asha Verma"),
        ("012345", "Asha Verma"),
        ("asha@ac", "Asha Verma"),
        ("acme", "Acme Ltd"),
        ("mornings", "Asha Verma"),
        ("zurich", "Ravi Verma"),
        ("vip", "Asha Verma"),
    ],
)
def test_find_takes_names_numbers_addresses_and_any_text(crm, words, first):
    """One box: what kind of thing it is, the search finds out."""
    assert crm("find", words).column(1)[0] == first


def test_names_rank_before_texts_and_nobody_is_listed_twice(crm):
    """Asha is found by name and through her call; she stands there once."""
    names = crm("find", "verm").column(1)

    assert names == ["Vermont Hill", "Asha Verma", "Ravi Verma"]


def test_a_hit_says_what_matched(crm):
    """A name alone would leave the reader wondering why it is there."""
    assert crm("find", "blue door").column(5) == [
        "meeting 2026-06-02: blue door again",
        "call 2026-11-02: She asked for a blue door.",
    ]
    assert crm("find", "globex").column(5) == ["", "formerly at Globex", "at Globex Buyer"]


def test_a_typo_is_forgiven_and_named(crm):
    """What was searched for instead goes to stderr, not among the data."""
    answer = crm("find", "ahsa", "verma")

    assert answer.column(1) == ["Asha Verma"]
    assert answer.err == "closest to what you typed: asha verma\n"


def test_nothing_found_is_exit_3_and_one_line(crm):
    """A script sees it in the code, a person in one line."""
    answer = crm("find", "zzzzqq")

    assert (answer.code, answer.out, answer.err) == (3, "", "crm: nothing found for zzzzqq\n")


def test_find_says_when_it_shows_a_part(crm):
    """--limit hides nothing silently."""
    answer = crm("find", "verm", "--limit", "1")

    assert answer.column(1) == ["Vermont Hill"]
    assert answer.err.startswith("1 of 3;")


def test_json_of_find_is_whole_cards(crm):
    """A script need not ask again for each person."""
    person = crm("find", "asha", "--json").json[0]

    assert (person["id"], person["emails"][0]["value"], person["last_reach"]) == (
        1,
        "asha@acme.in",
        "2026-11-02T15:30:00+05:30",
    )


@pytest.fixture
def mixed(tmp_path, monkeypatch, capsys):
    """A function that makes a book of these people, each a name or a name and more."""

    def make(*people, companies=()):
        book = SmallBook(tmp_path / "book.db")
        for name, more in (each if isinstance(each, tuple) else (each, {}) for each in people):
            book.person(name, **more)
        for name in companies:
            book.company(name)
        book.save()
        settle(monkeypatch, book.path)
        return lambda *args: ask(capsys, *args)

    return make


@pytest.mark.parametrize(
    ("phone", "typed"),
    [
        ("098200 12345", ["98200", "098200", "9820012", "0982", "82001", "2345", "12345", "91982", "+91 98200", "982"]),
        ("+1 (415) 555-2671", ["415555", "415-555", "(415) 555", "1415", "5552", "555-2671", "2671", "55526", "671"]),
        ("+44 20 7946 0018", ["020 7946", "2079", "7946", "79460", "0018", "442079"]),
        ("98200 12345678901", ["98200", "82001", "901"]),
    ],
)
def test_three_digits_or_more_find_a_number_wherever_they_stand(mixed, phone, typed):
    """At its beginning with or without country code and trunk zero, in its middle and at its end."""
    crm = mixed(("Asha Verma", {"phone": phone}), ("Ravi Rao", {"phone": "+91 70000 60000"}))

    for digits in typed:
        answer = crm("find", digits)
        assert (answer.column(1), answer.column(5)) == (["Asha Verma"], [f"phone {phone}"]), digits


def test_a_number_in_a_name_comes_before_one_in_a_phone(mixed):
    """Digits are words, too."""
    crm = mixed(
        ("James Bond", {"nickname": "007"}), ("Zoe", {"notes": "room 4711"}), ("Asha", {"phone": "+91 98200 04711"}),
        companies=("4711", "Studio 54", "3M", "Agency 007"),
    )  # fmt: skip

    assert crm("find", "4711").column(1) == ["4711", "Asha", "Zoe"]
    assert crm("find", "007").column(1) == ["Agency 007", "James Bond"]
    assert crm("find", "54").column(1) == ["Studio 54"]
    assert crm("find", "3m").column(1) == ["3M"]


def test_the_name_that_is_shown_comes_before_names_that_are_not_and_those_before_texts(mixed):
    """Whole name, word of the name, word of another name, beginning of a word, company, text."""
    crm = mixed(
        ("Aaron", {"notes": "knows Prakash"}),
        ("Abel", {"company": "Prakash Mills"}),
        "Akash Prakashan",
        ("Nidhi Shah", {"given": "Nidhi", "additional": "Prakash", "family": "Shah"}),
        "Prakash Shah",
        "Om Prakash",
        "Prakash",
    )
    found = crm("find", "prakash")

    assert found.column(1) == [
        "Prakash", "Om Prakash", "Prakash Shah", "Prakash Mills", "Nidhi Shah", "Akash Prakashan", "Abel", "Aaron",
    ]  # fmt: skip
    assert found.column(5)[4] == "full name Nidhi Prakash Shah"


@pytest.mark.parametrize("better", ["Amit", "Sunil Amit", "Amitabh Zz"])
def test_the_cap_hides_no_better_level(tmp_path, monkeypatch, capsys, better):
    """Six hundred who fit less well are ranked after it, wherever they stand in the book."""
    worse = {"Amit": "Amit Kumar{}", "Sunil Amit": "Amita{} Aa", "Amitabh Zz": "Aa{}"}[better]
    book = SmallBook(tmp_path / "book.db")
    for number in range(600):
        book.person(worse.format(number), notes="amit")
    book.person(better)
    book.save()
    settle(monkeypatch, book.path)

    assert ask(capsys, "find", "amit").column(1)[0] == better


def test_the_cap_hides_nobody_with_one_word_in_the_name(tmp_path, monkeypatch, capsys):
    """Who is called so and works there comes before six hundred notes that hold both words."""
    book = SmallBook(tmp_path / "book.db")
    for number in range(600):
        book.person(f"Aa{number}", notes="asha of acme")
    book.person("Asha Rao", "Acme")
    book.save()
    settle(monkeypatch, book.path)

    assert ask(capsys, "find", "asha", "acme").column(1)[0] == "Asha Rao"


def test_a_name_is_found_by_its_sound_in_another_script_after_all_others(mixed):
    """What is spelt as it was typed comes first, a note that holds it included."""
    crm = mixed("राजेश शर्मा", "Rajesh Rao", ("Aaron", {"notes": "brother of Rajesh"}), "Иван Петров", "محمد علي")

    assert crm("find", "rajesh").column(1) == ["Rajesh Rao", "Aaron", "राजेश शर्मा"]
    assert crm("find", "rajesh sharma").column(1) == ["राजेश शर्मा"]
    assert crm("find", "ivan").column(1) == ["Иван Петров"]
    assert crm("find", "muhammad").column(1) == crm("find", "mohammed ali").column(1) == ["محمد علي"]
    assert crm("find", "राजेश").column(1) == ["राजेश शर्मा", "Rajesh Rao", "Aaron"]


@pytest.mark.parametrize(
    "args", [("email", "rajesh"), ("phone", "rajesh"), ("tag", "rajesh", "+x"), ("show", "rajesh")]
)
def test_a_sound_is_for_find_alone(mixed, args):
    """A write, a look-up of a mail client and a REF take what is spelt as it was typed."""
    crm = mixed(("राजेश शर्मा", {"email": "r@x.example", "phone": "098200 12345"}))

    assert crm(*args).code == 3


def test_a_book_of_an_older_program_learns_the_sounds_at_its_next_change(mixed, tmp_path):
    """Nothing else of its index is made anew, and the check finds it sound."""
    crm = mixed("राजेश शर्मा")
    with closing(sqlite3.connect(tmp_path / "book.db")) as db, db:
        db.execute("DELETE FROM search_term WHERE unicode(term) = 0xE000")

    assert crm("find", "rajesh").code == 3
    assert crm("add", "Zoe").code == 0
    assert crm("find", "rajesh").column(1) == ["राजेश शर्मा"]
    assert crm("check").code == 0


def test_the_label_of_a_name_in_a_network_is_the_network(mixed):
    """As it is typed: social.linkedin=…"""
    crm = mixed("Asha Verma")
    crm("edit", "1", "social.linkedin=ashaverma", "phone.home=098200 12345")

    assert [crm("list", f"label:{label}").column(1) for label in ("linkedin", "home", "work")] == [
        ["Asha Verma"], ["Asha Verma"], [],
    ]  # fmt: skip
    assert crm("list", "not:label:linkedin").out == ""


def test_what_is_in_the_book_cannot_steer_the_terminal(crm):
    """Escape sequences and newlines of a name are shown as signs."""
    out = crm("find", "hostile").out

    assert "\x1b" not in out
    assert len(out.splitlines()) == 1


def test_many_namesakes_are_capped_but_an_exact_name_is_never_hidden(tmp_path, monkeypatch, capsys):
    """The cap on what is ranked must not cut off the one that was typed in full."""
    book = SmallBook(tmp_path / "book.db")
    for number in range(600):
        book.person(f"Amit Kumar{number:03}")
    book.person("Amit")
    book.save()
    settle(monkeypatch, book.path)

    answer = ask(capsys, "find", "amit")

    assert answer.column(1)[0] == "Amit"
    assert answer.err.startswith("20 of 500+;")


@pytest.mark.parametrize(
    ("query", "names"),
    [
        (["tag:client"], ["Asha Verma"]),
        (["verma", "-tag:dnc"], ["Asha Verma"]),
        (["verma", "not:tag:dnc"], ["Asha Verma"]),
        (["tag:dnc", "OR", "tag:vip"], ["Asha Verma", "Ravi Verma"]),
        (["company:Acme Ltd"], ["Asha Verma", "कुमार शर्मा"]),
        (["(city:pune OR city:mumbai) AND company:acme"], ["Asha Verma", "कुमार शर्मा"]),
        (["city:zurich"], ["Ravi Verma"]),
        (["quiet:60d", "verma"], ["Ravi Verma"]),
        (["last-reach.within:30d"], ["Asha Verma"]),
        (["birthday:this-month"], ["Asha Verma"]),
        (["birthday.before:1995-01-01"], ["Asha Verma"]),
        (["not:birthday.before:1980-01-01"], ["Asha Verma"]),
        (["has:birthday"], ["Asha Verma", "Priya O'Brien"]),
        (["email:@globex.com"], ["Ravi Verma"]),
        (["phone:12345"], ["Asha Verma"]),
        (["is:overdue"], ["Asha Verma"]),
        (["kind:meeting"], ["Ravi Verma"]),
        (["due.within:7d"], []),
        (["name:o'brien"], ["Priya O'Brien"]),
        (["id:2"], ["Ravi Verma"]),
        (["blue door", "OR", "mornings"], ["Asha Verma"]),
    ],
)
def test_list_answers_a_query_exactly(crm, query, names):
    """Filters do not rank and do not forgive; they are exact."""
    answer = crm("list", *query)

    assert (answer.code, answer.column(1)) == (0, names)


def test_who_was_never_reached_is_quiet_but_in_no_comparison(crm):
    """A missing last reach satisfies neither a comparison nor its opposite."""
    quiet = set(crm("list", "quiet:60d").column(1))
    before, after = (set(crm("list", f"last-reach.{side}:2026-08-01").column(1)) for side in ("before", "after"))

    assert "Vermont Hill" in quiet
    assert (before, after) == ({"Ravi Verma"}, {"Asha Verma"})


def test_a_bad_query_is_shown_with_its_place(crm):
    """A caret under the mistake, and the nearest field."""
    answer = crm("list", "tga:client")

    assert answer.code == 2
    assert "did you mean tag" in answer.err
    assert answer.err.splitlines()[-1].strip() == "^"


def test_an_empty_list_is_no_error(crm):
    """A list may be empty; only find and a REF say 3."""
    assert crm("list", "tag:none-such").code == 0


def test_list_counts_sorts_and_chooses_columns(crm):
    """--count is a number alone; -order turns it round."""
    assert crm("list", "--count").out == "6\n"
    assert crm("list", "verma", "--sort", "-name", "--columns", "name,company").lines == [
        "Ravi Verma\tGlobex",
        "Asha Verma\tAcme Ltd",
    ]
    assert crm("list", "verma", "--sort", "last-reach", "--format", "ids").lines == ["2", "1"]
    assert crm("list", "--sort", "beauty").code == 2


def test_custom_fields_can_be_asked_for(tmp_path, monkeypatch, capsys):
    """A field of one's own is compared by its type."""
    book = SmallBook(tmp_path / "book.db")
    number = book.insert("custom_field", name="seats", label="Seats", type="number")
    for name, seats in (("Few", "9"), ("Many", "100"), ("None", "")):
        ref = book.person(name)
        if seats:
            book.insert("contact_custom", contact_id=ref, field_id=number, value=seats)
    book.save()
    settle(monkeypatch, book.path)

    assert ask(capsys, "list", "seats.min:10").column(1) == ["Many"]
    assert ask(capsys, "list", "not:seats.min:10").column(1) == ["Few"]
    assert ask(capsys, "list", "no:seats").column(1) == ["None"]
