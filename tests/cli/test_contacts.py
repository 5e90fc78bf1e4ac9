"""``add``, ``show``, ``edit``, ``rm`` through the front door."""

import pytest
from support import dump, made_once

CARD = [
    "id", "uid", "name", "name_parts", "nickname", "company", "title", "department", "emails", "phones",
    "addresses", "urls",
    "social", "birthday", "anniversary", "tags", "notes", "custom", "status", "source", "language", "zone",
    "employments", "relationships",
    "consent", "cadence", "last_reach", "last_attempt", "next_step", "created", "updated",
]  # fmt: skip
"""Keys of a person's JSON: documented, added to and never taken from."""
COMPANY_CARD = [
    "id", "uid", "name", "emails", "phones", "addresses", "urls", "social", "tags", "notes", "custom", "source",
    "people",
    "last_reach", "next_step", "created", "updated",
]  # fmt: skip


@pytest.fixture
@made_once
def asha(crm):
    crm(
        "add", "Asha", "Verma", "email.work=asha@acme.in", "phone.mobile=098200 12345", "company=Acme", "title=CTO",
        "city=Pune",
        "birthday=--04-12", "+client", "notes=Prefers\nmornings",
    )  # fmt: skip
    return crm


def test_add_prints_the_id_and_says_who_and_by_which_change(crm):
    found = crm("add", "Asha", "Verma", "company=Acme", "+client")

    assert (found.code, found.out) == (0, "1\n")
    assert found.err == "Added 1 Asha Verma, Acme [ch1]\n"


@pytest.mark.parametrize(("form", "out"), [("ids", "1\n"), ("tsv", "1\n"), ("csv", "1\n"), ("table", "")])
def test_add_answers_in_every_format(crm, form, out):
    assert crm("add", "Asha", "--format", form).out == out


def test_add_as_json_is_the_card(asha):
    card = asha("add", "Ravi", "phone=098200 99999", "--json").json

    assert list(card) == CARD
    assert (card["id"], card["name"], card["name_parts"]["given"]) == (2, "Ravi", "Ravi")
    assert card["phones"] == [
        {"value": "098200 99999", "e164": "+919820099999", "label": "", "preferred": False, "state": "current"}
    ]
    assert (card["birthday"], card["company"], card["tags"], card["next_step"]) == (None, "", [], None)


def test_show_as_json_has_what_comes_next_and_what_was_said(asha):
    asha("log", "call", "1", "-m", "hello", "--next", "fri: quote")
    card = asha("show", "asha", "--json").json

    assert list(card) == [*CARD, "agenda", "history", "deals", "merged"]
    assert [each["subject"] for each in card["agenda"]] == ["quote"]
    assert [each["subject"] for each in card["history"]] == ["hello"]
    assert card["last_reach"] == "2026-11-22T09:00:00+05:30"
    assert card["next_step"]["due"] == "2026-11-27"


def test_show_a_company_as_json(asha):
    card = asha("show", "c1", "--json").json

    assert list(card) == [*COMPANY_CARD, "agenda", "history", "deals", "merged"]
    assert card["people"] == [{"id": 1, "name": "Asha Verma", "company": "", "title": "CTO"}]


def test_a_name_used_before_is_noted(asha):
    found = asha("add", "asha", "verma")

    assert found.code == 0
    assert "note: 1 with that name before: 1" in found.err


@pytest.mark.parametrize(
    "words", [["email=a@x.in"], ["phone=098200 12345"], ["company=Acme"], ["given=Asha"], ["nickname=Ash"]]
)
def test_somebody_without_a_name_is_named_after_what_is_known(crm, words):
    assert crm("add", *words, "--json").json["name"] == words[0].partition("=")[2]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "missing argument"),
        ([""], "who is it?"),
        (["+client"], "who is it?"),
        (["Asha", "emial=a@x.in"], "did you mean email?"),
        (["Asha", "email=nonsense"], "not an e-mail address"),
        (["Asha", "birthday=32 december"], "birthday"),
        (["Asha", "name="], "says nothing"),
        (["Asha", "+a,b"], "not a name for a tag"),
        (["Asha", "city+=Pune"], "cannot be changed like that"),
        (["Asha", "name.work=x"], "takes no label"),
        (["Asha", "--nonsense"], "no such option"),
    ],
)
def test_a_mistake_is_one_line_and_writes_nothing(crm, book_path, words, message):
    found = crm("add", *words)

    assert (found.code, found.out) == (2, "")
    assert message in found.err
    assert len(found.err.splitlines()) == 1
    assert not book_path.exists() or dump(book_path)["contact"] == []


