"""No everyday read scans a large table: the plans SQLite makes for them, and that every statement prepares."""

import itertools
from datetime import date, timedelta

import pytest
from small_book import SmallBook

from crm_cli.book.search import index as search
from crm_cli.core.query.parser import FIELDS
from crm_cli.core.sections import SECTIONS
from crm_cli.queries import (
    addresses,
    agenda,
    completion,
    deal_ids,
    deals,
    digests,
    find,
    history,
    outbox,
    people,
    pipeline,
    reminders,
)
from crm_cli.queries.filters import compiler as filters

LARGE = (
    "contact",
    "company",
    "activity",
    "activity_participant",
    "contact_point",
    "employment",
    "search_doc",
    "search_word",
    "deal",
    "deal_participant",
    "stage_change",
    "reminder",
    "rhythm",
    "outbox",
)
DAY_OF_PLANS = date(2026, 11, 22)
DAY = agenda.Day("2026-11-22T03:30:00Z", "2026-11-22", "Asia/Kolkata", 7)
THEN = DAY._replace(now="2026-11-21T03:30:00Z", today="2026-11-21")


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """Only read."""
    made = SmallBook(tmp_path_factory.mktemp("plans") / "book.db")
    asha = made.person(
        "Asha Verma", "Acme", email="asha@acme.in", phone="098200 12345", city="Pune", birthday="--11-25"
    )
    made.done("call", "2026-11-02T10:00:00Z", asha, body="a blue door", reach=2, company_id=1)
    made.todo("quote", "2026-11-20", asha)
    made.deal("Blue tins", asha, amount=5_000_000, currency="INR", close_on="2026-11-25", company_id=1)
    made.deal("Bags", asha, status="won", closed_utc="2026-11-20T04:00:00Z")
    made.todo("samples", "2026-11-24", asha, deal_id=1)
    return made.save()


class Spy:
    """A connection that notes what it is asked."""

    def __init__(self, db):
        self.db, self.asked = db, []

    def execute(self, sql, values=()):
        self.asked.append((sql, values))
        return self.db.execute(sql, values)

    @property
    def in_transaction(self):
        return self.db.in_transaction

    def create_function(self, *args, **named):
        self.db.create_function(*args, **named)

    def scans(self):
        """Return full scans of large tables; walking an index up to a LIMIT, or that of the open deals, is none."""
        found = []
        for sql, values in self.asked:
            for *_, step in self.db.execute(f"EXPLAIN QUERY PLAN {sql}", values):
                table = step.split()[1] if step.startswith("SCAN ") else ""
                alias = {
                    "p": "contact",
                    "a": "activity",
                    "o": "company",
                    "c": "contact_point",
                    "x": "contact_point",
                    "d": "deal",
                    "w": "deal_participant",
                    "r": "reminder",
                }.get(table, table)
                if alias in LARGE and not ("USING" in step and ("LIMIT" in sql or "deal_open" in step)):
                    found.append((step, sql))
        return found


READS = {
    "today": lambda db: agenda.read(db, DAY, limit=15),
    "what remind looks up": lambda db: reminders.due(db, "2026-11-22T03:00:00Z", DAY.now),
    "agenda": lambda db: agenda.read(db, DAY, SECTIONS),
    "digest to an address, since then": lambda db: agenda.read(
        db, DAY, limit=15, since=THEN, deals=digests.unreported("me@x.example", DAY)
    ),
    "the last digest": lambda db: outbox.last_digest(db, "me@x.example"),
    "history": history.read,
    "history of a person": lambda db: history.of(db, "contact", 1),
    "history of a company": lambda db: history.of(db, "company", 1),
    "list": lambda db: people.rows(db, limit=20),
    "list, the next page": lambda db: people.rows(db, limit=20, after=1),
    "list, newest": lambda db: people.rows(db, sort="-updated", limit=20),
    "find a name": lambda db: find.find(db, "asha verma"),
    "find a word": lambda db: find.find(db, "verm"),
    "find a text": lambda db: find.find(db, "blue door"),
    "find a typo": lambda db: find.find(db, "ahsa"),
    "find a phone": lambda db: find.find(db, "98200 12345", "IN"),
    "find an address": lambda db: find.find(db, "asha@"),
    "email": lambda db: addresses.find(db, "email", ["asha", "acme"]),
    "phone": lambda db: addresses.find(db, "phone", ["12345"]),
    "TAB on a name": lambda db: completion.names(db, "asha"),
    "TAB on an address": lambda db: completion.emails(db, "asha@"),
    "TAB on an activity": completion.activities,
    "find a deal": lambda db: find.find(db, "tins"),
    "deals of a person": lambda db: deal_ids.of(db, "contact", 1),
    "deals of a company": lambda db: deal_ids.of(db, "company", 1),
    "whom a deal is with": lambda db: deal_ids.linked(db, 1),
    "a deal": lambda db: deals.get(db, 1),
    "the way of a deal": lambda db: pipeline.stages_of(db, 1),
    "what was said of a deal": lambda db: history.of(db, "deal", 1),
    "open deals by the day": lambda db: pipeline.ids(db, "d.status = 'open'", limit=20),
    "the newest deals": lambda db: pipeline.ids(db, sort="-id", limit=20),
    "TAB on a deal": completion.deals,
    "TAB on the title of a deal": lambda db: completion.names(db, "tins", ("deal",)),
}


@pytest.mark.parametrize("read", READS, ids=str)
def test_an_everyday_read_uses_indexes(book, read):
    """What is typed twenty times a day must not grow with the book."""
    spy = Spy(book.db)

    READS[read](spy)

    assert spy.asked
    assert spy.scans() == []


