"""GoldMine's CONTSUPP: details, further contacts and referrals of the people of CONTACT1."""

from __future__ import annotations

import pytest

PEOPLE = (
    "ACCOUNTNO,COMPANY,CONTACT,LASTNAME,PHONE1,KEY1\n"
    "A1,Acme,Asha Verma,Verma,555 1000,x\n"
    "A2,,Ravi Kumar,Kumar,555 2000,y\n"
)
MORE = (
    "ACCOUNTNO,RECTYPE,CONTACT,TITLE,CONTSUPREF,DEAR,PHONE,EXT,NOTES,ADDRESS1,CITY,LINKACCT,RECID\n"
    "A1,P,E-mail Address,,asha@acme.example,,,,,,,,r1\n"
    "A1,P,Web Site,,https://acme.example,,,,,,,,r2\n"
    "A1,P,Shoe Size,,42,,,,,,,,r3\n"
    "A1,C,Bob Smith,Buyer,,Bob,555 1234,12,likes tea,1 Road,Pune,,r4\n"
    "A1,R,Ravi Kumar,Supplier,,,,,met at the fair,,,A2,r5\n"
    "H1,H,Shoe Size,,,,,,,,,,r6\n"
    ",P,E-mail Address,,x@x.example,,,,,,,,r7\n"
)


@pytest.fixture
def bring(crm, tmp_path):
    def run(name, text):
        path = tmp_path / name
        path.write_text(text)
        return crm("import", str(path))

    return run


def test_details_referrals_and_further_contacts(bring, crm):
    bring("CONTACT1.csv", PEOPLE)
    done = bring("CONTSUPP.csv", MORE)

    assert "5 read, 1 new, 3 changed, 0 same, 1 rejected" in done.err
    assert "skipped rows that only define profiles: 1" in done.err
    asha = crm("show", "asha", "--json").json
    assert [each["value"] for each in asha["emails"]] == ["asha@acme.example"]
    assert [each["value"] for each in asha["urls"]] == ["https://acme.example"]
    assert asha["custom"]["shoe-size"] == "42"
    bob = crm("show", "bob", "--json").json
    assert (bob["company"], bob["title"], bob["nickname"], bob["notes"]) == ("Acme", "Buyer", "Bob", "likes tea")
    assert (bob["phones"][0]["value"], bob["addresses"][0]["locality"]) == ("555 1234 ext 12", "Pune")
    (note,) = crm("history", "--json").json
    assert (note["subject"], note["body"]) == ("Referral: Ravi Kumar (Supplier)", "met at the fair")
    assert [each["name"] for each in note["people"]] == ["Asha Verma", "Ravi Kumar"]


def test_again_nothing_and_what_the_user_removed_stays_removed(bring, crm):
    bring("CONTACT1.csv", PEOPLE)
    bring("CONTSUPP.csv", MORE)
    crm("edit", "asha", "email-=asha@acme.example")

    assert "5 read, 0 new, 0 changed, 4 same, 1 rejected" in bring("CONTSUPP.csv", MORE).err
    assert crm("show", "asha", "--json").json["emails"] == []
    newer = MORE.replace("https://acme.example", "https://acme.example/en")
    done = bring("CONTSUPP.csv", newer)
    assert "1 changed" in done.err
    assert crm("undo", done.err.rpartition("[")[2].partition("]")[0]).code == 0
    assert len(crm("show", "asha", "--json").json["urls"]) == 1


def test_details_that_come_first_wait(bring, crm):
    first = bring("CONTSUPP.csv", MORE)
    assert "links wait" in first.err
    assert [card["name"] for card in crm("list", "--json").json] == ["Bob Smith"]
    bring("CONTACT1.csv", PEOPLE)
    assert crm("show", "bob", "--json").json["company"] == "Acme"
    assert "3 changed" in bring("CONTSUPP.csv", MORE).err
    assert crm("show", "asha", "--json").json["emails"][0]["value"] == "asha@acme.example"
