"""Reading CSV: whose it is, what each column means, what damage is undone, what a bad row costs."""

from __future__ import annotations

import json

import pytest
from formats_support import drafts, everything, problems, source

from crm_cli.core.records import Address, Draft, NameParts, Problem
from crm_cli.errors import FormatError, UsageError
from crm_cli.formats import profiles

GOOGLE = "First Name,Middle Name,Last Name,Phonetic First Name,File As,Organization Name,Organizati"
GOOGLE += "on Title,Birthday,Notes,Labels,"
GOOGLE += "E-mail 1 - Label,E-mail 1 - Value,Phone 1 - Label,Phone 1 - Value,Address 1 - Label,Address 1 - Formatted,"
GOOGLE += "Address 1 - Street,Address 1 - City,Event 1 - Label,Event 1 - Value,Custom Field 1 - Labe"
GOOGLE += "l,Custom Field 1 - Value\n"
GERMAN = (
    "Anrede;Vorname;Nachname;Firma;Position;Straße geschäftlich;Ort geschäftlich;Telefon geschäftlich;Mobiltelefon;"
)
GERMAN += "E-Mail-Adresse;E-Mail-Typ;E-Mail: Angezeigter Name;Geburtstag;Kategorien;Ort;Priorität;Privat\n"


def points(draft: Draft) -> list[tuple[str, str, str, bool]]:
    return [(each.kind, each.value, each.label, each.preferred) for each in draft.points]


def test_google_with_stars_joined_values_and_labels():
    row = "Grace,,Hopper,,,US Navy,Admiral, --12-09,hi,* myContacts ::: Navy ::: * starred,* Work,g@"
    row += "navy.example ::: h@navy.example,"
    row += (
        'Privat,+1 555 ::: +1 666,Home,"1 Main St\nArlington",1 Main St,Arlington,Anniversary,2001-02-03,Boat,Sloop\n'
    )
    opened = source(GOOGLE + row)
    (found,) = opened.records

    assert opened.profile == "google"
    assert (found.name, found.company, found.title, found.birthday) == ("Grace Hopper", "US Navy", "Admiral", "--12-09")
    assert found.tags == ("Navy", "starred")
    assert points(found) == [
        ("email", "g@navy.example", "work", True),
        ("email", "h@navy.example", "work", True),
        ("phone", "+1 555", "Privat", False),
        ("phone", "+1 666", "Privat", False),
    ]
    assert found.addresses == (Address("1 Main St", locality="Arlington", label="home"),)
    assert (found.anniversary, found.custom) == ("2001-02-03", (("Boat", "Sloop"),))


def test_a_row_with_a_company_only_is_a_company():
    (found,) = drafts(GOOGLE + ",,,,,Acme,,,,,,info@acme.example,,,,,,,,,,\n")

    assert (found.kind, found.name, found.company) == ("company", "Acme", "")


def test_somebodys_mailbox_at_a_company_is_a_person():
    (found,) = drafts("Company,Email\nAcme,joe.doe@acme.example\n")

    assert (found.kind, found.name, found.company) == ("person", "Acme", "Acme")


def test_old_google():
    header = "Name,Given Name,Additional Name,Family Name,Group Membership,E-mail 1 - Type,E-mail 1 - V"
    header += "alue,Organization 1 - Name,"
    opened = source(header + "Sensitivity\nx,Joe,,Doe,* My Contacts ::: A,* ,j@x,Acme,Normal\n")
    (found,) = opened.records

    assert (opened.profile, found.name, found.tags, found.company) == ("google-old", "x", ("A",), "Acme")
    assert points(found) == [("email", "j@x", "", True)]
    assert found.custom == ()


def test_german_outlook_in_its_code_page():
    row = "Frau;Käthe;Groß;König KG;Leiterin;Weg 1;Köln;+49 221 1;0170 2;/o=ORG/cn=KG;EX;Käthe (k@g."
    row += "example);31.01.1980;A;Haus 3;Normal;Wahr\n"
    opened = source((GERMAN + row).encode("cp1252"))
    (found,) = opened.records

    assert (opened.profile, opened.encoding, opened.delimiter) == ("outlook-de", "cp1252", ";")
    assert found.parts == NameParts("Frau", "Käthe", "", "Groß")
    assert (found.company, found.title, found.birthday) == ("König KG", "Leiterin", "1980-01-31")
    assert points(found) == [
        ("phone", "+49 221 1", "work", False),
        ("phone", "0170 2", "mobile", False),
        ("email", "k@g.example", "", False),
    ]
    assert found.addresses == (Address("Weg 1", locality="Köln", label="work"),)
    assert found.tags == ("A", "private")
    assert found.custom == (("Ort", "Haus 3"),)


