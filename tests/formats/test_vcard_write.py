"""Writing vCards: what is read comes out again, nothing breaks out, others can read it."""

from __future__ import annotations

import io

import pytest
import vobject
from formats_support import UID, company, contact, drafts, vcard
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import records_of

from crm_cli.core.mailboxes import Mailbox, mailboxes
from crm_cli.core.records import Address, Contact, Draft, Employment, NameParts, Point, Property
from crm_cli.errors import UsageError
from crm_cli.formats.vcard.labels import TYPES, types_for
from crm_cli.formats.vcard.write import card

SCRIPTS = "abcXYZ 0189 äöüßéñ Иван Ελένη 山田太郎 आशा कुमार علي 김 👩‍👧 ,;:\\\"'^=\n-_.@+/"
MODELLED = ("name", "parts", "nickname", "company", "title", "department", "points", "addresses", "birthday")
MODELLED += ("anniversary", "notes", "tags", "custom")


def texts(letters: str = SCRIPTS, size: int = 40) -> st.SearchStrategy[str]:
    """Text as the services keep it: stripped, NFC, in several scripts."""
    return st.text(letters, max_size=size).map(lambda text: " ".join(text.split(" ")).strip())


lines = texts(SCRIPTS.replace("\n", ""))
words = lines.filter(bool)
days = st.sampled_from([None, "1980-02-29", "2001-12-31", "--02-29", "--11-05"])
points = records_of(
    Point,
    kind=st.just("phone"),
    value=st.sampled_from(["+49 30 1", "p1,w2", "1;ext=2", "12 34"]),
    label=st.sampled_from(["", *TYPES]) | words,
    preferred=st.booleans(),
) | records_of(
    Point,
    kind=st.sampled_from(["email", "url"]),
    value=words.filter(lambda text: ":" not in text and mailboxes(text) == [Mailbox(text)]),
    label=st.sampled_from(["", "home", "work", "other"]) | words,
    preferred=st.booleans(),
)
addresses = records_of(
    Address,
    street=texts().filter(bool),
    extended=lines,
    po_box=lines,
    locality=lines,
    region=lines,
    code=lines,
    country=lines,
    label=st.sampled_from(["", "home", "work"]) | words,
    preferred=st.booleans(),
)


@st.composite
def people(draw: st.DrawFn) -> Contact:
    """Any contact of the fields we model."""
    department = " / ".join(draw(st.lists(words.filter(lambda text: " / " not in text and text[-1] + text[0] != "//"))))
    title, employer = draw(lines), draw(words)
    draft = Draft(
        name=draw(words),
        parts=draw(records_of(NameParts, *[lines] * 5)),
        nickname=draw(lines),
        company=employer,
        title=title,
        department=department,
        points=tuple(draw(st.lists(points, max_size=4))),
        addresses=tuple(draw(st.lists(addresses, max_size=2))),
        birthday=draw(days),
        anniversary=draw(days),
        notes=draw(texts(size=200)),
        tags=tuple(draw(st.lists(words, unique=True, max_size=4))),
        custom=tuple(draw(st.lists(st.tuples(words, texts().filter(bool)), max_size=3))),
    )
    return contact(draft)


def bare(of: Point | Address) -> tuple[object, ...]:
    """What a point or an address says, without what an import kept beside it."""
    names = ("kind", "value", "service") if isinstance(of, Point) else ("street", "extended", "po_box", "locality")
    names += () if isinstance(of, Point) else ("region", "code", "country")
    return tuple(getattr(of, name) for name in (*names, "label", "preferred"))


@pytest.mark.parametrize("version", ["3.0", "4.0"])
@settings(deadline=None)
@given(person=people())
def test_what_is_written_reads_back_equal(version: str, person: Contact):
    (found,) = drafts(card(person, version))
    employer = person.employments[0]
    wanted = Draft(
        **{field: getattr(person, field) for field in MODELLED if hasattr(person, field)},
        company=employer.company,
        title=employer.title,
        department=employer.department,
    )

    for field in MODELLED:
        left, right = getattr(found, field), getattr(wanted, field)
        if field in ("points", "addresses"):
            left, right = (tuple(bare(each) for each in side) for side in (left, right))
        assert left == right, field


@settings(deadline=None)
@given(person=people())
def test_vobject_reads_what_we_write(person: Contact):
    parsed = vobject.readOne(io.StringIO(card(person, "3.0")))

    assert parsed.uid.value == UID
    assert len(parsed.contents.get("tel", ())) == sum(point.kind == "phone" for point in person.points)


