"""``crm export --for PRODUCT``: what each product imports, in its own columns, and what comes back of it."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support import Run

    Crm = Callable[..., Run]

PRODUCTS = ("google", "outlook", "hubspot", "salesforce", "pipedrive", "zoho", "thunderbird")

HEADS = {
    "google": "First Name,Middle Name,Last Name,Phonetic First Name,",
    "outlook": "Title,First Name,Middle Name,Last Name,Suffix,Company,Department,Job Title,Business Street,",
    "hubspot": "Salutation,First Name,Last Name,Email,",
    "salesforce": "Salutation,First Name,Middle Name,Last Name,Suffix,Title,Department,Account Name,",
    "pipedrive": "Person - Name,Person - First name,Person - Last name,Person - Organization,",
    "zoho": "Salutation,First Name,Last Name,Account Name,",
    "thunderbird": "First Name,Last Name,Display Name,Nickname,Primary Email,Secondary Email,Screen Name,Work Phone,",
}


@pytest.fixture
def asha(crm: Crm) -> Crm:
    """A person whose values every product has a column for, and one with little."""
    crm(
        "add", "Asha Rani Verma", "email.work=asha@acme.in", "phone.work=+91 20 2553 1234",
        "phone.mobile=+91 98200 12345", "company=Acme", "title=CTO", "street.work=12 MG Road", "city.work=Pune",
        "code.work=411001", "country.work=India", "birthday=1988-11-25", "notes=Likes tea.\nAnd =1+1",
    )  # fmt: skip
    crm("add", "李小龍", "email=lee@x.example")
    return crm


def exported(crm: Crm, product: str, path: Path, *words: str) -> list[dict[str, str]]:
    assert crm("export", "--for", product, "-o", str(path), *words).code == 0
    return list(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig"))))


def again(crm: Crm, path: Path, tmp_path: Path) -> list[dict[str, Any]]:
    """Import the file into an empty book; return the people."""
    book = str(tmp_path / "again.db")
    brought = crm("import", str(path), "--book", book)
    assert brought.code == 0, brought.err
    found: list[dict[str, Any]] = json.loads(crm("list", "--sort", "id", "--json", "--book", book).out)
    return found


@pytest.mark.parametrize("product", PRODUCTS)
def test_the_columns_are_those_of_the_product_in_its_order(asha: Crm, tmp_path: Path, product: str) -> None:
    exported(asha, product, tmp_path / "out.csv")

    assert (tmp_path / "out.csv").read_bytes().decode("utf-8-sig").startswith(HEADS[product])


@pytest.mark.parametrize("product", PRODUCTS)
def test_what_every_product_has_a_column_for_comes_back(asha: Crm, tmp_path: Path, product: str) -> None:
    exported(asha, product, tmp_path / "out.csv")

    first, second = again(asha, tmp_path / "out.csv", tmp_path)
    assert first["name"] == "Asha Rani Verma"
    assert first["name_parts"]["family"] == "Verma"
    assert [each["value"] for each in first["emails"]] == ["asha@acme.in"]
    assert {each["e164"] for each in first["phones"]} == {"+912025531234", "+919820012345"}
    assert "mobile" in [each["label"] for each in first["phones"]]
    assert (first["company"], first["title"], first["birthday"]) == ("Acme", "CTO", "1988-11-25")
    assert first["notes"] == "Likes tea.\nAnd =1+1"
    (address,) = first["addresses"]
    assert "12 MG Road" in address["street"]
    assert product == "pipedrive" or (address["locality"], address["code"]) == ("Pune", "411001")
    assert second["name"] == "李小龍"
    assert [each["value"] for each in second["emails"]] == ["lee@x.example"]


@pytest.mark.parametrize("product", PRODUCTS)
def test_an_export_without_losses_says_nothing_of_them(asha: Crm, tmp_path: Path, product: str) -> None:
    assert "not exported" not in asha("export", "--for", product, "-o", str(tmp_path / "out.csv")).err


@pytest.mark.parametrize("product", [each for each in PRODUCTS if each != "thunderbird"])
def test_tags_come_back(asha: Crm, tmp_path: Path, product: str) -> None:
    asha("tag", "1", "+client", "+vip")
    exported(asha, product, tmp_path / "out.csv")

    assert again(asha, tmp_path / "out.csv", tmp_path)[0]["tags"] == ["client", "vip"]


@pytest.mark.parametrize("product", ["hubspot", "salesforce", "pipedrive", "zoho"])
def test_who_must_not_be_mailed_is_so_there(asha: Crm, tmp_path: Path, product: str) -> None:
    asha("stop", "1", "email")
    exported(asha, product, tmp_path / "out.csv")

    assert again(asha, tmp_path / "out.csv", tmp_path)[0]["consent"]["email"]["state"] == "stopped"


@pytest.mark.parametrize("product", ["google", "hubspot", "salesforce", "pipedrive", "zoho", "thunderbird"])
def test_custom_fields_come_along(asha: Crm, tmp_path: Path, product: str) -> None:
    asha("field", "add", "size")
    asha("edit", "1", "size=XL")
    exported(asha, product, tmp_path / "out.csv")

    assert "XL" in str(again(asha, tmp_path / "out.csv", tmp_path)[0]["custom"])


def test_what_has_no_column_is_counted_in_one_line(asha: Crm, tmp_path: Path) -> None:
    asha("edit", "1", "phone+=1111111", "phone+=2222222", "phone+=3333333", "nickname=Ash", "birthday=--04-12")
    asha("stop", "2")

    told = asha("export", "--for", "outlook", "-o", str(tmp_path / "out.csv")).err.splitlines()
    (line,) = [each for each in told if each.startswith("not exported")]
    assert line.startswith("not exported, because outlook has no column for more: ")
    assert set(line.partition("more: ")[2].split(", ")) == {
        "2 phones", "1 nickname", "1 birthday without a year", "2 opt-outs",
    }  # fmt: skip


def test_former_addresses_are_not_exported(asha: Crm, tmp_path: Path) -> None:
    asha("job", "1", "Globex", "email=asha@globex.example")

    assert exported(asha, "google", tmp_path / "out.csv")[0]["E-mail 1 - Value"] == "asha@globex.example"


def test_google_labels_stars_and_numbers_its_groups(asha: Crm, tmp_path: Path) -> None:
    asha("edit", "1", "email.home+=a@home.in", "anniversary=2015-02-14", "social.linkedin=https://l.example/a")
    row = exported(asha, "google", tmp_path / "out.csv")[0]

    assert [row["E-mail 1 - Label"], row["E-mail 2 - Label"]] == ["Work", "Home"]
    assert row["Phone 2 - Label"] == "Mobile"
    assert (row["Event 1 - Label"], row["Event 1 - Value"]) == ("Anniversary", "2015-02-14")
    assert again(asha, tmp_path / "out.csv", tmp_path)[0]["anniversary"] == "2015-02-14"


def test_outlook_gets_its_byte_order_mark_its_days_and_three_lines_of_a_street(asha: Crm, tmp_path: Path) -> None:
    asha("edit", "1", "street.home=Flat 2\nRose House\n1 High Street\nNorth Wing")
    row = exported(asha, "outlook", tmp_path / "out.csv")[0]

    assert (tmp_path / "out.csv").read_bytes().startswith(b"\xef\xbb\xbfTitle,")
    assert len(row) == 92
    assert row["Birthday"] == "11/25/1988"
    assert [row["Home Street"], row["Home Street 2"], row["Home Street 3"]] == [
        "Flat 2", "Rose House", "1 High Street, North Wing",
    ]  # fmt: skip


def test_parts_of_an_address_without_a_column_go_into_the_street(asha: Crm, tmp_path: Path) -> None:
    (tmp_path / "in.vcf").write_text(
        "BEGIN:VCARD\nVERSION:3.0\nFN:Mia Moe\nN:Moe;Mia;;;\n"
        "ADR;TYPE=work:PO 7;Floor 2;1 Road;Goa;;403001;India\nEND:VCARD\n"
    )
    asha("import", str(tmp_path / "in.vcf"))

    assert exported(asha, "hubspot", tmp_path / "out.csv", "mia")[0]["Street Address"] == "PO 7\nFloor 2\n1 Road"
    outlook = exported(asha, "outlook", tmp_path / "o.csv", "mia")[0]
    assert (outlook["Business Address PO Box"], outlook["Business Street"]) == ("PO 7", "Floor 2")


@pytest.mark.parametrize("product", ["salesforce", "zoho"])
def test_a_last_name_is_never_missing_where_it_is_required(asha: Crm, tmp_path: Path, product: str) -> None:
    asha("add", "Madonna")

    row = exported(asha, product, tmp_path / "out.csv", "madonna")[0]
    assert (row["First Name"], row["Last Name"]) == ("", "Madonna")


@pytest.mark.parametrize("product", PRODUCTS)
def test_no_cell_runs_in_a_spreadsheet(crm: Crm, tmp_path: Path, product: str) -> None:
    crm("add", "=cmd|'/c calc'!A0", "company=@SUM(1)", "title=-2+3", "notes=+1-1", "email=a@x.in", "+tag")

    for row in exported(crm, product, tmp_path / "out.csv"):
        assert not [cell for cell in row.values() if cell[:1] in set("=+-@")]


@pytest.mark.parametrize("product", ["apple", "khard"])
def test_products_that_read_vcards_get_version_3(asha: Crm, tmp_path: Path, product: str) -> None:
    assert asha("export", "--for", product).out.splitlines()[:2] == ["BEGIN:VCARD", "VERSION:3.0"]
    assert asha("export", "--for", product, "-o", f"{tmp_path}/cards/").code == 0
    assert len(list((tmp_path / "cards").glob("*.vcf"))) == 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--for", "lotus"), "there is no product lotus"),
        (("--for", "google", "--format", "vcf"), "google does not import vcf"),
        (("--for", "google", "--columns", "name"), "--columns and --bom are for CSV"),
        (("--format", "json", "--bom"), "--columns and --bom are for CSV"),
        (("--format", "csv", "--columns", "wibble"), "there is no column wibble"),
    ],
)
def test_wrong_requests_are_refused_in_a_line(asha: Crm, words: tuple[str, ...], said: str) -> None:
    found = asha("export", *words)
    assert found.code == 2
    assert said in found.err


def test_a_file_of_the_product_itself_is_not_replaced_without_a_question(asha: Crm, tmp_path: Path) -> None:
    (tmp_path / "contacts.csv").write_text(HEADS["google"] + "\nmine\n")

    assert asha("export", "--for", "google", "-o", str(tmp_path / "contacts.csv")).code == 2
    assert "mine" in (tmp_path / "contacts.csv").read_text()


def test_columns_chooses_and_orders_and_bom_begins_the_file(asha: Crm, tmp_path: Path) -> None:
    asha("edit", "1", "email.home+=a@home.in", "+client")
    out = asha("export", "--format", "csv", "--columns", "tags,name,email,phone 1,status", "--bom", "city:pune").out

    assert (
        out.splitlines()[0] == ("\ufefftags,name,email 1,email 1 label,email 2,email 2 label,phone 1,phone 1 label")
        or out.splitlines()[0] == "\ufefftags,name,email 1,email 1 label,email 2,email 2 label,phone 1"
    )
    assert out.splitlines()[1].startswith("client,Asha Rani Verma,asha@acme.in,work,a@home.in,home,+91 20 2553 1234")


def test_tab_completes_every_product() -> None:
    from crm_cli.cli.export_products import CARDS
    from crm_cli.completion import verbs
    from crm_cli.formats.csv import products

    assert tuple(sorted({*CARDS, *products.known()})) == verbs.PRODUCTS