def test_the_header_tells_the_code_page():
    header = "Imię,Nazwisko,Firma,Adres e-mail,Telefon służbowy,Adres służbowy - miejscowość\n"
    opened = source((header + "Łukasz,Żak,,l@z.example,1,Łódź\n").encode("cp1250"))
    (found,) = opened.records

    assert (opened.profile, opened.encoding, found.name) == ("outlook-pl", "cp1250", "Łukasz Żak")


def test_french_outlook_has_two_columns_of_one_name():
    header = "Titre,Prénom,Nom,Société ,Titre,Adresse de messagerie,Rue (bureau)\n"
    (found,) = drafts(header + "Mme,Anne,Roy,Acme,Chef,a@x,Rue 1\n")

    assert (found.parts.prefix, found.title, found.company) == ("Mme", "Chef", "Acme")


def test_english_outlook_title_is_the_honorific_and_defaults_are_dropped():
    header = "Title,First Name,Last Name,Job Title,E-mail Address,E-mail Type,Business Street,Business "
    header += "Street 2,Birthday,Priority,Spouse\n"
    opened = source(header + "Dr.,Joe,Doe,Cook,j@x,SMTP,Road 1,Floor 2,0/0/00,Normal,Jane\n")
    (found,) = opened.records

    assert (opened.profile, found.parts.prefix, found.title, found.birthday) == ("outlook", "Dr.", "Cook", None)
    assert found.addresses[0].street == "Road 1\nFloor 2"
    assert found.custom == (("Spouse", "Jane"),)


def test_outlook_com():
    header = "First Name,Last Name,Given Yomi,Surname Yomi,E-mail Address,E-mail 2 Address,Mobile Phone"
    header += ",Personal Web Page,Schools\n"
    opened = source(header + "Joe,Doe,,,j@x,k@x,1,http://j,MIT\n")
    (found,) = opened.records

    assert opened.profile == "outlook-com"
    assert [each.value for each in found.points] == ["j@x", "k@x", "1", "http://j"]
    assert found.custom == (("Schools", "MIT"),)


def test_linkedin_below_its_preamble():
    text = 'Notes:\n"When exporting, some ""addresses"" may be\nmissing."\n\nFirst Name,Last Name,URL'
    text += ",Email Address,Company,Position,Connected On\n"
    text += "Ada,Lovelace,https://www.linkedin.com/in/ada,,Engines,Programmer,02 Jan 2024\n,,,,,,\n,,,,,,01 Jan 2023\n"

    found, rejected = everything(text)

    assert (found.name, found.company, found.title, found.line) == ("Ada Lovelace", "Engines", "Programmer", 6)
    assert found.uid == found.points[0].value == "https://www.linkedin.com/in/ada"
    assert (found.points[0].kind, found.points[0].service) == ("social", "linkedin")
    assert found.custom == (("linkedin_connected", "2024-01-02"),)
    assert (rejected.rejected, rejected.line) == (True, 8)


@pytest.mark.parametrize(
    ("header", "row", "field", "value"),
    [
        ("Vorname;Nachname;E-Mail", "Jo;Groß;j@x", "name", "Jo Groß"),
        ("Name;Vorname;Telefon", "Groß;Jo;1", "name", "Jo Groß"),
        ("nombre,correo electrónico", "Ana Paz,a@x", "name", "Ana Paz"),
        ("nombre,apellidos,correo", "Ana,Paz,a@x", "name", "Ana Paz"),
        ("Nom,Prénom,Courriel", "Roy,Anne,a@x", "name", "Anne Roy"),
        ("full_name|email", "Jo Doe|j@x", "name", "Jo Doe"),
        ("Name\tE-Mail", "Jo\tj@x", "name", "Jo"),
        ("FirstName,LastName,Email", "Jo,Doe,j@x", "name", "Jo Doe"),
        ("Name,Position,Email", "Jo,Cook,j@x", "title", "Cook"),
        ("Name,Tags,Email", "Jo,a; b,j@x", "tags", ("a", "b")),
        ("Record ID,Name,Email", "7,Jo,j@x", "uid", "7"),
        (
            "Name,Date of Birth,Email",
            "Jo,January 2, 1980,j@x".replace("January 2, 1980", '"January 2, 1980"'),
            "birthday",
            "1980-01-02",
        ),
        ("Name,Birthday,Email", "Jo,7-Feb-82,j@x", "birthday", "1982-02-07"),
        ("Name,Email,Owner", "Jo,j@x,Sue", "custom", (("Owner", "Sue"),)),
        ("Name,Email,Manager's Phone", "Jo,j@x,1", "custom", (("Manager's Phone", "1"),)),
        ("氏名,email", "山田,y@x", "name", "山田"),
        ("Person - Name,Person - Email - Work,Organization - Name,Deal - Title", "Jo,j@x,Acme,D", "company", "Acme"),
    ],
)
def test_headers_of_anybody(header: str, row: str, field: str, value: object):
    (found,) = drafts(f"{header}\n{row}\n")

    assert getattr(found, field) == value


