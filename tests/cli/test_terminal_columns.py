"""Columns on a real terminal: they begin where they should behind every script, and elsewhere nothing steers."""

from __future__ import annotations

import re

import pytest
from multiplexer import Tmux
from small_book import SmallBook
from terminal import Terminal

from crm_cli.core.text.cautious import is_disputed

NAMES = (
    "Asha Verma", "Zoë Ångström", "सुरेश कुमार", "शांति हिन्दी", "கொழும்பு", "สมชาย น้ำใจ", "👩‍👩‍👧 Family", "👍🏽 ❤️ 🇮🇳",
    "王小明", "한지민", "محمد علي", "مُحَمَّد", "Ελένη", "মৌসুমী", "ខ្មែរ",
)  # fmt: skip
COMPANIES = [f"Acme{10 + number}" for number in range(len(NAMES))]
FRIENDS = [f"Friend{10 + number}" for number in range(len(NAMES))]
POSITION = re.compile(r"\x1b\[\d+G")
SIZES = [(40, 60), (80, 60), (200, 60)]


@pytest.fixture
def scripts(book_path, surroundings):
    book = SmallBook(book_path)
    for number, (name, company) in enumerate(zip(NAMES, COMPANIES, strict=True)):
        book.person(name, company, phone=f"098200 123{10 + number}", city="Pune")
        friend = book.person(FRIENDS[number])
        book.todo(name, "2026-11-23", friend)
        book.done("call", "2026-11-20T10:00:00Z", friend, subject=name, reach=2)
        book.deal(name, friend, stage=1 + number % 4)
    book.save().db.close()
    return book_path


def shown(book, *words, size=(80, 60), **env):
    """Return a terminal in which a command has run."""
    with Terminal(book, size=size, words=words, env={"COLUMNS": "", **env}) as terminal:
        terminal.end()
        return terminal


def starts(screen, texts):
    return {screen.column(text) for text in texts}


LISTS = {
    ("list", "--columns", "id,name,company,city"): COMPANIES,
    ("list", "--columns", "name,phone"): [f"098200 123{10 + number}" for number in range(len(NAMES))],
}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("words", LISTS, ids=" ".join)
def test_a_column_begins_at_one_place_in_every_line(scripts, words, size):
    """As pyte counts."""
    assert len(starts(shown(scripts, *words, size=size), LISTS[words])) == 1


@pytest.mark.parametrize("size", SIZES)
def test_a_column_begins_at_one_place_in_tmux(scripts, size):
    """tmux gives vowel signs cells of their own."""
    with Tmux(scripts, size=size, words=("list", "--columns", "id,name,company,city")) as tmux:
        tmux.until("left with 0")
        columns = starts(tmux, COMPANIES)

    assert len(columns) == 1


@pytest.mark.parametrize("words", [("today",), ("agenda",), ("history",), ("deal", "list")], ids=" ".join)
def test_every_list_is_straight_in_tmux(scripts, words):
    """With whom something is comes behind what it is about."""
    with Tmux(scripts, size=(160, 90), words=(*words, "--only", "coming") if words == ("agenda",) else words) as tmux:
        tmux.until("left with 0")
        columns = starts(tmux, FRIENDS)

    assert len(columns) == 1


def test_the_lanes_of_the_board_are_straight_in_tmux(scripts):
    """Every lane but the first has a heading that begins where its deals do."""
    with Tmux(scripts, size=(120, 90), words=("deal", "board", "--limit", "2")) as tmux:
        tmux.until("left with 0")
        columns = [starts(tmux, [f"d{deal}", f"d{deal + 4}"]) for deal in (2, 3, 4)]

    assert [len(each) for each in columns] == [1, 1, 1]


def test_a_terminal_is_told_where_only_behind_disputed_widths(scripts):
    """Lines of Latin and Han are as they are in a file."""
    written = shown(scripts, "list", "--columns", "name,company").written.decode()

    lines = [line for line in written.splitlines() if "Acme" in line]
    assert len(lines) == len(NAMES)
    for line in lines:
        assert bool(POSITION.search(line)) is is_disputed(line.split("\x1b[")[0])
    assert sum(bool(POSITION.search(line)) for line in lines) == len(NAMES) - 5


