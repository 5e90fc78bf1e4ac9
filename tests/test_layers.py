"""What a command really loads, and how its statements find their rows."""

from __future__ import annotations

import ast
import os
import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from support import made_once

from crm_cli.book import sqlite_file
from crm_cli.book.book import Book
from crm_cli.commands import COMMANDS

ROOT = Path(__file__).parent.parent / "crm_cli"

PROBE = """
import json, os, sys
sys.stdout = open(os.devnull, "w")
from crm_cli.entry import run
code = run(sys.argv[1:])
sys.__stdout__.write(json.dumps([int(code), sorted(sys.modules)]))
"""

HEAVY = {
    "sqlmodel",
    "sqlalchemy",
    "pydantic",
    "rich",
    "textual",
    "rapidfuzz",
    "jinja2",
    "vobject",
    "platformdirs",
    "tomlkit",
    "babel",
}

INSTANT = [
    ["find", "asha"], ["list", "--limit", "20"], ["list", "tag:client"], ["show", "a1"],
    ["today"], ["remind"],
    ["agenda"], ["history"], ["tag"], ["changes"], ["config", "get", "zone"], ["log", "call", "1", "-m", "x"],
    ["called", "asha"],
    ["note", "asha", "-m", "x", "--next", "fri: y"], ["todo", "x", "--with", "asha", "--due", "fri 3pm"],
    ["done", "a1"], ["move", "a1", "fri"],
    ["snooze", "a1", "fri"], ["cancel", "a1"], ["tag", "asha", "+vip", "-client"], ["undo", "ch1"], ["--help"],
    ["--version"], ["find", "tins"], ["deal", "list", "--format", "ids"], ["deal", "list"], ["history", "d1"],
    ["changes", "d1"], ["called", "--deal", "d1", "-m", "x"], ["todo", "x", "--deal", "d1"], ["stage", "list"],
    ["segment", "list"], ["digest"], ["list", "deal.stage:lead"], ["show", "2"], ["deal", "board", "--json"],
    ["add", "Mia", "email=mia@x.in", "company=Acme", "city=Pune", "birthday=--04-12", "+vip"],
    ["edit", "asha", "city=Goa", "email+=b@x.in", "notes+=x", "title=CTO", "+vip", "-client"], ["rm", "2"],
    ["job", "asha", "Globex", "title=CTO", "email.work=a@globex.in"], ["company", "add", "Initech", "city=Pune"],
    ["company", "edit", "c1", "url=https://acme.in"],
]  # fmt: skip


@pytest.fixture
@made_once
def asha(crm):
    crm("add", "Asha", "email=asha@x.in", "phone=098200 12345", "company=Acme", "+client")
    crm("todo", "a plan", "--with", "1", "--due", "fri")
    crm("deal", "add", "Tea tins", "--with", "asha", "amount=5 EUR", "close=2026-11-20")
    crm("add", "Ravi", "company=Globex", "+lead")
    return crm


def loaded(*args, env=None):
    import json

    done = subprocess.run(
        [sys.executable, "-c", PROBE, *args], capture_output=True, env=os.environ | (env or {}), check=True
    )
    return json.loads(done.stdout)


@pytest.mark.parametrize("command", INSTANT, ids=" ".join)
@pytest.mark.conv("C60")
def test_what_is_typed_all_day_loads_nothing_heavy(asha, command):
    code, modules = loaded(*command)

    assert code == (1 if command == ["undo", "ch1"] else 0)
    assert HEAVY & set(modules) == set()
    assert "phonenumbers" not in modules
    assert "crm_cli.models" not in modules


def test_a_phone_number_may_load_what_reads_phone_numbers(asha):
    code, modules = loaded("show", "098200 12345")

    assert code == 0
    assert HEAVY & set(modules) == {"babel"}, "Asha has a deal, whose amount is shown"


@pytest.mark.parametrize("command", [["email", "asha"], ["phone", "asha"]], ids=" ".join)
def test_a_look_up_for_mail_loads_no_command_line(asha, command):
    code, modules = loaded(*command)

    assert code == 0
    assert {"typer", "phonenumbers", "sqlmodel"} & set(modules) == set()


