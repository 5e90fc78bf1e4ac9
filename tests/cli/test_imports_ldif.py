"""``crm import`` of LDIF: Thunderbird's address books, and the people of other directories."""

from __future__ import annotations

import base64

import pytest

ASHA = """dn: cn=Asha Verma,mail=asha@x.example
objectclass: top
objectclass: person
objectclass: organizationalPerson
objectclass: inetOrgPerson
objectclass: mozillaAbPersonAlpha
givenName: Asha
sn: Verma
cn: Asha Verma
mozillaNickname: Ash
mail: asha@x.example
mozillaSecondEmail: asha@home.example
nsAIMid: asha77
modifytimestamp: 1213818826
telephoneNumber: 123-456-7890
homePhone: 234-567-8901
fax: 345-678-9012
pager: 456-789-0123
mobile: 567-890-1234
mozillaHomeStreet: 1 Home Road
mozillaHomeStreet2: Flat 2
mozillaHomeLocalityName: Pune
street: 4 Station Road
l: Mumbai
st: Maharashtra
postalCode: 400001
c: India
title: CTO
ou: Research
o: Acme
mozillaWorkUrl: https://acme.example
birthyear: 1984
birthmonth: 5
birthday: 6
mozillaCustom1: blue
description:: {notes}
userPassword: secret
employeeNumber: 77

"""
NOTES = "Zeile eins: Grüße\nline two"


@pytest.fixture
def bring(crm, tmp_path):
    def run(text, name="people.ldif"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return crm("import", str(path))

    return run


def asha():
    return ASHA.format(notes=base64.b64encode(NOTES.encode()).decode())


def test_thunderbird(bring, crm):
    done = bring(asha())

    assert done.code == 0
    assert "1 read, 1 new" in done.err
    card = crm("show", "asha", "--json").json
    assert card["name_parts"]["family"] == "Verma"
    assert (card["nickname"], card["company"], card["title"]) == ("Ash", "Acme", "CTO")
    assert [each["value"] for each in card["emails"]] == ["asha@x.example", "asha@home.example"]
    assert {each["label"]: each["value"][:3] for each in card["phones"]} == {
        "work": "123", "home": "234", "fax": "345", "pager": "456", "mobile": "567",
    }  # fmt: skip
    work, home = card["addresses"]
    assert (work["label"], work["street"], work["locality"], work["code"]) == (
        "work",
        "4 Station Road",
        "Mumbai",
        "400001",
    )
    assert (home["label"], home["locality"]) == ("home", "Pune")
    assert card["birthday"] == "1984-05-06"
    assert card["notes"] == NOTES
    assert card["custom"] == {"custom1": "blue", "employeenumber": "77"}
    assert "secret" not in str(card)


def test_the_same_file_again_changes_nothing_and_a_newer_one_updates(bring, crm):
    bring(asha())

    assert "0 new, 0 changed, 1 same" in bring(asha()).err
    assert "0 new, 1 changed" in bring(asha().replace("title: CTO", "title: CEO")).err
    assert crm("show", "asha", "--json").json["title"] == "CEO"


def test_folded_lines_comments_and_line_ends(bring, crm):
    text = (
        "# a comment\n# that goes\n  on\nversion: 1\n\ndn: cn=Asha\nobjectClass: person\ncn: As\n ha\nSN;lang-de: V\n"
    )

    assert bring(text.replace("\n", "\r\n")).code == 0
    assert crm("list", "--json").json[0]["name"] == "Asha"


def test_a_group_is_a_tag_on_its_members(bring, crm):
    group = (
        "dn: cn=Friends\nobjectclass: groupOfNames\ncn: Friends\n"
        "member: cn=Asha Verma,mail=asha@x.example\nmember: cn=Gone,mail=gone@x.example\n"
    )

    done = bring(group + "\n" + asha())

    assert done.code == 0
    assert "group 'Friends' is a tag on its members: 1 of them; 1 not in the book" in done.err
    assert crm("show", "asha", "--json").json["tags"] == ["Friends"]


def test_what_is_no_person_is_counted(bring, crm):
    units = (
        "dn: dc=x\nobjectClass: domain\ndc: x\n\ndn: ou=People,dc=x\nobjectClass: organizationalUnit\nou: People\n\n"
    )

    done = bring(units + asha())

    assert "1 domain, 1 organizationalunit" in done.err
    assert len(crm("list", "--json").json) == 1


def test_openldap_with_a_photo(bring, crm):
    photo = base64.b64encode(b"\xff\xd8\xff picture").decode()
    text = (
        "dn: uid=ravi,ou=People,dc=x\nobjectClass: inetOrgPerson\nuid: ravi\ncn: Ravi Kumar\nsn: Kumar\n"
        f"mail: r@x.example\nentryUUID: 0d7c2d30-1b8e-4a8e-9a53-6b8f34c1a001\njpegPhoto:: {photo}\n"
    )

    assert bring(text).code == 0
    assert f"PHOTO;ENCODING=b;TYPE=JPEG:{photo}" in crm("export", "--format", "vcf", "--vcard", "3.0").out


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        (
            "dn: cn=B\nchangetype: modify\nreplace: mail\nmail: x@x.example\n-\n",
            "a change to an entry (changetype: modify)",
        ),
        ("dn: cn=B\ncn:: not base64!\n", "cn: damaged base64"),
        ("dn: cn=B\nno attribute here\n", "a line that is not an attribute: no attribute here"),
    ],
)
def test_an_entry_that_cannot_be_read_is_rejected_and_the_rest_goes_in(bring, crm, tmp_path, entry, reason):
    done = bring(f"{asha()}{entry}\ndn: cn=C\ncn: Carl\n")

    assert done.code == 5
    assert f"rejected: {reason}" in done.err
    assert len(crm("list", "--json").json) == 2
    assert "cn=B" in (tmp_path / "people.ldif.rejects").read_text()


def test_a_url_is_never_opened(bring, crm, tmp_path):
    (tmp_path / "secret").write_text("SECRET")

    assert bring(f"dn: cn=A\ncn: Asha\ndescription:< file://{tmp_path}/secret\n").code == 0
    assert crm("show", "asha", "--json").json["notes"] == f"file://{tmp_path}/secret"


def test_an_endless_entry_is_rejected(bring, crm):
    lines = " y" * 3_000_000 + "\n" + " z" * 3_000_000 + "\n"

    done = bring(f"dn: cn=A\ncn: A\ndescription: x\n{lines}\ndn: cn=B\ncn: Bob\n")

    assert done.code == 5
    assert [each["name"] for each in crm("list", "--json").json] == ["Bob"]
