"""``crm import`` of Monica's JSON export."""

from __future__ import annotations

import json

import pytest


def of(uuid, **properties):
    return {"uuid": uuid, "created_at": "2020-01-01T00:00:00Z", "properties": properties}


def block(kind, *values):
    return {"count": len(values), "type": kind, "values": list(values)}


def export(*contacts, relationships=(), more=()):
    return {
        "version": "1.0-preview.1",
        "app_version": "4.1.2",
        "account": {
            "uuid": "a1",
            "data": [block("contact", *contacts), block("relationship", *relationships), *more],
            "instance": {
                "contact_field_types": [
                    of("t1", name="Email", protocol="mailto:", type="email"),
                    of("t2", name="Phone", protocol="tel:", type="phone"),
                    of("t3", name="Twitter"),
                ],
                "genders": [of("g1", name="Woman")],
            },
        },
    }


ADA, BOB, EVE = (f"0d7c2d30-1b8e-4a8e-9a53-6b8f34c1a00{number}" for number in (1, 2, 3))


@pytest.fixture
def bring(crm, tmp_path):
    def run(data):
        path = tmp_path / "monica.json"
        path.write_text(data if isinstance(data, str) else json.dumps(data), encoding="utf-8")
        return crm("import", str(path))

    return run


def ada(**more):
    return {
        **of(
            ADA, first_name="Ada", last_name="Lindgren", nickname="Addie", description="Knows Bob.", job="CTO",
            company="Aurora Optics", tags=["friend"], gender="g1", is_starred=True, food_preferences="no nuts",
            birthdate={"date": "1980-02-03", "is_year_unknown": True, "is_age_based": False}, **more,
        ),
        "data": [
            block("contact_field", of("f1", data="ada@x.example", type="t1"), of("f2", data="+49 30 1234", type="t2"),
                  of("f3", data="@ada", type="t3")),
            block("address", of("d1", name="Home", street="1 Road", city="Berlin", postal_code="10115", country="DE")),
            block("note", of("n1", body="Met at *the fair*."), of("n2", body="Likes tea.")),
            block("call", of("k1", content="x"), of("k2", content="y")),
        ],
    }  # fmt: skip


def test_a_person_with_everything(bring, crm):
    done = bring(export(ada(), more=[block("photo", of("x"))]))

    assert done.code == 0
    assert "1 read, 1 new" in done.err
    assert "not imported: 1 photo" in done.err
    assert "2 activities of theirs: 2 new, 0 changed, 0 same" in done.err
    card = crm("show", "ada", "--json").json
    assert (card["name"], card["nickname"], card["company"], card["title"]) == (
        "Ada Lindgren",
        "Addie",
        "Aurora Optics",
        "CTO",
    )
    assert card["emails"][0]["value"] == "ada@x.example"
    assert card["phones"][0]["value"] == "+49 30 1234"
    assert card["social"][0]["value"] == "@ada"
    assert card["addresses"][0]["locality"] == "Berlin"
    assert card["birthday"] == "--02-03"
    assert card["notes"] == "Knows Bob.\n\nMet at *the fair*.\n\nLikes tea."
    assert sorted(card["tags"]) == ["friend", "starred"]
    assert card["custom"] == {"food-preferences": "no nuts", "gender": "Woman"}


def test_again_nothing_and_a_newer_one_updates(bring, crm):
    bring(export(ada()))

    assert "0 new, 0 changed, 1 same" in bring(export(ada())).err
    newer = ada()
    newer["properties"]["job"] = "CEO"
    assert "0 new, 1 changed" in bring(export(newer)).err


def test_relationships(bring, crm):
    relations = [
        of("r1", type="boss", contact_is=BOB, of_contact=ADA),
        of("r2", type="subordinate", contact_is=ADA, of_contact=BOB),
        of("r3", type="child", contact_is=EVE, of_contact=ADA),
        of("r4", type="godfather", contact_is=BOB, of_contact=ADA),
    ]
    contacts = [ada(), of(BOB, first_name="Bob"), of(EVE, first_name="Eve", is_partial=True)]

    assert bring(export(*contacts, relationships=relations)).code == 0
    card = crm("show", "ada", "--json").json
    assert {(each["kind"], each["name"]) for each in card["relationships"]} == {("manager", "Bob"), ("child", "Eve")}
    assert card["custom"]["godfather"] == "Bob"
    assert len(crm("list", "--json").json) == 2, "Eve has no page of her own"


def test_ages_and_the_dead(bring, crm):
    old = of(BOB, first_name="Bob", is_dead=True, is_active=False, deceased_date={"date": "2020-05-06"},
             birthdate={"date": "1930-01-01", "is_age_based": True})  # fmt: skip
    bring(export(old))

    card = crm("show", "bob", "--json").json
    assert card["birthday"] is None
    assert sorted(card["tags"]) == ["archived", "deceased"]
    assert card["custom"] == {"born-about": "1930", "deceased": "2020-05-06"}


@pytest.mark.parametrize(
    "damage", [lambda text: text[:-9], lambda text: text.replace('"data": [{', '"data": 7, "x": [{', 1)]
)
def test_a_damaged_export(bring, damage):
    done = bring(damage(json.dumps(export(ada()))))

    assert done.code == 1
    assert "monica.json is an export of Monica, but damaged" in done.err


