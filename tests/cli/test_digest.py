"""``crm digest`` as it is printed on Sunday 22 November: its sections, their commands, and what is new."""

import json
import re
import shlex
import subprocess
import sys
from html.parser import HTMLParser

import pytest
from small_book import SmallBook
from support import HOSTILE

from crm_cli.core.sections import DAILY, SECTIONS, TITLES
from crm_cli.core.text.width import display_width

DAYS_AGO = "2026-11-{:02}T03:30:00Z"


@pytest.fixture
def made(book_path):
    """A book to fill; `save` it before crm is run."""
    return SmallBook(book_path)


def fill(made, name="Asha Verma", text="send the quote"):
    """Put something into every section."""
    made.db.execute("BEGIN")
    day = f"2026-11-{made.db.execute('SELECT count(*) FROM contact').fetchone()[0] % 21 + 1:02}"
    asha = made.person(
        name, name, birthday="1990-11-25", anniversary="2016-11-22", phone="098200 12345", tags=("client",)
    )
    made.todo(text, "2026-11-19", asha, promise="owe")
    made.todo(text, "2026-11-22", asha, promise="await", priority="high")
    made.todo(text, "2026-11-25", asha)
    made.todo(text, "2027-02-01", asha, promise="owe")
    made.todo(text, "", asha, promise="await")
    made.todo(text, "", asha)
    asked = made.todo(text, "2026-12-24", asha)
    made.insert("reminder", activity_id=asked, at_utc="2026-11-22T03:00:00Z")
    made.deal(text, asha)
    made.insert("outbox", key=f"digest:{day}:me@x.example", route="mail", address="me@x.example", state="failed",
                tries=1, error=text, created_utc=DAYS_AGO.format(21), updated_utc=DAYS_AGO.format(21))  # fmt: skip
    made.db.execute("COMMIT")


@pytest.fixture
def full(made, crm):
    fill(made)
    made.save()
    crm("cadence", "set", "1", "6w")


def found(crm, *args):
    """Return the ids of each section of a digest that has any."""
    out = crm("digest", "--json", *args).out
    sections = json.loads(out) if out else {}
    return {name: [one.get("id") for one in those] for name, those in sections.items() if name != "snoozed" and those}


def headings(lines):
    return [line.partition(" (")[0] for line in lines if line and not line.startswith(" ")]


# One table of sections


def test_all_views_have_the_same_sections_in_the_same_order(full, crm):
    titles = [TITLES[name] for name in DAILY]

    assert headings(crm("digest").lines[1:]) == titles
    assert headings(crm("today", "--format", "table").lines) == titles
    assert headings(crm("agenda", "--days", "7", "--format", "table").lines) == list(TITLES.values())
    assert list(crm("today", "--json").json) == [*DAILY, "snoozed"]
    assert list(crm("agenda", "--json").json) == [*SECTIONS, "snoozed"]
    for name in DAILY:
        assert headings(crm("digest", "--only", name).lines[1:]) in ([TITLES[name]], []), name


def test_every_line_has_a_command_that_works(full, crm):
    commands = [line.strip().split("  ")[0] for line in crm("digest").lines if line.startswith("  crm")]

    assert sorted(commands) == sorted([
        *(f"crm done a{ref}" for ref in (1, 2, 3, 4, 5, 7)), "crm show d1", "crm show 1", "crm show 1",
        "crm called 1", "crm remind --test mail",
    ])  # fmt: skip
    for command in commands[:-1]:
        assert crm(*shlex.split(command)[1:]).code == 0, command


# Promises


def test_a_promise_is_listed_once_and_says_who_promised(full, crm):
    lists = found(crm)

    assert {name: lists[name] for name in ("overdue", "due", "coming", "reminders", "promises")} == {
        "overdue": ["a1"], "due": ["a2"], "coming": ["a3"], "reminders": ["a7"], "promises": ["a4", "a5"],
    }  # fmt: skip
    assert [one["id"] for one in crm("agenda", "--only", "undated", "--json").json["undated"]] == ["a6"]
    text = crm("digest").out
    assert "send the quote (promised) · Asha Verma" in text
    assert "send the quote (awaited) · Asha Verma" in text


def test_a_promise_that_is_snoozed_or_due_within_the_days_is_not_under_promises(made, crm):
    made.snooze(made.todo("asleep", "", promise="owe"), "2026-11-23T04:00:00Z")
    made.todo("in three weeks", "2026-12-13", promise="owe")
    made.todo("at nine", "2026-11-29", time="09:00", promise="await")
    made.save()

    assert [one["subject"] for one in crm("today", "--json").json["promises"]] == ["in three weeks"]
    assert crm("today", "--json", "--days", "30").json["promises"] == []
    assert [one["subject"] for one in crm("today", "--json", "--days", "6").json["promises"]] == [
        "at nine", "in three weeks",
    ]  # fmt: skip


def test_promises_alone_are_no_reason_for_a_digest(made, crm):
    made.todo("some day", "", promise="owe")
    made.save()

    assert crm("digest").out == ""


# Anniversaries


@pytest.mark.parametrize(
    ("day", "on", "years"),
    [
        ("2016-11-25", "2026-11-25", 10),
        ("--11-25", "2026-11-25", None),
        ("2026-11-25", "2026-11-25", 0),
        ("2027-11-25", None, None),
    ],
)
def test_an_anniversary_says_the_years(made, crm, day, on, years):
    made.person("Asha", anniversary=day)
    made.save()

    listed = crm("today", "--json").json["anniversaries"]

    assert [(one["on"], one["years"]) for one in listed] == ([(on, years)] if on else [])