@pytest.mark.parametrize(
    ("header", "shown"),
    [
        ("Work Email", "email:work"),
        ("Email (Home)", "email:home"),
        ("Email - Work", "email:work"),
        ("E-Mail 2", "email"),
        ("email_2", "email"),
        ("Mobile", "phone:mobile"),
        ("Work Fax", "phone:work fax"),
        ("Phone Number", "phone"),
        ("Telefon privat", "phone:home"),
        ("Home City", "locality:home"),
        ("Billing Street", "street:work"),
        ("ZIP/Postal Code", "code"),
        ("LinkedIn URL", "social:linkedin"),
        ("Favourite colour", "custom:Favourite colour"),
    ],
)
def test_labels_in_headers(header: str, shown: str):
    assert dict(source(f"Name,Email,{header}\nJo,j@x,1\n").mapping).get(header) == shown


def test_day_and_month_are_told_by_the_column():
    assert [each.birthday for each in drafts("Name,Birthday\nA,3/4/1980\nB,25/4/1980\n")] == [
        "1980-04-03",
        "1980-04-25",
    ]
    assert [each.birthday for each in drafts("Name,Birthday\nA,3/4/1980\nB,4/25/1980\n")] == [
        "1980-03-04",
        "1980-04-25",
    ]


def test_days_that_cannot_be_told_are_guessed_aloud():
    opened = source("Name;Birthday\nA;3/4/1980\n")

    assert next(opened.records).birthday == "1980-04-03"
    assert "--date-order" in opened.warnings[0]
    assert drafts("Name;Birthday\nA;3/4/1980\n", date_order="mdy")[0].birthday == "1980-03-04"


def test_dates_that_contradict_each_other_stay_text():
    opened = source("Name,Birthday\nA,3/4/1980\nB,25/4/1980\nC,4/25/1980\n")
    found = [each for each in opened.records if isinstance(each, Draft)]

    assert opened.warnings
    assert found[0].birthday is None
    assert found[0].custom == (("Birthday", "3/4/1980"),)


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("'+49 30 1", "+49 30 1"),
        ('"=""00123"""', "00123"),
        ("\u200d+1", "+1"),
        ("'s-Hertogenbosch", "'s-Hertogenbosch"),
        ("4.47912E+11", "4.47912E+11"),
    ],
)
def test_guards_of_other_programs_are_undone(cell: str, value: str):
    assert drafts(f"Name,Phone\nJo,{cell}\n")[0].points[0].value == value


def test_long_rows_keep_their_excess_and_short_rows_are_padded():
    doubt, long, short = everything("Name,Email,City\nJo,j@x,Ulm,more,,even\nAl,a@x\n")

    assert isinstance(doubt, Problem)
    assert not doubt.rejected
    assert long.custom == (("extra_1", "more"), ("extra_3", "even"))
    assert short.points[0].value == "a@x"


def test_a_row_about_nobody_is_rejected_with_its_cells():
    (problem,) = problems("Name,Email,City\n,,Ulm\n,,\n")

    assert (problem.line, problem.rejected, problem.raw) == (2, True, ("", "", "Ulm"))


def test_footers_end_the_table():
    assert len(drafts("Name,Email,City\nJo,j@x,\n\nGrand Totals (1 record),,\nConfidential Information,,\n")) == 1


def test_lines_are_counted_through_cells_of_several_lines():
    found = drafts('sep=,\nName,Notes,Email\n"Jo","a\nb\nc",j@x\nAl,,a@x\n')

    assert [each.line for each in found] == [3, 6]
    assert found[0].notes == "a\nb\nc"


def test_a_quote_that_never_closes_costs_its_line_only():
    rows = "".join(f"N{number},n{number}@x,Ulm\n" for number in range(50))
    found = everything(f'Name,Email,City\nJo,"j@x,Ulm\n{rows}')

    assert sum(isinstance(each, Draft) for each in found) >= 51
    assert next(each.line for each in found if isinstance(each, Problem)) == 2


def test_the_user_decides_the_mapping():
    opened = source(
        "a,b,c,d\nJo,j@x,secret,blue\n", mapping=(("a", "name"), ("b", "email:work"), ("c", "-"), ("d", "custom"))
    )
    (found,) = opened.records

    assert opened.mapping == (("a", "name"), ("b", "email:work"), ("c", "-"), ("d", "custom:d"))
    assert (found.name, found.points[0].label, found.custom) == ("Jo", "work", (("d", "blue"),))