def test_the_board_reads_open_deals_by_their_index(book):
    """Of all that were ever won or lost it looks at the latest alone."""
    spy = Spy(book.db)
    pipeline.board(spy, since="2026-10-23T18:30:00Z")

    plans = [step[3] for sql, values in spy.asked for step in book.db.execute(f"EXPLAIN QUERY PLAN {sql}", values)]
    assert "SEARCH d USING INDEX deal_closed (closed_utc>?)" in plans
    assert [step for step in plans if step.startswith("SCAN d") and "deal_open" not in step] == []


def test_the_first_page_of_a_list_walks_the_index_of_names(book):
    """--limit 20 out of 100,000 sorts nothing."""
    sql = "SELECT p.id FROM contact p WHERE 1 ORDER BY p.name_key ASC, p.id ASC LIMIT 20"
    steps = [row[3] for row in book.db.execute(f"EXPLAIN QUERY PLAN {sql}")]

    assert steps == ["SCAN p USING COVERING INDEX contact_name"]


EXAMPLES = [field.example for field in FIELDS.values()]
VARIANTS = [f"has:{name}" for name in FIELDS["has"].choices] + [f"is:{name}" for name in FIELDS["is"].choices]


@pytest.mark.parametrize("target", ["contact", "company", "activity", "deal"])
@pytest.mark.parametrize(
    "query", [*EXAMPLES, *VARIANTS, "asha", '"blue door"', "id:c1", "id:a1", "id:d1", "birthday:1990-04-12"]
)
def test_every_field_can_be_asked_of_everything_and_negated(book, query, target):
    """What a record has not itself it borrows; each statement runs, and with its opposite finds no record twice."""
    alias, table = {
        "contact": ("p", "contact"),
        "company": ("o", "company"),
        "activity": ("a", "activity"),
        "deal": ("d", "deal"),
    }[target]
    found = []
    for text in (query, f"not:{query}"):
        where, values = filters.where(book.db, text, target, now=_now(), zone=DAY.zone)
        assert "'" not in where.replace("''", "") or all(
            str(value) not in where for value in values if isinstance(value, str)
        )
        found.append(
            {row[0] for row in book.db.execute(f"SELECT {alias}.id FROM {table} {alias} WHERE {where}", values)}
        )

    assert not found[0] & found[1]


def _now():
    from datetime import UTC, datetime

    return datetime(2026, 11, 22, 3, 30, tzinfo=UTC)


def test_pages_by_key_meet_and_do_not_overlap(tmp_path):
    """Namesakes and missing values included, in every order and both ways."""
    book = SmallBook(tmp_path / "book.db")
    for number, name in itertools.product(range(3), ("Asha", "Ravi", "Zoe")):
        book.person(name, city="Pune" if number else "", birthday="--01-02" if number == 1 else None)

    for sort in itertools.chain(people.SORTS, (f"-{name}" for name in people.SORTS)):
        whole = people.ids(book.db, sort=sort)
        pages, last = [], None
        while page := people.ids(book.db, sort=sort, limit=2, after=last):
            pages += page
            last = page[-1]
        assert pages == whole, sort
        assert len(set(whole)) == 9


def test_values_are_bound(book):
    """A quote in a query stays a quote."""
    where, values = filters.where(book.db, 'city:"x\' OR 1=1 --"', "contact", now=_now(), zone=DAY.zone)

    assert "1=1" not in where
    assert values == ["x' or 1=1 --"]
    assert search.matching("a b", "contact")[1] == '"a b"*'


@pytest.mark.parametrize("section", ["overdue", "due", "coming"])
def test_a_section_is_counted_by_the_index_alone(book, section):
    """It reads no row of the table, and asks no other table who is asleep."""
    clause, values = agenda.selection(agenda.RANGES[section], DAY.moments(), None)
    steps = book.db.execute(f"EXPLAIN SELECT count(*) {clause}", values).fetchall()
    opened = {step[2]: step[5] for step in steps if step[1] == "OpenRead"}
    read = {step[2] for step in steps if step[1] == "Column"}

    assert len(opened) == 2
    assert all(opened[cursor].startswith("k(") for cursor in read), "columns come from an index"


def test_the_first_of_a_section_are_found_without_sorting(book):
    """However many are due on one day."""
    spy = Spy(book.db)
    agenda.read(spy, DAY, ("overdue", "due", "coming"), limit=15)

    plans = [
        (sql, step[3]) for sql, values in spy.asked for step in book.db.execute(f"EXPLAIN QUERY PLAN {sql}", values)
    ]
    assert not [step for sql, step in plans if "LIMIT" in sql and "ORDER BY" in step]
    assert "SEARCH a USING INDEX activity_hidden (hidden_until>?)" in [step for _, step in plans]


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Asia/Kolkata", "UTC", "America/Los_Angeles", "Pacific/Niue"])
@pytest.mark.parametrize("days", [0, 1, 2, 7])
def test_a_section_that_is_counted_in_parts_has_as_many_as_it_lists(tmp_path, zone, days):
    made = SmallBook(tmp_path / "many.db")
    asha = made.person("Asha Verma")
    for later in range(-4, 11):
        on = f"{DAY_OF_PLANS + timedelta(days=later)}"
        made.todo("that day", on, asha)
        for time in ("00:30", "11:59", "23:30"):
            made.todo("at a time", on, asha, time=time)
    book = made.save()
    day = agenda.Day(f"{DAY_OF_PLANS}T03:30:00Z", str(DAY_OF_PLANS), zone, days)

    listed = agenda.read(book.db, day)
    counted = agenda.read(book.db, day, limit=1)

    assert counted.totals == {**listed.totals, "birthdays": 0, "deals": 0}