def test_edit_by_words(asha):
    found = asha("edit", "asha", "city=Goa", "phone.work+=020 2553 1234", "+vip", "-client", "nickname=Ash")

    assert (found.code, found.out) == (0, "1\n")
    assert found.err == "Changed 1 Asha Verma, Acme <asha@acme.in> [ch2]\n"
    card = asha("show", "1", "--json").json
    assert (card["addresses"][0]["locality"], card["tags"], card["nickname"]) == ("Goa", ["vip"], "Ash")
    assert [phone["label"] for phone in card["phones"]] == ["mobile", "work"]


@pytest.mark.parametrize(
    ("word", "key", "value"),
    [
        ("email=new@x.in", "emails", ["new@x.in"]),
        ("email+=new@x.in", "emails", ["asha@acme.in", "new@x.in"]),
        ("email-=ASHA@ACME.IN", "emails", []),
        ("email=", "emails", []),
        ("phone-=+91 98200 12345", "phones", []),
        ("phone-=9820012345", "phones", []),
        ("phone+=+91 9820012345", "phones", ["098200 12345"]),
        ("city=", "addresses", []),
        ("birthday=", "birthday", None),
        ("company=", "company", ""),
        ("title=", "title", ""),
        ("notes+=again", "notes", "Prefers\nmornings\n\nagain"),
        ("notes=", "notes", ""),
        ("given=Asha Devi", "name", "Asha Devi Verma"),
        ("status=lead", "status", "lead"),
        ("linkedin=asha", "social", ["asha"]),
    ],
)
def test_what_a_word_does(asha, word, key, value):
    assert asha("edit", "1", word).code == 0

    found = asha("show", "1", "--json").json[key]
    assert ([each["value"] for each in found] if isinstance(value, list) and found else found) == value


def test_edit_of_what_is_not_there_is_not_found(asha):
    assert asha("edit", "1", "email-=other@x.in").code == 3
    assert asha("edit", "1", "-nosuchtag").code == 3


def test_edit_that_changes_nothing_makes_no_change(asha, book_path):
    before = book_path.read_bytes()
    found = asha("edit", "1", "city=Pune", "+client", "company=Acme", "email.work=asha@acme.in")

    assert found.code == 0
    assert "nothing changed" in found.err
    assert dump(book_path)["contact"]
    assert asha("changes", "--format", "ids").out == "ch1\n"
    assert len(before) == book_path.stat().st_size


def test_edit_a_company_and_an_activity(asha):
    assert asha("edit", "c1", "city=Mumbai").err.startswith("Changed c1 Acme")
    asha("note", "1", "-m", "x")
    assert asha("edit", "a1", "city=x").code == 2


def test_a_change_of_points_moves_the_revision(asha, book_path):
    asha("edit", "1", "email+=b@x.in")
    assert [row for row in dump(book_path)["contact"] if row[-1] == 2]


@pytest.mark.conv("C36")
def test_rm_says_whom_and_undo_brings_them_back(asha, book_path):
    before = dump(book_path)
    found = asha("rm", "asha")

    assert (found.code, found.out) == (0, "1\n")
    assert found.err == "Removed 1 Asha Verma, Acme <asha@acme.in> [ch2] (crm undo ch2 restores them)\n"
    assert asha("show", "1").code == 3
    assert asha("undo", "ch2").code == 0
    assert dump(book_path) == before


