"""Reading vCards: what each property means, what is kept, what a bad line or card costs."""

from __future__ import annotations

import json

import pytest
from formats_support import drafts, everything, problems, source, vcard

from crm_cli.core.records import Address, Draft, NameParts, Problem, Property


def kept(draft: Draft, name: str) -> list[Property]:
    return [each for each in draft.properties if each.name.upper() == name]


def test_an_ordinary_card_fills_the_fields():
    found = vcard(
        "N:Verma;Asha;Rani,Devi;Dr.;M.D.,Ph.D.",
        "FN:Dr. Asha Verma",
        "NICKNAME:Ash,Ashu",
        "ORG:Acme\\, Inc.;R&D;Optics",
        "TITLE:CTO",
        "EMAIL;TYPE=INTERNET,WORK,pref:asha@acme.example",
        "TEL;TYPE=CELL:098200 12345",
        "ADR;TYPE=HOME:PO 1;Flat 2;1 Main St\\nBlock B;Pune;MH;411001;India",
        "URL:https://acme.example/a,b;c",
        "BDAY:1980-03-22",
        "NOTE:one\\, two",
        "NOTE:three",
        "CATEGORIES:client,north\\, west",
        "UID:abc",
    )

    assert found.parts == NameParts("Dr.", "Asha", "Rani Devi", "Verma", "M.D. Ph.D.")
    assert (found.name, found.nickname, found.title) == ("Dr. Asha Verma", "Ash, Ashu", "CTO")
    assert (found.company, found.department) == ("Acme, Inc.", "R&D / Optics")
    assert [(p.kind, p.value, p.label, p.preferred) for p in found.points] == [
        ("email", "asha@acme.example", "work", True),
        ("phone", "098200 12345", "mobile", False),
        ("url", "https://acme.example/a,b;c", "", False),
    ]
    assert found.addresses == (
        Address("1 Main St\nBlock B", "Flat 2", "PO 1", "Pune", "MH", "411001", "India", "home"),
    )
    assert (found.birthday, found.uid, found.tags) == ("1980-03-22", "abc", ("client", "north, west"))
    assert found.notes == "one, two\n\nthree"


@pytest.mark.parametrize(
    ("lines", "version", "name"),
    [
        (["FN:Mr. John Richter, James Doe Sr."], "3.0", "Mr. John Richter, James Doe Sr."),
        (["FN:a;b"], "4.0", "a;b"),
        (["FN:http\\://x"], "3.0", "http://x"),
        (["FN:a\\\\nb"], "4.0", "a\\nb"),
        (["FN:trailing\\"], "4.0", "trailing\\"),
        (["FN:\\\\server\\share"], "2.1", "\\\\server\\share"),
        (["FN;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:J=C3=B6rg=20=", "M=C3=BCller"], "2.1", "Jörg Müller"),
        (["FN;QUOTED-PRINTABLE;CHARSET=ISO-8859-1:J=F6rg"], "2.1", "Jörg"),
        (["FN;CHARSET=ISO-2022-JP:\x1b$B;3ED\x1b(B"], "2.1", "山田"),
        (["fn:Jo", " e ", "\tDoe"], "3.0", "Joe Doe"),
        (["N:Doe;Jo"], "2.1", "Jo Doe"),
        (["NICKNAME:Jo", "TEL:1"], "3.0", "Jo"),
        (["ORG:Acme", "TEL:1"], "3.0", "Acme"),
        (["TEL:1", "EMAIL:a@x"], "3.0", "a@x"),
        (["TEL:1"], "3.0", "1"),
    ],
)
def test_a_name_is_read_or_built(lines: list[str], version: str, name: str):
    assert vcard(*lines, version=version).name == name


