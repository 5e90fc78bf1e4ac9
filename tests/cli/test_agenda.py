"""``crm today``, ``agenda``, ``history`` and ``digest``, as typed on Sunday 22 November 2026, 09:00 in India."""

import pytest
from small_book import SmallBook, ask, settle


@pytest.fixture
def book(tmp_path, monkeypatch):
    settle(monkeypatch, tmp_path / "book.db")
    return SmallBook(tmp_path / "book.db")


@pytest.fixture
def crm(book, capsys):
    def asked(*args):
        book.save()
        return ask(capsys, *args)

    return asked


def test_today_parts_the_day(book, crm):
    """Late, due, coming and birthdays each under its heading, in order of time."""
    asha = book.person("Asha Verma", "Acme", birthday="1990-11-25")
    book.todo("send the quote", "2026-11-19", asha, priority="high")
    book.todo("call back", "2026-11-22", asha, time="08:00", kind="call")
    book.todo("lunch", "2026-11-22", asha, time="13:00", kind="meeting")
    book.todo("tidy up", "2026-11-22")
    book.todo("the fair", "2026-11-27")
    book.todo("far away", "2027-03-01")

    lines = crm("today", "--format", "table").lines

    assert [line.split() for line in lines] == [
        ["Overdue", "(2)"],
        ["a1", "!", "3", "days", "late", "task", "send", "the", "quote", "Asha", "Verma,", "Acme"],
        ["a2", "today", "08:00", "call", "call", "back", "Asha", "Verma,", "Acme"],
        [],
        ["Today", "(2)"],
        ["a3", "today", "13:00", "meeting", "lunch", "Asha", "Verma,", "Acme"],
        ["a4", "today", "task", "tidy", "up"],
        [],
        ["Coming", "(1)"],
        ["a5", "Fri", "task", "the", "fair"],
        [],
        ["Birthdays", "(1)"],
        ["1", "Wed", "birthday", "turns", "36", "Asha", "Verma,", "Acme"],
    ]


def test_what_is_due_by_the_day_is_late_only_when_the_day_is_over(book, crm):
    """A plan without a time lasts until midnight where the user is."""
    book.todo("today", "2026-11-22")
    book.todo("yesterday", "2026-11-21")

    found = crm("today", "--json").json

    assert [card["subject"] for card in found["overdue"]] == ["yesterday"]
    assert [card["subject"] for card in found["due"]] == ["today"]


def test_a_snoozed_one_is_hidden_until_then(book, crm):
    """It is left out until then, and counted."""
    book.snooze(book.todo("asleep", "2026-11-20"), "2026-11-23T04:00:00Z")
    book.snooze(book.todo("awake", "2026-11-20"), "2026-11-22T03:00:00Z")

    assert (crm("today", "--format", "ids").lines, crm("today", "--format", "ids").err) == (["a2"], "")
    assert crm("today", "--format", "table").err == "1 snoozed\n"
    assert crm("today", "--json").json["snoozed"] == 1


@pytest.mark.parametrize(
    ("now", "found"), [("2027-02-27T09:00:00+05:30", "2027-03-01"), ("2028-02-27T09:00:00+05:30", "2028-02-29")]
)
def test_29_february_is_kept_every_year(book, crm, monkeypatch, now, found):
    """In a common year on 1 March."""
    book.person("Leap", birthday="--02-29")
    monkeypatch.setenv("CRM_NOW", now)

    assert [(one["on"], one["turns"]) for one in crm("today", "--json").json["birthdays"]] == [(found, None)]


def test_birthdays_pass_the_new_year(book, crm, monkeypatch):
    """The nearest comes first, not the smallest month."""
    book.person("January", birthday="2000-01-02")
    book.person("December", birthday="2000-12-30")
    monkeypatch.setenv("CRM_NOW", "2026-12-29T09:00:00+05:30")

    assert [one["person"]["name"] for one in crm("today", "--json").json["birthdays"]] == ["December", "January"]


def test_today_off_a_terminal_is_rows_for_programs(book, crm):
    """Section, id, ISO day, priority, kind, what, who; nothing shortened."""
    book.todo("call\tback", "2026-11-22", book.person("Asha"), time="13:00", priority="high")

    assert crm("today").out == "due\ta1\t2026-11-22T13:00\thigh\ttask\tcall␉back\tAsha\n"


