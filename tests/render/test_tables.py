"""Lists in every format."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import HOSTILE, steering

from crm_cli.core import json_text
from crm_cli.core.text.width import display_width
from crm_cli.errors import UsageError
from crm_cli.render import spans, tables
from crm_cli.render.tables import Column

COLUMNS = (
    Column("id", lambda row: row[0], right=True),
    Column("name", lambda row: row[1], grow=True),
    Column("note", lambda row: row[2], grow=True),
)
ROWS = [("1", "Asha Verma", "agreed"), ("12", "李小龍", "")]


def test_a_table():
    assert [spans.text(line) for line in tables.table(ROWS, COLUMNS, width=80)] == [
        "ID  NAME        NOTE",
        " 1  Asha Verma  agreed",
        "12  李小龍",
    ]


def test_a_bold_header_on_a_terminal():
    header, *rows = tables.table(ROWS, COLUMNS, width=80)

    assert spans.emphasised(header, spans.text(header)) == "\x1b[1mID  NAME        NOTE\x1b[0m"
    assert spans.emphasised(rows[0], spans.text(rows[0])) == " 1  Asha Verma  agreed"


def test_tsv_is_whole_and_one_record_a_line():
    assert list(tables.tsv([("1", "a\tb\nc" + "x" * 300, "")], COLUMNS)) == ["1\ta␉b␊c" + "x" * 300 + "\t"]


def test_csv_is_quoted_and_runs_nothing_in_a_spreadsheet():
    assert list(tables.csv_lines([("1", "Verma, Asha", "=1+1")], COLUMNS)) == ["id,name,note", '1,"Verma, Asha",\'=1+1']


@pytest.mark.parametrize("names", ["name,id", " name , id ", "name,id,"])
def test_columns_by_name(names):
    assert [column.name for column in tables.pick(COLUMNS, names, ["id"])] == ["name", "id"]
    assert [column.name for column in tables.pick(COLUMNS, "", ["id"])] == ["id"]


def test_a_column_that_is_not_there():
    with pytest.raises(UsageError, match="there is no column colour") as raised:
        tables.pick(COLUMNS, "name,colour", [])
    assert raised.value.hint.endswith("columns: id, name, note")


@pytest.mark.parametrize("width", [40, 80, 200])
@given(
    rows=st.lists(
        st.tuples(
            st.sampled_from(["1", "999"]),
            st.one_of(st.text(max_size=40), st.sampled_from(HOSTILE)),
            st.text(max_size=60),
        ),
        max_size=5,
    )
)
@pytest.mark.conv("C23")
def test_no_line_is_wider_than_the_terminal(width, rows):
    for line in map(spans.text, tables.table(rows, COLUMNS, width=width)):
        assert display_width(line) <= width
        assert steering(line) == []


@given(
    st.recursive(
        st.one_of(st.none(), st.integers(), st.text()),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=8,
    )
)
def test_json_comes_back_and_steers_nothing(value):
    for text in (json_text.json_text(value), json_text.json_line(value)):
        assert json.loads(text) == value
        assert steering(text) == []
    assert "\n" not in json_text.json_line(value)


def test_json_keeps_every_script_legible():
    assert json_text.json_line({"name": "李 é 👩"}) == '{"name": "李 é 👩"}'