@settings(deadline=None)
@given(st.text(max_size=80), st.text(max_size=80), st.text(max_size=80), st.text(max_size=20))
def test_nothing_breaks_out_of_its_line(name: str, params: str, value: str, group: str):
    hostile = Draft(
        name=value,
        notes=params,
        properties=(Property("X-" + name, value, params, group),),
        points=(Point("email", value or "x", label=params, service=name),),
        custom=((params, value),),
    )
    for version in ("3.0", "4.0"):
        text = card(contact(hostile), version)
        begun = [line for line in text.split("\r\n") if line.upper().startswith(("BEGIN:", "END:"))]
        assert begun == ["BEGIN:VCARD", "END:VCARD"]
        assert "\n" not in text.replace("\r\n", "")
        assert len(drafts(text)) == 1


def test_lines_fold_at_75_octets_between_characters():
    text = card(contact(Draft(name="山" * 100, notes="a" * 200)))

    rows = text.encode().split(b"\r\n")
    assert max(map(len, rows)) <= 75
    assert all(row.decode() is not None for row in rows)


RICH = (
    "N;LANGUAGE=de:Verma;Asha,B;;;;Second;III",
    "FN;X-A=b:Asha Verma",
    'ORG;SORT-AS="x:y":Acme;R\\, D;Lab',
    "ORG:Other",
    'item1.EMAIL;TYPE=HOME;X-FOO="a;b:c":a@x.in',
    "item1.X-ABLabel:Assistant",
    "item2.X-ABLabel:_$!<Spouse>!$_",
    "item2.X-ABRELATEDNAMES:Ravi",
    "NOTE:before",
    "NOTE;LANGUAGE=en:one\\, two",
    "NOTE:after",
    "X-AIM;TYPE=home:joe",
    "item4.X-ICQ;TYPE=work:12",
    "item4.X-ABLabel:Boat",
    "item5.IMPP;X-SERVICE-TYPE=Skype;TYPE=home:skype:joe",
    "item5.X-ABLabel:Boat",
    "X-SOCIALPROFILE;type=twitter;x-user=joe:https://twitter.example/joe",
    "BDAY;VALUE=text:circa 1800",
    "X-EVOLUTION-ANNIVERSARY:2001-02-03",
    "ADR;TYPE=home:;;1 Main;Pune;;411;India;room 3",
    'g.X-UNKNOWN;P="q":v\\,w;z',
    "KIND:individual",
)


@pytest.mark.parametrize("version", ["3.0", "4.0"])
def test_what_we_do_not_model_survives(version: str):
    first = vcard(*RICH)

    (second,) = drafts(card(contact(first), version))

    assert set(second.properties) == set(first.properties)
    for field in MODELLED:
        assert getattr(second, field) == getattr(first, field)


def test_a_name_of_2_1_with_a_comma_keeps_its_parameters():
    first = vcard("N;LANGUAGE=en-us:Doe;John;Richter,James", "FN:x", version="2.1")

    (second,) = drafts(card(contact(first)))

    assert second.parts == first.parts == NameParts(given="John", additional="Richter,James", family="Doe")
    assert second.properties == first.properties == (Property("N", "Doe;John;Richter\\,James", "LANGUAGE=en-us"),)


@pytest.mark.parametrize("version", ["3.0", "4.0"])
def test_somebody_of_ours_without_a_name_comes_back(version: str):
    (found,) = drafts(card(contact(Draft(notes="met at the fair")), version))

    assert (found.name, found.notes, found.own_uid) == ("", "met at the fair", UID)


def test_a_field_the_user_changed_wins_over_what_was_kept():
    draft = vcard("FN:x", "N;LANGUAGE=de:Old;A;;;", "BDAY;VALUE=text:circa 1800", "NOTE;LANGUAGE=en:old")
    changed = contact(draft, parts=NameParts(family="New"), birthday="1980-01-01", notes="new")

    text = card(changed)

    assert "Old" not in text
    assert "circa" not in text
    assert "old" not in text
    assert "N:New;;;;" in text