def test_an_empty_day_is_no_error(crm):
    """Nothing on stdout, a word on stderr, exit 0."""
    answer = crm("today")

    assert (answer.code, answer.out, answer.err) == (0, "", "nothing to do\n")


def test_agenda_takes_a_query_over_people_and_activities(book, crm):
    """An activity has the city of its people, or of its company."""
    pune = book.person("Asha", city="Pune", tags=("vip",))
    goa = book.person("Ravi", city="Goa")
    book.todo("one", "2026-11-25", pune, kind="call")
    book.todo("two", "2026-11-25", goa)
    book.todo("three", "", pune)
    book.todo("four", "2026-11-25", company_id=book.company("Acme", tags=("vip",)))

    def subjects(*query):
        return [line.split("\t")[5] for line in crm("agenda", *query).lines]

    assert subjects("city:pune") == ["one", "three"]
    assert subjects("tag:vip") == ["one", "four", "three"]
    assert subjects("kind:call") == ["one"]
    assert subjects("-tag:vip") == ["two"]
    assert subjects("asha", "--only", "undated") == ["three"]
    assert crm("agenda", "--only", "nonsense").code == 2


def test_agenda_days_look_further(book, crm):
    """Thirty days unless asked otherwise."""
    book.todo("later", "2027-01-15")

    assert crm("agenda").out == ""
    assert crm("agenda", "--days", "60", "--format", "ids").lines == ["a1"]


def test_history_of_a_person_of_a_company_or_by_query(book, crm):
    """A word that names somebody means them; else it is searched for."""
    asha, ravi = book.person("Asha Verma", "Acme"), book.person("Ravi")
    book.done("call", "2026-11-01T10:00:00Z", asha, subject="prices", reach=2)
    book.done("meeting", "2026-11-20T10:00:00Z", asha, ravi, subject="fair", reach=2, company_id=1)
    book.done("note", "2026-11-21T20:00:00Z", ravi, body="wants a discount\nsoon")

    assert crm("history").column(0) == ["a3", "a2", "a1"]
    assert crm("history", "asha").column(0) == ["a2", "a1"]
    assert crm("history", "c1").column(0) == ["a2"]
    assert crm("history", "discount").column(4) == ["wants a discount"]
    assert crm("history", "kind:call").column(0) == ["a1"]
    assert crm("history", "when:2026-11-22").column(0) == ["a3"], "02:30 in India is the 22nd"
    assert crm("history", "--limit", "1", "--format", "table").lines[1].split()[:3] == ["a3", "today", "01:30"]


def test_history_of_an_ambiguous_name_asks_which(book, crm):
    """Exit 4, with the candidates."""
    for name in ("Asha Verma", "Asha Rao"):
        book.person(name)

    answer = crm("history", "asha")

    assert answer.code == 4
    assert "Asha Rao" in answer.err


@pytest.mark.conv("D01")
def test_the_digest_is_silent_when_nothing_is_due(book, crm):
    """Cron mails what is printed; what only comes later is no reason for a mail."""
    book.todo("tomorrow", "2026-11-23")
    book.person("Soon", birthday="--11-24")

    for form in ("text", "markdown", "json"):
        answer = crm("digest", "--format", form)
        assert (answer.code, answer.out, answer.err) == (0, "", "")


def test_the_digest_says_what_to_type(book, crm):
    """Plain text, grouped, with the command on each line, at most 78 columns."""
    asha = book.person("Asha Verma", "Acme", birthday="--11-22")
    book.todo("send the quote " + "at length " * 12, "2026-11-19", asha, priority="high")
    book.todo("lunch", "2026-11-22", asha, time="13:00")

    lines = crm("digest").lines

    assert lines[0] == "Sun 22 Nov 2026: 1 overdue, 1 due today, 1 birthday"
    assert lines[3].startswith("  crm done a1  ! 3 days late")
    assert lines[6] == "  crm done a2    today 13:00  lunch · Asha Verma, Acme"
    assert lines[9] == "  crm show 1     today        Asha Verma, Acme"
    assert max(map(len, lines)) <= 78


def test_markdown_of_the_digest_cannot_be_marked_up_from_the_book(book, crm):
    """A subject with a link in it stays text."""
    book.todo("[click](http://x) `now`\x1b[1m", "2026-11-19")

    line = crm("digest", "--format", "markdown").lines[4]

    assert line == "- [ ] \\[click\\]\\(http://x\\) \\`now\\`␛\\[1m (3 days late): `crm done a1`"
