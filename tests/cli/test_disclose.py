"""``crm disclose``: everything that the book holds about a person."""

import json
import random
import sqlite3
from contextlib import closing

import pytest
from small_book import SmallBook
from support import made_once

NAMES = ("Asha", "Ravi", "Mia", "Tomás", "अनीता", "小明", "Ülo", "Zoë")
FAMILIES = ("Verma", "Kumar", "García", "शर्मा", "王", "Tamm")
SKIPPED = {
    "search_doc",
    "search_word",
    "search_term",
    "change",
    "change_row",
    "change_subject",
    "change_range",
    "row_sum",
}


@pytest.fixture
@made_once
def asha(crm):
    crm("add", "Asha Verma", "email=asha@acme.example", "phone=098200 12345", "company=Acme", "notes=likes tea", "+vip")
    crm("add", "Ravi Kumar", "notes=Asha Verma introduced him")
    crm("relate", "ravi", "referred-by", "asha")
    crm("called", "asha", "-m", "agreed on the price")
    crm("deal", "add", "Tea tins", "--with", "asha", "amount=5 EUR")
    crm("edit", "asha", "notes=likes coffee")
    return crm


def test_a_folder_has_the_text_and_the_data(asha, tmp_path):
    done = asha("disclose", "asha", "-o", str(tmp_path / "out"))

    assert done.code == 0
    assert (
        done.err
        == f"{tmp_path}/out: person.txt, person.json: 12 rows about Asha Verma; 1 text of another record names them\n"
    )
    text = (tmp_path / "out" / "person.txt").read_text(encoding="utf-8")
    for line in ("call: agreed on the price", "098200 12345", "Tea tins", "notes likes tea → likes coffee", "ch1"):
        assert line in text
    assert "2             notes: Asha Verma introduced him" in text
    assert (tmp_path / "out").stat().st_mode & 0o777 == 0o700


def test_each_row_says_where_it_came_from(crm, tmp_path):
    (tmp_path / "people.csv").write_text("Name,Email\nAsha Verma,a@x.example\nRavi,r@x.example\n", encoding="utf-8")
    crm("import", str(tmp_path / "people.csv"))
    crm("edit", "asha", "phone=098200 12345")

    [first, second] = crm("disclose", "asha", "--json").json["rows"]["contact_point"]

    assert first["origin"] == {
        "change": "ch1", "at": "2026-11-22T09:00:00+05:30", "by": "script", "verb": "import", "file": "people.csv",
    }  # fmt: skip
    assert (second["origin"]["change"], second["origin"]["verb"], second["origin"]["file"]) == ("ch2", "edit", None)


def test_an_existing_file_is_replaced_only_when_asked(asha, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "person.txt").write_text("mine", encoding="utf-8")

    assert asha("disclose", "1", "-o", str(tmp_path / "out")).code == 2
    assert (tmp_path / "out" / "person.txt").read_text(encoding="utf-8") == "mine"
    assert asha("disclose", "1", "-o", str(tmp_path / "out"), "--yes").code == 0


def test_a_company_is_not_a_person(asha):
    done = asha("disclose", "c1")

    assert (done.code, done.out) == (2, "")


def test_a_photo_is_a_file(asha, tmp_path):
    picture = b"\xff\xd8\xff\xe0" + bytes(range(256))
    asha("photo", "asha", "--set", "-", given=picture)
    asha("disclose", "asha", "-o", str(tmp_path / "out"))

    assert (tmp_path / "out" / "photo.jpeg").read_bytes() == picture


def random_book(path, seed):
    """Return the unique names of 60 people in a book in which they meet, deal, know and mention each other."""
    chance = random.Random(seed)
    book = SmallBook(path)
    names = [f"{chance.choice(NAMES)}{number} {chance.choice(FAMILIES)}" for number in range(60)]
    people = [
        book.person(
            name, chance.choice(["", "Acme", "Globex"]), email=f"p{number}@x.example", phone=f"09820{number:05}",
            city="Pune", tags=("vip",) if number % 3 else (), notes=f"knows {chance.choice(names)}",
            given=name.split()[0], family=name.split()[1],
        )
        for number, name in enumerate(names)
    ]  # fmt: skip
    for number in range(200):
        company = chance.choice([None, 1])
        book.done("call", "2026-11-02T10:00:00Z", *chance.sample(people, chance.randint(0, 3)), company_id=company,
                  body=f"call {number} about {chance.choice(names)}")  # fmt: skip
    for number in range(40):
        deal = book.deal(f"Deal {number} of {chance.choice(names)}", *chance.sample(people, chance.randint(0, 2)))
        book.insert("deal_tag", deal_id=deal, tag_id=1)
        book.todo("quote", "2026-11-30", *chance.sample(people, 1), deal_id=deal)
    for one in people[:30]:
        other = chance.choice([each for each in people if each != one])
        book.insert("relationship", contact_id=one, kind="friend", other_id=other, name="x", name_key="x")
        book.insert("consent", contact_id=one, channel="email", state="stopped", on_date="2026-01-01")
        book.insert("source_property", contact_id=one, name="X-A", value="b")
    book.save()
    book.db.close()
    return names, people


