"""``crm import`` of deals and activities: their values, their links in any order of files, newer files, undo."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from support import dump

if TYPE_CHECKING:
    from collections.abc import Callable

    from support import Run

    Crm = Callable[..., Run]
    Bring = Callable[..., Run]

DEALS = (
    "Record Id,Deal Name,Stage,Amount,Currency,Closing Date,Account Name,Contact Name,Lead Source,Deal Owner,Tag\n"
    'z1,Tins,Proposal,"1,000.50",EUR,2027-01-31,Acme Tea,Asha Verma,Fair,Me,"big, north"\n'
    "z2,Doors,Closed Won,2000,USD,2026-01-31,Blue Door,,,Me,\n"
    "z3,Roof,Lost,,,,,Ravi Rao,,,\n"
)
CALLS = (
    "Record Id,Subject,Call Type,Contact Name,Call Start Time,Call Duration,Description,Call Result\n"
    "k1,About tins,Outbound,Asha Verma,2026-03-05 10:00:00,02:40,Talked,Connected\n"
    "k2,Again,Inbound,Asha Verma,2026-03-06 10:00:00,00:10,,No response/busy\n"
    "k3,Planned,Outbound,Asha Verma,2027-03-07 10:00:00,,,\n"
)
PEOPLE = "First Name,Last Name,Email,Company\nAsha,Verma,asha@acme.example,Acme Tea\nRavi,Rao,ravi@blue.example,\n"


@pytest.fixture
def book(crm: Crm) -> Callable[[], dict[str, Any]]:
    """The whole book as JSON."""
    return lambda: json.loads(crm("export", "--format", "json").out)


def of(found: list[dict[str, Any]], key: str, value: str) -> dict[str, Any]:
    (one,) = (each for each in found if each[key] == value)
    return one


def test_deals_come_in_with_all_their_values(bring: Bring, book: Callable[[], Any]) -> None:
    """Amounts, stages, ends, tags, unknown columns as custom fields; companies are made, people are not."""
    done = bring(DEALS)

    assert done.code == 0, done.err
    assert "3 read, 3 new, 0 changed, 0 same, 0 rejected [ch1]" in done.err
    whole = book()
    tins, doors, roof = (of(whole["deals"], "title", title) for title in ("Tins", "Doors", "Roof"))
    assert tins["amount"] == {"amount": "1000.50", "currency": "EUR"}
    assert (tins["stage"], tins["status"], tins["close"]) == ("Proposal", "open", "2027-01-31")
    assert (tins["source"], tins["tags"], tins["custom"]) == ("Fair", ["big", "north"], {"deal-owner": "Me"})
    assert tins["company"]["name"] == "Acme Tea"
    assert (doors["status"], doors["stage"], doors["closed"][:10]) == ("won", "Closed Won", "2026-01-31")
    assert (roof["status"], roof["stage"]) == ("lost", "Lead")
    assert [each["name"] for each in whole["companies"]] == ["Acme Tea", "Blue Door"]
    assert whole["contacts"] == []


def test_a_stage_of_the_end_does_not_crowd_the_board(bring: Bring, crm: Crm) -> None:
    bring(DEALS)

    shown = {each["name"]: each["archived"] for each in crm("stage", "list", "--json").json}

    assert shown["Closed Won"] is True
    assert shown["Proposal"] is False


def test_a_link_waits_until_its_person_comes(bring: Bring, crm: Crm) -> None:
    """The import counts what waits, the deal shows it, and the file of people resolves it."""
    done = bring(DEALS)
    assert "2 links wait for people, companies or deals that are not in the book yet" in done.err
    assert "Asha Verma  not in the book yet" in crm("deal", "show", "d1").out

    bring(PEOPLE)

    shown = crm("deal", "show", "d1", "--json").json
    assert [each["name"] for each in shown["people"]] == ["Asha Verma"]
    assert shown["pending"] == []


def test_activities_are_done_or_planned_by_what_their_rows_say(bring: Bring, book: Callable[[], Any]) -> None:
    """A call of the past is done, one of the future is planned; direction, duration and outcome are crm's."""
    bring(PEOPLE)
    bring(CALLS)

    found = book()["activities"]
    first, second, third = (of(found, "subject", subject) for subject in ("About tins", "Again", "Planned"))
    assert (first["kind"], first["status"], first["direction"], first["outcome"]) == ("call", "done", "out", "reached")
    assert (first["minutes"], first["body"], first["reach"]) == (3, "Talked", "reach")
    assert (second["direction"], second["outcome"], second["reach"]) == ("in", "no-answer", "attempt")
    assert (third["status"], third["due"][:10]) == ("open", "2027-03-07")
    assert [each["name"] for each in first["people"]] == ["Asha Verma"]


