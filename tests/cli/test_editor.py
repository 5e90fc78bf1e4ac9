"""``edit`` and ``-e`` in the user's editor: whatever it does, nothing typed is lost and nothing half done."""

import sys

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from support import HOSTILE, NOW_UTC, dump

from crm_cli.book.book import Book
from crm_cli.cli.assignments import parse
from crm_cli.queries import contacts as queries
from crm_cli.render import toml_card
from crm_cli.services import contacts


@pytest.fixture
def editor(tmp_path, monkeypatch):
    """Be the user in front of the editor: Python that works on ``text`` and may look at ``path``."""

    def use(body, variable="EDITOR"):
        script = tmp_path / "editor.py"
        script.write_text(
            "import os, pathlib, re, stat, sys\n"
            "path = pathlib.Path(sys.argv[-1])\ntext = path.read_text(encoding='utf-8')\n"
            f"{body}\npath.write_text(text, encoding='utf-8')\n",
            encoding="utf-8",
        )
        monkeypatch.setenv(variable, f"{sys.executable} {script}")

    return use


@pytest.fixture
def asha(crm):
    crm(
        "add",
        "Asha Verma",
        "email.work=asha@acme.in",
        "email.home=a@home.in",
        "company=Acme",
        "city=Pune",
        "+client",
        "notes=Two\nlines",
        "linkedin=asha",
    )
    crm("field", "add", "renewal", "--type", "date")
    return crm


@pytest.mark.parametrize(
    ("work", "key", "value"),
    [
        ('text = text.replace("Pune", "Goa")', "addresses", "Goa"),
        ('text = text.replace(\'tags = ["client"]\', \'tags = ["vip", "client"]\')', "tags", ["client", "vip"]),
        ('text = text.replace("asha@acme.in", "new@acme.in")', "emails", ["a@home.in", "new@acme.in"]),
        ('text = re.sub("(?m)^.*a@home.in.*$", "", text)', "emails", ["asha@acme.in"]),
        ('text = text.replace("Two\\nlines", "Three\\nlines\\nनोट")', "notes", "Three\nlines\nनोट"),
        ('text = re.sub("(?m)^company = .*$", "", text)', "company", ""),
        ('text = text.replace(\'birthday = ""\', \'birthday = "12 apr 1990"\')', "birthday", "1990-04-12"),
        ('text = text.replace("[custom]", "[custom]\\nrenewal = 2027-03-31")', "custom", {"renewal": "2027-03-31"}),
    ],
)  # fmt: skip
def test_what_was_edited_is_saved(asha, editor, work, key, value):
    editor(work)
    found = asha("edit", "asha")

    assert (found.code, found.out) == (0, "1\n"), found.err
    got = asha("show", "1", "--json").json[key]
    if key == "emails":
        got = sorted(each["value"] for each in got)
    assert (got[0]["locality"] if key == "addresses" else got) == value


@pytest.mark.parametrize(
    "work", ["", 'text = ""', 'text = "\\n\\n"', "sys.exit(1)", "os.kill(os.getpid(), 9)", "path.unlink(); sys.exit(1)"]
)
def test_an_editor_that_is_left_without_saving_changes_nothing(asha, editor, book_path, work):
    before = dump(book_path)
    editor(work)
    found = asha("edit", "asha")

    assert (found.code, found.out, len(found.err.splitlines())) == (1, "", 1)
    assert "nothing was changed" in found.err
    assert dump(book_path) == before


@pytest.mark.parametrize(
    ("work", "said"),
    [
        ('text = text + "\\n= what"', "no TOML"),
        ('text = text.replace("tags = [", "tags = [1, ")', "tags are a list of texts"),
        ('text = text.replace("nickname", "nickame")', "did you mean nickname"),
        ('text = text.replace(\'birthday = ""\', \'birthday = "32 december"\')', "birthday"),
        ('text = text.replace("asha@acme.in", "nonsense")', "not an e-mail address"),
        ('text = text.replace("[custom]", "[custom]\\nrenewal = \\"soon\\"")', "takes a date"),
        ('text = text.replace("\\"Asha\\"", "\\"\\"").replace("\\"Verma\\"", "\\"\\"")', "without a name"),
    ],
)  # fmt: skip
def test_a_card_that_cannot_be_read_says_why_and_changes_nothing(asha, editor, book_path, work, said):
    before = dump(book_path)
    editor(work)
    found = asha("edit", "asha")

    assert (found.code in {1, 2}, len(found.err.splitlines())) == (True, 1)
    assert said in found.err
    assert dump(book_path) == before


