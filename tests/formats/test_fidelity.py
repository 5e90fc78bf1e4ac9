"""The benchmark that compares our reading with others' sees a difference where there is one, and only there."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest
from formats_support import CORPORA

PATH = Path(__file__).parents[2] / "benchmarks" / "fidelity.py"
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


@pytest.mark.skipif(not CORPORA.is_dir(), reason="the files of other programs are not here")
def test_98_of_100_files_are_read_without_a_difference(capsys: pytest.CaptureFixture[str]):
    right, total = fidelity.run(CORPORA, fidelity.by_reader)

    assert right >= 0.98 * total, capsys.readouterr().out