@pytest.mark.parametrize("text", [DEALS, CALLS], ids=["deals", "calls"])
def test_the_same_file_again_changes_nothing(text: str, bring: Bring, book_path: Path) -> None:
    bring(text)
    before = dump(book_path)

    done = bring(text)

    assert "3 read, 0 new, 0 changed, 3 same, 0 rejected\n" in done.err
    assert dump(book_path) == before


def test_a_newer_file_changes_what_it_changed_and_keeps_what_the_user_changed(bring: Bring, crm: Crm) -> None:
    """The stage moves on, the user's amount stays and is said, and what the file lacks is not blanked."""
    bring(DEALS)
    crm("deal", "edit", "d1", "amount=1200 EUR")

    done = bring(DEALS.replace("Proposal", "Negotiation").replace("1,000.50", "1,100").replace("2027-01-31", ""))

    assert "0 new, 1 changed, 2 same" in done.err
    assert "d1 Tins: amount was changed in the file and here; kept as it is here" in done.err
    shown = crm("deal", "show", "d1", "--json").json
    assert (shown["stage"], shown["amount"]["amount"], shown["close"]) == ("Negotiation", "1200.00", "2027-01-31")


def test_a_newer_file_with_more_columns_updates_the_same_deals(bring: Bring, book: Callable[[], Any]) -> None:
    bring("Record Id,Deal Name,Stage\nz1,Tins,Proposal\nz2,Doors,Proposal\n")

    bring("Record Id,Deal Name,Stage,Amount\nz1,Tins,Proposal,5 EUR\nz2,Windows,Proposal,7 EUR\n")

    assert [(each["title"], each["stage"]) for each in book()["deals"]] == [
        ("Tins", "Proposal"),
        ("Doors", "Proposal"),
        ("Windows", "Proposal"),
    ]


@pytest.mark.parametrize("text", [DEALS, CALLS], ids=["deals", "calls"])
def test_undo_takes_back_the_file_and_redo_brings_it_again(text: str, bring: Bring, crm: Crm, book_path: Path) -> None:
    bring(PEOPLE)
    before = dump(book_path)
    bring(text)
    after = dump(book_path)

    assert crm("undo", "ch2").code == 0
    assert dump(book_path) == before
    assert crm("redo", "ch2").code == 0
    assert dump(book_path) == after


def test_undo_of_the_people_makes_their_links_wait_again(bring: Bring, crm: Crm, book_path: Path) -> None:
    bring(DEALS)
    before = dump(book_path)
    bring(PEOPLE)

    assert crm("undo", "ch2").code == 0

    assert dump(book_path) == before


def test_a_whole_book_with_items_goes_out_and_comes_back_equal(
    bring: Bring, crm: Crm, tmp_path: Path, book_path: Path
) -> None:
    """Tags, custom fields, keys and waiting links are in the JSON of the book."""
    bring(DEALS)
    bring(CALLS)
    crm("export", "--format", "json", "--output", str(tmp_path / "book.json"))
    other = tmp_path / "other.crm"

    assert crm("--book", str(other), "import", str(tmp_path / "book.json")).code == 0

    assert dump(other) == dump(book_path)