def test_what_was_changed_meanwhile_is_not_overwritten(asha, editor, book_path):
    editor(
        "import subprocess; subprocess.run([sys.executable, '-m', 'crm_cli', 'edit', '1', 'city=Goa'])\n"
        "text = text.replace('Pune', 'Mumbai')"
    )
    found = asha("edit", "asha")

    assert (found.code, "changed meanwhile" in found.err) == (1, True)
    assert asha("show", "1", "--json").json["addresses"][0]["locality"] == "Goa"


def test_a_company_has_a_card_too(asha, editor):
    editor("text = text.replace('name = \"Acme\"', 'name = \"Acme Ltd\"')")
    assert asha("company", "edit", "acme").code == 0
    assert asha("show", "1", "--json").json["company"] == "Acme Ltd"


def test_the_file_is_private_and_gone_afterwards(asha, editor, tmp_path, monkeypatch):
    runtime = tmp_path / "run"
    runtime.mkdir()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))
    editor(
        f"assert path.is_relative_to({str(runtime)!r}); assert stat.S_IMODE(path.stat().st_mode) == 0o600\n"
        "text = text.replace('Pune', 'Goa')"
    )

    assert asha("edit", "asha").code == 0
    assert list(runtime.iterdir()) == []


def test_an_editor_that_is_not_there(asha, monkeypatch):
    monkeypatch.setenv("EDITOR", "/no/such/editor --wait")
    found = asha("edit", "asha")

    assert (found.code, found.err) == (
        1,
        "crm: cannot run the editor /no/such/editor --wait: No such file or directory (set EDITOR)\n",
    )


def test_the_editor_is_run_without_a_shell(asha, monkeypatch, tmp_path):
    monkeypatch.setenv("EDITOR", f"true; touch {tmp_path / 'owned'};")
    asha("edit", "asha")
    assert not (tmp_path / "owned").exists()


def test_visual_goes_before_editor(asha, editor, monkeypatch):
    editor('text = text.replace("Pune", "Goa")', "VISUAL")
    monkeypatch.setenv("EDITOR", "false")
    assert asha("edit", "asha").code == 0


def test_a_note_is_written_in_the_editor(asha, editor):
    editor('text = "Gossip\\nand more"')
    assert asha("note", "asha", "-e").code == 0
    card = asha("show", "a1", "--json").json
    assert (card["subject"], card["body"]) == ("Gossip", "and more")


TEXT = st.one_of(
    st.sampled_from([text.replace("\0", "") for text in HOSTILE]),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(notes=TEXT, nickname=TEXT, city=TEXT, url=TEXT)
@example(notes="a\r\nb", nickname="0\r\n0", city="", url="")
def test_a_card_left_as_it_was_asks_for_no_change(book, notes, nickname, city, url):
    words = [
        word
        for word in (f"notes={notes}", f"nickname={nickname}", f"city.work={city}", f"url.x={url}")
        if word[-1] != "="
    ]
    with book.change("add", now=NOW_UTC):
        ref = contacts.add(book, "Asha", parse(book.db, words)[1], now=NOW_UTC)
    record = queries.get(book.db, ref)
    old = toml_card.card(record)

    assert toml_card.assignments(old, toml_card.read(toml_card.written(record, "1")), company=False, custom=()) == []


def test_every_hostile_text_survives_the_card(book_path):
    with Book.write(book_path) as book, book.change("add", now=NOW_UTC):
        for text in HOSTILE:
            ref = contacts.add(book, text, parse(book.db, [f"notes={text}"])[1], now=NOW_UTC)
            record = queries.get(book.db, ref)
            read = toml_card.read(toml_card.written(record, str(ref)))
            assert read["notes"] == record.notes
