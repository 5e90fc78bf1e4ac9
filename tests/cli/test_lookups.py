"""``crm email`` and ``crm phone``: what neomutt and aerc ask, on the fast way and through Typer alike."""

import json
import subprocess
import sys

import pytest
from small_book import SmallBook, ask, settle

from crm_cli import addresses, config
from crm_cli.book import reader, sqlite_file
from crm_cli.cli.main import run as through_typer


@pytest.fixture
def crm(tmp_path, monkeypatch, capsys):
    book = SmallBook(tmp_path / "book.db")
    book.person("Asha Verma", "Acme Ltd", email="asha@acme.in", phone="098200 12345")
    ravi = book.person("Ravi Verma", email="r.verma@Globex.com")
    book.insert("contact_point", contact_id=ravi, kind="email", value="old@x.in", norm="old@x.in", state="former")
    book.company("Acme Ltd")
    book.person("Tab\tNew\nLine\x1b[1m", email="tab@x.in")
    book.company("Globex", email="info@globex.com")
    book.save()
    settle(monkeypatch, book.path)
    return lambda *args: ask(capsys, *args)


@pytest.mark.conv("C55")
def test_an_answer_is_a_message_and_lines_of_three_columns(crm):
    """As neomutt's query_command wants it."""
    answer = crm("email", "asha")

    assert (answer.code, answer.out, answer.err) == (0, "1 address\nasha@acme.in\tAsha Verma\tAcme Ltd (work)\n", "")


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["verma"], ["asha@acme.in", "r.verma@Globex.com"]),
        (["verma", "acme"], ["asha@acme.in"]),
        (["ver acm"], ["asha@acme.in"]),
        (["r.verma@glo"], ["r.verma@Globex.com"]),
        (["globex"], ["info@globex.com"]),
        (["old@"], ["r.verma@Globex.com"]),
        (["VERMA", "r"], ["r.verma@Globex.com"]),
    ],
)
def test_each_word_narrows(crm, words, found):
    """A word begins a name, a company or an address; a former address leads to the present one."""
    assert crm("email", "--no-header", *words).column(0) == found


def test_json_has_the_parts_of_a_line(crm):
    found, none = crm("email", "asha", "--json"), crm("phone", "zzz", "--json")

    assert json.loads(found.out) == [
        {"value": "asha@acme.in", "name": "Asha Verma", "company": "Acme Ltd", "label": "work", "stopped": False}
    ]
    assert (none.code, json.loads(none.out)) == (3, [])


@pytest.mark.conv("C07")
def test_nothing_is_one_line_and_exit_3(crm):
    """The message with a header; without one nothing but stderr."""
    with_header, without = crm("email", "zzz"), crm("email", "zzz", "--no-header")

    assert (with_header.code, with_header.out, with_header.err) == (3, "no match\n", "")
    assert (without.code, without.out) == (3, "")


def test_a_phone_is_found_by_name_or_its_last_digits(crm):
    """In any spelling."""
    for asked in ("asha", "12345", "+919820012345", "98200-12345"):
        assert crm("phone", "--no-header", asked).out == "098200 12345\tAsha Verma\tAcme Ltd (mobile)\n"


def test_digits_in_a_name_are_found_before_those_of_a_number(tmp_path, monkeypatch, capsys):
    """A number begins at three digits; a name holds as many as it likes."""
    book = SmallBook(tmp_path / "book.db")
    book.person("Asha", phone="+91 98200 04711")
    for name, phone in (("Zoe 4711", "+1 651 733 1110"), ("Studio 54", "+1 212 555 0154"), ("3M", "+1 651 733 1112")):
        book.person(name, phone=phone)
    book.save()
    settle(monkeypatch, book.path)

    found = {words: ask(capsys, "phone", "--no-header", words).column(1) for words in ("3m", "4711", "54", "studio 54")}
    assert found == {"3m": ["3M"], "4711": ["Zoe 4711", "Asha"], "54": ["Studio 54"], "studio 54": ["Studio 54"]}
    assert ask(capsys, "phone", "--no-header", "asha", "4711").column(1) == ["Asha"]
    assert ask(capsys, "phone", "--no-header", "98200", "04711").column(1) == ["Asha"]