FILES = {
    "Account.csv": (
        "Id,IsDeleted,Name,Phone,Industry\n001Dn00000A1AAAIA3,false,Acme Tea,+49 30 1234567,Food\n"
        "001Dn00000A2BBBIA3,false,Blue Door,,\n"
    ),
    "Contact.csv": (
        "Id,IsDeleted,AccountId,LastName,FirstName,Email\n"
        "003Dn00000C1AAAIA3,false,001Dn00000A1AAAIA3,Verma,Asha,asha@acme.example\n"
        "003Dn00000C2BBBIA3,false,001Dn00000A2BBBIA3,Rao,Ravi,ravi@blue.example\n"
    ),
    "Opportunity.csv": (
        "Id,IsDeleted,AccountId,Name,StageName,Amount,CloseDate,IsClosed,IsWon,CurrencyIsoCode\n"
        "006Dn00000O1AAAIA3,false,001Dn00000A1AAAIA3,Tins,Proposal,1000,2027-01-31,false,false,EUR\n"
        "006Dn00000O2BBBIA3,false,001Dn00000A2BBBIA3,Doors,Closed Won,2000,2026-01-31,true,true,EUR\n"
        "006Dn00000O3CCCIA3,true,001Dn00000A2BBBIA3,Deleted,Proposal,2000,2026-01-31,true,true,EUR\n"
    ),
    "Task.csv": (
        "Id,WhoId,WhatId,Subject,ActivityDate,Status,Priority,Description,Type,IsDeleted,IsClosed\n"
        "00TDn00000T1AAAIA3,003Dn00000C1AAAIA3,006Dn00000O1AAAIA3,Call Asha,2026-02-05,Completed,,hi,Call,false,true\n"
        "00TDn00000T2BBBIA3,003Dn00000C2BBBIA3,001Dn00000A2BBBIA3,Offer,2027-02-01,Not Started,High,,,false,false\n"
    ),
}


def names(found: list[dict[str, Any]]) -> list[str]:
    return sorted(each["name"] for each in found)


@pytest.mark.parametrize("order", list(itertools.permutations(FILES))[::4], ids="-".join)
def test_links_by_key_are_made_in_every_order_of_files(
    order: tuple[str, ...], crm: Crm, tmp_path: Path, book: Callable[[], Any]
) -> None:
    """Contacts to accounts, opportunities to accounts, tasks to all three; a deleted row is not imported."""
    for name in order:
        (tmp_path / name).write_text(FILES[name], encoding="utf-8")
        assert crm("import", str(tmp_path / name)).code == 0

    whole = book()
    assert {each["name"]: each["company"] for each in whole["contacts"]} == {
        "Asha Verma": "Acme Tea",
        "Ravi Rao": "Blue Door",
    }
    assert {each["title"]: each["company"]["name"] for each in whole["deals"]} == {
        "Tins": "Acme Tea",
        "Doors": "Blue Door",
    }
    call, offer = (of(whole["activities"], "subject", subject) for subject in ("Call Asha", "Offer"))
    assert (call["deal"]["title"], names(call["people"])) == ("Tins", ["Asha Verma"])
    assert (offer["company"]["name"], names(offer["people"]), offer["priority"]) == ("Blue Door", ["Ravi Rao"], "high")
    assert not any(each["pending"] for each in (*whole["contacts"], *whole["deals"], *whole["activities"]))


def test_a_small_number_is_a_key_only_with_the_name_beside_it(bring: Bring, book: Callable[[], Any]) -> None:
    """Two products count their records from 1: the name decides which is meant."""
    bring("ID,Name,Email\n1,Asha Verma,asha@x.example\n2,Ravi Rao,ravi@x.example\n")

    bring(
        "Deal - ID,Deal - Title,Deal - Contact person,Deal - Contact person ID\n"
        "1,Tins,Meera Iyer,2\n2,Doors,Ravi Rao,2\n"
    )

    found = {each["title"]: (names(each["people"]), len(each["pending"])) for each in book()["deals"]}
    assert found == {"Tins": ([], 1), "Doors": (["Ravi Rao"], 0)}


def test_a_person_beside_a_deal_comes_in_once(bring: Bring, book: Callable[[], Any]) -> None:
    """Columns of a person with an e-mail make that person, or find them; the deal is linked to them."""
    text = (
        "Deal - ID,Deal - Title,Deal - Value,Deal - Contact person,Person - Email - Work\n"
        "1,Tins,5 EUR,Asha Verma,asha@acme.example\n2,Doors,6 EUR,Asha Verma,asha@acme.example\n"
    )

    done = bring(text)

    assert "1 person came with them" in done.err
    assert [names(each["people"]) for each in book()["deals"]] == [["Asha Verma"], ["Asha Verma"]]
    assert names(book()["contacts"]) == ["Asha Verma"]


