from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_cli.core import names
from crm_cli.core.phones import looks_like_phone
from crm_cli.core.records import NameParts

WORDS = ["Priya", "Dr.", "van", "De", "O'Hara", "Jr.", "PhD", "李", "小龍", "श्री", "कुमार", "bin", "y", "MS", "J."]

SPLIT = [
    ("Priya Sharma", ("", "Priya", "", "Sharma", "")),
    ("Dr. Priya Sharma", ("Dr.", "Priya", "", "Sharma", "")),
    ("Prof. Dr. Hans Müller", ("Prof. Dr.", "Hans", "", "Müller", "")),
    ("श्रीमती प्रिया शर्मा", ("श्रीमती", "प्रिया", "", "शर्मा", "")),
    ("Priya Anil Sharma", ("", "Priya", "Anil", "Sharma", "")),
    ("Sharma, Priya", ("", "Priya", "", "Sharma", "")),
    ("Sharma, Priya Anil, PhD", ("", "Priya", "Anil", "Sharma", "PhD")),
    ("Sharma, Dr. Priya", ("Dr.", "Priya", "", "Sharma", "")),
    ("John Smith, PhD", ("", "John", "", "Smith", "PhD")),
    ("John Smith Jr.", ("", "John", "", "Smith", "Jr.")),
    ("Ludwig van Beethoven", ("", "Ludwig", "", "van Beethoven", "")),
    ("Vincent Willem van Gogh", ("", "Vincent", "Willem", "van Gogh", "")),
    ("Robert De Niro", ("", "Robert", "", "De Niro", "")),
    ("Nguyen Van Minh", ("", "Nguyen", "Van", "Minh", "")),
    ("Van Morrison", ("", "Van", "", "Morrison", "")),
    ("Mohammed bin Salman", ("", "Mohammed", "", "bin Salman", "")),
    ("José Ortega y Gasset", ("", "José", "", "Ortega y Gasset", "")),
    ("Ing Wong", ("", "Ing", "", "Wong", "")),
    ("Ing. Jan Novák", ("Ing.", "Jan", "", "Novák", "")),
    ("Priya Sharma (HR)", ("", "Priya", "", "Sharma", "(HR)")),
    ("MS Dhoni", ("", "MS", "", "Dhoni", "")),
    ("Ma Long", ("", "Ma", "", "Long", "")),
    ("李小龍", ("", "李小龍", "", "", "")),
    ("山田 太郎", ("", "山田 太郎", "", "", "")),
    ("Cher", ("", "Cher", "", "", "")),
    ("Dr.", ("", "Dr.", "", "", "")),
    ("", ("", "", "", "", "")),
]


@pytest.mark.parametrize(("name", "parts"), SPLIT)
def test_split(name: str, parts: tuple[str, ...]) -> None:
    assert names.split(name) == NameParts(*parts)


@pytest.mark.parametrize("name", [name for name, _ in SPLIT if "," not in name])
def test_display_gives_back_what_was_typed(name: str) -> None:
    assert names.display(names.split(name)) == name


@given(st.lists(st.sampled_from(WORDS) | st.text("abcXY .-", min_size=1)))
def test_nothing_is_lost_or_moved(words: list[str]) -> None:
    name = " ".join(" ".join(words).split())

    assert names.display(names.split(name)) == name


@given(st.text().filter(lambda text: not looks_like_phone(text)))
def test_a_comma_loses_no_word(s: str) -> None:
    shown = names.display(names.split(s))

    assert sorted(shown.replace(" ", "").replace(",", "")) == sorted("".join(s.replace(",", " ").split()))


def test_east_asian_parts_are_written_family_first() -> None:
    assert names.display(NameParts(given="小龍", family="李")) == "李小龍"


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Dr. Priya Sharma", "PS"), ("李小龍", "李"), ("cher", "C"), ("", ""), ("किरण राव", "किरा"), ("(x) y", "XY")],
)
def test_initials(name: str, letters: str) -> None:
    assert names.initials(name) == letters


@pytest.mark.parametrize(
    ("a", "b", "one_person"),
    [
        ("Priya Sharma", "priya sharma", True),
        ("Priya", "Priya Sharma", True),
        ("P. Sharma", "Sharma, Priya Anil", True),
        ("Dr. Priya Sharma", "Priya Sharma, PhD", True),
        ("John K Smith", "John Kumar Smith", True),
        ("हिन्दी लाल", "हिंदी लाल", True),
        ("Jane Smith", "John Smith", False),
        ("John A Smith", "John B Smith", False),
        ("Priya Sharma", "Priya Verma", False),
        ("Asha", "Ravi", False),
        ("", "Ravi", True),
        ("P S", "Priya Sharma", False),
        ("李小龍", "李小龍", True),
    ],
)
def test_agree(a: str, b: str, one_person: bool) -> None:
    assert names.agree(a, b) is one_person
    assert names.agree(b, a) is one_person
