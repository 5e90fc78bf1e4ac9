"""``edit`` and ``-e`` in the user's editor: whatever it does, nothing typed is lost and nothing half done."""

import re
import sqlite3
import stat
import sys
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from support import HOSTILE, NOW_UTC, dump, made_once

from crm_cli import config
from crm_cli.book import locks
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


def unsaved():
    """The files of texts that could not be saved."""
    return [path for path in config.folder("state").rglob("*") if path.is_file()]


def kept(found):
    """The file that an error names: private, in the state folder, and none but those of its editor beside it."""
    path = Path(re.search(r"your text is kept in ([^;)]+)\)\n", found.err)[1])
    assert {one.parent for one in unsaved()} == {path.parent}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    return path


@pytest.fixture
def locked(asha, book_path, monkeypatch):
    """Another program has the book."""
    monkeypatch.setattr(locks, "BUSY_SECONDS", 0.05)
    with closing(sqlite3.connect(book_path, isolation_level=None)) as db:
        db.execute("BEGIN IMMEDIATE")
        yield


@pytest.fixture
@made_once
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
@pytest.mark.conv("C42")
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
@pytest.mark.conv("C42")
def test_an_editor_that_is_left_without_saving_changes_nothing(asha, editor, book_path, work):
    before = dump(book_path)
    editor(work)
    found = asha("edit", "asha")

    assert (found.code, found.out, len(found.err.splitlines())) == (1, "", 1)
    assert "nothing was changed" in found.err
    assert dump(book_path) == before


@pytest.mark.parametrize(
    ("work", "message"),
    [
        ('text = text + "\\n= what"', "not valid TOML"),
        ('text = text.replace("tags = [", "tags = [1, ")', "tags are a list of texts"),
        ('text = text.replace("nickname", "nickame")', "did you mean nickname"),
        ('text = text.replace(\'birthday = ""\', \'birthday = "32 december"\')', "birthday"),
        ('text = text.replace("asha@acme.in", "nonsense")', "not an e-mail address"),
        ('text = text.replace("[custom]", "[custom]\\nrenewal = \\"soon\\"")', "takes a date"),
        ('text = text.replace("[custom]", "[[custom]]")', "custom is a table"),
        ('text = text.replace("\\"Asha\\"", "\\"\\"").replace("\\"Verma\\"", "\\"\\"")', "without a name"),
    ],
)  # fmt: skip
def test_a_card_that_cannot_be_read_says_why_and_changes_nothing(asha, editor, book_path, work, message):
    before = dump(book_path)
    editor(work)
    found = asha("edit", "asha")

    assert (found.code in {1, 2}, len(found.err.splitlines())) == (True, 1)
    assert message in found.err
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


@pytest.mark.conv("C42")
def test_the_file_is_private_and_gone_afterwards(asha, editor):
    """In the state folder, where it outlives a crash or a lost connection."""
    editor(
        f"assert path.is_relative_to({str(config.folder('state'))!r})\n"
        "assert stat.S_IMODE(path.stat().st_mode) == 0o600 and stat.S_IMODE(path.parent.stat().st_mode) == 0o700\n"
        "pathlib.Path(f'{path}~').write_text('a backup of the editor')\n"
        "text = text.replace('Pune', 'Goa')"
    )

    assert asha("edit", "asha").code == 0
    assert unsaved() == []


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


# What could not be saved

TYPED = "path.write_text('Gossip'); "
CRASHES = {
    "exit": (TYPED + "sys.exit(1)", "failed with exit code 1", 1),
    "killed": (TYPED + "os.kill(os.getpid(), 9)", "was ended by SIGKILL", 1),
    "ctrl+c": (TYPED + "signal.signal(2, signal.SIG_DFL); os.kill(os.getpid(), 2)", "was ended by SIGINT", 130),
    "latin-1": ("path.write_bytes(b'caf\\xe9'); os._exit(0)", "not valid UTF-8", 1),
    "swap file": ("pathlib.Path(f'{path}.swp').write_text('Gossip'); os.kill(os.getpid(), 15)", "SIGTERM", 1),
}


@pytest.mark.parametrize("command", [["note", "asha"], ["called", "asha"], ["log", "letter", "asha"]], ids=" ".join)
@pytest.mark.parametrize(("work", "message", "code"), CRASHES.values(), ids=CRASHES)
@pytest.mark.conv("C42")
def test_a_text_of_an_editor_that_failed_is_kept(asha, editor, book_path, command, work, message, code):
    before = dump(book_path)
    editor(f"import signal; {work}")
    found = asha(*command, "-e")

    assert (found.code, len(found.err.splitlines())) == (code, 1)
    assert message in found.err
    assert kept(found).read_bytes() in {b"Gossip", b"caf\xe9"}
    assert dump(book_path) == before


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (["note", "asha", "--when", "tomorrow"], 2),
        (["done", "a99"], 3),
        (["log", "call", "asha", "--closes", "a99"], 3),
    ],
    ids=str,
)
def test_a_text_that_the_book_refuses_is_kept(asha, editor, command, code):
    editor("text = 'Gossip'")
    by_editor = asha(*command, "-e")
    assert (by_editor.code, kept(by_editor).read_text()) == (code, "Gossip")

    kept(by_editor).unlink()
    by_pipe = asha(*command, "-m", "-", given="Gossip\n")
    assert (by_pipe.code, kept(by_pipe).read_text()) == (code, "Gossip\n")


def test_a_text_that_is_not_text_is_kept_as_it_came(asha):
    found = asha("note", "asha", "-m", "-", given=b"caf\xe9")

    assert (found.code, kept(found).read_bytes()) == (2, b"caf\xe9")


