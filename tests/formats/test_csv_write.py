"""Our own CSV: no cell that a spreadsheet would run, and everything back as it was."""

from __future__ import annotations

import csv
import io

import pytest
from formats_support import contact, source
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from crm_cli.core.records import Address, Contact, Draft, Employment, NameParts, Point
from crm_cli.formats.csv.cells import HARMLESS, RUNS, guard, unguard, unguard_foreign
from crm_cli.formats.csv.write import columns, header, row

texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("=+-@'\n;\\"), max_size=30).map(
    str.strip
)
hostile = st.lists(
    st.sampled_from(
        [
            "\r",
            "\n",
            "\r\n",
            "\t",
            ",",
            ";",
            '"',
            "'",
            "=",
            "+1",
            "-",
            "@",
            "\\",
            "\u2028",
            " ",
            "ä",
            "sep=;",
            "Total: 2",
        ]
    )
    | st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=3),
    max_size=6,
).map(lambda parts: __import__("unicodedata").normalize("NFC", "".join(parts)))
nfc_texts = texts.map(lambda text: __import__("unicodedata").normalize("NFC", text).strip())


@settings(deadline=None)
@given(st.text())
def test_a_guard_is_undone_exactly(text: str):
    assert unguard(guard(text)) == text


@settings(deadline=None)
@given(st.text(" \t\r\n\0\ufeff\u200b\xa0＝", max_size=3), st.sampled_from("=+-@|%＝＋－＠"), st.text())
def test_no_cell_runs(before: str, sign: str, after: str):
    assume(before or not HARMLESS.fullmatch(sign + after))

    assert guard(before + sign + after).startswith("'")


@pytest.mark.parametrize(
    "text", ["", "Joe", "1", "a=b", "Ünal", "山田", "(030) 1", "+91 98200 12345", "+49 (0)30/123-45", "--04-12"]
)
def test_harmless_cells_stay_as_they_are(text: str):
    assert guard(text) == text
    assert text[:1] not in RUNS or HARMLESS.fullmatch(text)


@pytest.mark.parametrize(
    "text", ["+1+2", "+1-2", "-1", "--1", "+12345*cmd", "+cmd|' /C calc'!A0", "+12345\n=1", "--04-12+1"]
)
def test_what_only_begins_like_a_phone_or_a_day_is_guarded(text: str):
    assert guard(text) == "'" + text


def test_a_guard_of_ours_is_undone_by_others_too():
    assert unguard_foreign(guard("+49 30")) == "+49 30"


def written(*people: Contact) -> str:
    names = columns(people)
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(header(names))
    writer.writerows(row(each, names) for each in people)
    return out.getvalue()


@st.composite
def people(draw: st.DrawFn) -> Contact:
    return contact(
        Draft(
            name="n" + draw(nfc_texts),
            parts=NameParts(*(draw(nfc_texts) for _ in range(5))),
            nickname=draw(nfc_texts),
            company=draw(nfc_texts),
            title=draw(nfc_texts),
            points=tuple(
                Point(
                    draw(st.sampled_from(["email", "phone", "url", "im", "social"])),
                    "v" + draw(nfc_texts),
                    draw(nfc_texts),
                )
                for _ in range(draw(st.integers(0, 3)))
            ),
            addresses=tuple(
                Address("s" + draw(nfc_texts), code=draw(nfc_texts)) for _ in range(draw(st.integers(0, 2)))
            ),
            birthday=draw(st.sampled_from([None, "--04-12", "1980-01-02"])),
            notes=draw(nfc_texts),
            tags=tuple(draw(st.lists(nfc_texts.filter(bool), unique=True, max_size=3))),
        )
    )


@settings(deadline=None)
@given(st.lists(people(), min_size=1, max_size=3))
def test_what_is_written_reads_back_equal(given_people: list[Contact]):
    opened = source(written(*given_people))
    found = [each for each in opened.records if isinstance(each, Draft)]

    assert opened.profile == "crm"
    for person, back in zip(given_people, found, strict=True):
        for field in ("name", "parts", "nickname", "birthday", "notes", "tags", "addresses", "uid"):
            assert getattr(back, field) == getattr(person, field), field
        assert sorted(back.points, key=repr) == sorted(person.points, key=repr)
        if person.employments:
            assert (back.company, back.title) == (person.employments[0].company, person.employments[0].title)


@st.composite
def contacts(draw: st.DrawFn) -> Contact:
    """A person with hostile texts, second values, what is preferred, and perhaps without a name."""
    return contact(
        Draft(
            name=draw(hostile),
            parts=NameParts(*(draw(hostile) for _ in range(5))),
            nickname=draw(hostile),
            company=draw(hostile),
            title=draw(hostile),
            department=draw(hostile),
            points=tuple(
                Point(kind, "v" + draw(hostile), draw(hostile), draw(st.booleans()))
                for kind in draw(st.lists(st.sampled_from(["email", "phone", "url", "im", "social"]), max_size=4))
            ),
            addresses=tuple(
                Address(draw(hostile), "x", locality=draw(hostile), label=draw(hostile), preferred=draw(st.booleans()))
                for _ in range(draw(st.integers(0, 2)))
            ),
            notes=draw(hostile),
            custom=tuple({"Boat": "b" + draw(hostile), "Hobby": "h" + draw(hostile)}.items()),
        )
    )


@settings(deadline=None)
@given(st.lists(contacts(), min_size=1, max_size=3))
def test_hostile_texts_read_back_equal(given_people: list[Contact]):
    opened = source(written(*given_people))
    found = [each for each in opened.records if isinstance(each, Draft)]

    for person, back in zip(given_people, found, strict=True):
        for field in ("name", "parts", "nickname", "notes", "addresses", "custom"):
            assert getattr(back, field) == getattr(person, field), field
        assert sorted(back.points, key=repr) == sorted(person.points, key=repr)
        job = person.employments[0] if person.employments else Employment()
        assert (back.company, back.title, back.department) == (job.company, job.title, job.department)


def test_custom_fields_keep_their_names():
    person = contact(Draft(name="x", custom=(("=cmd", "=1+1"), ("Boat", "Sloop"))))

    (found,) = source(written(person)).records

    assert found.custom == person.custom
    assert "\n=" not in written(person)
    assert ",=" not in written(person)


def test_past_points_are_left_out():
    person = contact(Draft(name="x", points=(Point("email", "a@x", state="former"),)))

    assert "a@x" not in written(person)
