"""The board: every figure by hand, every line within its width, nothing of a name steering a terminal.

``CRM_GOLDEN=1 pytest tests/render/test_board.py`` writes the golden files anew; look at what changed in them.
"""

import os
from pathlib import Path

import pytest
from support import HOSTILE, NOW_UTC, steering

from crm_cli.core.daily import Activity, Deal, Money, Person
from crm_cli.core.deals import Board, Lane, Stage, total
from crm_cli.core.text.width import display_width
from crm_cli.render import board as render
from crm_cli.render import deals, spans

GOLDEN = Path(__file__).parent / "golden"
WIDTHS = (60, 80, 120, 160)
MADE = "2026-10-01T04:00:00Z"
STEP = Activity(1, "u", "task", "open", "quote", due_date="2026-11-27", zone="Asia/Kolkata", created=MADE, updated=MADE)
STAGES = (
    Stage(1, "Lead", 1, 10),
    Stage(2, "Qualified", 2, None),
    Stage(3, "प्रस्ताव", 3, 50),
    Stage(4, "Negotiation", 4, 75),
)


def deal(ref, title, stage, minor=None, currency="INR", *, own=None, close=None, step=STEP, who=(), company=""):
    known = STAGES[stage - 1].probability if own is None else own
    return Deal(
        ref, "u", title, "open", STAGES[stage - 1].name, stage, company=company, close=close, next_step=step,
        amount=None if minor is None else Money(minor, currency), probability=known, own_probability=own,
        people=tuple(Person(number, name) for number, name in enumerate(who, 1)), since=MADE, created=MADE,
        updated=MADE,
    )  # fmt: skip


DEALS = (
    deal(1, "Tea tins", 1, 5_000_000, who=["Priya Sharma"], company="Globex India", close="2026-12-15"),
    deal(2, "चाय के डिब्बे", 1, who=["अंजलि शर्मा"], step=None),
    deal(3, "茶罐標籤五千張", 2, 9995, "EUR", who=["林雅婷"], company="台北茶行", close="2026-11-19"),
    deal(4, "علب رمضان", 3, 5000, "JPY", who=["ليلى الخطيب"], close="2026-11-22", step=None),
    deal(5, "Boxes, very long title that no narrow column can hold", 3, 10_000_050, own=60, company="Acme 👩‍👩‍👧‍👦"),
    deal(6, "Ravi's bags", 3, 12_345, "EUR", who=["Ravi", "Asha", "Zoë"], close="2026-11-27"),
)  # fmt: skip


def board(found=DEALS, stages=STAGES):
    lanes = []
    for stage in stages:
        held = tuple(each for each in found if each.stage_id == stage.id)
        lanes.append(Lane(stage, held, total(held)))
    won = total([deal(7, "Won", 4, 100_000, own=100), deal(8, "Won", 4, own=100)])
    return Board(tuple(lanes), total(found), won, total([]), "2026-10-22T18:30:00Z")


def drawn(width, found=None, *, bold=False, **more):
    view = render.View("2026-11-22", "Asia/Kolkata", "en_IN", width, **more)
    lines = [(line, spans.text(line)) for line in render.text(found or board(), view)]
    return [spans.emphasised(line, text) if bold else text for line, text in lines]


def test_the_totals_of_the_board():
    """Lead: 50,000.00 rupees at 10 % weigh 5,000.00; one has no amount. Qualified: 99.95 euros, no probability, so no
    weight. The third: 5,000 yen at its 50 % weigh 2,500; 1,00,000.50 rupees at their own 60 % weigh 60,000.30; 123.45
    euros at 50 % weigh 61.725, rounded once to 61.73. All open: rupees 50,000.00 + 1,00,000.50 = 1,50,000.50, weighted
    65,000.30; euros 99.95 + 123.45 = 223.40, weighted 61.73 of one of two; yen 5,000, weighted 2,500.
    """
    found = board()

    assert [(each.amount, each.weighted, each.deals, each.weighted_deals) for each in found.total.sums] == [
        (Money(22_340, "EUR"), Money(6_173, "EUR"), 2, 1),
        (Money(15_000_050, "INR"), Money(6_500_030, "INR"), 2, 2),
        (Money(5000, "JPY"), Money(2500, "JPY"), 1, 1),
    ]
    assert (found.total.deals, found.total.without_amount, found.total.without_probability) == (6, 1, 1)
    text = "€223.40 · ₹1,50,000.50 · JP¥5,000, weighted €61.73 · ₹65,000.30 · JP¥2,500 of 4"
    assert drawn(160)[-3:] == [
        f"Open               6 deals: {text}; 1 without amount, 1 without probability",
        "Won since 23 Oct   2 deals: ₹1,000; 1 without amount",
        "Lost since 23 Oct  0 deals",
    ]