def test_rm_of_several_asks_and_off_a_terminal_names_the_flag(asha, book_path):
    asha("add", "Ravi")
    before = dump(book_path)
    found = asha("rm", "1", "ravi")

    assert (found.code, found.err) == (2, "crm: Remove 2 records? there is no terminal to answer on (give --yes)\n")
    assert dump(book_path) == before
    assert asha("rm", "1", "ravi", "--yes").err == "Removed 2 records [ch3] (crm undo ch3 restores them)\n"


def test_rm_of_a_person_and_their_only_activity(asha):
    asha("note", "1", "-m", "x")

    assert asha("rm", "1", "a1", "c1", "--yes").code == 0


def test_rm_says_what_goes_along_and_how_to_get_it_back(asha, book_path):
    asha("add", "Ravi")
    for who in (["1"], ["1"], ["1", "2"]):
        asha("note", *who, "-m", "x")
    asha("deal", "add", "Tea", "--with", "2")
    before = dump(book_path)

    found = asha("rm", "1", "a1", "--yes")

    assert found.err == "Removed 2 records with 1 activity [ch7] (crm undo ch7 restores them)\n"
    assert asha("rm", "2").err == "Removed 2 Ravi with 1 activity, 1 deal [ch8] (crm undo ch8 restores them)\n"
    assert (asha("undo", "ch8").code, asha("undo", "ch7").code) == (0, 0)
    assert dump(book_path) == before


def test_a_dry_run_of_rm_says_what_would_go_along(asha):
    asha("note", "1", "-m", "x")

    assert " with 1 activity (dry run: nothing was changed)" in asha("rm", "1", "--dry-run").err


def test_rm_of_a_company_leaves_its_people(asha):
    assert asha("rm", "c1").code == 0
    card = asha("show", "1", "--json").json
    assert (card["company"], card["title"]) == ("", "CTO")


def test_an_activity_with_others_stays_with_the_others(asha):
    asha("add", "Ravi")
    asha("met", "asha", "ravi", "-m", "lunch")
    asha("rm", "asha")

    assert [each["subject"] for each in asha("show", "ravi", "--json").json["history"]] == ["lunch"]


def test_show_is_a_briefing(asha):
    asha("log", "call", "1", "-m", "Agreed on the price", "--when", "yesterday 3pm")
    asha("todo", "Send the quote", "--with", "1", "--due", "fri 3pm", "--priority", "high")

    assert asha("show", "asha").lines == [
        "Asha Verma  1",
        "CTO, Acme",
        "+client",
        "",
        "  next          a2  Fri 15:00  ! task: Send the quote",
        "  last reach    yesterday 15:00",
        "  phone         098200 12345  (mobile)",
        "  email         asha@acme.in  (work)",
        "  address       Pune",
        "  notes         Prefers",
        "                mornings",
        "  birthday      12 Apr",
        "",
        "History",
        "  yesterday    a1  call: Agreed on the price",
    ]


def test_show_an_activity(asha):
    asha("log", "call", "1", "-m", "Agreed\non the price", "--outcome", "reached")

    assert asha("show", "a1").lines == [
        "call: Agreed  a1", "", "  status        done [reached]", "  happened      today 09:00",
        "  with          1  Asha Verma, Acme", "  company       c1  Acme", "                on the price",
    ]  # fmt: skip


def test_show_has_the_latest_of_a_long_history_and_all_of_it(asha):
    for number in range(10):
        asha("note", "1", "-m", f"note {number}")

    assert len([line for line in asha("show", "1").lines if "note:" in line]) == 8
    assert len([line for line in asha("show", "1", "--all").lines if "note:" in line]) == 10


def test_a_new_company_is_made_once(asha, book_path):
    asha("add", "Ravi", "company=ACME")
    assert len(dump(book_path)["company"]) == 1


def test_an_email_and_a_phone_need_no_name_of_a_field(crm):
    found = crm("add", "Jane Doe", "jane@doe.example", "+91 98111 22222")

    card = crm("show", "1", "--json").json
    assert found.err == "Added 1 Jane Doe, email jane@doe.example, phone +91 98111 22222 [ch1]\n"
    assert card["name"] == "Jane Doe"
    assert [point["value"] for point in (*card["emails"], *card["phones"])] == ["jane@doe.example", "+91 98111 22222"]


