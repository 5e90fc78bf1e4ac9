"""What came with a vCard leaves with it: a second birthday or name, others' names and types, labels, pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support import Run

    Crm = Callable[..., Run]

LINES = (
    "N;ALTID=1;LANGUAGE=en:Yamada;Taro;;;",
    "N;ALTID=1;LANGUAGE=ja:山田;太郎;;;",
    "BDAY;ALTID=1:19531015",
    "BDAY;ALTID=1;VALUE=text:circa 1953",
    "X-ABC/DEF;X-P=1:kept",
    "TEL;TYPE=x:1",
    "EMAIL;TYPE=cell:a@b.example",
    "g1.URL:https://a.example",
    "g1.X-ABLabel:_$!<HomePage>!$_",
    "g2.TEL:2",
    "g2.X-ABLabel:_$!<Mobile>!$_",
    "CATEGORIES:one,d'or",
)


def card(*lines: str, version: str = "3.0") -> str:
    return "\n".join(["BEGIN:VCARD", f"VERSION:{version}", *lines, "END:VCARD", ""])


@pytest.fixture
def leaves(crm: Crm, tmp_path: Path) -> Callable[..., list[str]]:
    """Import a card, and return the lines of its export."""

    def bring(*lines: str, version: str = "3.0", edit: tuple[str, ...] = ()) -> list[str]:
        path = tmp_path / "a.vcf"
        path.write_text(card(*lines, version=version), encoding="utf-8")
        assert crm("import", str(path)).code == 0
        if edit:
            assert crm("edit", "1", *edit).code == 0
        return crm("export", "--format", "vcf", "--vcard", version).out.replace("\r\n ", "").splitlines()

    return bring


@pytest.mark.parametrize("version", ["3.0", "4.0"])
@pytest.mark.parametrize("line", LINES)
def test_each_line_comes_out_as_it_went_in(leaves: Callable[..., list[str]], line: str, version: str) -> None:
    assert line in leaves("FN:Taro Yamada", *LINES, version=version)


@pytest.mark.parametrize(
    "lines",
    [
        ("N:Public;John;;;", "N:Stevenson;John;Philip,Paul;;"),
        ("BDAY:1996-04-15", "BDAY:1953-10-15T23:10:00Z", "BDAY:1987-09-27"),
        ("BDAY;VALUE=text:circa 1800", "BDAY:1800-01-01"),
        ("UID:one", "UID:two"),
        ("X-ANNIVERSARY:2001-02-03", "X-EVOLUTION-ANNIVERSARY:2002-02-03"),
    ],
)
def test_a_second_one_of_what_a_card_has_once_stays(leaves: Callable[..., list[str]], lines: tuple[str, ...]) -> None:
    assert set(lines) <= set(leaves("FN:x", *lines))


def test_a_changed_birthday_takes_the_place_of_the_first_alone(leaves: Callable[..., list[str]]) -> None:
    out = leaves("FN:x", "BDAY:1996-04-15", "BDAY;X-A=1:1953-10-15", edit=("birthday=1990-01-01",))

    assert [line for line in out if line.startswith("BDAY")] == ["BDAY:1990-01-01", "BDAY;X-A=1:1953-10-15"]


def test_a_birthday_that_was_taken_away_does_not_come_back(leaves: Callable[..., list[str]]) -> None:
    assert not [line for line in leaves("FN:x", "BDAY;X-A=1:1996-04-15", edit=("birthday=",)) if "BDAY" in line]


def test_a_label_that_the_user_changed_is_written(leaves: Callable[..., list[str]]) -> None:
    out = leaves("FN:x", "g1.TEL:112", "g1.X-ABLabel:_$!<Mobile>!$_", edit=("phone-=112", "phone.home+=112"))

    assert "TEL;TYPE=home:112" in out


def test_two_lines_of_a_group_share_their_label(leaves: Callable[..., list[str]]) -> None:
    out = leaves("FN:x", "g1.TEL:1", "g1.EMAIL:a@b.example", "g1.X-ABLabel:Boat")

    assert [line for line in out if "X-ABLabel" in line] == ["g1.X-ABLabel:Boat"]


def test_a_picture_takes_the_form_of_the_version(crm: Crm, tmp_path: Path) -> None:
    (tmp_path / "a.vcf").write_text(card("FN:Drei", "PHOTO;ENCODING=b;TYPE=JPEG:/9j/AA=="), encoding="utf-8")
    (tmp_path / "b.vcf").write_text(
        card("FN:Vier", "PHOTO:data:image/jpeg;base64,/9j/AA==", version="4.0"), encoding="utf-8"
    )
    crm("import", str(tmp_path / "a.vcf"), str(tmp_path / "b.vcf"))

    assert crm("export", "--format", "vcf").out.count("PHOTO:data:image/jpeg;base64,/9j/AA==\r\n") == 2
    assert crm("export", "--format", "vcf", "--vcard", "3.0").out.count("PHOTO;ENCODING=b;TYPE=JPEG:/9j/AA==\r\n") == 2