@pytest.mark.parametrize(
    ("command", "work", "given", "typed"),
    [
        (["note", "asha", "-e"], "text = 'Gossip'", "", "Gossip"),
        (["called", "asha", "-m", "-"], "", "Gossip", "Gossip"),
        (["edit", "asha"], "text = text.replace('Pune', 'Goa')", "", '"Goa"'),
        (["company", "edit", "acme"], "text = text.replace('Acme', 'Apex')", "", '"Apex"'),
    ],
    ids=str,
)
def test_a_locked_book_loses_no_text(asha, editor, locked, command, work, given, typed):
    editor(work)
    found = asha(*command, given=given)

    assert (found.code, typed in kept(found).read_text()) == (75, True)


@pytest.mark.parametrize(
    "work",
    [
        "text = text.replace('Pune', 'Goa') + '= what'",
        "text = text.replace('Pune', 'Goa'); os.system(f'{sys.executable} -m crm_cli edit 1 city=Delhi')",
        "path.write_text(text.replace('Pune', 'Goa')); sys.exit(1)",
    ],
    ids=["refused", "changed meanwhile", "crashed"],
)
def test_a_card_that_could_not_be_saved_is_kept(asha, editor, work):
    editor(work)
    found = asha("edit", "asha")

    assert (found.code, '"Goa"' in kept(found).read_text()) == (1, True)


def test_a_deals_card_that_could_not_be_saved_is_kept(asha, editor):
    asha("deal", "add", "Tea tins", "--with", "1")
    editor("text = text.replace('Tea tins', 'Tea boxes').replace('stage = \"', 'stage = \"no such ')")
    found = asha("deal", "edit", "d1")

    assert (found.code != 0, "Tea boxes" in kept(found).read_text()) == (True, True)


@pytest.mark.parametrize("work", ["text = 'Gossip'", "sys.exit(1)", "", "path.unlink(); os._exit(0)"])
def test_nothing_is_left_of_a_text_that_was_saved_or_never_typed(asha, editor, work):
    editor(work)
    asha("note", "asha", "-e")
    asha("note", "asha", "-e", "--dry-run")
    asha("note", "asha", "-m", "-", given="Gossip")

    assert unsaved() == []


def test_where_the_state_folder_cannot_be_written_the_text_is_kept_elsewhere(asha, editor, tmp_path, monkeypatch):
    """As private as there."""
    (tmp_path / "file").touch()
    (tmp_path / "run").mkdir()
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "run"))
    found = asha("note", "asha", "--when", "tomorrow", "-m", "-", given="Gossip")

    [path] = [path for path in (tmp_path / "run").rglob("*") if path.is_file()]
    assert f"your text is kept in {path})" in found.err
    assert (stat.S_IMODE(path.stat().st_mode), stat.S_IMODE(path.parent.stat().st_mode)) == (0o600, 0o700)


# A note without a text


@pytest.mark.parametrize("text", ["", "  ", "\n\t\n", "\u00a0", "\u200b", "\ufeff\n"], ids=ascii)
@pytest.mark.parametrize("command", [["note", "asha"], ["log", "note", "asha"]], ids=" ".join)
def test_an_empty_note_is_not_logged(asha, book_path, command, text):
    before = dump(book_path)

    for found in (asha(*command, "-m", text), asha(*command, "-m", "-", given=text)):
        assert (found.code, found.out, len(found.err.splitlines())) == (2, "", 1)
        assert "a note needs a text; nothing was written" in found.err
    assert dump(book_path) == before


@pytest.mark.parametrize("command", [["note", "asha"], ["called", "asha"]], ids=" ".join)
def test_an_editor_left_empty_writes_nothing(asha, book_path, editor, command):
    before = dump(book_path)
    editor("text = '\\n'")
    found = asha(*command, "-e")

    assert (found.code, found.err) == (1, "crm: the text is empty; nothing was written\n")
    assert dump(book_path) == before


def test_a_call_may_go_without_words(asha):
    assert asha("called", "asha", "-m", "").code == 0
    assert asha("called", "asha").code == 0


@pytest.mark.parametrize("command", [["done", "-"], ["note", "-"], ["deal", "win", "-"]], ids=" ".join)
def test_stdin_holds_the_ids_or_the_text(asha, command):
    found = asha(*command, "-m", "-", given="Gossip")

    assert (found.code, "not both" in found.err) == (2, True)


@pytest.mark.parametrize("program", ["'vi", " ", "/no/such/editor"], ids=repr)
def test_an_editor_that_cannot_be_run_is_one_line(asha, monkeypatch, program):
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setenv("EDITOR", program)
    found = asha("note", "asha", "-e")

    assert (found.code, len(found.err.splitlines())) == (1, 1)
    assert "cannot run the editor" in found.err


def test_what_is_to_be_done_can_be_written_in_the_editor(crm, editor):
    crm("add", "Asha")
    editor('text = text.strip() + " to Asha\\n\\nWith the new prices."')

    found = crm("todo", "Send the quote", "-e", "--with", "1", "--due", "fri", "--json")

    assert (found.json["subject"], found.json["body"]) == ("Send the quote to Asha", "With the new prices.")


def test_a_todo_without_words_needs_the_editor_or_a_pipe(crm, editor, book_path):
    editor("text = 'Call the bank'")

    assert crm("todo", "-e").err == "Planned a1 Call the bank [ch1]\n"
    assert crm("todo", "-", given="Send the tins\nby courier\n").err == "Planned a2 Send the tins [ch2]\n"
    assert (crm("todo").code, crm("todo", "-", given="").code) == (2, 2)
    editor("text = ''")
    assert crm("todo", "-e").err == "crm: the text is empty; nothing was written\n"