def by_sql(db, person):
    """Return table -> rows about a person, found by the foreign keys of the schema alone."""
    tables = {
        row[0] for row in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND sql LIKE '%STRICT%'")
    }
    keys = {
        (table, row[3], row[2]) for table in tables - SKIPPED for row in db.execute(f"PRAGMA foreign_key_list({table})")
    }
    found = {("contact", row) for row in db.execute("SELECT * FROM contact WHERE id = ?", (person,))}
    found |= {("rhythm", row) for row in db.execute("SELECT * FROM rhythm WHERE contact_id = ?", (person,))}
    for table, column, parent in keys:
        if parent == "contact":
            found |= {(table, row) for row in db.execute(f"SELECT * FROM {table} WHERE {column} = ?", (person,))}
    for noun in ("activity", "deal"):
        ids = f"SELECT {noun}_id FROM {noun}_participant WHERE contact_id = {person}"
        found |= {(noun, row) for row in db.execute(f"SELECT * FROM {noun} WHERE id IN ({ids})")}
        for table, column, parent in keys:
            if parent == noun and table not in {"activity_participant", "deal_participant", "activity"}:
                found |= {(table, row) for row in db.execute(f"SELECT * FROM {table} WHERE {column} IN ({ids})")}
    merges = f"SELECT id FROM merge WHERE contact_id = {person}"
    found |= {("merge_row", row) for row in db.execute(f"SELECT * FROM merge_row WHERE merge_id IN ({merges})")}
    tags = f"SELECT tag_id FROM contact_tag WHERE contact_id = {person}"
    return found | {("tag", row) for row in db.execute(f"SELECT * FROM tag WHERE id IN ({tags})")}


@pytest.mark.parametrize("seed", [1])
def test_what_is_disclosed_is_what_sql_finds_in_all_tables(crm, book_path, seed):
    names, people = random_book(book_path, seed)
    with closing(sqlite3.connect(book_path)) as db:
        for person, name in list(zip(people, names, strict=True))[:50]:
            disclosed = crm("disclose", str(person), "--json").json

            rows = {
                (table, tuple(value for column, value in row.items() if column != "origin"))
                for table, found in disclosed["rows"].items()
                for row in found
            }
            assert rows == by_sql(db, person)
            named = {(each["table"], each["text"]) for each in disclosed["mentions"]}
            texts = set(naming(db, name))
            assert texts - {(table, value) for table, row in rows for value in row} == named


def naming(db, name):
    """Yield (table, text) of every text of the book with this name, except the person's own row and the index."""
    for table, column in db.execute(
        "SELECT m.name, p.name FROM sqlite_schema m, pragma_table_info(m.name) p"
        " WHERE m.type = 'table' AND m.sql LIKE '%STRICT%' AND p.type = 'TEXT'"
    ).fetchall():
        if table not in SKIPPED and not column.endswith("_key"):
            for (text,) in db.execute(f"SELECT {column} FROM {table} WHERE instr({column}, ?)", (name,)):
                yield table, text


def test_changes_of_a_person_say_what_was_changed_by_whom(asha):
    lines = [line.split("\t") for line in asha("changes", "asha").lines]

    assert lines[0][:4] == ["ch6", "2026-11-22 09:00", "script", "edit"]
    assert lines[0][7] == "notes likes tea → likes coffee"
    assert lines[1][7] == "+relationship referred-by Asha Verma"
    assert "+contact point email asha@acme.example current" in lines[-1][7]
    [newest, *_] = asha("changes", "asha", "--json").json
    assert newest["differences"] == [
        {
            "table": "contact",
            "op": "update",
            "column": "notes",
            "before": "likes tea",
            "after": "likes coffee",
            "of": "1",
        }
    ]
    assert "differences" not in asha("changes", "--json").json[0]


def test_values_of_a_bulk_import_are_not_kept(crm, tmp_path):
    (tmp_path / "people.csv").write_text("Name,Email\nAsha,a@x.example\nRavi,r@x.example\n", encoding="utf-8")
    crm("import", str(tmp_path / "people.csv"))

    assert crm("changes", "asha").lines[0].split("\t")[7] == "values not kept"


def test_the_dashboard_is_named(asha, book_path):
    with closing(sqlite3.connect(book_path)) as db, db:
        db.execute("UPDATE change SET origin = 'tui' WHERE id = 6")

    assert asha("changes", "asha").lines[0].split("\t")[2] == "dashboard"
    assert json.loads(asha("changes", "asha", "--json").out)[0]["origin"] == "tui"
