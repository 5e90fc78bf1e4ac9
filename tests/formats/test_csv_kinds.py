"""What a table lists, by its headings, the name of its file and the cells of its status."""

from __future__ import annotations

import pytest

from crm_cli.formats.csv.kinds import listed


def kind(header: str, *rows: str, name: str = "export.csv") -> str:
    found = listed(header.split(","), [row.split(",") for row in rows], name)
    return found.kind if found else ""


@pytest.mark.parametrize(
    ("expected", "header"),
    [
        ("deals", "Account Name,Opportunity Name,Stage,Amount"),
        ("deals", "Opportunity Owner,Account Name,Opportunity Name,Fiscal Period,Contact: Email"),
        ("deals", "Opportunity Name,Stage,Amount,Close Date,First Name,Last Name,Email"),
        ("deals", "Nombre del negocio,Etapa del negocio,Associated Company,Associated Contact"),
        ("deals", "Nom de la transaction,Montant,Associated Contact"),
        ("deals", "Dealnaam,Bedrag,Sluitdatum,Associated Company"),
        ("deals", "Deal-Name,Betrag,Abschlussdatum,Unternehmen"),
        ("deals", "(Nicht ändern) Verkaufschance,Thema,Kontakt,Firma"),
        ("deals", "Lead - Title,Lead - Value,Person - Name,Person - Email,Person - Phone"),
        ("deals", "OPID,COMPANY,CONTACT,NAME,STAGE,FORAMT"),
        ("activities", "Task Owner,Subject,Due Date,Contact Name,Status"),
        ("activities", "Record ID,Call Title,Call notes,Associated Contact,Associated Company"),
        ("activities", "Date,Time,Type,Regarding,Contact,Company,Record Manager"),
        ("activities", "Betreff,Fällig am,Erledigt,Kontakt,Firma"),
        ("activities", "Assigned,Company / Account,Contact,Subject,Date,Task"),
        ("activities", "Title,From,To,Location,Host,Contact Name"),
        ("activities", "Name,Company,Subject,Due Date"),
        ("deals", "Opportunity,Customer,Email,Probability,Expected Closing"),
        ("invoices", "Quote Number,Subject,Account Name,Contact Name"),
        ("notes", "Note Owner,Note Content,Contact Name,Email"),
        ("tickets", "Case Number,Contact Name,Account Name,Subject,Date/Time Opened"),
        ("products", "Product Name,Product Code,Vendor Name,Name"),
        ("products", "Name,SKU,Unit price,Quantity,Company"),
        ("invoices", "Invoice Number,Invoice Date,Account Name,Contact Name,Billing City"),
        ("invoices", "Rechnungsnummer,Rechnungsdatum,Firma,Ansprechpartner,Ort"),
        ("campaigns", "Campaign Owner,Campaign Name,Start Date,Name"),
        ("messages", "Conversation ID,From,To,Subject,Content"),
        ("users", "Id,Username,LastName,FirstName,Email,ProfileId,UserRoleId,UserType"),
        ("hours", "Date,Client,Project,Task,Hours,First Name,Last Name,Billable?,Hourly Rate"),
        ("works", "Name,Year,Director,Rating,URL"),
        ("visits", "Timestamp,URL,Title,Status,Referrer,Country"),
        ("places", "Name,Country,Population,Latitude,Longitude"),
        ("invoices", "Order ID,Order Date,Customer Name,Customer Email,Total"),
    ],
)
def test_a_table_of_something_else_is_known_by_its_headings(expected: str, header: str) -> None:
    assert kind(header) == expected


@pytest.mark.parametrize(
    "header",
    [
        "First Name,Last Name,Email,Phone,Deal Value",
        "First Name,Last Name,Email,Lifecycle Stage,Recent Deal Amount,Recent Deal Close Date,Associated Deal",
        "Name,Company,Phone,Call Status,Call Date,Notes",
        "Order ID,Order Date,Attendee Status,First Name,Last Name,Email,Ticket Type",
        "Name,Email,Timestamp,Referrer,IP Address,User Agent",
        "Name,Email,Author,Genre,Publisher",
        "Name,Email,Event name,Event date",
        "Name,E-mail,Status,Priority,Due date",
        "Company,Website,Contract start,Contract end,Contract value",
        "Company,Email,Order number,Last order",
        "Company,Industry,Stage",
        "Topic,First Name,Last Name,Company Name,Rating,Status",
        "Person - Name,Person - Email,Deal - Title,Deal - Value,Deal - Stage,Deal - Status",
        "(Do Not Modify) Account,Account Name,Amount,Stage,Close Date",
        "Name,Email Opt Out,Mailing State,Mailing City,Note,Comments",
        "Name,Email,Subject,Message,Date",
        "Last Name,Opportunity Amount,Opportunity Amount Currency,Email",
        "Family Name,Location,Event 1 - Type,Event 1 - Value,Phone 1 - Value",
        "Username,First name,Last name,E-mail",
        "Vorname,Nachname,Firma,Betreff,Beginn,Ende,Dauer",
    ],
)
def test_people_and_companies_with_such_columns_are_still_people_and_companies(header: str) -> None:
    assert kind(header) == ""


def test_the_name_of_the_file_decides_what_its_headings_leave_open() -> None:
    assert kind("Name,Company,Amount", name="deals_2026.csv") == "deals"
    assert kind("Name,Company,Amount", name="customers.csv") == ""
    assert kind("Name,Company,Amount", name="deal contacts.csv") == ""


def test_the_name_of_the_file_says_nothing_beside_an_email() -> None:
    assert kind("Name,Email,Amount", name="deals.csv") == ""


def test_the_cells_of_a_status_decide_what_headings_leave_open() -> None:
    assert kind("Name,Company,Status,Value", "Roof,Acme,Won,10", "Door,Bix,Lost,20") == "deals"
    assert kind("Name,Company,Status,Value", "Asha,Acme,Customer,10", "Bo,Bix,Lead,20") == ""


def test_the_headings_that_show_the_kind_are_named() -> None:
    found = listed(["Id", "Deal  Name", "Amount", "Stage", "Close Date", "Company"])

    assert found is not None
    assert found.shown == ("Deal Name", "Amount", "Stage")
