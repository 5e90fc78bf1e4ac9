"""Values of a CSV by the command line: what a cell holds, and which person of the book a row of a newer file is."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from support import Run

    Crm = Callable[..., Run]


def exported(crm: Crm, *columns: str) -> list[str]:
    """Return these cells of the first person, as an export writes them without a guard."""
    (row, *_) = csv.DictReader(io.StringIO(crm("export", "--format", "csv", "--csv-raw").out))
    return [row[column] for column in columns]


# Blanks around quotes


@pytest.mark.parametrize(
    ("row", "notes"),
    [
        ('"Anna", "a@x.example", "Kiel, Nord", "x"', "x"),
        ('"Anna" , "a@x.example" , "Kiel, Nord" , "x" ', "x"),
        ('"Anna", a@x.example, "Kiel, Nord", "two\nlines"', "two\nlines"),
        ('Anna, a@x.example, Kiel, "so" called', '"so" called'),
        ('Anna, a@x.example, "Kiel, Nord", 5" pipe', '5" pipe'),
    ],
)
def test_blanks_around_quotes_are_ignored(
    bring: Callable[..., Run], people: Callable[[], list[dict[str, Any]]], row: str, notes: str
) -> None:
    done = bring(f'"Name", "Email", "City", "Notes"\n{row}\nBo, b@x.example, Ulm, y\n')

    anna, bo = people()
    assert (len(done.err.splitlines()), bo["notes"]) == (1, "y")
    assert (anna["name"], anna["emails"][0]["value"], anna["custom"]) == ("Anna", "a@x.example", {})
    assert anna["notes"] == notes
    assert anna["addresses"][0]["locality"] in row


# Cells that are empty


@pytest.mark.parametrize("cell", ['=""', '=" "', '"="""""'])
def test_an_empty_text_of_excel_is_an_empty_cell(
    bring: Callable[..., Run], people: Callable[[], list[dict[str, Any]]], cell: str
) -> None:
    bring(f"Name,Email,Phone,Notes\nAnna,a@x.example,{cell},{cell}\n{cell},b@x.example,,{cell}\n")

    anna, bo = people()
    assert (anna["name"], anna["phones"], anna["notes"]) == ("Anna", [], "")
    assert (bo["name"], bo["emails"][0]["value"]) == ("b@x.example", "b@x.example")


# Phones


@pytest.mark.parametrize(
    "cell",
    [
        "030 12345; 030 12346",
        "030 12345, 030 12346",
        "030 12345 / 030 12346",
        "030 12345 | 030 12346",
        "030 12345\n030 12346",
        "030 12345 ::: 030 12346",
        "030 12345;;030 12346;030 12345;",
    ],
)
def test_several_phones_in_one_cell_are_several(
    bring: Callable[..., Run], numbers: Callable[[], list[list[str]]], cell: str
) -> None:
    bring(f'Name,Phone\nPa,"{cell}"\n')

    assert numbers() == [["030 12345", "030 12346"]]


@pytest.mark.parametrize(
    "cell",
    [
        "030/12345",
        "030/1234567",
        "030 1234567, ext 12",
        "030 1234567 / 8",
        "9820012345/46",
        "030 1234567; ask for Bo",
        "+1 555 123 4567,,1234567",
        "022-2345,678",
    ],
)
def test_a_cell_is_split_only_where_each_piece_is_a_number(
    bring: Callable[..., Run], numbers: Callable[[], list[list[str]]], cell: str
) -> None:
    bring(f'Name,Phone\nPa,"{cell}"\n')

    assert numbers() == [[cell]]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("030/12345; 030/12346", ["030/12345", "030/12346"]),
        ("030 1234567 ext 12; 030 7654321", ["030 1234567 ext 12", "030 7654321"]),
        ("+91 98200 12345/+91 98200 54321, 022 2345678", ["+91 98200 12345", "+91 98200 54321", "022 2345678"]),
    ],
)
def test_a_slash_or_an_extension_belongs_to_its_number(
    bring: Callable[..., Run], numbers: Callable[[], list[list[str]]], cell: str, expected: list[str]
) -> None:
    bring(f'Name,Phone\nPa,"{cell}"\n')

    assert numbers() == [expected]


@pytest.mark.parametrize("cell", ["4.47912E+11", "4,47912E+11", "9.1982E+11"])
def test_a_phone_that_a_spreadsheet_has_rounded_is_kept_and_said(
    crm: Crm, bring: Callable[..., Run], people: Callable[[], list[dict[str, Any]]], cell: str
) -> None:
    crm("config", "set", "region", "GB")

    done = bring(f'Name,Phone\nPa,"{cell}"\nPb,"{cell}"\n')

    assert f"line 2: {cell!r} is a phone number that a spreadsheet has rounded" in done.err
    assert [(each["phones"][0]["value"], each["phones"][0]["e164"]) for each in people()] == [
        (cell, None),
        (cell, None),
    ]


