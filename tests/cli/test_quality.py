"""``crm quality`` and the flags that find records which need care."""

import pytest
from support import made_once


@pytest.fixture
@made_once
def people(crm, tmp_path):
    (tmp_path / "a.csv").write_text(
        "Name,Email,Phone\nAsha Verma,asha@acme.example,098200 12345\nRavi Kumar,ravi@nowhere,12\n,mia@x.example,\n",
        encoding="utf-8",
    )
    crm("import", str(tmp_path / "a.csv"))
    crm("add", "Tom Smith")
    crm("company", "add", "Acme")
    return crm


def ids(crm, query):
    return crm("list", query, "--format", "ids").lines


@pytest.mark.parametrize(
    ("flag", "found"),
    [
        ("nameless", ["3"]),
        ("incomplete", ["4"]),
        ("bad-email", ["2"]),
        ("bad-phone", ["2"]),
        ("bounced", []),
        ("stale", []),
    ],
)
def test_each_flag_finds_what_it_says(people, flag, found):
    assert ids(people, f"is:{flag}") == found


def test_a_bounced_address_counts_until_there_is_a_current_one(people, book_path):
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(book_path)) as db, db:
        db.execute("UPDATE contact_point SET state = 'bounced' WHERE kind = 'email' AND contact_id = 1")

    assert ids(people, "is:bounced") == ["1"]
    people("edit", "1", "email+=new@acme.example")
    assert ids(people, "is:bounced") == []


def test_who_was_neither_changed_nor_reached_for_a_year_is_stale(people, monkeypatch):
    monkeypatch.setenv("CRM_NOW", "2028-01-01T09:00:00+05:30")
    people("called", "asha", "-m", "still there")

    assert sorted(ids(people, "is:stale")) == ["2", "3", "4"]
    assert people("company", "list", "is:stale", "--format", "ids").lines == ["c1"]


def test_the_report_counts_and_names_the_commands(people):
    rows = people("quality", "--json").json

    assert [(row["check"], row["people"], row["companies"]) for row in rows] == [
        ("nameless", 1, 0), ("incomplete", 1, 1), ("bad-email", 1, 0), ("bad-phone", 1, 0),
    ]  # fmt: skip
    assert rows[2]["list"] == "crm list is:bad-email"
    assert rows[2]["mend"] == "crm edit ID email=ADDRESS"


def test_a_mended_record_is_not_counted(people):
    people("edit", "2", "email=ravi@nowhere.example", "phone=098200 54321")

    assert [row["check"] for row in people("quality", "--json").json] == ["nameless", "incomplete"]


def test_activities_and_deals_are_found_by_their_people(people):
    people("called", "2", "-m", "x")

    assert people("history", "is:bad-email", "--format", "ids").lines == ["a1"]
