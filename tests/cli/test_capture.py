"""Mail becomes history: messages of every shape from files, pipes, mboxes and Maildirs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from support import STEERING

from crm_cli.config import Config

if TYPE_CHECKING:
    from collections.abc import Callable

    from support import Run

    Crm = Callable[..., Run]

MAIL = Path(__file__).parent.parent / "fixtures" / "mail"


class Expected(NamedTuple):
    """What a sample message becomes: its people by name, and by address those who are not in the book."""

    subject: str
    body: str
    people: tuple[str, ...] = ("Asha Verma",)
    waiting: tuple[str, ...] = ()
    direction: str = "in"
    outcome: str = ""
    day: str = "2026-11-20T10:00:00+05:30"


JUERGEN, TOMAS = ("Jürgen Müller",), "Tomás García"
SAMPLES = {
    "01-plain": Expected("The quote", "Thank you for the quote. We accept it."),
    "02-encoded-name": Expected("Café am 20. €", "Namaste.", (), ("meera@iyer.example",)),
    "03-group": Expected(
        "Invitation", "Come on Friday.", ("Asha Verma", TOMAS), ("ravi@rao.example",), direction="out"
    ),
    "04-quoted-printable": Expected(
        "Re: Angebot", "Schöne Grüße, der Vertrag ist unterschrieben und liegt bei.", JUERGEN
    ),
    "05-alternative": Expected("Both ways", "The plain text – with a dash"),
    "06-html-only": Expected("Only HTML", "Price: 5 €\n\nSee the quote <https://acme.example/q>"),
    "07-attachments": Expected(
        "The contract",
        "Signed, see below.\n\n[3 attachments: Vertrag Müller.pdf, An older mail, .._.._etc_logo.png]",
    ),
    "08-eight-bit": Expected("Grüße aus Köln", "Straße 5", JUERGEN),
    "09-no-date": Expected("No date", "Hello", day="2026-11-19T14:00:00+05:30"),
    "10-broken-headers": Expected("Unknown set =?utf-8?Q?open", "this line is not a header\n\nStill readable"),
    "11-pgp": Expected("...", "[encrypted: its text was not read]"),
    "12-smime": Expected("Sealed", "[encrypted: its text was not read]"),
    "13-bounce": Expected(
        "Undelivered Mail Returned to Sender",
        "I'm sorry to have to inform you that your message could not be delivered.",
        direction="out",
        outcome="bounced",
    ),
    "14-list": Expected("[tea] News", "News for everyone.", outcome="automatic"),
    "15-away": Expected("Out of office", "I am away.", outcome="automatic"),
    "16-hostile": Expected(
        "]2;PWNED hello \u202ecba line",
        "Text with \x1b[2J an escape and a nul  inside",
        (),
        ("mallory@evil.example",),
    ),
    "17-outlook": Expected("RE: Delivery", "Monday is fine.\n\nRavi", (), ("ravi@rao.example",)),
    "18-inline-answers": Expected(
        "Re: Questions",
        "On Thu, 19 Nov 2026, Me <me@firm.example>\nwrote:\n> First question?\n\nFirst answer.\n\n"
        "> Second question?\n\nSecond answer.",
    ),
    "19-signature": Expected(
        "Hello",
        "We met at the fair.\n\n--\nNadia Haddad, Director\nTel. +91 98200 12345 / 020 2553 1234",
        (),
        ("nadia@haddad.example",),
    ),
    "20-forward": Expected(
        "Fwd: Terms",
        "Please read these terms before we meet.\n\n-----Original Message-----\nFrom: Bank\nSent: Monday\n\n"
        "These are the terms.",
        direction="out",
    ),
    "21-japanese": Expected("見", "見積もりをありがとう。", (), ("yamada@nihon.example",)),
}


@pytest.fixture
def office(crm: Crm) -> Crm:
    """A book of three people, whose user is me@firm.example."""
    crm("config", "set", "email", "me@firm.example, Me <me@home.example>")
    crm("add", "Asha Verma", "email=asha@acme.example", "company=Acme")
    crm("add", "Jürgen Müller", "email=j.mueller@umbrella.example")
    crm("add", TOMAS, "email=tomas@acme.example")
    return crm


def sample(name: str) -> str:
    return str(MAIL / f"{name}.eml")


def activity(crm: Crm, ref: str = "a1") -> dict[str, Any]:
    found: dict[str, Any] = json.loads(crm("show", ref, "--json").out)
    return found


def message(*headers: str, body: str = "Hello") -> bytes:
    return ("\n".join(headers) + f"\n\n{body}\n").encode()


HELLO = (
    "From: asha@acme.example",
    "To: me@firm.example",
    "Subject: Hello",
    "Date: Fri, 20 Nov 2026 10:00:00 +0530",
    "Message-ID: <hello@acme.example>",
)


def test_each_sample_has_its_expectation() -> None:
    assert {path.stem for path in MAIL.iterdir()} == {*SAMPLES, "22-to-myself"}


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample(office: Crm, name: str) -> None:
    wanted = SAMPLES[name]

    done = office("capture", sample(name))

    found = activity(office)
    assert (done.code, done.out) == (0, "a1\n")
    assert (found["subject"], found["body"]) == (wanted.subject, wanted.body)
    assert tuple(each["name"] for each in found["people"]) == wanted.people
    assert tuple(each["key"] for each in found["pending"]) == wanted.waiting
    assert (found["direction"], found["outcome"], found["at"]) == (wanted.direction, wanted.outcome, wanted.day)
    assert (found["kind"], found["status"]) == ("email", "done")


@pytest.mark.parametrize("name", SAMPLES)
def test_again_changes_nothing(office: Crm, name: str) -> None:
    office("capture", sample(name))
    before = office("export", "--format", "json").out

    again = office("capture", "-", given=Path(sample(name)).read_bytes())

    assert again.code == 0
    assert "Already captured as a1" in again.err
    assert "nothing changed" in again.err
    assert office("export", "--format", "json").out == before


@pytest.mark.parametrize("name", SAMPLES)
def test_no_text_of_a_message_steers_the_terminal(office: Crm, name: str) -> None:
    done = office("capture", sample(name), "--json")

    assert not {ord(char) for char in done.out + done.err} & (STEERING - {10})
    assert json.loads(done.out)[0]["state"] == "captured"


# Who


def test_a_reply_reaches_its_author_and_a_sent_one_nobody(office: Crm) -> None:
    office("capture", sample("01-plain"))
    office("capture", sample("03-group"))

    assert "last reach    Fri 20 Nov" in office("show", "asha").out
    assert "last reach    never" in office("show", "tomas").out


@pytest.mark.parametrize("name", ["13-bounce", "14-list", "15-away"])
def test_programs_reach_nobody(office: Crm, name: str) -> None:
    office("capture", sample(name))

    assert "last reach    never" in office("show", "asha").out


def test_an_unknown_person_is_named_with_the_command_that_adds_them(office: Crm) -> None:
    done = office("capture", sample("19-signature"))

    assert done.err.splitlines()[1] == (
        "not in the book: Nadia Haddad <nadia@haddad.example>; add with: crm add 'Nadia Haddad'"
        " email=nadia@haddad.example 'phone=+91 98200 12345' 'phone=020 2553 1234'"
    )


@pytest.mark.parametrize("way", ["add", "edit", "job", "import"])
def test_mail_is_linked_when_its_person_comes(office: Crm, tmp_path: Path, way: str) -> None:
    office("capture", sample("19-signature"))
    if way == "add":
        office("add", "Nadia", "email=Nadia@Haddad.example")
    elif way == "edit":
        office("add", "Nadia")
        office("edit", "nadia", "email+=nadia@haddad.example")
    elif way == "job":
        office("add", "Nadia")
        office("job", "nadia", "Haddad Interiors", "email.work=nadia@haddad.example")
    else:
        (tmp_path / "a.csv").write_text("Name,Email\nNadia,nadia@haddad.example\n", encoding="utf-8")
        office("import", str(tmp_path / "a.csv"))

    found = activity(office)
    assert ([each["name"] for each in found["people"]], found["pending"]) == (["Nadia"], [])
    assert "last reach    Fri 20 Nov" in office("show", "nadia").out


def test_a_namesake_with_another_address_is_not_the_person(office: Crm) -> None:
    office("capture", sample("19-signature"))
    office("add", "Nadia Haddad", "email=other@haddad.example")

    assert activity(office)["people"] == []


@pytest.mark.conv("C59")
def test_add_adds_the_unknown(office: Crm) -> None:
    done = office("capture", sample("03-group"), "--add", "+tea")

    found = activity(office)
    assert [each["name"] for each in found["people"]] == ["Asha Verma", TOMAS, "Ravi Rao"]
    assert "not in the book" not in done.err
    assert "; added 1 person [" in done.err
    assert sorted(office("list", "tag:tea", "--format", "ids").out.split()) == ["1", "3", "4"]


def test_add_again_adds_who_was_not_added_before(office: Crm) -> None:
    office("capture", sample("19-signature"))

    again = office("capture", sample("19-signature"), "--add")

    assert again.err.startswith("Updated a1 from Nadia Haddad")
    assert [each["name"] for each in activity(office)["people"]] == ["Nadia Haddad"]


def test_add_adds_no_program(office: Crm) -> None:
    notice = message("From: Robot <robot@shop.example>", "Auto-Submitted: auto-generated", *HELLO[1:])

    done = office("capture", "-", "--add", given=notice)

    assert done.code == 0
    assert office("list", "--format", "ids").out.split() == ["1", "2", "3"]


def test_of_people_who_share_an_address_the_name_decides(office: Crm) -> None:
    office("add", "Ravi Rao", "email=asha@acme.example")
    named = message("From: Ravi Rao <asha@acme.example>", *HELLO[1:])

    done = office("capture", "-", given=named)
    doubtful = office("capture", "-", given=message(*HELLO[:4], "Message-ID: <2@x.example>"))

    assert "from Ravi Rao" in done.err
    assert activity(office, "a2")["people"] == []
    assert "asha@acme.example belongs to 2 people (1, 4); none was linked (crm edit a2 with+=1)" in doubtful.err


def test_the_address_of_a_company(office: Crm) -> None:
    office("company", "edit", "acme", "email=info@acme.example")

    office("capture", "-", given=message("From: info@acme.example", *HELLO[1:]))

    found = activity(office)
    assert (found["company"]["name"], found["people"], found["pending"]) == ("Acme", [], [])


def test_the_address_for_replies_counts_if_the_author_is_unknown(office: Crm) -> None:
    form = message("From: Form <form@shop.example>", "Reply-To: asha@acme.example", *HELLO[1:])

    office("capture", "-", given=form)

    assert [each["name"] for each in activity(office)["people"]] == ["Asha Verma"]


def test_each_of_my_addresses_is_mine(office: Crm) -> None:
    office("capture", "-", given=message("From: ME@home.example", "To: asha@acme.example", *HELLO[2:]))

    assert activity(office)["direction"] == "out"


def test_mail_is_sent_from_the_first_of_my_addresses(office: Crm) -> None:
    done = office("config", "set", "email", "me@firm.example, none")

    assert (done.code, "none is not an e-mail address" in done.err) == (2, True)
    assert Config(email="me@firm.example, me@home.example").own_address == "me@firm.example"


def test_without_my_address_the_user_is_told(crm: Crm) -> None:
    done = crm("capture", sample("01-plain"))

    assert "note: your address is not set, so all mail counts as received" in done.err


def test_a_name_never_becomes_part_of_the_command(office: Crm) -> None:
    evil = message("From: \"$(rm -rf ~); `id` +vip --yes '\" <x'$(id)@evil.example>", *HELLO[1:])

    done = office("capture", "-", given=evil)

    assert "crm add 'rm -rf id vip --yes '\"'\"" not in done.err
    assert done.code == 1, "the address is not valid"


# When, what, and in which order


def test_a_date_in_the_future_is_now(office: Crm) -> None:
    done = office("capture", "-", given=message(*HELLO[:3], "Date: Fri, 20 Nov 2099 10:00:00 +0000"))

    assert "note: its date 2099-11-20 is in the future, so now is used" in done.err
    assert activity(office)["at"] == "2026-11-22T09:00:00+05:30"


def test_the_whole_text_is_kept_if_asked(office: Crm) -> None:
    cut = office("capture", sample("17-outlook"), "--dry-run")
    office("capture", sample("17-outlook"), "--whole")

    assert "cut 6 quoted lines (--whole keeps them)" in cut.err
    assert activity(office)["body"].endswith("When do you need it?")


def test_a_reply_follows_what_it_answers_in_either_order(office: Crm) -> None:
    office("capture", sample("17-outlook"), sample("03-group"))
    reply = message(*HELLO[:4], "Message-ID: <r@acme.example>", "References: <17@rao.example> <unknown@x.example>")
    office("capture", "-", given=reply)

    rows = json.loads(office("export", "--format", "json").out)["activities"]
    assert [row["follows"] for row in rows] == ["a2", None, "a1"]


def test_a_next_step_a_deal_and_a_tag(office: Crm) -> None:
    office("deal", "add", "Tea tins", "--with", "asha")

    done = office("capture", sample("01-plain"), "+client", "--deal", "tea", "--next", "fri: send the contract")
    again = office("capture", sample("01-plain"), "--next", "fri: send the contract")

    assert done.out == "a1\na2\n"
    assert activity(office)["deal"]["title"] == "Tea tins"
    assert activity(office, "a2")["people"][0]["name"] == "Asha Verma"
    assert "note: the next step was not planned again" in again.err
    assert office("agenda", "--format", "ids").out == "a2\n"


def test_undo_takes_back_the_mail_and_the_people(office: Crm) -> None:
    done = office("capture", sample("03-group"), "--add")
    change = done.err.rstrip().rpartition("[")[2].rstrip("]")

    office("undo", change)

    assert office("show", "a1").code == 3
    assert office("list", "--format", "ids").out.split() == ["1", "2", "3"]
    assert "Captured a2" in office("capture", sample("03-group")).err


def test_a_restored_book_knows_its_mail(office: Crm, tmp_path: Path) -> None:
    office("capture", sample("19-signature"))
    (tmp_path / "all.json").write_text(office("export", "--format", "json").out, encoding="utf-8")

    other = ("--book", str(tmp_path / "other.db"))
    office("import", str(tmp_path / "all.json"), *other)

    assert "Already captured as a1" in office("capture", sample("19-signature"), *other).err
    office("add", "Nadia", "email=nadia@haddad.example", *other)
    assert json.loads(office("show", "a1", "--json", *other).out)["people"][0]["name"] == "Nadia"


def test_a_dry_run_writes_nothing(office: Crm) -> None:
    done = office("capture", sample("03-group"), "--add", "+tea", "--dry-run")

    assert "(dry run: nothing was changed)" in done.err
    assert office("show", "a1").code == 3
    assert office("list", "--format", "ids").out.split() == ["1", "2", "3"]


# What is not a message


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (b"", "is empty"),
        (b"\n\n \n", "is empty"),
        (b"Name,Email\nAsha,a@x.example\n", "is not a mail message"),
        (b"BEGIN:VCARD\nVERSION:3.0\nFN:Asha\nEND:VCARD\n", "is not a mail message"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "is not a mail message"),
        (Path(sample("22-to-myself")).read_bytes(), "has no sender or recipient but you"),
    ],
)
def test_what_is_not_a_message_is_refused_in_a_line(office: Crm, given: bytes, reason: str) -> None:
    done = office("capture", "-", given=given)

    assert (done.code, done.out) == (1, "")
    assert done.err.startswith(f"crm: standard input {reason}")
    assert len(done.err.splitlines()) == 1


def test_a_folder_that_is_not_a_maildir_and_a_missing_file(office: Crm, tmp_path: Path) -> None:
    folder, missing = office("capture", str(tmp_path)), office("capture", str(tmp_path / "x.eml"))

    assert (folder.code, "is a folder, but not a Maildir" in folder.err) == (2, True)
    assert (missing.code, "cannot be read: No such file or directory" in missing.err) == (1, True)


# Many messages

NOT_ONE = b"From nobody@x.example Fri Nov 20 10:00:00 2026\nX-Empty: yes\n\nnothing\n\n"


def mbox(*names: str) -> bytes:
    messages = (Path(sample(name)).read_bytes().replace(b"\r\n", b"\n") for name in names)
    return b"".join(b"From - Fri Nov 20 10:00:00 2026\n" + each + b"\n" for each in messages)


def test_an_mbox_is_one_change(office: Crm) -> None:
    done = office("capture", "-", given=mbox(*SAMPLES))

    assert (done.code, len(done.out.split())) == (0, len(SAMPLES))
    assert f"standard input: {len(SAMPLES)} read, {len(SAMPLES)} captured, 0 already captured, 0 rejected" in done.err
    assert "quoted history cut from 2 (--whole keeps it); 3 attachments not stored" in done.err
    assert activity(office, "a7")["body"] == SAMPLES["07-attachments"].body


def test_rejected_messages_are_named_and_the_rest_goes_in(office: Crm, tmp_path: Path) -> None:
    path = tmp_path / "in.mbox"
    path.write_bytes(mbox("01-plain", "22-to-myself") + NOT_ONE + mbox("05-alternative", "01-plain"))

    done = office("capture", str(path))

    assert (done.code, done.out) == (5, "a1\na2\na1\n")
    lines = done.err.splitlines()
    assert lines[0] == f"{path} message 2: rejected: has no sender or recipient but you"
    assert lines[1].startswith(f"{path} message 3: rejected: is not a mail message")
    assert lines[2].startswith(f"{path}: 5 read, 2 captured, 1 already captured, 2 rejected")


def test_nothing_captured_is_a_failure(office: Crm, tmp_path: Path) -> None:
    done = office("capture", sample("22-to-myself"), str(tmp_path / "none.eml"))

    assert done.code == 1


def test_an_mbox_may_hold_lines_that_begin_with_from(office: Crm) -> None:
    letter = message(*HELLO, body="Quoted:\n>From here on\nFrom my desk\n\nFrom Monday on we are open.")

    done = office("capture", "-", given=b"From - Fri Nov 20 10:00:00 2026\n" + letter)

    assert done.code == 0
    assert activity(office)["body"] == "Quoted:\nFrom here on\nFrom my desk\n\nFrom Monday on we are open."


def test_a_maildir(office: Crm, tmp_path: Path) -> None:
    for folder, names in (
        ("cur", ("01-plain", "17-outlook")),
        ("new", ("05-alternative",)),
        ("tmp", ("06-html-only",)),
    ):
        (tmp_path / folder).mkdir()
        for name in names:
            (tmp_path / folder / f"{name}:2,S").write_bytes(Path(sample(name)).read_bytes())

    done = office("capture", str(tmp_path), "--known", "+client")

    assert f"{tmp_path}: 3 read, 2 captured, 0 already captured, 1 skipped, 0 rejected" in done.err
    assert [activity(office, ref)["subject"] for ref in done.out.split()] == ["The quote", "Both ways"]


def test_json_says_what_became_of_each(office: Crm) -> None:
    done = office("capture", sample("07-attachments"), sample("22-to-myself"), sample("17-outlook"), "--json")

    first, second, third = json.loads(done.out)
    assert (first["state"], first["activity"], first["message_id"]) == ("captured", "a1", "07@acme.example")
    assert first["attachments"] == ["Vertrag Müller.pdf", "An older mail", ".._.._etc_logo.png"]
    assert (second["state"], second["reason"], second["activity"]) == (
        "rejected",
        "has no sender or recipient but you",
        None,
    )
    assert (third["unknown"], third["quoted_lines"]) == ([{"name": "Ravi Rao", "email": "ravi@rao.example"}], 6)