@pytest.mark.parametrize(
    ("head", "label", "preferred"),
    [
        ("TEL;WORK;FAX", "work fax", False),
        ("TEL;HOME;FAX;PREF", "home fax", True),
        ("TEL;FAX,WORK", "work fax", False),
        ('TEL;TYPE="voice,home"', "home", False),
        ("TEL;TYPE=work;TYPE=cell", "mobile", False),
        ("TEL;PREF=1;TYPE=pager", "pager", True),
        ("TEL;PREF=2", "", False),
        ("TEL;TYPE=Ferienhaus", "Ferienhaus", False),
        ("TEL;X-Custom=1", "", False),
        ("EMAIL;TYPE=INTERNET;TYPE=HOME", "home", False),
        ("EMAIL;type=pref", "", True),
    ],
)
def test_types_give_the_label(head: str, label: str, preferred: bool):
    (point,) = vcard("FN:x", f"{head}:1").points

    assert (point.label, point.preferred) == (label, preferred)


def test_what_a_point_says_beside_its_value_is_kept():
    (point,) = vcard("FN:x", 'item1.TEL;TYPE=WORK;PREF=2;X-A="b;c:d":1').points

    assert point.label == "work"
    assert json.loads(point.params) == {"group": "item1", "params": 'PREF=2;X-A="b;c:d"'}


def test_a_label_of_apple_goes_to_its_point_and_others_stay():
    found = vcard(
        "FN:x",
        "item1.EMAIL;TYPE=INTERNET:a@x",
        "item1.X-ABLabel:_$!<Mobile>!$_",
        "item2.ADR:;;Weg 1;;;;",
        "item2.X-ABLabel:Ferienhaus",
        "item3.X-ABLabel:_$!<Spouse>!$_",
        "item3.X-ABRELATEDNAMES:Ravi",
    )

    assert found.points[0].label == "mobile"
    assert found.addresses[0].label == "Ferienhaus"
    assert [(p.group, p.name) for p in found.properties] == [("item3", "X-ABLabel"), ("item3", "X-ABRELATEDNAMES")]


def test_a_second_organisation_without_a_unit_leaves_the_first_ones_department():
    found = vcard("FN:x", "ORG:;Sales", "ORG:Acme;")

    assert (found.company, found.department) == ("Acme", "Sales")


def test_a_second_label_of_a_group_stays_as_it_came():
    found = vcard("FN:x", "a.TEL:1", "b.TEL:2", "a.X-ABLabel:boat", "X-ONE:1", "b.X-ABLabel:hut", "a.X-ABLabel:ship")

    assert [point.label for point in found.points] == ["boat", "hut"]
    assert [(each.name, each.value) for each in found.properties] == [("X-ONE", "1"), ("X-ABLabel", "ship")]


@pytest.mark.parametrize(
    ("line", "kind", "value", "service"),
    [
        ("IMPP;X-SERVICE-TYPE=Skype:skype:joe", "im", "joe", "skype"),
        ("IMPP:xmpp:joe@x", "im", "joe@x", "xmpp"),
        ("IMPP;X-SERVICE-TYPE=Threema:ABCD", "im", "ABCD", "Threema"),
        ("X-AIM:joe", "im", "joe", "aim"),
        ("X-SOCIALPROFILE;type=twitter;x-user=joe:", "social", "joe", "twitter"),
        ("SOCIALPROFILE;SERVICE-TYPE=Mastodon:https://m.example/@joe", "social", "https://m.example/@joe", "Mastodon"),
        ("TEL;VALUE=uri:tel:+1-418;ext=102", "phone", "+1-418;ext=102", ""),
        ("TEL;VALUE=uri:tel:%2B1418", "phone", "+1418", ""),
        ("EMAIL:mailto:a@x", "email", "a@x", ""),
    ],
)
def test_networks_and_schemes(line: str, kind: str, value: str, service: str):
    (point,) = vcard("FN:x", line).points

    assert (point.kind, point.value, point.service) == (kind, value, service)