# Who a row of a newer file is


OLD = "id,Name,Title,Email,Room\n8,Bert Spalte,Chef,b@s.example,12\n"


@pytest.mark.parametrize(
    "newer",
    [
        "id,Name,Email,Title\n8,Bert Spalte,b2@s.example,Boss\n",
        "Title,Room,Email,Name,id\nBoss,12,b2@s.example,Bert Spalte,8\n",
        "id,Full name,E-Mail,Job Title,Colour\n8,Bert Spalte,b2@s.example,Boss,red\n",
    ],
    ids=["fewer", "moved", "renamed and added"],
)
def test_a_newer_file_with_other_columns_is_still_newer(
    crm: Crm, bring: Callable[..., Run], people: Callable[[], list[dict[str, Any]]], newer: str
) -> None:
    bring(OLD)

    done = bring(newer)

    (bert,) = people()
    assert "1 changed" in done.err
    assert (bert["title"], [each["value"] for each in bert["emails"]]) == ("Boss", ["b2@s.example"])
    assert bert["custom"]["room"] == "12"
    assert "1 same" in bring(newer).err
    assert "1 changed" in bring(OLD.replace("Chef", "Owner").replace("b@", "b3@")).err
    assert [(each["title"], each["emails"][0]["value"]) for each in people()] == [("Owner", "b3@s.example")]


def test_what_was_edited_in_the_book_stays_whatever_the_columns(
    crm: Crm, bring: Callable[..., Run], people: Callable[[], list[dict[str, Any]]]
) -> None:
    bring(OLD)
    crm("edit", "1", "title=Owner")

    done = bring("id,Name,Email,Title\n8,Bert Spalte,b@s.example,Boss\n")

    assert people()[0]["title"] == "Owner"
    assert "title stays" in done.err


def test_the_same_number_of_another_list_is_another_person(
    bring: Callable[..., Run], people: Callable[[], list[dict[str, Any]]]
) -> None:
    bring(OLD)

    bring("id,Name,Email\n8,Carla Nord,c@n.example\n")

    assert [each["name"] for each in people()] == ["Bert Spalte", "Carla Nord"]


GOOGLE = "First Name,Last Name,Notes,Labels,E-mail 1 - Label,E-mail 1 - Value,Phone 1 - Label,Phone 1 - Value\n"


def test_a_google_person_without_an_address_is_the_same_next_month(
    bring: Callable[..., Run], people: Callable[[], list[dict[str, Any]]]
) -> None:
    bring(f"{GOOGLE}Ada,Nord,met in May,,,,,\nBo,Süd,x,,,,,\n")

    done = bring(f"{GOOGLE}Ada,Nord,met in June,,Work,a@n.example,,\nBo,Süd,x,,,,,\nCy,West,,,,,,\n")

    assert "1 new, 1 changed, 1 same" in done.err
    assert (people()[0]["name"], people()[0]["notes"]) == ("Ada Nord", "met in June")


def test_namesakes_without_an_address_are_not_made_one(
    bring: Callable[..., Run], people: Callable[[], list[dict[str, Any]]]
) -> None:
    bring(f"{GOOGLE}Ada,Nord,one,,,,,\n")

    bring(f"{GOOGLE}Ada,Nord,two,,,,,\nAda,Nord,three,,,,,\n")

    assert [each["notes"] for each in people()] == ["one", "two", "three"]


# Days


@pytest.mark.parametrize(
    ("region", "header", "other", "expected", "order"),
    [
        ("DE", "Name,Email,Birthday", "05/06/1990", "1984-04-03", "dmy"),
        ("IN", "Name,Email,Birthday", "05/06/1990", "1984-04-03", "dmy"),
        ("US", "Name,Email,Birthday", "05/06/1990", "1984-03-04", "mdy"),
        ("US", "Nombre,Correo electrónico,Fecha de nacimiento", "05/06/1990", "1984-04-03", "dmy"),
        ("DE", "Name,Email,Birthday", "05/16/1990", "1984-03-04", ""),
        ("US", "Name,Email,Birthday", "16/05/1990", "1984-04-03", ""),
    ],
)
def test_day_and_month_are_read_by_the_file_then_its_language_then_the_region(
    crm: Crm,
    bring: Callable[..., Run],
    people: Callable[[], list[dict[str, Any]]],
    region: str,
    header: str,
    other: str,
    expected: str,
    order: str,
) -> None:
    crm("config", "set", "region", region)

    done = bring(f"{header}\nAda,a@x.example,03/04/1984\nBo,b@x.example,{other}\n")

    assert people()[0]["birthday"] == expected
    assert (f"are ambiguous; read as {order}" in done.err) == bool(order)


