"""Lines as spans: how they are wrapped and cut, what is bold, and which role each thing has."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_cli.core.daily import Activity
from crm_cli.core.edits import split_words
from crm_cli.core.sections import SECTIONS
from crm_cli.core.text.width import display_width
from crm_cli.queries import activities as queries
from crm_cli.queries import contacts as people
from crm_cli.render import activities, agenda, show, spans
from crm_cli.render.fields import field, listed, paragraph
from crm_cli.render.positions import STOP
from crm_cli.render.spans import Span
from crm_cli.services import activities as service
from crm_cli.services import contacts

ZONE, TODAY, NOW = "Asia/Kolkata", "2026-11-22", "2026-11-22T03:30:00Z"
LINES = st.lists(st.builds(Span, st.text("ab ", max_size=8), st.sampled_from(spans.ROLES)), max_size=6).map(tuple)


@given(LINES, st.integers(1, 20), st.integers(0, 3), st.integers(0, 5))
def test_parts_fill_lines_in_their_order(parts, width, joint, indent):
    lines = list(spans.filled(parts, width, joint=joint, indent=indent))

    assert tuple(span for line in lines for span in line) == parts
    for number, line in enumerate(lines):
        cells = sum(display_width(span.text) for span in line) + joint * (len(line) - 1) + (indent if number else 0)
        assert cells <= width or len(line) == 1


@given(LINES, st.integers(0, 50), st.integers(0, 50))
def test_a_cut_keeps_the_role_of_each_character(line, start, end):
    characters = [(char, span.role) for span in line for char in span.text]

    assert [(char, span.role) for span in spans.cut(line, start, end) for char in span.text] == characters[start:end]


def test_titles_and_headings_are_bold():
    bold = {role for role in spans.ROLES if spans.emphasised((Span("x", role),), "x") != "x"}

    assert bold == {"title", "heading"}
    assert spans.emphasised((), "") == ""


def test_a_column_begins_after_a_label_of_any_script():
    assert spans.text(field("city", "Pune")) == "  city          Pune"
    assert spans.text(field("शहर", "Pune")) == f"  शहर           {STOP}Pune"


def test_a_field_of_several_values_is_named_once():
    assert [spans.text(line) for line in listed("with", ["a", "b"])] == ["  with          a", "                b"]
    assert [spans.text(line) for line in paragraph("notes", "a\n\nb")] == [
        "  notes         a", "", "                b",
    ]  # fmt: skip


def plan(day, **more):
    return Activity(7, "u", "call", "open", "the price", due_date=day, zone=ZONE, **more)


@pytest.mark.parametrize(
    ("day", "words", "role"),
    [
        ("2026-11-21", "yesterday", "overdue"), ("2026-11-22", "today", "value"), ("2026-11-23", "tomorrow", "value"),
        (None, "no date", "value"),
    ],
)  # fmt: skip
def test_the_day_of_a_late_plan_is_overdue(day, words, role):
    (line,) = activities.plans([plan(day)], ZONE, NOW, today=TODAY)

    assert [span.role for span in line] == ["label", "muted", role, "value", "value"]
    assert line[2].text == words


@pytest.mark.parametrize(("clock", "at", "role"), [("08:30", "03:00", "overdue"), ("09:30", "04:00", "value")])
def test_a_time_of_today_that_is_past_is_overdue(clock, at, role):
    """It is 09:00."""
    (line,) = activities.plans(
        [plan(TODAY, due_time=clock, due_utc=f"{TODAY}T{at}:00Z")], ZONE, NOW, today=TODAY
    )  # fmt: skip

    assert line[2] == Span(f"today {clock}", role)


def test_each_line_of_a_briefing_says_what_it_is(book):
    words = ["company=Acme", "title=CTO", "phone=098200 12345", "city=Pune", "+vip"]
    with book.change("x", now=NOW):
        asha = contacts.add(book, "Asha", split_words(words)[1], now=NOW, region="IN")
        log = {"text": "hello\nWell.", "at": "2026-11-20T04:00:00Z", "now": NOW}
        service.log(book, "call", service.Links((asha,)), **log)
    done = queries.load(book.db, queries.ids_of(book.db, "contact", asha, status="done"))

    lines = show.briefing(people.get(book.db, asha), done, [plan("2026-11-20")], today=TODAY, zone=ZONE, now=NOW)
    assert [line[0].role if line else "" for line in lines] == [
        "title", "accent", "tag", "", *["label"] * 4, "", "heading", "date", "date",
    ]  # fmt: skip


def test_the_agenda_says_what_is_late_and_what_is_due():
    assert {section: agenda._ROLES.get(section, "muted") for section in SECTIONS} == {
        "overdue": "overdue", "due": "good", "coming": "muted", "reminders": "good", "undated": "muted",
        "deals": "muted", "reach": "muted", "birthdays": "muted", "anniversaries": "muted", "promises": "muted",
        "failed": "overdue",
    }  # fmt: skip