@pytest.mark.conv("C60")
def test_tab_loads_no_command_line(asha):
    env = {
        "_CRM_COMPLETE": "complete_bash",
        "COMP_WORDS": "crm show ash",
        "COMP_CWORD": "2",
        "_TYPER_COMPLETE_ARGS": "crm show ash",
    }
    _, modules = loaded(env=env)

    assert {"typer", "sqlmodel", "phonenumbers"} & set(modules) == set()


@pytest.mark.parametrize(
    "command", [["show", "asha"], ["deal", "show", "d1"], ["deal", "list", "--format", "table"]], ids=" ".join
)
def test_only_where_money_is_shown_is_babel_loaded(asha, command, tmp_path):
    code, modules = loaded(*command, env={"XDG_CACHE_HOME": str(tmp_path / "nothing known")})

    assert (code, "babel" in modules) == (0, True)
    assert HEAVY & set(modules) == {"babel"}


def test_a_move_reads_no_money(asha):
    code, modules = loaded("deal", "move", "d1", "prop")

    assert (code, {"babel", "sqlmodel"} & set(modules)) == (0, {"sqlmodel"})


@pytest.mark.parametrize(
    "command", [["add", "Mia", "098201 12345"], ["edit", "asha", "phone=098201 12345"]], ids=" ".join
)
def test_a_phone_that_is_written_loads_what_reads_phone_numbers_and_nothing_else(asha, command):
    code, modules = loaded(*command)

    assert (code, "phonenumbers" in modules) == (0, True)
    assert HEAVY & set(modules) == set()


def test_only_a_container_loads_what_unpacks_it(crm, tmp_path):
    (tmp_path / "people.csv").write_text("Name,Email\nAsha,a@x.example\n", encoding="utf-8")

    code, modules = loaded("import", str(tmp_path / "people.csv"))

    assert code == 0
    unpacking = {f"crm_cli.formats.containers.{name}" for name in ("zips", "packed", "workbooks", "sheets")}
    assert {"python_calamine", "rich", *unpacking} & set(modules) == set()


# Plans

LARGE = (
    "contact",
    "company",
    "activity",
    "contact_point",
    "activity_participant",
    "employment",
    "change_row",
    "search_doc",
    "reminder",
    "deal",
    "deal_participant",
    "stage_change",
)

SCAN = re.compile(r"^SCAN (\w+)")

NAMED = re.compile(r"(?:FROM|JOIN|,)\s+(\w+)(?:\s+(?:AS\s+)?(\w+))?")

LAST_RESORT = "FROM search_doc WHERE names <> '' AND names LIKE '%"
"""What is tried for words that nothing else was found for: a look at every name."""

EVERYDAY = [
    ["log", "call", "asha", "-m", "x", "--next", "fri: y"], ["called", "1", "--outcome", "no-answer"],
    ["note", "asha@x.in", "-m", "x"],
    ["todo", "x", "--with", "asha", "--due", "fri 3pm", "--remind", "-1d"],
    ["done", "a1", "-m", "x", "--next", "mon: y"], ["move", "a1", "fri"],
    ["snooze", "a1", "fri"], ["cancel", "a1"], ["tag", "asha", "ravi", "+vip", "-client"], ["show", "asha"],
    ["show", "1"], ["show", "c1"],
    ["show", "098200 12345"], ["show", "asha @acme"], ["show", "uid:0000000"], ["show", "nobody here"],
    ["find", "asha"], ["find", "asha verma"],
    ["deal", "move", "d1", "prop"], ["deal", "win", "d1"], ["deal", "show", "d1"], ["deal", "show", "tins"],
    ["deal", "edit", "d1", "amount=6k", "with+=ravi", "company=Acme"], ["deal", "add", "x", "--with", "asha"],
    ["called", "--deal", "d1"], ["find", "tins"], ["changes", "d1"], ["rm", "d1"], ["rm", "c1"], ["rm", "1"],
    ["find", "ahsa"], ["find", "98200 12345"], ["find", "asha@"], ["today"], ["remind"], ["history", "asha"],
    ["changes", "asha"], ["rm", "2"],
    ["edit", "1", "city=Goa", "email+=b@x.in", "company=Globex"], ["job", "1", "Globex"], ["undo", "ch3"],
]  # fmt: skip