@pytest.mark.parametrize(
    ("line", "birthday"),
    [
        ("BDAY:19800322", "1980-03-22"),
        ("BDAY:1980-03-22T00:00:00Z", "1980-03-22"),
        ("BDAY:--0412", "--04-12"),
        ("BDAY:--04-12", "--04-12"),
        ("BDAY;X-APPLE-OMIT-YEAR=1604:1604-02-29", "--02-29"),
        ("BDAY:0000-04-15", "--04-15"),
        ("BDAY:1993/04/05", "1993-04-05"),
        ("BDAY:1996-4-5", "1996-04-05"),
        ("BDAY:1996.4/5", None),
        ("BDAY:05/04/1993", None),
        ("BDAY:1980-02-30", None),
        ("BDAY;VALUE=text:circa 1800", None),
        ("BDAY:1980", None),
    ],
)
def test_birthdays(line: str, birthday: str | None):
    found = vcard("FN:x", line)

    assert found.birthday == birthday
    assert len(kept(found, "BDAY")) == (birthday is None)


def test_what_is_not_modelled_is_kept_word_for_word():
    found = vcard(
        "FN:x", 'item9.x-Foo;A="b:c";D=e,f:v\\,w;z', "ROLE:Chef", "GEO:1;2", "ORG:A", "ORG:B", "TITLE:t", "TITLE:u"
    )

    assert found.properties[0] == Property("x-Foo", "v\\,w;z", 'A="b:c";D=e,f', "item9")
    assert [(p.name, p.value) for p in found.properties[1:]] == [
        ("ROLE", "Chef"),
        ("GEO", "1;2"),
        ("ORG", "B"),
        ("TITLE", "u"),
    ]


@pytest.mark.parametrize(
    "lines",
    [
        ("PHOTO;ENCODING=b;TYPE=JPEG:AAAA", " BBBB", "  CC=="),
        ("PHOTO;ENCODING=BASE64;JPEG:AAAA", "BBBB", "CC==", ""),
        ("PHOTO;JPEG;BASE64:", "  AAAA", "  BBBBCC==", ""),
    ],
)
def test_a_picture_is_one_value_however_it_was_broken(lines: tuple[str, ...]):
    found = vcard(*lines, "FN:x", version="2.1")

    assert found.name == "x"
    assert found.properties[0].value == "AAAABBBBCC=="


def test_bare_parameters_of_2_1_are_given_their_names():
    found = vcard("FN:x", "LABEL;DOM;HOME;QUOTED-PRINTABLE:a=20b", "LOGO;GIF;BASE64:AA==", "", version="2.1")

    assert [(p.name, p.params, p.value) for p in found.properties] == [
        ("LABEL", "TYPE=DOM;TYPE=HOME", "a b"),
        ("LOGO", "TYPE=GIF;ENCODING=b", "AA=="),
    ]


def test_line_ends_of_any_kind_and_blank_lines_between():
    text = "BEGIN:VCARD\nVERSION:3.0\nFN:a\nNOTE:b\n c\nEND:VCARD\n"

    for end in ("\r\n", "\r", "\n", "\r\r\n"):
        (found,) = drafts(text.replace("\n", end))
        assert (found.name, found.notes) == ("a", "bc")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_unicode_encodings(encoding: str):
    text = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Jörg 山田\r\nEND:VCARD\r\n"

    assert drafts(text.encode(encoding))[0].name == "Jörg 山田"


def test_a_file_that_is_not_utf_8_is_read_line_by_line_and_says_so():
    data = b"BEGIN:VCARD\nVERSION:2.1\nFN;CHARSET=windows-1251:\xc8\xe2\xe0\xed\nNOTE:Caf\xe9 \x80\nEND:VCARD\n"

    opened = source(data)
    found, problem = opened.records

    assert isinstance(problem, Problem)
    assert (found.name, found.notes) == ("Иван", "Café €")
    assert "CHARSET" in opened.warnings[0]
    assert problem.reason == "1 line is neither UTF-8 nor in a CHARSET of the card; read as Windows-1252"


def test_text_is_nfc():
    assert vcard("FN:Jo\u0308rg", "X-A:e\u0301").properties[0].value == "\u00e9"


def test_a_bad_line_costs_itself_only():
    text = "BEGIN:VCARD\nVERSION:3.0\nFN:a\nthis is no property\nbad name:1\nTEL:2\nEND:VCARD\n"

    (first, second, found) = everything(text)

    assert isinstance(first, Problem)
    assert (first.line, first.rejected, first.raw) == (4, False, ("this is no property",))
    assert (second.line, second.raw) == (5, ("bad name:1",))
    assert found.points[0].value == "2"