def test_messages_are_linked_to_the_other_side(bring: Bring, book: Callable[[], Any]) -> None:
    """Who is named in every message is the user."""
    bring(
        "CONVERSATION ID,FROM,SENDER PROFILE URL,TO,DATE,SUBJECT,CONTENT\n"
        "1,Asha Verma,https://www.linkedin.com/in/asha,Me Myself,2026-01-02 10:11:12 UTC,,Hello <b>there</b>\n"
        "2,Me Myself,https://www.linkedin.com/in/me,Ravi Rao,2026-01-03 10:11:12 UTC,,Hi\n"
    )

    first, second = book()["activities"]
    assert (first["kind"], first["direction"], first["at"]) == ("message", "in", "2026-01-02T15:41:12+05:30")
    assert (first["subject"], first["pending"][0]["name"]) == ("Hello there", "Asha Verma")
    assert (second["direction"], second["pending"][0]["name"]) == ("out", "Ravi Rao")


def test_an_invitation_adds_the_profile_of_its_person(bring: Bring, crm: Crm) -> None:
    at = "https://www.linkedin.com/in/"
    rows = "".join(
        f"{name},Me Myself,2024-01-0{day} 10:00:00,Hello,INCOMING,{at}{key},{at}me\n"
        for day, (name, key) in enumerate((("Asha Verma", "asha-v"), ("Ravi Rao", "ravi"), ("Mia Lee", "mia")), 1)
    )
    invitations = "From,To,Sent At,Message,Direction,inviterProfileUrl,inviteeProfileUrl\n" + rows
    bring(PEOPLE)
    bring(invitations, "Invitations.csv")

    social = {card["name"]: [each["value"] for each in card["social"]] for card in crm("list", "--json").json}
    assert social == {"Asha Verma": [f"{at}asha-v"], "Ravi Rao": [f"{at}ravi"]}
    crm("edit", "asha", f"social-={at}asha-v")
    bring(invitations, "Invitations.csv")
    assert crm("show", "asha", "--json").json["social"] == []


def test_an_amount_that_is_none_is_said_and_kept(bring: Bring, crm: Crm) -> None:
    done = bring("Deal Name,Stage,Amount\nTins,Proposal,a lot\nDoors,Proposal,5\n")

    assert done.code == 0
    assert "line 2: Amount: 'a lot' is not an amount" in done.err
    assert "no column for the currency; none is configured; amounts have none (XXX)" in done.err
    assert crm("deal", "show", "d1", "--json").json["custom"] == {"amount": "a lot"}


def test_money_in_many_notations(bring: Bring, crm: Crm) -> None:
    cells = ("1.234,50 €", "1,234.50 USD", "1 234,50 EUR", "CHF 1'234.50", "₹ 1,23,450.00", "(500.00) EUR", "twelve")
    rows = "".join(f"D{number};{cell};Lead;31.12.2026\n" for number, cell in enumerate(cells))
    done = bring("Deal Name;Amount;Deal Stage;Close Date\n" + rows)

    deals = {deal["title"]: deal for deal in crm("deal", "list", "--json").json}
    assert [tuple((deals[f"D{number}"]["amount"] or {}).values()) for number in range(7)] == [
        ("1234.50", "EUR"), ("1234.50", "USD"), ("1234.50", "EUR"), ("1234.50", "CHF"), ("123450.00", "INR"), (), (),
    ]  # fmt: skip
    assert (deals["D5"]["custom"], deals["D6"]["custom"]) == ({"amount": "(500.00) EUR"}, {"amount": "twelve"})
    assert "must not be negative; kept as a custom field" in done.err


def test_a_row_without_anything_is_rejected(bring: Bring, tmp_path: Path) -> None:
    done = bring("Deal Name,Stage,Amount\nTins,Proposal,5 EUR\n,Proposal,5 EUR\n")

    assert done.code == 5
    assert "Proposal,5 EUR" in (tmp_path / "list.csv.rejects").read_text(encoding="utf-8")


def test_map_changes_a_column_of_a_deal(bring: Bring, book: Callable[[], Any]) -> None:
    bring("Deal Name,Stage,Amount,Remarks\nTins,Proposal,5 EUR,call first\n", "--map", "Remarks=notes")

    assert book()["deals"][0]["notes"] == "call first"


@pytest.mark.parametrize("field", ["amount", "value"])
def test_map_knows_the_fields_that_only_deals_have(field: str, bring: Bring, book: Callable[[], Any]) -> None:
    bring("Deal Name,Stage,Umfang,Account Name\nRoof,Proposal,1200 EUR,Acme\n", "--map", f"Umfang={field}")

    (roof,) = book()["deals"]
    assert roof["amount"] == {"amount": "1200.00", "currency": "EUR"}


