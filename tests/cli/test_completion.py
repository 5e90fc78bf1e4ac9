"""TAB: what Typer's scripts for each shell ask and get."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from small_book import SmallBook, settle

from crm_cli import completion
from crm_cli.cli.loading import load_command
from crm_cli.cli.options_at_tab import offered
from crm_cli.commands import COMMANDS
from crm_cli.completion import shells
from crm_cli.completion import verbs as known
from crm_cli.config import KEYS
from crm_cli.core import activities, delivery
from crm_cli.core.fields import ACTIVITY_FIELDS, CONTACT_FIELDS, DEAL_FIELDS
from crm_cli.core.query import parser as query
from crm_cli.core.query.parser import FIELDS

ROOT = Path(__file__).parents[2]


ZSH_ASHA = """\
local -a _crm_shown; _crm_shown=('Asha Verma  -- Acme Ltd'); compadd -U -l -V crm -d _crm_shown -- 'Asha Verma';
"""


@pytest.fixture
def book(tmp_path, monkeypatch):
    made = SmallBook(tmp_path / "book.db")
    made.person("Asha Verma", "Acme Ltd", email="asha@acme.in", tags=("client", "cold"))
    made.person("Ravi Verma", tags=("kunde:vip",))
    made.person("Priya O'Brien")
    made.person("Élodie Noël")
    made.person("Mallory $(touch pwned) `id` \x1b[31m\n;rm -rf ~", "Evil & Sons | sh")
    made.insert("custom_field", name="size", label="Size", type="choice", choices="small\nmedium")
    made.insert("custom_field", name="renewal", label="Renewal", type="date")
    made.todo("send the quote", "2026-11-23")
    made.deal("Tea tins")
    made.insert("segment", name="neglected", name_key="neglected", query="tag:client quiet:60d")
    made.save()
    settle(monkeypatch, made.path)
    return made


def texts(typed, last):
    """What is offered for the last word."""
    found = completion.candidates(typed, last)
    return None if found is None else [text for text, _ in found]


@pytest.mark.usefixtures("book")
@pytest.mark.parametrize(
    ("typed", "last", "offered"),
    [
        ([], "sh", ["show"]),
        ([], "do", ["done"]),
        (["--book", "x.db"], "sh", ["show"]),
        (["show"], "ash", ["Asha Verma"]),
        (["show"], "verma", ["Verma Asha", "Verma Ravi"]),
        (["show"], "elod", ["Élodie Noël"]),
        (["show"], "1", ["1"]),
        (["show"], "asha@", ["asha@acme.in"]),
        (["find"], "obri", ["O’Brien Priya"]),
        (["show", "-q"], "rav", ["Ravi Verma"]),
        (["tag", "asha"], "+c", ["+client", "+cold"]),
        (["tag", "asha"], "-cl", ["-client"]),
        (["list"], "-tag:cl", ["-tag:client"]),
        (["list"], "tag:", ["tag:client", "tag:cold", "tag:kunde:vip"]),
        (["list"], "ta", ["tag:", "tag:client", "tag:cold", "tag:kunde:vip"]),
        (["list"], "quie", ["quiet:", "quiet:="]),
        (["list"], "rene", ["renewal:", "renewal:="]),
        (["edit", "asha"], "nick", ["nickname=", "nickname+="]),
        (["add", "New Man"], "+co", ["+cold"]),
        (["edit", "asha"], "rene", ["renewal=", "renewal+="]),
        (["job", "asha"], "acm", ["Acme Ltd"]),
        (["company"], "s", ["show"]),
        (["company", "show"], "ac", ["Acme Ltd"]),
        (["config", "get"], "re", ["region", "remind_routes"]),
        (["log"], "me", ["meeting", "message"]),
        (["log", "call"], "ash", ["Asha Verma"]),
        (["done"], "", ["a1"]),
        (["skip"], "", ["a1"]),
        (["todo", "call", "--every"], "month", ["monthly"]),
        (["todo", "call", "--with"], "ash", ["Asha Verma"]),
        (["deal"], "m", ["move"]),
        (["deal", "move"], "", ["d1"]),
        (["digest", "--only"], "pro", ["promises"]),
        (["digest", "--only"], "overdue,f", ["overdue,failed"]),
        (["digest"], "--only=overdue,an", ["--only=overdue,anniversaries"]),
        (["digest", "--since"], "la", ["last"]),
        (["deal", "show"], "tin", ["tins Tea"]),
        (["deal", "move", "d1"], "pro", ["Proposal"]),
        (["deal", "edit", "d1"], "prob", ["probability=", "probability+="]),
        (["deal", "add", "Bags"], "stage=q", ["stage=Qualified"]),
        (["deal", "add"], "Ba", []),
        (["deal", "list"], "clos", ["close:", "close:=", "closed:", "closed:="]),
        (["deal", "list"], "stage:n", ["stage:Negotiation"]),
        (["list"], "deal.stage:q", ["deal.stage:Qualified"]),
        (["stage", "rename"], "l", ["Lead"]),
        (["stage", "move", "lead"], "be", ["before"]),
        (["stage", "move", "lead", "before"], "q", ["Qualified"]),
        (["list"], "@ne", ["@neglected"]),
        (["list"], "not:@", ["not:@neglected"]),
        (["deal", "list"], "@", ["@neglected"]),
        (["segment", "rm"], "ne", ["neglected"]),
        (["segment", "save"], "ne", []),
        (["called", "--deal"], "", ["d1"]),
        (["deal", "win", "-a"], "", ["d1"]),
        (["show"], "d1", ["d1"]),
        (["show"], "zzz", []),
        (["show"], "--", None),
        (["show", "-m"], "ash", None),
        (["list"], "tag:kun", ["tag:kunde:vip"]),
        (["tag", "asha", "--"], "-cl", ["-client"]),
        (["add", "Bo"], "company=ac", ["company=Acme Ltd"]),
        (["list"], "company:ac", ["company:Acme Ltd"]),
        (["add", "Bo"], "size=m", ["size=medium"]),
        (["list"], "size:", ["size:small", "size:medium"]),
        (["todo", "call"], "--with=ash", ["--with=Asha Verma"]),
        (["help"], "ta", ["tag"]),
    ],
)
def test_each_place_has_its_candidates(typed, last, offered):
    """What the verb takes decides; where only Typer knows it is left to Typer."""
    assert texts(typed, last) == offered


def bash(*words):
    return {"_CRM_COMPLETE": "complete_bash", "COMP_WORDS": "\n".join(words), "COMP_CWORD": str(len(words) - 1)}


def line(shell, typed):
    return {
        "_CRM_COMPLETE": f"complete_{shell}",
        "_TYPER_COMPLETE_ARGS": typed,
        "_TYPER_COMPLETE_FISH_ACTION": "get-args",
    }


@pytest.mark.usefixtures("book")
@pytest.mark.parametrize(
    ("environ", "printed"),
    [
        (bash("crm", "show", "ash"), "Asha\\ Verma\n"),
        (bash("crm", "show", '"Ash'), "Asha Verma\n"),
        (bash("crm", "list", "tag", ":", "cl"), "client\n"),
        (bash("crm", "list", "tag", ":"), "client\ncold\nkunde:vip\n"),
        (bash("crm", "edit", "1", "nick"), "nickname=\nnickname+=\n"),
        (bash("crm", "list", "tag", ":", "kun"), "kunde:vip\n"),
        ({"_CRM_COMPLETE": "complete_bash", "CRM_LINE": "crm list tag:kun", "CRM_WORD": "kun"}, "kunde:vip\n"),
        ({"_CRM_COMPLETE": "complete_bash", "CRM_LINE": "crm list 'tag:kun", "CRM_WORD": "tag:kun"}, "tag:kunde:vip\n"),
        (line("zsh", "crm show aSh"), ZSH_ASHA),
        (line("zsh", "crm import x"), "_files\n"),
        (line("fish", "crm show ash"), "Asha Verma\tAcme Ltd\n"),
    ],
)
def test_each_shell_gets_its_own_spelling(environ, printed, capfdbinary):
    """A space must not part a name, nor a colon end a word."""
    assert completion.answer(environ, offered) == 0
    assert capfdbinary.readouterr().out.decode() == printed


@pytest.mark.usefixtures("book")
def test_fish_learns_whether_there_is_anything(capfdbinary):
    """is-args answers by its code: otherwise fish offers files."""
    ask = {"_TYPER_COMPLETE_FISH_ACTION": "is-args"}

    assert completion.answer(line("fish", "crm show ash") | ask, offered) == 0
    assert completion.answer(line("fish", "crm import ") | ask, offered) == 1


@pytest.mark.usefixtures("book")
@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
@pytest.mark.conv("C54")
def test_a_hostile_name_is_letters_only(shell, capfdbinary):
    """No sign that a shell could run, no control character, whatever the book holds."""
    completion.answer(bash("crm", "show", "mall") if shell == "bash" else line(shell, "crm show mall"), offered)
    printed = capfdbinary.readouterr().out.decode().replace("_shown; ", "").replace(";\n", "\n").replace("');", "')")

    assert "mallory touch pwned id" in printed.lower().replace("\\", "")
    for sign in "$`;&|~\x1b":
        assert sign not in printed


@pytest.mark.usefixtures("book")
@pytest.mark.skipif(not shutil.which("bash"), reason="no bash")
@pytest.mark.parametrize(
    ("words", "reply"),
    [
        (("crm", "show", "ash"), ["Asha\\ Verma"]),
        (("crm", "show", "mall"), ["Mallory\\ touch\\ pwned\\ id\\ 31m\\ rm\\ -rf"]),
        (("crm", "show", "--js"), ["--json"]),
    ],
)
def test_a_real_bash_fills_in_what_is_meant(tmp_path, words, reply):
    """The script that --show-completion prints, run by bash in a folder where nothing may appear."""
    crm = f"{sys.executable} -c 'import sys; from crm_cli.entry import main; main()'"
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    shim = tmp_path / "bin" / "crm"
    shim.parent.mkdir()
    shim.write_text(f'#!/bin/sh\nexec {crm[:-1]}\' "$@"\n')
    shim.chmod(0o755)
    env["PATH"] = f"{shim.parent}:{env['PATH']}"
    here = tmp_path / "here"
    here.mkdir()
    script = (
        'eval "$(crm --show-completion bash)"\n'
        f"COMP_LINE='{' '.join(words)}'; COMP_POINT=${{#COMP_LINE}}; COMP_WORDS=({' '.join(words)})\n"
        f"COMP_CWORD={len(words) - 1}; _crm_completion crm {words[-1]}\n"
        'printf "%s\\n" "${COMPREPLY[@]}"'
    )
    done = subprocess.run(["bash", "--norc", "-c", script], capture_output=True, text=True, env=env, cwd=here)

    assert (done.stdout.splitlines(), done.stderr) == (reply, "")
    assert list(here.iterdir()) == []


def test_without_a_book_the_words_of_the_language_remain(monkeypatch, tmp_path):
    """TAB never makes a book and never fails."""
    monkeypatch.setenv("CRM_BOOK", str(tmp_path / "none.db"))

    assert texts(["list"], "quie") == ["quiet:", "quiet:="]
    assert texts(["show"], "a") == []
    assert not (tmp_path / "none.db").exists()


def test_the_tables_for_tab_are_those_of_the_program():
    """They are written twice, since importing the others costs more than the answer."""
    assert tuple(field.name for field in CONTACT_FIELDS) == known.FIELDS
    assert tuple(FIELDS) == known.QUERY_FIELDS
    assert tuple(field.name for field in DEAL_FIELDS) == known.DEAL_FIELDS
    assert tuple(field.name for field in ACTIVITY_FIELDS) == known.ACTIVITY_FIELDS
    assert set(known.DEAL_QUERY_FIELDS) <= set(query.DEAL_FIELDS)
    assert known.KINDS == activities.KINDS
    assert known.SETTINGS == KEYS
    assert known.ROUTES == delivery.ROUTES


@pytest.mark.parametrize(
    ("places", "option", "last", "found"),
    [
        (["list"], "", "--co", ["--columns", "--count", "--color"]),
        ([], "", "--b", ["--book"]),
        (["show"], "", "--b", ["--book"]),
        ([], "--color", "al", ["always"]),
        (["list"], "--format", "js", ["json", "jsonl"]),
        (["digest"], "--format", "m", ["markdown"]),
        (["digest"], "", "--s", ["--since"]),
        (["list"], "", "--format=ts", ["--format=tsv"]),
        (["export"], "--format", "v", ["vcf"]),
        (["show"], "--format", "", ["text", "json"]),
        (["add"], "--format", "", ["json", "jsonl", "ids"]),
        (["called"], "--outcome", "no", ["no-answer", "no-show"]),
        (["log", "meeting"], "--outcome", "no", ["no-show"]),
        (["todo"], "--kind", "me", ["meeting", "message"]),
        (["list"], "--sort", "na", ["name"]),
        (["list"], "--sort", "-na", ["-name"]),
        (["list"], "--columns", "name,em", ["name,email"]),
        (["company", "list"], "--columns", "na", ["name"]),
        (["deal", "list"], "--columns", "am", ["amount"]),
        (["deal", "list"], "--sort", "-am", ["-amount"]),
        (["field", "add"], "--type", "", ["text", "number", "date", "yesno", "choice"]),
        (["todo"], "--remind", "", []),
        (["cancel"], "", "--al", ["--all"]),
        (["move"], "", "--al", ["--all"]),
        (["import"], "--date-order", "", ["dmy", "mdy"]),
        ([], "--install-completion", "z", ["zsh"]),
        (["show"], "-m", "ash", []),
        (["nonsense"], "", "--x", []),
    ],
)
def test_options_and_their_values_come_from_the_commands(places, option, last, found):
    assert [text for text, _ in offered(places, option, last)] == found


def test_every_flag_is_known_to_wait_for_no_value():
    tree = [part for command in COMMANDS for part in _parts(load_command(command.name))]
    flags = {name for one in tree for param in one.params if getattr(param, "is_flag", False) for name in param.opts}

    assert flags <= known.FLAGS


def _parts(command):
    return getattr(command, "commands", {"": command}).values()


@pytest.mark.parametrize("option", ["--install-completion", "--show-completion"])
def test_an_unknown_shell_is_refused_with_those_that_are_known(crm, option):
    found = crm(option, "zhs")

    assert found.code == 2
    assert found.err == 'crm: no completion for the shell "zhs" (did you mean zsh? known: bash, zsh, fish)\n'


def test_completion_is_set_up_for_the_shell_named_and_once(crm, surroundings):
    home = Path(surroundings["HOME"])
    (home / ".zshrc").write_text("alias x=y")

    assert [crm("--install-completion", "zsh").code, crm("--install-completion=zsh").code] == [0, 0]
    assert (home / ".zfunc/_crm").read_text() == crm("--show-completion", "zsh").out
    assert (home / ".zshrc").read_text() == (
        f"alias x=y\nfpath=('{home}/.zfunc' $fpath); autoload -Uz compinit; compinit\n"
    )
    assert not (home / ".bashrc").exists()


def test_a_line_is_parted_as_a_shell_parts_it():
    """Quotes and backslashes are taken off; the last word may be unfinished."""
    assert shells.split("crm show 'Asha Ver") == (["crm", "show"], "Asha Ver", "'")
    assert shells.split('crm tag "a b" c\\ d ') == (["crm", "tag", "a b", "c d"], "", "")


@pytest.mark.usefixtures("book")
def test_tab_loads_next_to_nothing():
    """It is pressed in the middle of a thought."""
    code = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r}); from crm_cli.entry import run; run([]);"
        "heavy = {'typer', 'dataclasses', 'typing', 'json', 'pathlib', 'enum', 're'} & set(sys.modules);"
        "sys.exit(f'loaded {heavy}' if heavy else 0)"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code],
        capture_output=True,
        text=True,
        env={**os.environ, **bash("crm", "show", "ash")},
    )

    assert (done.returncode, done.stdout, done.stderr) == (0, "Asha\\ Verma\n", "")


@pytest.mark.parametrize(
    ("places", "found"),
    [(["edit", "a31"], ["outcome=", "outcome+="]), (["edit", "d7"], []), (["edit", "12"], [])],
    ids=str,
)
def test_the_fields_of_an_activity_complete_behind_its_id(places, found):
    assert texts(places, "outc") == found
