"""Exports of other contact managers by the command line: recognised by their headings, each column in its field."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from support import Run

    Crm = Callable[..., Run]


@pytest.fixture
def one(crm: Crm, bring: Callable[..., Run]) -> Callable[[str], dict[str, Any]]:
    """Import a file of this text, and return the only person or company in it, with where they came from."""

    def run(text: str) -> dict[str, Any]:
        done = bring(text)
        assert done.code == 0, done
        book = json.loads(crm("export", "--format", "json").out)
        people = [{**each, "is": "person"} for each in book["contacts"]]
        companies = [{**each, "is": "company"} for each in book["companies"] if each["external_refs"]]
        (found,) = people + companies
        return found

    return run


def values(record: dict[str, Any], kind: str) -> list[str]:
    return [each["value"] for each in record[kind]]


def test_attio_people(one: Callable[[str], dict[str, Any]]) -> None:
    found = one(
        "Record ID,Record,Email addresses,Phone numbers,Job title,Company,Company > Description,"
        "Primary location > City,Primary location > Country,Categories\n"
        "9f0d,Asha Verma,asha@x.example,+91 98200 12345,CTO,Acme,Makes anvils,Pune,India,B2B\n"
    )

    assert (found["name"], found["title"], found["company"]) == ("Asha Verma", "CTO", "Acme")
    assert (values(found, "emails"), values(found, "phones")) == (["asha@x.example"], ["+91 98200 12345"])
    (address,) = found["addresses"]
    assert (address["locality"], address["country"]) == ("Pune", "India")
    assert found["custom"] == {"company-description": "Makes anvils", "categories": "B2B"}
    assert found["external_refs"][0]["key"] == "9f0d"


def test_attio_companies(one: Callable[[str], dict[str, Any]]) -> None:
    found = one("Record ID,Record,Domains,Employee range,Primary location > City\n9f0d,Acme,acme.example,1-10,Pune\n")

    assert (found["is"], found["name"], found["urls"][0]["value"]) == ("company", "Acme", "acme.example")
    assert found["addresses"][0]["locality"] == "Pune"


def test_yahoo(one: Callable[[str], dict[str, Any]]) -> None:
    found = one(
        "First,Middle,Last,Email,Category,Home,Work,Mobile,Alternate Email 1,Work City,Home City,Skype ID\n"
        "Asha,M,Verma,a@x.example,Client,020 1234567,020 7654321,98200 12345,b@x.example,Pune,Delhi,asha.v\n"
    )

    assert found["name_parts"] | {"prefix": "", "suffix": ""} == found["name_parts"]
    assert (found["name"], found["tags"]) == ("Asha M Verma", ["Client"])
    assert [(each["value"], each["label"]) for each in found["phones"]] == [
        ("020 1234567", "home"),
        ("020 7654321", "work"),
        ("98200 12345", "mobile"),
    ]
    assert values(found, "emails") == ["a@x.example", "b@x.example"]
    assert [(each["locality"], each["label"]) for each in found["addresses"]] == [("Pune", "work"), ("Delhi", "home")]
    assert [(each["value"], each["service"]) for each in found["social"]] == [("asha.v", "skype")]


def test_organizations_of_pipedrive_are_companies(one: Callable[[str], dict[str, Any]]) -> None:
    found = one(
        "Organization - ID,Organization - Name,Organization - Label(s),Organization - People,Organization - Website,"
        "Organization - City/town/village/locality of Address,Organization - ZIP/Postal code of Address\n"
        "12,Acme,Customer,3,https://acme.example,Pune,411001\n"
    )

    assert (found["is"], found["name"], found["tags"]) == ("company", "Acme", ["Customer"])
    assert found["urls"][0]["value"] == "https://acme.example"
    assert (found["addresses"][0]["locality"], found["addresses"][0]["code"]) == ("Pune", "411001")


def test_twenty_joins_the_calling_code_and_the_number(one: Callable[[str], dict[str, Any]]) -> None:
    found = one(
        "Id,Name / First Name,Name / Last Name,Emails / Primary Email,Emails / Additional Emails,"
        "Phones / Primary Phone Number,Phones / Primary Phone Calling Code,Linkedin / Link URL\n"
        'u-1,Asha,Verma,a@x.example,"[""b@x.example""]",9820012345,+91,https://linkedin.com/in/asha\n'
    )

    assert (found["name"], values(found, "emails")) == ("Asha Verma", ["a@x.example", "b@x.example"])
    assert found["phones"][0]["e164"] == "+919820012345"
    assert found["social"][0]["service"] == "linkedin"


def test_an_empty_json_list_is_an_empty_cell(one: Callable[[str], dict[str, Any]]) -> None:
    found = one(
        "Name,Emails / Primary Email,Emails / Additional Emails,Phones / Additional Phones\nAsha,a@x.example,[],[]\n"
    )

    assert (values(found, "emails"), found["phones"]) == (["a@x.example"], [])


@pytest.mark.parametrize(
    ("header", "row", "company"),
    [
        ("External ID,Name,Is a Company,Email,City", "p1,Acme,TRUE,info@acme.example,Pune", True),
        ("External ID,Name,Is a Company,Email,City", "p1,Asha,FALSE,a@acme.example,Pune", False),
        ("id,name,website,emailAddress,industry,sicCode", "1,Acme,acme.example,a@acme.example,Retail,52", True),
        ("Name,Email,Website,Industry", "Asha,a@acme.example,acme.example,Retail", False),
        ("Id,Name,Domain Name / Link URL,Address / City,Employees", "1,Acme,acme.example,Pune,7", True),
    ],
    ids=["Odoo company", "Odoo person", "EspoCRM", "people with an industry", "Twenty"],
)
def test_a_list_of_companies_is_told_from_one_of_people(
    one: Callable[[str], dict[str, Any]], header: str, row: str, company: bool
) -> None:
    assert one(f"{header}\n{row}\n")["is"] == ("company" if company else "person")


def test_a_company_within_another_keeps_its_parent(one: Callable[[str], dict[str, Any]]) -> None:
    found = one("External ID,Name,Is a Company,Related Company,Email\np1,Acme Pune,True,Acme,info@acme.example\n")

    assert (found["is"], found["name"], found["custom"]) == ("company", "Acme Pune", {"parent-company": "Acme"})


def test_birth_year_month_and_day_in_german_are_one_day(one: Callable[[str], dict[str, Any]]) -> None:
    found = one(
        "Vorname,Nachname,Anzeigename,Primäre E-Mail-Adresse,Tel. privat,Privat: Ort,"
        "Geburtsjahr,Geburtsmonat,Geburtstag\n"
        "Eva,Maier,Eva M.,e@x.example,030 1234567,Kiel,1980,2,3\n"
    )

    assert (found["name"], found["birthday"], values(found, "emails")) == ("Eva M.", "1980-02-03", ["e@x.example"])
    assert (found["phones"][0]["label"], found["addresses"][0]["locality"]) == ("home", "Kiel")


def test_close_and_goldmine_and_act(crm: Crm, bring: Callable[..., Run]) -> None:
    bring("id,lead_id,lead_name,name,primary_phone,primary_phone_type\nc1,l1,Acme,Asha Verma,020 1234567,mobile\n")
    bring("ACCOUNTNO,COMPANY,CONTACT,LASTNAME,DEAR,PHONE1,PHONE2,CITY\nA1,Acme,Bo Li,Li,Bobby,020 1234568,020 1,Pune\n")
    bring("Company,Contact,Salutation,ID/Status,E-mail,Pager Phone,ZIP\nAcme,Cy Fox,Mr F,Lead,c@x.example,02012345,4\n")

    asha, bo, cy = json.loads(crm("list", "--sort", "id", "--json").out)
    assert (asha["company"], asha["phones"][0]["label"]) == ("Acme", "mobile")
    assert (bo["name"], bo["nickname"], values(bo, "phones")) == ("Bo Li", "Bobby", ["020 1234568", "020 1"])
    assert (cy["name"], cy["nickname"], cy["tags"], cy["phones"][0]["label"]) == ("Cy Fox", "Mr F", ["Lead"], "pager")


def test_the_sections_of_googles_oldest_csv(one: Callable[[str], dict[str, Any]]) -> None:
    found = one(
        "Name,E-mail,Notes,Section 1 - Description,Section 1 - Email,Section 1 - Mobile,Section 1 - Company\n"
        "Asha,a@x.example,,Work,b@x.example,98200 12345,Acme\n"
    )

    assert (values(found, "emails"), found["company"]) == (["a@x.example", "b@x.example"], "Acme")
    assert found["phones"][0]["label"] == "mobile"


@pytest.mark.parametrize(
    ("header", "what"),
    [
        ("SKU,Product Name,Unit Price", "products"),
        ("Invoice Number,Invoice Date,Account Name,Total", "invoices"),
        ("Campaign Name,Budgeted Cost,Actual Cost,Start Date", "campaigns"),
    ],
)
def test_lists_of_other_things_are_refused_by_what_they_list(bring: Callable[..., Run], header: str, what: str) -> None:
    done = bring(f"{header}\n" + ",".join("abcdefgh"[: header.count(",") + 1]) + "\n")

    assert (done.code, f"it holds {what} (" in done.err) == (1, True), done.err
    assert "--map" in done.err


@pytest.mark.parametrize(
    ("header", "made"),
    [
        ("Record ID,Ticket name,Ticket status,Pipeline,Associated Contact", "activities"),
        ("Record ID,Note body,Activity date,Associated Contact IDs", "activities"),
        ("From,To,Sent At,Message,Direction", "activities"),
        ("Id,WhoId,WhatId,Subject,ActivityDate,Status", "activities"),
        ("Activity - Subject,Activity - Type,Activity - Due date,Activity - Contact person", "activities"),
        ("Id,Name,Amount / Amount,Close date,Stage,Company Id", "deals"),
        ("Deal - ID,Deal - Title,Deal - Value,Deal - Stage,Person - Email,Deal - Expected close date", "deals"),
        ("Dealnaam,Sluitdatum,Associated Contact,Associated Company", "deals"),
    ],
)
def test_deals_and_activities_make_no_people(crm: Crm, bring: Callable[..., Run], header: str, made: str) -> None:
    done = bring(f"{header}\n" + ",".join("abcdefgh"[: header.count(",") + 1]) + "\n")

    assert done.code == 0, done.err
    found = json.loads(crm("export", "--format", "json").out)
    assert (len(found[made]), found["contacts"]) == (1, [])


def test_the_user_may_import_people_from_a_list_of_deals(crm: Crm, bring: Callable[..., Run]) -> None:
    done = bring("Deal Name,Stage,Contact\nRoof,Won,Asha Verma\n", "--map", "Contact=name")

    assert done.code == 0, done.err
    (asha,) = json.loads(crm("list", "--json").out)
    assert asha["name"] == "Asha Verma"


def test_a_view_of_fewer_columns_removes_nothing(crm: Crm, bring: Callable[..., Run]) -> None:
    bring("Record ID,Record,Email addresses,Job title,Company\n9f0d,Asha Verma,a@x.example,CTO,Acme\n")

    done = bring("Record ID,Record,Job title\n9f0d,Asha Verma,CEO\n")

    (asha,) = json.loads(crm("list", "--json").out)
    assert "1 changed" in done.err
    assert (asha["title"], asha["company"], values(asha, "emails")) == ("CEO", "Acme", ["a@x.example"])


def test_closes_leads_are_companies(one: Callable[[str], dict[str, Any]]) -> None:
    found = one("id,display_name,status_label,url,address_1_address_1\nl1,Acme,Potential,acme.example,1 Rd\n")

    assert (found["is"], found["name"], found["addresses"][0]["street"]) == ("company", "Acme", "1 Rd")


def test_a_list_with_columns_of_companies_holds_companies_in_any_language(one: Callable[[str], dict[str, Any]]) -> None:
    found = one("Firma;PLZ;Ort;E-Mail;Branche;Mitarbeiter\nAcme;80331;München;asha@acme.example;Werkzeug;12\n")

    assert (found["is"], found["name"], found["addresses"][0]["locality"]) == ("company", "Acme", "München")
    assert found["custom"] == {"branche": "Werkzeug", "mitarbeiter": "12"}


def test_title_beside_job_title_is_the_form_of_address(one: Callable[[str], dict[str, Any]]) -> None:
    found = one("Title,First Name,Last Name,Job Title,Organisation\nDr.,Asha,Verma,CTO,Acme\n")

    assert (found["name_parts"]["prefix"], found["title"]) == ("Dr.", "CTO")


def test_the_site_of_an_account_is_not_its_website(one: Callable[[str], dict[str, Any]]) -> None:
    found = one("Account Name,Website,Site,Industry\nAcme,acme.example,Headquarters,Tools\n")

    assert values(found, "urls") == ["acme.example"]
    assert "Headquarters" in found["custom"].values()


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Company Domain Name,Phone Number,Number of Employees\nacme.example,+49 30 1234567,12\n", ["acme.example"]),
        ("Domains,Description,Estimated ARR,Team\nhttps://www.acme.example/de,Tea,100000,Mia\n", ["acme.example"]),
        ("Id,Name,Domain Name / Link Label,Domain Name / Link URL\nu1,Acme,,https://acme.example\n", ["Acme"]),
        (
            "Organization - Industry,Organization - Open deals,Organization - LinkedIn,City\n,2,acme,Pune",
            ["acme"],
        ),
    ],
)  # fmt: skip
def test_a_list_of_companies_with_few_columns_makes_no_people(crm, tmp_path, text, names):
    (tmp_path / "list.csv").write_text(text)

    assert crm("import", str(tmp_path / "list.csv")).code == 0
    assert crm("list", "--json").json == []
    assert [each["name"] for each in crm("company", "list", "--json").json] == names


def test_leads_of_odoo_with_few_columns_are_deals(crm, tmp_path):
    (tmp_path / "crm.lead.csv").write_text(
        "id,name,type,partner_id/id,contact_name,partner_name\nl1,Roof,lead,p1,Mia Lee,Acme\n"
    )

    assert crm("import", str(tmp_path / "crm.lead.csv")).code == 0
    assert [each["title"] for each in crm("deal", "list", "--json").json] == ["Roof"]
    assert crm("list", "--json").json == []
