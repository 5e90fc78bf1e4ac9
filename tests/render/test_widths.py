"""How a table fits where it goes: which columns give up width, in which order, and what is left out and said."""

import pytest

from crm_cli.render import spans
from crm_cli.render.tables import Column, laid_out, table

ROWS = [("1", "Asha Verma", "Sahyadri Foods", "Head of Purchasing", "asha.verma@sahyadri.example", "client,vip")]
COLUMNS = (
    Column("id", lambda row: row[0], right=True),
    Column("name", lambda row: row[1], grow=1, least=8),
    Column("company", lambda row: row[2], grow=2, least=10),
    Column("title", lambda row: row[3], grow=3, least=8),
    Column("email", lambda row: row[4], grow=1, least=16),
    Column("tags", lambda row: row[5], grow=3, least=8),
)


def texts(width, *, whole=False):
    lines, omitted = laid_out(ROWS, COLUMNS, width=width, whole=whole)
    return [spans.text(line) for line in lines], omitted


@pytest.mark.parametrize(
    ("width", "line"),
    [
        (99, " 1  Asha Verma  Sahyadri Foods  Head of Purchasing  asha.verma@sahyadri.example  client,vip"),
        (82, " 1  Asha Verma  Sahyadri Foods  Head of …  asha.verma@sahyadri.example  client,vip"),
        (75, " 1  Asha Verma  Sahyadri …  Head of…  asha.verma@sahyadri.example  client,…"),
    ],
)
def test_the_highest_rank_gives_up_width_first(width, line):
    lines, omitted = texts(width)

    assert (lines[1], omitted) == (line, [])


def test_what_cannot_be_read_any_more_is_left_out_and_told():
    lines, omitted = texts(50)

    assert lines[1] == " 1  Asha Verma  Sahyadri …  asha.verma@sahyadri.e…"
    assert omitted == ["title", "tags"]


@pytest.mark.parametrize("width", range(42, 100))
@pytest.mark.conv("C23")
def test_a_table_is_never_wider_than_its_place(width):
    assert all(len(spans.text(line)) <= width for line in table(ROWS, COLUMNS, width=width))


def test_columns_that_were_asked_for_all_stay():
    lines, omitted = texts(50, whole=True)

    assert (lines[0].split(), omitted) == (["ID", "NAME", "COMPA…", "TITLE", "EMAIL", "TAGS"], [])
