"""The columns of other products' exports go where ``expected.json`` says; deals and activities are read as such."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from formats_support import CORPORA

from crm_cli.core.items import Item
from crm_cli.core.records import Draft
from crm_cli.formats.open import open_source

if TYPE_CHECKING:
    from pathlib import Path

PRODUCTS = CORPORA.parent / "products"
EXPECTED: dict[str, Any] = json.loads((PRODUCTS / "expected.json").read_text("utf-8")) if PRODUCTS.is_dir() else {}
FIELDS = {
    "whole name": "name",
    "given name": "given",
    "family name": "family",
    "additional name": "additional",
    "prefix": "prefix",
    "suffix": "suffix",
    "nickname": "nickname",
    "employer (of a person) or company name": "company",
    "job title": "title",
    "department": "department",
    "email": "email",
    "phone": "phone",
    "url": "url",
    "social (linkedin)": "social",
    "social or im": "social im",
    "street": "street street2 street3 extended formatted",
    "city": "locality",
    "region": "region",
    "postal code": "code",
    "country": "country",
    "po": "po_box",
    "whole address": "formatted",
    "birthday": "birthday",
    "anniversary": "anniversary event",
    "notes": "notes",
    "tag": "tags",
    "tags, several in a cell": "tags",
    "custom field": "custom field file_as status source language url consent",
    "owner: custom field": "custom",
    "relationship": "custom relation",
}
"""What a column holds -> our fields for it; a second key of a record is a custom field of its own."""

pytestmark = pytest.mark.skipif(not EXPECTED, reason="the files of other products are not here")


def files(*records: str) -> list[str]:
    return [name for name, entry in EXPECTED.items() if entry["records"] in records and name.endswith(".csv")]


def read(path: Path) -> tuple[dict[str, str], list[Draft]]:
    with path.open("rb") as stream:
        source = open_source(stream, name=path.name)
        return dict(reversed(source.mapping)), [each for each in source.records if isinstance(each, Draft)]


@pytest.mark.parametrize("name", files("people", "companies"))
def test_every_column_has_its_field(name: str) -> None:
    mapping, drafts = read(PRODUCTS / name)

    wrong = {
        column: mapping[column.strip()]
        for column, holds in EXPECTED[name]["columns"].items()
        if holds in FIELDS and mapping[column.strip()].partition(":")[0] not in FIELDS[holds].split()
    }
    assert wrong == {}
    assert {each.kind for each in drafts} == {"person" if EXPECTED[name]["records"] == "people" else "company"}


@pytest.mark.parametrize("name", files("deals", "activities"))
def test_deals_and_activities_are_read_as_such(name: str) -> None:
    with (PRODUCTS / name).open("rb") as stream:
        items = open_source(stream, name=name).items
        kinds = {each.kind for each in items or () if isinstance(each, Item)}

    assert kinds == {"deal" if EXPECTED[name]["records"] == "deals" else "activity"}