def test_a_name_cannot_add_a_line_or_a_column(crm):
    """A tab, a newline or an escape in a name is shown as a sign."""
    assert crm("email", "--no-header", "tab").out == "tab@x.in\tTab␉New␊Line␛[1m\twork\n"


@pytest.mark.parametrize(
    "args", [("email", "verma"), ("phone", "12345"), ("email", "--no-header", "acme"), ("email", "zz")]
)
def test_both_ways_answer_alike(crm, capsys, args):
    """The fast way is a short cut, not another program."""
    fast = crm(*args)
    code = through_typer(list(args))
    slow = capsys.readouterr()

    assert addresses.answer(list(args)) is not None
    assert (fast.code, fast.out) == (code, capsys.readouterr().out or slow.out)


def test_global_options_stand_anywhere(crm, tmp_path):
    """--book before or after the words."""
    book = str(tmp_path / "book.db")

    for args in (
        ("--book", book, "email", "asha"),
        ("email", "asha", "--book", book),
        ("email", f"--book={book}", "asha"),
    ):
        assert crm(*args).code == 0


def test_what_the_fast_way_cannot_judge_is_left_to_the_command(crm):
    """Help, unknown options, a missing book."""
    for args in (
        ["email", "--help"],
        ["email", "--nonsense", "x"],
        ["email"],
        ["email", "x", "--book", "/nowhere/x.db"],
    ):
        assert addresses.answer(args) is None
    assert "neomutt" in crm("email", "--help").out
    found = crm("email", "asha", "--book", "/nowhere/x.db")
    assert (found.code, found.out) == (3, "")
    assert found.err.startswith("crm: there is no book at /nowhere/x.db (")


def test_the_fast_way_agrees_on_where_and_what_the_book_is(monkeypatch, tmp_path):
    """The constants and the path rule are written twice; this holds them together."""
    assert reader.APPLICATION_ID == sqlite_file.APPLICATION_ID
    for name, value in (("CRM_BOOK", "~/b.db"), ("XDG_DATA_HOME", str(tmp_path)), ("HOME", str(tmp_path))):
        monkeypatch.delenv("CRM_BOOK", raising=False)
        monkeypatch.setenv(name, value)
        assert reader.book_path() == str(config.book_path())
    assert reader.book_path("~/x.db") == str(config.book_path("~/x.db"))


def test_the_fast_way_loads_next_to_nothing(crm):
    """A mail client asks at each keystroke: no Typer, no dataclasses, no typing, no json."""
    code = (
        "import sys; from crm_cli.entry import run; code = run(['email', 'asha']);"
        "heavy = {'typer', 'dataclasses', 'typing', 'json', 'pathlib', 'enum', 're'} & set(sys.modules);"
        "sys.exit(f'loaded {heavy}' if heavy else code)"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", f"import sys; sys.path.insert(0, {str(_root())!r}); {code}"],
        capture_output=True,
        text=True,
    )

    assert (done.returncode, done.stderr) == (0, "")


def _root():
    from pathlib import Path

    return Path(__file__).parents[2]


def _addresses(found):
    return [line.split("\t")[0] for line in found.out.splitlines()]


def test_the_address_that_is_typed_comes_before_the_others_of_its_owner(crm):
    crm("add", "Quinn Vega", "email=office@vega.example", "email+=q2@vega.example")

    assert _addresses(crm("email", "--no-header", "q2")) == ["q2@vega.example", "office@vega.example"]
    assert _addresses(crm("email", "--no-header", "quinn")) == ["office@vega.example", "q2@vega.example"]


def test_a_domain_finds_its_addresses(crm):
    crm("add", "Quinn Vega", "email=quinn@vega.example", "email+=quinn@home.example")
    crm("company", "add", "Other", "email=info@vega.example")

    for typed in ("vega.example", "@vega.example", "@vega"):
        assert _addresses(crm("email", "--no-header", typed)) == ["info@vega.example", "quinn@vega.example"]
    assert crm("email", "nowhere.example").code == 3