def test_one_column_of_dates_shows_the_order_of_the_others(
    crm: Crm, bring: Callable[..., Run], people: Callable[[], list[dict[str, Any]]]
) -> None:
    crm("config", "set", "region", "DE")

    done = bring("Name,Birthday,Anniversary\nAda,03/04/1984,05/16/2010\n")

    assert (people()[0]["birthday"], people()[0]["anniversary"]) == ("1984-03-04", "2010-05-16")
    assert "Birthday: day and month are ambiguous; read as mdy" in done.err


# Names and addresses


@pytest.mark.parametrize(
    ("row", "name", "parts"),
    [
        ("Dr.,Dr. Anna,Leer,Jr.", "Dr. Anna Leer Jr.", ["Dr.", "Anna", "Leer", "Jr."]),
        ("Dr.,Anna,Leer Jr.,Jr.", "Dr. Anna Leer Jr.", ["Dr.", "Anna", "Leer", "Jr."]),
        ("Dr.,Drake,Leer,", "Dr. Drake Leer", ["Dr.", "Drake", "Leer", ""]),
    ],
)
def test_a_title_that_the_name_has_is_not_doubled(
    crm: Crm, bring: Callable[..., Run], row: str, name: str, parts: list[str]
) -> None:
    bring(f"Prefix,First Name,Last Name,Suffix,Email\n{row},a@x.example\n")

    assert exported(crm, "name", "prefix", "given", "family", "suffix") == [name, *parts]


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Dr. Anna Leer", ["Dr.", "Anna", "Leer"]),
        ("Anna Leer", ["Dr.", "Anna", "Leer"]),
    ],
)
def test_a_title_beside_a_whole_name_is_kept(crm: Crm, bring: Callable[..., Run], name: str, parts: list[str]) -> None:
    bring(f"Salutation,Name,Email\nDr.,{name},a@x.example\n")

    assert exported(crm, "name", "prefix", "given", "family") == [name, *parts]


def test_a_phone_in_the_name_column_has_no_given_and_family_name(crm: Crm, bring: Callable[..., Run]) -> None:
    bring("Name,Phone\n+1 555 0132,+1 555 0132\n")

    assert exported(crm, "name", "given", "family") == ["+1 555 0132", "", ""]


@pytest.mark.parametrize(
    "header",
    [
        "BillingStreet,BillingCity,ShippingStreet,ShippingCity",
        "BILLINGSTREET,BILLINGCITY,SHIPPINGSTREET,SHIPPINGCITY",
        "MAILING STREET,MAILING CITY,BILLING STREET,BILLING CITY",
        "billing_street,billing_city,shipping_street,shipping_city",
        "Street,City,Street,City",
        "HOMESTREET,HOMECITY,WORKSTREET,WORKCITY",
    ],
)
def test_two_addresses_in_a_row_are_two(
    bring: Callable[..., Run], people: Callable[[], list[dict[str, Any]]], header: str
) -> None:
    bring(f"NAME,EMAIL,{header}\nAnna,a@x.example,Weg 1,Kiel,Gasse 2,Bonn\nBo,b@x.example,,Ulm,,\n")

    anna, bo = ([(each["street"], each["locality"]) for each in one["addresses"]] for one in people())
    assert (anna, [city for _, city in bo]) == ([("Weg 1", "Kiel"), ("Gasse 2", "Bonn")], ["Ulm"])
    assert people()[0]["custom"] == {}


@pytest.mark.parametrize("heading", ["Zone", "zone", "Time Zone", "Timezone", "Zeitzone"])
def test_a_column_zone_reaches_the_time_zone(
    bring: Callable[..., Run], people: Callable[[], list[dict[str, Any]]], heading: str
) -> None:
    sheet = f"Name,Email,{heading}\nAnna,a@x.example,Europe/Berlin\nBo,b@x.example,IST\n"
    rehearsed = bring(sheet, "--dry-run")
    bring(sheet)

    assert rehearsed.lines[-1].split()[-1] == "zone"
    assert [(one["zone"], one["custom"]) for one in people()] == [("Europe/Berlin", {}), ("IST", {})]


def test_a_dry_run_names_a_custom_field_as_the_import_does(
    bring: Callable[..., Run], people: Callable[[], list[dict[str, Any]]]
) -> None:
    """Custom fields cannot have the names of built-in ones, and two columns of a file never share a field."""
    sheet = "Name,Email,Code,Shoe size,Shoe-Size\nAnna,a@x.example,X1,38,39\n"
    rehearsed = [line.split()[-4] for line in bring(sheet, "--dry-run").lines[-3:]]
    bring(sheet)

    assert sorted(people()[0]["custom"]) == sorted(rehearsed) == ["code-2", "shoe-size", "shoe-size-2"]


def test_a_column_can_be_mapped_to_the_status(
    bring: Callable[..., Run], people: Callable[[], list[dict[str, Any]]]
) -> None:
    bring("Name,Email,Stand\nAnna,a@x.example,hot\n", "--map", "Stand=status")

    assert people()[0]["status"] == "hot"