def test_json_says_the_same_as_the_board():
    """The third stage of `test_the_totals_of_the_board`, amounts as plain numbers."""
    lane = deals.board_card(board(), "Asia/Kolkata", NOW_UTC)["stages"][2]

    assert lane["total"] == {
        "deals": 3,
        "sums": [
            {
                "amount": {"amount": "123.45", "currency": "EUR"}, "deals": 1,
                "weighted": {"amount": "61.73", "currency": "EUR"}, "weighted_deals": 1,
            },
            {
                "amount": {"amount": "100000.50", "currency": "INR"}, "deals": 1,
                "weighted": {"amount": "60000.30", "currency": "INR"}, "weighted_deals": 1,
            },
            {
                "amount": {"amount": "5000", "currency": "JPY"}, "deals": 1,
                "weighted": {"amount": "2500", "currency": "JPY"}, "weighted_deals": 1,
            },
        ],
        "without_amount": 0,
        "without_probability": 0,
    }  # fmt: skip


@pytest.mark.parametrize("width", WIDTHS)
def test_the_board_as_it_is_printed(width):
    path, text = GOLDEN / f"board-{width}.txt", "\n".join(drawn(width)) + "\n"
    if os.environ.get("CRM_GOLDEN"):
        path.write_text(text, encoding="utf-8")

    assert text == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("width", range(40, 201))
def test_no_line_is_wider_than_the_terminal(width):
    assert max(map(display_width, drawn(width))) <= width


def test_columns_stand_below_each_other_in_any_script():
    """In each line, what belongs to the third stage begins at the same cell."""
    cells = (120 - 2 * 3) // 4 + 2
    lines = drawn(120)
    start = next(line for line in lines if "علب رمضان" in line)

    assert display_width(start[: start.index("d4")]) == 2 * cells
    assert display_width(lines[0][: lines[0].index("प्रस्ताव")]) == 2 * cells


@pytest.mark.parametrize("width", [60, 100, 200])
def test_a_hostile_name_steers_nothing(width):
    """In a title, a person, a company and a stage."""
    stages = tuple(stage._replace(name=HOSTILE[number]) for number, stage in enumerate(STAGES))
    found = [
        deal(number, text, number % 4 + 1, 100, who=[text], company=text) for number, text in enumerate(HOSTILE, 1)
    ]
    lines = drawn(width, board(found, stages))

    assert steering("".join(lines)) == []
    assert max(map(display_width, lines)) <= width
    if width == 200:
        assert any("[bold]x[/bold]" in line for line in lines)


def test_a_long_stage_says_how_many_more_there_are():
    many = [deal(number, "t", 1, 100) for number in range(1, 8)]

    assert any(line.startswith("… and 4 more") for line in drawn(120, board(many), limit=3))
    assert "  … and 4 more" in drawn(50, board(many), limit=3)


def test_headings_are_bold_only_where_asked():
    assert not any("\x1b" in line for width in (50, 120) for line in drawn(width))
    assert drawn(120, bold=True)[0].startswith("\x1b[1mLead")
    assert sum("\x1b[1m" in line for line in drawn(50, bold=True)) == 4


@pytest.mark.parametrize(
    ("stages", "width"), [(STAGES[:1], 40), ((), 80), (tuple(STAGES[0]._replace(id=n) for n in range(1, 13)), 160)]
)
def test_any_number_of_stages(stages, width):
    """One, none, and more than any terminal has columns for."""
    assert max(map(display_width, drawn(width, board((), stages)))) <= width


@pytest.mark.parametrize(
    ("cells", "lines"),
    [
        (46, ["3 · €123.45 ₹1,00,000.50 JP¥5,000", "weighted €61.73 ₹60,000.30 JP¥2,500"]),
        (36, ["3 · €123 ₹100k JP¥5,000", "weighted €61 ₹60k JP¥2,500"]),
        (21, ["3 · €123 +2", "weighted €61 +2"]),
        (8, ["3 · €123 +2", "weighted €61 +2"]),
    ],
)
def test_a_lane_of_the_dashboard_has_a_heading_of_two_lines(cells, lines):
    """Its count and sum, and what the sum weighs; with little room rounded, then the first of the currencies."""
    view = render.View("2026-11-22", "Asia/Kolkata", "en_IN", 100)
    (name, value), (odds, weighted) = render.summary(board().lanes[2], view, cells)

    assert (name.text, odds.text) == ("प्रस्ताव", "50%")
    assert [value.text, weighted.text] == lines
    assert (name.role, value.role, odds.role, weighted.role) == ("heading", "value", "muted", "muted")


def test_the_heading_of_an_empty_lane_is_its_count():
    view = render.View("2026-11-22", "Asia/Kolkata", "en_IN", 100)
    (_, value), (odds, weighted) = render.summary(board(()).lanes[1], view, 30)

    assert (value.text, odds.text, weighted.text) == ("0", "?", "")