def test_off_a_terminal_there_are_only_texts_and_blanks(scripts, crm):
    """The width is counted as ever, and no column is told."""
    lines = crm("list", "--columns", "name,company", "--format", "table").lines

    assert f"शांति हिन्दी{' ' * 8}Acme13" in lines
    assert "\x1b" not in "".join(lines)
    assert "\x1f" not in "".join(lines)
    assert not POSITION.search(crm("--color", "always", "list", "--format", "table").out), "colour may go to a pager"


@pytest.mark.parametrize("words", [("list",), ("agenda",), ("deal", "board"), ("history",)], ids=" ".join)
def test_a_dumb_terminal_gets_what_a_file_gets(scripts, crm, monkeypatch, words):
    """TERM=dumb switches positions off."""
    written = shown(scripts, *words, "--format", "table", TERM="dumb").written.decode()
    monkeypatch.setenv("COLUMNS", "80")
    piped = crm(*words, "--format", "table").out

    assert piped.strip() in written.replace("\r\n", "\n")
    assert "\x1b" not in written


def test_columns_are_no_colour(scripts):
    """NO_COLOR leaves them."""
    written = shown(scripts, "list", NO_COLOR="1").written.decode()

    assert POSITION.search(written)
    assert not POSITION.sub("", written).count("\x1b")


@pytest.mark.parametrize("form", ["tsv", "csv", "json", "jsonl", "ids"])
def test_exact_formats_stay_exact_on_a_terminal(scripts, form):
    """A program may read them there, too."""
    assert b"\x1b" not in shown(scripts, "list", "--format", form).written


def test_a_name_places_nothing(book_path, surroundings):
    """Only our own positions leave: signs of a name that would be one are made visible."""
    book = SmallBook(book_path)
    for name in ("कि\x1fb", "कि\x1b[1Gb", "कि\x9b1Gb"):
        book.person(name, "Acme", phone="098200 12345")
    book.save().db.close()

    written = shown(book_path, "list", "--columns", "name,company,phone").written.decode()

    assert "कि␟b" in written
    assert "कि␛[1Gb" in written
    assert len(set(POSITION.findall(written))) == 2, "the company's column and the phone's"
    assert not re.search("[\x1f\x80-\x9f]", written)


def test_a_field_of_ones_own_may_have_any_name(scripts, crm):
    """Its value stands where the values of all fields do."""
    assert crm("field", "add", "जन्म-स्थान").code == 0
    assert crm("edit", "5", "जन्म-स्थान=Pune7").code == 0

    with Tmux(scripts, size=(80, 40), words=("show", "5")) as tmux:
        tmux.until("left with 0")
        columns = starts(tmux, ["Pune7", "098200 12312"])

    assert len(columns) == 1
    assert any(line.endswith("Pune7") for line in crm("show", "5").lines)


def test_where_the_terminal_is_narrower_than_the_table_nothing_is_covered(scripts, monkeypatch):
    """COLUMNS says more than there is: lines wrap, as they do without positions."""
    monkeypatch.setenv("COLUMNS", "80")
    with Tmux(scripts, size=(20, 90), words=("list", "--columns", "name,company,phone")) as tmux:
        text = tmux.until("left with 0").replace("\n", "")

    assert all(company in text for company in COMPANIES)


def test_the_list_of_columns_is_straight_with_fields_of_any_name(scripts, crm):
    crm("field", "add", "出生地")
    crm("field", "add", "जन्म-स्थान-और-गाँव")

    with Tmux(scripts, size=(80, 60), words=("list", "--columns", "help")) as tmux:
        tmux.until("left with 0")
        columns = starts(tmux, ["id of the record", "preferred phone", "custom field"])

    assert len(columns) == 1


def test_the_preview_of_an_import_is_straight(scripts, tmp_path):
    """Headings in any script, and where each goes."""
    (tmp_path / "new.csv").write_text("नाम,Phone,कंपनी का नाम\nसुरेश,+91 98200 55555,आयुर्वेद\n", encoding="utf-8")

    with Tmux(scripts, size=(100, 60), words=("import", str(tmp_path / "new.csv"), "--dry-run")) as tmux:
        tmux.until("left with 0")
        columns = starts(tmux, ["name", "phone", "FIELD"])

    assert len(columns) == 1