class Traced:
    """A connection's statements as they run: each once, with its plan."""

    def __init__(self, monkeypatch):
        self.scans: dict[str, set[str]] = {}
        self.seen: set[str] = set()
        connect = sqlite_file.open_file

        def traced(path, mode="rw"):
            db = connect(path, mode)
            other = connect(path, mode)
            db.set_trace_callback(lambda sql: self.explain(other, sql))
            return db

        monkeypatch.setattr(sqlite_file, "open_file", traced)

    def explain(self, db, sql):
        if sql in self.seen or not re.match(r"\s*(SELECT|UPDATE|DELETE|WITH)", sql):
            return
        self.seen.add(sql)
        try:
            plan = db.execute(f"EXPLAIN QUERY PLAN {sql}").fetchall()
        except sqlite3.Error:
            return
        aliases = {alias or table: table for table, alias in NAMED.findall(sql)}
        for *_, detail in plan:
            found = SCAN.match(detail)
            table = found and aliases.get(found[1], found[1])
            if (
                table in LARGE
                and LAST_RESORT not in sql
                and "USING INDEX" not in detail
                and "USING COVERING INDEX" not in detail
            ):
                self.scans.setdefault(f"{table}: {detail}", set()).add(sql)


@pytest.mark.parametrize("command", EVERYDAY, ids=" ".join)
def test_everyday_verbs_scan_no_large_table(asha, book_path, monkeypatch, command):
    with Book.write(book_path) as book:
        book.db.execute("PRAGMA optimize")
    traced = Traced(monkeypatch)

    found = asha(*command)

    assert found.code in {0, 3}, found.err
    assert len(traced.seen) > 1
    assert traced.scans == {}


def test_the_installed_command_imports_nothing_of_its_own():
    """TAB pays for whatever the wrapper loads: the installed ``crm`` is ours, and names the entry alone."""
    script = Path(sys.executable).with_name("crm")

    imports = [
        line for line in script.read_text(encoding="utf-8").splitlines() if re.match(r"\s*(import|from)\b", line)
    ]

    assert imports == ["from crm_cli.entry import main"]
    assert os.access(script, os.X_OK)


def _imports(module: str, path: Path, known: set[str]) -> set[str]:
    """Return the modules of ours that a module imports, deferred imports included, those for types alone left out."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for_types = {
        id(node)
        for block in ast.walk(tree)
        if isinstance(block, ast.If) and "TYPE_CHECKING" in ast.unparse(block.test)
        for node in ast.walk(block)
    }
    named: set[str] = set()
    for node in ast.walk(tree):
        if id(node) in for_types:
            continue
        if isinstance(node, ast.Import):
            named |= {each.name for each in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            named |= {node.module, *(f"{node.module}.{each.name}" for each in node.names)}
    return {name for name in named & known if name != module and not module.startswith(f"{name}.")}


@pytest.mark.parametrize("face", ["cli", "tui", "completion", "render"])
def test_the_faces_run_no_sql(face):
    running = [path.name for path in (ROOT / face).rglob("*.py") if ".execute" in path.read_text(encoding="utf-8")]

    assert running == []


def test_no_circle_of_imports():
    """Deferred imports count, and so do the commands that `cli.loading` imports by their names."""
    paths = {
        ".".join((ROOT.name, *path.relative_to(ROOT).with_suffix("").parts)).removesuffix(".__init__"): path
        for path in ROOT.rglob("*.py")
    }
    imports = {module: _imports(module, path, set(paths)) for module, path in paths.items()}
    imports["crm_cli.cli.loading"] |= {f"crm_cli.cli.{command.module}" for command in COMMANDS}

    while leaves := [module for module, others in imports.items() if not others]:
        for leaf in leaves:
            del imports[leaf]
        for others in imports.values():
            others.difference_update(leaves)
    for module in list(imports):  # what only leads to a circle is not in it
        if not any(module in each for each in imports.values()):
            del imports[module]

    assert imports == {}


@pytest.mark.parametrize("path", sorted((ROOT / "render").glob("*.py")), ids=lambda path: path.stem)
def test_render_writes_nothing(path):
    """It returns texts; its callers write them."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    imported = {
        alias.name.split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    called = {node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}

    assert not imported & {"os", "sys", "pathlib", "Path", "shutil", "tempfile", "files"}
    assert not called & {"open", "print"}