def test_a_bad_card_costs_itself_only():
    big = "NOTE:" + "x" * 2_100_000
    text = f"BEGIN:VCARD\nFN:a\nEND:VCARD\nBEGIN:VCARD\nFN:b\n{big}\nEND:VCARD\nBEGIN:VCARD\nFN:c\nEND:VCARD\n"

    first, problem, last = everything(text)

    assert (first.name, last.name) == ("a", "c")
    assert (problem.line, problem.rejected, problem.raw[0]) == (4, True, "FN:b")


def test_a_large_picture_is_no_reason_to_refuse_a_card():
    assert vcard("FN:a", "PHOTO;ENCODING=b:" + "A" * 3_000_000).name == "a"


def test_more_than_2000_properties_are_refused():
    (problem,) = problems("BEGIN:VCARD\n" + "X-A:1\n" * 2_001 + "END:VCARD\n")

    assert problem.rejected
    assert "2,000" in problem.reason


def test_more_than_100_parameters_make_a_bad_line():
    (problem,) = problems("BEGIN:VCARD\nFN:a\nTEL" + ";A=b" * 101 + ":1\nEND:VCARD\n")

    assert not problem.rejected


def test_a_card_without_end_closes_where_the_next_begins():
    found = everything("BEGIN:VCARD\nFN:a\n\nBEGIN:VCARD\nFN:b\nEND:VCARD\n")

    assert {each.name for each in found if isinstance(each, Draft)} == {"a", "b"}
    assert [each.reason for each in found if isinstance(each, Problem)] == [
        "no END:VCARD; the card was closed where the next began"
    ]


def test_an_agent_is_kept_inside_its_card():
    text = "BEGIN:VCARD\nVERSION:2.1\nN:Boss\nAGENT:\nBEGIN:VCARD\nVERSION:2.1\nN:Help\nEND:VCARD\nTEL:1\nEND:VCARD\n"

    (found,) = drafts(text)

    assert (found.name, found.points[0].value) == ("Boss", "1")
    assert kept(found, "AGENT")[0].value == "BEGIN:VCARD\\nVERSION:2.1\\nN:Help\\nEND:VCARD"


def test_cards_nested_without_agent_are_cards():
    text = "BEGIN:VCARD\nN:a\nBEGIN:VCARD\nN:b\nEND:VCARD\nTEL:1\nEND:VCARD\n"

    by_name = {each.name: each for each in drafts(text)}

    assert set(by_name) == {"a", "b"}
    assert by_name["a"].points[0].value == "1"


@pytest.mark.parametrize("mark", ["KIND:org", "X-ABShowAs:COMPANY"])
def test_an_organisation_is_a_company(mark: str):
    found = vcard("FN:Acme", "ORG:Acme;Sales", mark, "TITLE:t", "TEL:1")

    assert (found.kind, found.name, found.company, found.title) == ("company", "Acme", "", "")
    assert {(p.name, p.value) for p in found.properties} == {("ORG", "Acme;Sales"), ("TITLE", "t")}


def test_a_group_stays_with_its_members():
    found = vcard("FN:Team", "KIND:group", "MEMBER:urn:uuid:1", version="4.0")

    assert [p.name for p in found.properties] == ["KIND", "MEMBER"]


def test_parameters_are_decoded_as_rfc_6868_says():
    found = vcard("FN:x", "ADR;LABEL=\"1 Main^nPune ^^ ^'a^'\":;;1 Main;;;;", version="4.0")

    assert json.loads(found.addresses[0].params)["params"] == "LABEL=1 Main^nPune ^^ ^'a^'"


def test_a_custom_field_of_ours_comes_back():
    assert vcard("FN:x", 'X-CRM-FIELD;NAME="a:b":c\\, d').custom == (("a:b", "c, d"),)


def test_cards_are_read_one_by_one():
    """A file of any length is never held: the first card is there before the last was made."""
    opened = source("BEGIN:VCARD\nFN:a\nEND:VCARD\n" * 50_000)

    assert next(opened.records).name == "a"