@pytest.mark.parametrize("mapping", [(("nope", "name"),), (("a", "colour"),)])
def test_a_wrong_mapping_is_a_usage_error(mapping: tuple[tuple[str, str], ...]):
    with pytest.raises(UsageError):
        source("a,b\nJo,j@x\n", mapping=mapping)


@pytest.mark.parametrize(
    "option", [{"encoding": "klingon"}, {"delimiter": "ab"}, {"profile": "x"}, {"date_order": "ymd"}]
)
def test_wrong_options_are_usage_errors(option: dict[str, str]):
    with pytest.raises(UsageError):
        source("Name,Birthday\nJo,1980-01-01\n", **option)


def test_options_are_followed():
    text = "Name!Email\nJörg!j@x\n".encode("cp850")
    opened = source(text, encoding="cp850", delimiter="!", profile="generic")

    assert (opened.encoding, opened.delimiter, next(opened.records).name) == ("cp850", "!", "Jörg")


def test_what_cannot_be_decoded_is_counted():
    opened = source(b"Name,Email\nJ\x81,j@x\n", encoding="cp1252")

    assert "1 character could not be read as cp1252 (the first in line 2" in opened.warnings[0]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_unicode_encodings(encoding: str):
    assert drafts("Name,Email\n山田,y@x\n".encode(encoding))[0].name == "山田"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b" \n\n", "empty"),
        (b"PK\x03\x04....xl/workbook.xml", "zip"),
        (b"PK\x03\x04....", "zip"),
        (b"SQLite format 3\0....", "SQLite"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Office"),
        (b"%PDF-1.7", "PDF"),
        (b"\x89PNG\r\n", "image"),
        (b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "calendar"),
        (b"<!DOCTYPE html><html>", "web page"),
        (b'{"a": 1}', "JSON"),
        (b"just a few words\nand more\n", "no address book"),
        (b"a,b,c\n1,2,3\n", "no address book"),
        (b"Name\nJo\n", "no address book"),
        (b"SKU,Product Name,Unit Price\n1,Tin,5\n", "products"),
        (b"Invoice Number,Invoice Date,Company,Total\n1,2020-01-01,Acme,5\n", "invoices"),
        (bytes(range(256)) * 4, "no address book"),
    ],
)
def test_what_is_no_address_book_is_refused_in_one_line(data: bytes, words: str):
    with pytest.raises(FormatError, match=words) as caught:
        source(data)

    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("data", "listed"),
    [
        (b"Name,StageName,Amount,CloseDate\nBig deal,Won,5,2020-01-01\n", "deals"),
        (b"Deal - Title,Deal - Value,Deal - Stage,Deal - ID,Person - Email\nBig,5,Won,1,a@x.in\n", "deals"),
        (b"Subject,Call Type,Call Purpose,Contact Name\nHello,Outbound,Demo,Ada\n", "activities"),
        (b"Record ID,Note body,Activity date\n1,Hello,2020-01-01\n", "notes"),
    ],
)
def test_deals_and_activities_are_items_and_not_people(data: bytes, listed: str):
    found = source(data)

    assert found.listed == listed
    assert len(list(found.items or ())) == 1
    assert not list(found.records)


def test_our_own_book_is_recognised_only():
    assert source('{"format": "crm-book", "contacts": []}').format == "book"


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("notes", ["", 'a, "b", {[\\', 'x\\"format": "crm-book', "," * 1_500_000, "é,ü " * 400_000])
def test_a_book_whose_keys_were_sorted_is_one(notes: str, indent: int | None) -> None:
    """Other programs (jq -S) sort keys, and then ours comes after megabytes of people."""
    people = [{"name": f"P{number}", "tags": ["a", "b"], "notes": notes} for number in range(3)]
    book = {"activities": people, "format": "crm-book", "version": 1}
    nested = {"activities": [{"format": "crm-book"}, {"x": book}], "version": 1}

    assert source(json.dumps(book, indent=indent, ensure_ascii=False)).format == "book"
    with pytest.raises(FormatError, match="not a book exported by crm"):
        source(json.dumps(nested, indent=indent, ensure_ascii=False))


@pytest.mark.parametrize("name", profiles.names())
def test_every_profile_loads_and_maps_to_fields_there_are(name: str):
    profile = profiles.named(name)

    from crm_cli.formats.csv.columns import SINGLES
    from crm_cli.formats.csv.headings import PLACES, POINTS

    known = SINGLES | POINTS | PLACES | {"tags", "custom", "-", "event", "relation", "field", "address", "consent"}
    targets = [target for several in profile.columns.values() for target in several]
    targets += [target for _, target in profile.groups]
    for target in targets:
        field = target.partition("#")[0].partition(":")[0]
        assert field in known or field.partition(".")[0] in known, target