def test_an_anniversary_today_makes_a_digest(made, crm, monkeypatch):
    made.person("Leap", anniversary="2016-02-29")
    made.save()
    assert crm("digest").out == ""

    monkeypatch.setenv("CRM_NOW", "2027-03-01T09:00:00+05:30")

    assert crm("digest").lines == [
        "Mon 01 Mar 2027: 1 anniversary", "", "Anniversaries", "  crm show 1    today  Leap · 11 years",
    ]  # fmt: skip


# What was not delivered


def test_what_was_not_delivered_is_in_today_and_in_json(full, crm):
    assert "Not delivered (1)" in crm("today", "--format", "table").lines
    assert crm("today", "--json").json["failed"] == [
        {
            "activity": None, "route": "mail", "address": "me@x.example", "error": "send the quote", "tries": 1,
            "failed": "2026-11-21T09:00:00+05:30", "next": None,
        }
    ]  # fmt: skip
    assert crm("agenda", "--only", "failed", "--format", "ids").out == ""
    assert crm("agenda", "--only", "failed", "kind:task").out == "", "a query is about activities"


# What is new


def test_since_a_time_only_what_is_new_is_listed(made, crm):
    late, moved = made.todo("late for days", "2026-11-18"), made.todo("now late", "2026-11-21")
    today, far = made.todo("due now", "2026-11-22"), made.todo("far", "2026-11-29")
    made.todo("near", "2026-11-25")
    made.person("Asha", birthday="--11-22", anniversary="--11-29")
    made.person("Ravi", birthday="--11-25", anniversary="--11-26")
    made.deal("Old")
    made.deal("Closing", close_on="2026-11-29")
    made.deal("Passed", close_on="2026-11-21")
    made.save()

    assert found(crm, "--since", "2026-11-21 07:00") == {
        "overdue": [f"a{moved}"], "due": [f"a{today}"], "coming": [f"a{far}"], "deals": ["d3", "d2"],
        "birthdays": [None], "anniversaries": [None],
    }  # fmt: skip

    crm("edit", f"a{late}", "priority=high")

    assert found(crm, "--since", "2026-11-21 07:00")["overdue"] == [f"a{late}", f"a{moved}"]


def test_since_the_same_morning_nothing_is_new(full, crm):
    crm("called", "1")

    assert found(crm, "--since", "today 09:00", "--only", "overdue,due,coming,reminders,promises,reach") == {}


@pytest.mark.parametrize("text", ["last", "tomorrow", "someday"])
def test_a_since_that_cannot_be(full, crm, text):
    answer = crm("digest", "--since", text)

    assert (answer.code, answer.out) == (2, "")


# Formats


SCRIPTS = ("茶罐標籤報價茶罐標籤報價茶罐標籤報價茶罐標籤報價", "दिवाली ऑर्डर के लिए क्वोटेशन भेजना है और कॉल करना",
           "тираж пачек " * 9,
           "\u0627\u0644\u0639\u0631\u0636 " * 20)  # fmt: skip


def test_no_line_is_wider_than_78_columns_or_steers_a_terminal(made, crm):
    for text in (*SCRIPTS, *HOSTILE):
        clean = text.replace("\0", "")
        fill(made, clean, clean)
    made.save()
    crm("cadence", "set", "tag:client", "6w")

    lines = crm("digest", "--days", "30", "--max", "100").out.split("\n")

    assert max(map(display_width, lines)) <= 78
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028]", "".join(lines))
    assert [line for line in lines if line in TITLES.values()] == [TITLES[name] for name in DAILY]


class Tags(HTMLParser):
    """Collects the elements of a page."""

    def __init__(self):
        super().__init__()
        self.found = set()

    def handle_starttag(self, tag, attrs):
        self.found.add(tag)


def test_html_and_markdown_escape_what_others_wrote(made, crm):
    fill(made, "<script>x</script><img src=http://x>", "**a** <b> [l](http://x) `c`")
    made.save()
    page = Tags()
    page.feed(crm("digest", "--format", "html").out)

    assert page.found <= {"html", "head", "meta", "title", "body", "div", "h1", "h2", "table", "tr", "td", "br", "code",
                          "b", "p"}  # fmt: skip
    markdown = crm("digest", "--format", "markdown").out
    assert r"\*\*a\*\* \<b\> \[l\]\(http://x\) \`c\`" in markdown
    assert "<script>" not in markdown


def test_each_section_says_how_many_more_there_are(made, crm):
    for number in range(5):
        made.todo(f"late {number}", "2026-11-18")
        made.person(f"P{number}", anniversary="--11-22")
    made.save()

    assert [line for line in crm("digest", "--max", "2").lines if "more" in line] == [
        "  and 3 more: crm agenda --only overdue", "  and 3 more: crm agenda --only anniversaries",
    ]  # fmt: skip
    assert len(crm("digest", "--max", "2", "--json").json["overdue"]) == 2
    assert crm("digest", "--max", "2").lines[0] == "Sun 22 Nov 2026: 5 overdue, 5 anniversaries"


# A real process, as cron starts it


def test_cron_starts_it_with_almost_no_environment(tmp_path):
    made = SmallBook(tmp_path / "book.db")
    made.todo("茶罐標籤", "2026-11-18")
    made.save()
    script = [sys.executable, "-c", "from crm_cli.entry import main; main()", "digest"]

    def run(*args):
        bare = {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"}
        return subprocess.run([*script, *args], env=bare, capture_output=True, check=False)

    answer = run("--book", str(tmp_path / "book.db"))
    missing = run()

    assert "crm done a1" in answer.stdout.decode()
    assert "茶罐標籤" in answer.stdout.decode()
    assert (answer.returncode, answer.stderr) == (0, b"")
    assert (missing.returncode, missing.stdout) == (3, b"")
    assert b"there is no book" in missing.stderr