@pytest.mark.parametrize("name", [["Studio", "54"], ["Agent", "007"], ["R2", "D2"]])
def test_a_short_number_is_part_of_the_name(crm, name):
    crm("add", *name)

    card = crm("show", "1", "--json").json
    assert (card["name"], card["phones"]) == (" ".join(name), [])


@pytest.mark.parametrize(
    ("word", "message"),
    [
        ("phone=abc", "'abc' is not a phone number"),
        ("email=meera@lotus", "'meera@lotus' is not an e-mail address"),
        ("email+=meera@.in", "'meera@.in' is not an e-mail address"),
    ],
)
def test_what_nobody_can_be_reached_by_is_refused(crm, word, message):
    found = crm("add", "Meera", word)

    assert found.code == 2
    assert message in found.err
    assert crm("list", "--count").out == "0\n"


@pytest.mark.parametrize(
    ("words", "right"),
    [
        (["company", "Acme Ltd"], "crm company add Acme Ltd"),
        (["deal", "Tins"], "crm deal add Tins"),
        (["contact", "Jane"], "crm add Jane"),
    ],
)
def test_another_kind_of_thing_has_its_own_command(crm, words, right):
    found = crm("add", *words)

    assert found.code == 2
    assert f"write: {right} (" in found.err
    assert crm("add", " ".join(words)).code == 0


def test_a_status_that_somebody_has_already_changes_nothing(crm):
    crm("add", "Asha", "status=lead")

    assert crm("edit", "1", "status=lead").err == "Changed 1 Asha: nothing changed\n"


def test_a_tag_added_and_removed_at_once_is_none(crm):
    crm("add", "Asha")

    assert crm("edit", "1", "+new", "-new").err == "Changed 1 Asha: nothing changed\n"
    assert crm("tag", "--format", "json").json == []


def test_who_leaves_a_company_for_a_title_alone_keeps_since_when(crm):
    crm("add", "Asha")
    crm("job", "1", "Acme", "since=2026-11-01")
    crm("edit", "1", "company=", "title=Freelancer")

    (job,) = crm("show", "1", "--json").json["employments"]
    assert (job["company"], job["title"], job["since"]) == ("", "Freelancer", "2026-11-01")


@pytest.mark.parametrize("words", [["edit", "1", "title=CTO"], ["edit", "1", "company=Acme", "title=CTO"]])
def test_another_title_leaves_somebody_at_the_one_of_two_companies_of_a_name(crm, words):
    crm("company", "add", "Acme")
    crm("add", "Asha", "company=Globex")
    crm("company", "edit", "c2", "name=Acme")
    crm(*words)

    (job,) = crm("show", "1", "--json").json["employments"]
    assert (job["company_id"], job["title"]) == ("c2", "CTO")


def test_a_newer_file_with_another_title_does_so_too(crm):
    crm("company", "add", "Acme")
    crm("import", "-", given="id,Name,Company,Title\nk1,Asha Verma,Globex,CEO\n")
    crm("company", "edit", "c2", "name=Acme")
    crm("import", "-", given="id,Name,Company,Title\nk1,Asha Verma,Acme,CTO\n")

    (job,) = crm("show", "1", "--json").json["employments"]
    assert (job["company_id"], job["title"]) == ("c2", "CTO")


def test_a_mailbox_as_a_mail_program_copies_it_is_a_name_and_an_address(crm):
    crm("add", "Bea Baum <bea@baum.example>")
    crm("add", "Cy", "email=mailto:cy@baum.example", "phone=tel:+491701234567")
    crm("add", "Di", "email=Di Baum <di@baum.example>")

    found = crm("list", "--columns", "name,email,phone", "--sort", "id").out.splitlines()
    assert found == ["Bea Baum\tbea@baum.example\t", "Cy\tcy@baum.example\t+491701234567", "Di\tdi@baum.example\t"]
    assert crm("add", "Ed", "email=a@b.example, c@d.example").code == 2