def test_map_to_a_field_of_deals_is_refused_for_people(bring: Bring) -> None:
    done = bring("Name,Email,Score\nAsha,a@x.in,12\n", "--map", "Score=amount")

    assert done.code == 2
    assert "no field 'amount'" in done.err


def test_an_exclamation_mark_is_a_high_priority(bring: Bring, book: Callable[[], Any]) -> None:
    bring("Task Subject,Due Date,Priority,Status\nSend the quote,2027-01-31,!,Open\nCall,2027-02-01,,Open\n")

    assert {each["subject"]: each["priority"] for each in book()["activities"]} == {
        "Send the quote": "high",
        "Call": "",
    }


def test_a_deal_is_found_by_its_own_tag_and_field_and_by_its_peoples(bring: Bring, crm: Crm) -> None:
    """``tag:`` and a custom field of a deal list ask the deal and its people."""
    bring(PEOPLE)
    bring(DEALS)
    crm("tag", "2", "+vip")

    assert crm("deal", "list", "tag:north", "--format", "ids").lines == ["d1"]
    assert crm("deal", "list", "deal-owner:Me", "--format", "ids").lines == ["d1"]
    assert crm("deal", "list", "tag:vip", "status:lost", "--format", "ids").lines == ["d3"]


def test_hostile_cells_stay_text(bring: Bring, crm: Crm) -> None:
    done = bring("Deal Name,Stage,Amount,Contact Name\n\x1b[31m[bold]x,\x1b]0;t\x07Stage,5 EUR,'=cmd|x\n")

    assert done.code == 0
    shown = crm("deal", "show", "d1")
    assert "\x1b" not in shown.out + done.err


def test_our_own_tables_come_back(bring: Bring, crm: Crm, tmp_path: Path, book_path: Path) -> None:
    """Into the same book they change nothing, into an empty one they bring deals and activities with their links."""
    bring(PEOPLE)
    bring(DEALS)
    bring(CALLS)
    folder = tmp_path / "out"
    folder.mkdir()
    assert crm("export", "--format", "csv", "--output", f"{folder}/").code == 0
    before = dump(book_path)

    again = crm("import", str(folder))

    assert again.code == 0, again.err
    assert dump(book_path) == before
    other = str(tmp_path / "other.crm")
    assert crm("--book", other, "import", str(folder)).code == 0
    whole = json.loads(crm("--book", other, "export", "--format", "json").out)
    tins = of(whole["deals"], "title", "Tins")
    assert (tins["amount"]["amount"], tins["stage"], names(tins["people"])) == ("1000.50", "Proposal", ["Asha Verma"])
    assert [each["subject"] for each in whole["activities"]] == ["About tins", "Again", "Planned"]
    assert len(whole["contacts"]) == 2


def test_rows_marked_as_deleted_are_skipped_and_counted(bring: Bring, book: Callable[[], Any]) -> None:
    """Of people as well as of deals (Salesforce's Data Export has them)."""
    people = bring("Id,IsDeleted,LastName,FirstName,Email\n1,false,Verma,Asha,a@x.in\n2,true,Gone,Gil,g@x.in\n")
    deals = bring("Id,IsDeleted,Name,StageName,Amount\n7,true,Old,Proposal,5 EUR\n8,0,New,Proposal,5 EUR\n")

    for done in (people, deals):
        assert "skipped 1 row that the file marks as deleted, merged or a draft" in done.err
        assert "1 read, 1 new" in done.err
    assert (names(book()["contacts"]), [each["title"] for each in book()["deals"]]) == (["Asha Verma"], ["New"])


def test_the_currency_of_an_amount_can_be_in_its_heading(bring: Bring, crm: Crm) -> None:
    done = bring("Deal Name,Stage,Amount (USD)\nTins,Proposal,5\n")

    assert "no column for the currency" not in done.err
    assert [each["amount"]["currency"] for each in crm("deal", "list", "--json").json] == ["USD"]


def test_a_type_of_person_or_organisation_decides_row_by_row(bring: Bring, crm: Crm) -> None:
    bring(
        "ID,Type,Name,Email Address\n1,Organisation,Acme Tea,office@acme.example\n2,Person,Asha Verma,a@acme.example\n"
    )

    assert [each["name"] for each in crm("list", "--json").json] == ["Asha Verma"]
    assert [each["name"] for each in crm("company", "list", "--json").json] == ["Acme Tea"]