@pytest.mark.parametrize("kind", ["call", "task", "activity"])
def test_an_export_with_a_block_that_is_no_list_is_damaged(bring, kind):
    person = ada()
    person["data"].append({"type": kind, "values": 5})

    done = bring(export(person))

    assert done.code == 1
    assert "monica.json is an export of Monica, but damaged" in done.err


def test_a_contact_that_cannot_be_read_is_rejected(bring, crm):
    broken = of(BOB, first_name="Bob", tags=7)

    done = bring(export(ada(), broken))

    assert done.code == 5
    assert "rejected: a contact that cannot be read" in done.err
    assert [each["name"] for each in crm("list", "--json").json] == ["Ada Lindgren"]


def test_the_sql_of_monica_is_refused_by_name(bring):
    done = bring(
        "# *******************\n# Ada Lindgren dump of data\n# -------------------\n# Export date: 2026\n"
        "# *******************\n\nSET FOREIGN_KEY_CHECKS=0;\n\nINSERT IGNORE INTO `contacts` (`id`) VALUES\n(1);\n"
    )

    assert done.code == 1
    assert "is an SQL export of Monica" in done.err
    assert "JSON" in done.err


def with_items(*blocks):
    card = ada()
    card["data"] = [each for each in card["data"] if each["type"] != "call"] + list(blocks)
    return card


ITEMS = (
    block("call", of("k1", content="Lenses", called_at="2026-01-02T10:00:00Z", contact_called=True)),
    block("conversation", of("v1", happened_at="2026-02-02", messages=[
        of("m1", content="Hi", written_by_me=True), of("m2", content="Hello")])),
    block("task", of("t1", title="Send catalogue", completed=False),
          of("t2", title="Send card", completed=True, completed_at="2026-03-04T00:00:00.000000Z")),
    block("reminder", of("r1", title="Ask", initial_date="2024-01-31", frequency_type="month", frequency_number=1),
          of("r2", title="Birthday", initial_date="1980-02-03", frequency_type="year", delible=False),
          of("r3", title="Bring book", initial_date="2027-12-24", frequency_type="one_time")),
    block("gift", of("g1", name="Book", status="idea", comment="about stars", amount="20", currency="EUR")),
    block("debt", of("d1", amount=20, currency="EUR", in_debt="yes", status="inprogress", reason="lunch"),
          of("d2", amount=5, currency="EUR", in_debt="no", status="complete")),
    block("pet", of("p1", name="Rex", category="dog")),
    block("life_event", of("l1", name="Moved", happened_at="2020-05-06", note="to Berlin")),
)  # fmt: skip


def test_what_was_done_and_what_is_to_do(bring, crm):
    done = bring(export(with_items(*ITEMS)))

    assert "not imported: 1 birthday reminder" in done.err
    cards = {card["subject"]: card for card in crm("history", "--json").json}
    assert {text: (card["kind"], card["at"][:10]) for text, card in cards.items()} == {
        "Send card": ("task", "2026-03-04"),
        "Conversation": ("message", "2026-02-02"),
        "Lenses": ("call", "2026-01-02"),
        "Moved": ("note", "2020-05-06"),
        "Owes me 5 EUR": ("note", "2020-01-01"),
        "Gift (idea): Book": ("note", "2020-01-01"),
    }
    assert cards["Lenses"]["direction"] == "in"
    assert crm("show", "ada", "--json").json["custom"]["pets"] == "Rex (dog)"


def test_reminders_repeat_and_debts_are_promises(bring, crm):
    bring(export(with_items(*ITEMS)))

    shown = crm("show", "ada").out
    assert "I owe 20 EUR: lunch" in shown
    plans = {card["subject"]: card for card in crm("agenda", "--days", "800", "--json").json["coming"]}
    assert plans["Bring book"]["due"][:10] == "2027-12-24"
    assert plans["Ask"]["every"]["rule"] == "FREQ=MONTHLY;INTERVAL=1"
    crm("done", plans["Ask"]["id"])
    assert [card["due"][8:10] for card in crm("agenda", "--days", "60", "--json").json["coming"]] == ["31"]


def test_an_activity_is_of_all_its_people(bring, crm):
    card = with_items({"count": 1, "type": "activity", "values": ["a1"]})
    other = {**of(BOB, first_name="Bob"), "data": [{"count": 1, "type": "activity", "values": ["a1"]}]}
    lunch = of("a1", summary="Lunch", description="at Joe's", happened_at="2026-05-05T00:00:00Z")
    bring(export(card, other, more=[block("activity", lunch)]))

    (found,) = crm("history", "--json").json
    assert [each["name"] for each in found["people"]] == ["Ada Lindgren", "Bob"]
    lunch["properties"]["summary"] = "Long lunch"
    again = bring(export(card, other, more=[block("activity", lunch)]))
    assert "1 activity of theirs: 0 new, 1 changed, 0 same" in again.err
    crm("undo", again.err.rpartition("[")[2].partition("]")[0])
    assert crm("history", "--json").json[0]["subject"] == "Lunch"


def test_a_damaged_activity_is_rejected(bring, crm, tmp_path):
    done = bring(export(with_items(block("call", {"properties": {}}, "x", of("k1", content="fine")))))

    assert done.code == 5
    assert "1 activity of theirs: 1 new" in done.err
    assert (tmp_path / "monica.json.rejects").read_text().count("a call that cannot be read") == 2
