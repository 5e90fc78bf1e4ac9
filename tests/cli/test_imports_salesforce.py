"""Salesforce's Data Export: roles of contacts in opportunities, converted leads; opt-outs of Dynamics and Mailchimp."""

from __future__ import annotations

from itertools import permutations
from typing import TYPE_CHECKING

import pytest
from support import dump

if TYPE_CHECKING:
    from pathlib import Path

ASHA, RAVI, LEAD, DEAL = "0035i00000AaBb1AAC", "0035i00000AaBb2AAC", "00Q5i00000AaBb1AAC", "0065i00000XyZ01AAB"
FILES = {
    "Contact.csv": "Id,IsDeleted,AccountId,LastName,FirstName,Email,OwnerId\n"
    f"{ASHA},0,,Verma,Asha,asha@x.example,005\n{RAVI},0,,Kumar,Ravi,ravi@x.example,005\n",
    "Lead.csv": "Id,IsDeleted,LastName,FirstName,Company,Email,Status,IsConverted,ConvertedContactId,OwnerId\n"
    f"{LEAD},0,Verma,Asha,Old Co,old@x.example,Closed,1,{ASHA},005\n"
    "00Q5i00000AaBb2AAC,0,Berg,Nils,New Co,nils@x.example,Open,0,,005\n",
    "Opportunity.csv": "Id,IsDeleted,AccountId,Name,StageName,Amount,CloseDate,IsClosed,IsWon\n"
    f"{DEAL},0,,Big one,Prospecting,1000,2026-12-31,0,0\n",
    "OpportunityContactRole.csv": "Id,OpportunityId,ContactId,Role,IsPrimary,CreatedDate,IsDeleted\n"
    f"00K1,{DEAL},{ASHA},Decision Maker,1,2023-05-04T12:33:10.000Z,0\n"
    f"00K2,{DEAL},{RAVI},,0,2023-05-04T12:33:10.000Z,0\n"
    f"00K3,{DEAL},{RAVI},User,0,2023-05-04T12:33:10.000Z,1\n",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "export"
    made.mkdir()
    for name, text in FILES.items():
        (made / name).write_text(text)
    return made


def test_roles_link_people_to_deals(crm, book_path, folder):
    assert crm("import", str(folder)).code == 0
    deal = crm("deal", "show", "d1", "--json").json
    assert [each["name"] for each in deal["people"]] == ["Asha Verma", "Ravi Kumar"]
    assert deal["custom"] == {"contact-roles": "Asha Verma: Decision Maker"}

    before = dump(book_path)
    again = crm("import", str(folder / "OpportunityContactRole.csv"))
    assert "2 read, 0 new, 0 changed, 2 same" in again.err
    assert "skipped 1 row" in again.err
    assert dump(book_path) == before


def test_roles_of_records_that_are_missing_can_be_fed_back(crm, folder):
    roles = folder / "OpportunityContactRole.csv"
    first = crm("import", str(roles))
    assert (first.code, "2 rejected" in first.err) == (5, True)
    assert crm("deal", "list", "--json").json == []
    crm("import", str(folder / "Contact.csv"), str(folder / "Opportunity.csv"))

    fed = crm("import", str(folder / "OpportunityContactRole.csv.rejects"))
    assert "2 read, 0 new, 2 changed" in fed.err
    assert crm("undo", fed.err.rpartition("[")[2].partition("]")[0]).code == 0
    assert crm("deal", "show", "d1", "--json").json["people"] == []


@pytest.mark.parametrize("order", permutations(("Contact.csv", "Lead.csv", "Lead.csv")))
def test_a_converted_lead_is_its_contact_in_any_order(crm, folder, order):
    for name in order:
        done = crm("import", str(folder / name))
        assert ("1 lead is converted" in done.err) == (name == "Lead.csv")
    people = {card["name"]: card for card in crm("list", "--json").json}
    assert sorted(people) == ["Asha Verma", "Nils Berg", "Ravi Kumar"]
    assert "asha@x.example" in [each["value"] for each in people["Asha Verma"]["emails"]]


def test_opt_outs_in_columns_of_addresses(crm, tmp_path):
    file = tmp_path / "contacts.csv"
    file.write_text(
        "(Do Not Modify) Contact,Full Name,Email,Email,Business Phone,Phone,Fax\n"
        "1,Asha Verma,asha@x.example,Do Not Allow,020 111111,Allow,Do Not Allow\n"
        "2,Ravi Kumar,ravi@x.example,Allow,020 111112,Do Not Allow,Allow\n"
    )
    crm("import", str(file))
    cards = crm("list", "--json").json
    assert {card["name"]: [*card["consent"]] for card in cards} == {"Asha Verma": ["email"], "Ravi Kumar": ["phone"]}
    assert cards[0]["custom"] == {"fax-2": "Do Not Allow"}
    assert [each["value"] for each in cards[0]["phones"]] == ["020 111111"]


@pytest.mark.parametrize(
    ("name", "stopped"), [("unsubscribed_members_export_a1.csv", ["email"]), ("subscribed_members_export_a1.csv", [])]
)
def test_mailchimps_list_of_the_unsubscribed(crm, tmp_path, name, stopped):
    file = tmp_path / name
    file.write_text("Email Address,First Name,Last Name,MEMBER_RATING,LEID\nmia@x.example,Mia,Lee,2,77\n")
    crm("import", str(file))
    assert [*crm("show", "mia", "--json").json["consent"]] == stopped