@pytest.mark.parametrize(
    ("version", "lines"),
    [
        ("4.0", ["BDAY:--0412", "ANNIVERSARY:20010203", f"UID:urn:uuid:{UID}", "TEL;TYPE=cell;PREF=1:1"]),
        (
            "3.0",
            [
                "BDAY;X-APPLE-OMIT-YEAR=1604:1604-04-12",
                "X-ANNIVERSARY:2001-02-03",
                f"UID:{UID}",
                "TEL;TYPE=cell;TYPE=pref:1",
            ],
        ),
    ],
)
def test_each_version_has_its_own_words(version: str, lines: list[str]):
    draft = Draft(name="x", birthday="--04-12", anniversary="2001-02-03", points=(Point("phone", "1", "mobile", True),))

    assert set(lines) <= set(card(contact(draft), version).split("\r\n"))


@pytest.mark.parametrize("version", ["3.0", "4.0"])
def test_a_company_comes_back_a_company(version: str):
    draft = Draft(kind="company", name="Acme; Sons", points=(Point("phone", "1"),), tags=("a",))

    (found,) = drafts(card(company(draft), version))

    assert (found.kind, found.name, found.points, found.tags) == ("company", "Acme; Sons", draft.points, ("a",))


def test_only_present_employments_are_written():
    person = contact(Draft(name="x"), employments=(Employment("Old", current=False), Employment("New", title="t")))

    text = card(person)

    assert "Old" not in text
    assert "ORG:New" in text


def test_a_point_that_is_past_is_not_written():
    assert "a@x" not in card(contact(Draft(name="x", points=(Point("email", "a@x", state="former"),))))


def test_a_version_we_do_not_write_is_refused():
    with pytest.raises(UsageError):
        card(contact(Draft(name="x")), "2.1")


@pytest.mark.parametrize("label", TYPES)
def test_a_known_label_of_a_phone_is_said_by_type(label: str):
    assert types_for("phone", label)
    assert "X-ABLabel" not in card(contact(Draft(name="x", points=(Point("phone", "1", label),))))


def again(draft: Draft, version: str = "3.0", **changes: object) -> Draft:
    """Return the draft of the card that is exported for a draft."""
    (found,) = drafts(card(contact(draft, **changes), version))
    return found


def test_a_name_with_a_comma_is_the_same_in_each_version():
    old = vcard("N:Doe, Jr.;Jo;;;", "FN:Jo Doe, Jr.", version="2.1")

    found = again(old)

    assert (found.name, found.parts, found.properties) == (old.name, old.parts, old.properties)


@pytest.mark.parametrize(("line", "written"), [("TEL;TYPE=Mobile:1", 1), ("TEL;TYPE=CELL:1", 0), ("TEL;WORK:1", 0)])
def test_the_type_of_a_phone_is_written_as_it_came(line: str, written: int):
    read = vcard("FN:Jo", line)

    text = card(contact(read))

    assert text.count("TYPE=") == 1
    assert text.count("TYPE=Mobile:") == written
    assert drafts(text)[0].points == read.points


def test_what_android_and_samsung_write_is_read_kept_and_written_once_more():
    row = "X-ANDROID-CUSTOM:vnd.android.cursor.item/"
    read = vcard(
        "FN:Jo",
        "X-SAMSUNGADR:;;1 Main St;Pune;;411001;India",
        f"{row}nickname;Jojo;1;;",
        f"{row}contact_event;2010-06-12;1;;",
        f"{row}contact_event;1975-03-02;3;;",
        f"{row}contact_event;2012-01-01;2;;",
    )

    found = again(read)

    assert (read.nickname, read.anniversary, read.birthday) == ("Jojo", "2010-06-12", "1975-03-02")
    assert [each.street for each in read.addresses] == ["1 Main St"]
    assert len(read.properties) == 5
    assert (found.nickname, found.anniversary, found.birthday) == ("Jojo", "2010-06-12", "1975-03-02")
    assert (found.addresses, found.properties) == (read.addresses, read.properties)
    assert "NICKNAME:Jojo\r\n" in card(contact(read))


def test_what_the_user_removed_does_not_come_back_from_android():
    read = vcard("FN:Jo", "X-SAMSUNGADR:;;1 Main St;;;;", "X-ANDROID-CUSTOM:vnd.android.cursor.item/nickname;Jojo;1;;")

    found = again(read, nickname="", addresses=())

    assert (found.nickname, found.addresses, found.properties) == ("", (), ())


def test_a_card_begins_with_its_name_also_if_that_came_with_parameters():
    text = card(contact(vcard("FN;PREF=1:Jo", "N;SORT-AS=d:Doe;Jo;;;", version="4.0")))

    assert text.startswith("BEGIN:VCARD\r\nVERSION:4.0\r\nFN;PREF=1:Jo\r\n")
    assert text.count("FN") == 1
