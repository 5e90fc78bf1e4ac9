"""Pictures, logos, sounds and keys: each version has its own form, and what comes in one leaves in the other."""

from __future__ import annotations

import pytest
from formats_support import contact, drafts, vcard
from hypothesis import given
from hypothesis import strategies as st

from crm_cli.core.records import Property
from crm_cli.formats.vcard.media import in_version
from crm_cli.formats.vcard.write import card

JPEG = "/9j/4AAQSkZJRgABAQAAAQABAAD/2Q=="


def written(line: str, version: str, came_in: str) -> str:
    """Bring a line in, and return how it leaves."""
    text = card(contact(vcard("FN:x", line, "", version=came_in)), version).replace("\r\n ", "")
    name = line.partition(":")[0].partition(";")[0]
    (found,) = (each for each in text.split("\r\n") if each.startswith(name))
    return found


@pytest.mark.parametrize(
    ("came_in", "line", "new", "old"),
    [
        ("3.0", "PHOTO;ENCODING=b;TYPE=JPEG:/9j/AA==", "PHOTO:data:image/jpeg;base64,/9j/AA==", None),
        ("2.1", "PHOTO;JPEG;BASE64:AA==", "PHOTO:data:image/jpeg;base64,AA==", "PHOTO;TYPE=JPEG;ENCODING=b:AA=="),
        ("2.1", "PHOTO;ENCODING=BASE64:/9j/AA==", "PHOTO:data:image/jpeg;base64,/9j/AA==", "PHOTO;ENCODING=b:/9j/AA=="),
        ("4.0", "PHOTO:data:image/png;base64,iVBORw0KGgo=", None, "PHOTO;ENCODING=b;TYPE=PNG:iVBORw0KGgo="),
        ("4.0", "PHOTO;PREF=1:data:image/gif;base64,R0lGOD==", None, "PHOTO;ENCODING=b;TYPE=GIF;PREF=1:R0lGOD=="),
        ("3.0", "PHOTO;VALUE=uri:http://x.example/a.gif", None, None),
        ("3.0", "PHOTO;VALUE=uri;TYPE=GIF:http://x", "PHOTO;VALUE=uri;MEDIATYPE=image/gif:http://x", None),
        ("4.0", "PHOTO:http://x.example/a.gif", None, "PHOTO;VALUE=uri:http://x.example/a.gif"),
        ("4.0", "LOGO;MEDIATYPE=image/svg+xml:http://x.example/a", None, "LOGO;TYPE=SVG;VALUE=uri:http://x.example/a"),
        ("2.1", "LOGO;VALUE=URL;GIF:http://x.example/a", "LOGO;VALUE=uri;MEDIATYPE=image/gif:http://x.example/a", None),
        ("3.0", "SOUND;TYPE=BASIC;ENCODING=b:AAAA", "SOUND:data:audio/basic;base64,AAAA", None),
        ("3.0", "KEY;TYPE=PGP;ENCODING=b:AAAA", "KEY:data:application/pgp-keys;base64,AAAA", None),
        ("4.0", "KEY:data:application/pgp-keys;base64,AAAA", None, "KEY;ENCODING=b;TYPE=PGP:AAAA"),
        ("3.0", "KEY;TYPE=PGP:-----BEGIN PGP", "KEY;MEDIATYPE=application/pgp-keys;VALUE=text:-----BEGIN PGP", None),
        ("3.0", "LOGO;VALUE=URI:data:image/gif;base64,A", "LOGO:data:image/gif;base64,A", "LOGO;ENCODING=b;TYPE=GIF:A"),
        ("3.0", "LOGO;ENCODING=b;TYPE=WORK;TYPE=PNG:AAAA", "LOGO;TYPE=WORK:data:image/png;base64,AAAA", None),
        ("3.0", "X-MS-CARDPICTURE;ENCODING=b;TYPE=JPEG:/9j/AA==", None, None),
        ("4.0", "PHOTO:data:image/svg+xml;utf8,<svg/>", None, "PHOTO;VALUE=uri:data:image/svg+xml;utf8,<svg/>"),
    ],
)  # fmt: skip
def test_the_form_of_each_version(came_in: str, line: str, new: str | None, old: str | None):
    """None: as it came."""
    assert written(line, "4.0", came_in) == (new or line)
    if came_in != "2.1" or old:
        assert written(line, "3.0", came_in) == (old or line)


@given(
    st.sampled_from(["PHOTO", "LOGO", "SOUND", "KEY", "photo"]),
    st.sampled_from(
        ["", "TYPE=JPEG", "TYPE=image/png", "TYPE=HOME", "ENCODING=b", "VALUE=uri", "X-A=1", "MEDIATYPE=image/gif"]
    ),
    st.sampled_from(["", "TYPE=PNG", "ENCODING=BASE64", "PREF=1", "VALUE=text"]),
    st.sampled_from([JPEG, "data:image/jpeg;base64," + JPEG, "http://x.example/a", "text", "cid:1", "data:,x", ""]),
    st.booleans(),
)
def test_a_form_is_final(name: str, one: str, two: str, value: str, new: bool):
    """Written again in the same version, nothing moves; the data is never changed."""
    once = in_version(Property(name, value, ";".join(filter(None, (one, two)))), new=new)

    assert in_version(once, new=new) == once
    assert once.value.rpartition(",")[2] == value.rpartition(",")[2]


def test_a_picture_goes_from_version_to_version_and_stays_the_same():
    first = vcard("FN:x", f"PHOTO;ENCODING=b;TYPE=JPEG:{JPEG}")

    (second,) = drafts(card(contact(first), "4.0"))
    (third,) = drafts(card(contact(second), "3.0"))

    assert third.properties == first.properties
