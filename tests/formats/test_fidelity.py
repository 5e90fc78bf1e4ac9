"""The benchmark that compares our reading with others' sees a difference where there is one, and only there."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest
from formats_support import CORPORA

PATH = Path(__file__).parents[2] / "benchmarks" / "fidelity.py"
sys.path.append(str(PATH.parent))
spec = importlib.util.spec_from_file_location("fidelity", PATH)
fidelity = importlib.util.module_from_spec(spec)
sys.modules["fidelity"] = fidelity
spec.loader.exec_module(fidelity)
Seen = fidelity.Seen

CARD = {
    "fn": "Jo Doe",
    "emails": ["j@x"],
    "phones": ["tel:1"],
    "org": ["Acme", "", " R&D "],
    "bday": "1604-04-12",
    "n": None,
}
SEEN = Seen("Jo Doe ", ("j@x",), ("1",), "Acme", "R&D", "--04-12")


def differences(seen: list[Seen], **changes: object) -> list[str]:
    return fidelity.compare({"cards_list": [{**CARD, **changes}]}, seen)


def test_what_is_the_same_is_no_difference():
    assert differences([SEEN]) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"fn": "Joe"},
        {"emails": []},
        {"emails": ["j@x", "j@x"]},
        {"phones": ["2"]},
        {"org": None},
        {"org": ["Acme"]},
        {"bday": "1980-04-12"},
        {"bday": None},
        {"fn": None, "n": {"family": "Smith"}},
    ],
)
def test_what_differs_is_told(changes: dict[str, object]):
    assert len(differences([SEEN], **changes)) == 1


def test_other_readings_that_are_as_good_are_accepted():
    assert differences([SEEN], fn="Joe", accept_fn=["Jo Doe"]) == []
    assert fidelity.compare({"cards_list": [CARD], "accept_cards": [0, 1]}, []) == []
    assert fidelity.compare({"cards_list": [CARD], "cards": 1}, []) == ["0 cards instead of 1"]


def test_a_card_that_says_nothing_may_be_rejected():
    silent = dict.fromkeys(CARD) | {"emails": [], "phones": []}

    assert fidelity.compare({"cards_list": [CARD, silent]}, [SEEN], 1) == []
    assert fidelity.compare({"cards_list": [CARD, silent]}, [SEEN], 0) == ["1 cards instead of 2"]
    assert fidelity.compare({"cards_list": [CARD, CARD]}, [SEEN], 1) == ["1 cards instead of 2"]


def test_a_json_export_is_compared_like_a_reading():
    card = {"name": "Jo Doe", "emails": [{"value": "j@x"}], "phones": [{"value": "1"}], "company": "Acme"}
    card |= {"department": "R&D", "birthday": "--04-12", "external_refs": []}
    made = {"name": "Acme", "external_refs": []}

    assert differences(fidelity.of_export({"contacts": [card], "companies": [made]})) == []


HEADER = ["First Name", "Last Name", "Email", "Phone", "Company"]
JO = ["Jo", "Doe", "j@x", "1", "Acme"]
ACME = Seen("Acme", kind="company")


def compared(rows: list[list[str]], seen: list[Seen], rejected: int = 0) -> list[str]:
    return fidelity.compare(fidelity.expectation({"header": HEADER, "all_rows": rows}), seen, rejected)


def test_the_rows_of_a_csv_are_compared_like_cards():
    seen = Seen("Dr. Jo Doe", ("j@x",), ("1",), "Acme", birthday="1980-01-01")

    assert compared([JO, ["", "", "", "", "Acme"], [""]], [seen, ACME]) == []
    assert compared([JO, ["", "", "", "", ""]], [seen], 0) == []
    assert compared([[*JO[:3], "2", "Ltd"]], [seen]) == [
        "card 1: phones ['1'] instead of ['2']",
        "card 1: organisation ('Acme', '') instead of ('Ltd', '')",
    ]
    assert compared([["Joe", *JO[1:]]], [seen]) == ["card 1: name 'Dr. Jo Doe' lacks ['Joe']"]
    assert compared([["", "", "", "", "Acme"]], [Seen("Acme")])[-1] == "card 1: a person instead of a company"


def test_of_a_long_csv_the_first_rows_and_the_number_are_compared():
    long = {"header": HEADER, "first_rows": [JO], "records_incl_header": 3, "preamble_lines_before_header": 0}
    seen = [Seen("Jo Doe", ("j@x",), ("1",), "Acme"), Seen("Bo")]

    assert fidelity.compare(fidelity.expectation(long), seen) == []
    assert fidelity.compare(fidelity.expectation(long), seen[:1]) == ["1 cards instead of 2"]


@pytest.mark.parametrize("header", [["a", "b"], ["Name", "Date"], ["Name", "Phone", "Deal name"], ["Subject", "Email"]])
def test_what_lists_neither_people_nor_companies_is_not_counted(header: list[str]):
    assert fidelity.expectation({"header": header, "all_rows": []}) is None


@pytest.mark.skipif(not CORPORA.is_dir(), reason="the files of other programs are not here")
def test_98_of_100_files_are_read_without_a_difference(capsys: pytest.CaptureFixture[str]):
    counts = fidelity.run(CORPORA, fidelity.by_reader)

    output = capsys.readouterr().out
    assert counts["vCard"].right >= 0.98 * counts["vCard"].total, output
    assert counts["CSV"].right == counts["CSV"].total, output
    assert all(each.endswith(": 0 records taken") for each in counts["CSV"].others), counts["CSV"].others
