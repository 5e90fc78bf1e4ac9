"""``crm import`` of files with something wrong in them: that is said, and the rest goes in."""

from __future__ import annotations

import pytest

GOOD = "Mia Iyer,mia@x.example\n"
HEAD = "Name,Email\n"
CARD = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Mia Iyer\r\nEMAIL:mia@x.example\r\nEND:VCARD\r\n"


FILES = {
    "UTF-16 without a mark": ((HEAD + "Zoë,zoe@x.example\n" + GOOD).encode("utf-16-le"), 0, "read as utf-16-le"),
    "line ends of three systems": (b"Name,Email\r\nAsha,a@x.in\rRavi,r@x.in\nMia Iyer,mia@x.example\r\n", 0, "3 new"),
    "a bare quote": ((HEAD + 'Asha "Ash" Verma,a@x.example\n"Ravi" Kumar,r@x.example\n' + GOOD).encode(), 0, "3 new"),
    "a quote without end": ((HEAD + 'Asha,"a@x.example\n' + GOOD).encode(), 0, "unmatched quote"),
    "rows too long": ((HEAD + "Asha,a@x.example,more,cells\n" + GOOD).encode(), 0, "2 more cells than columns"),
    "rows too short": ((HEAD + "Asha\n" + GOOD).encode(), 0, "2 new"),
    "columns of one name": (b"Name,Email,Email\nMia Iyer,mia@x.example,mia@home.example\n", 0, "1 new"),
    "NULs": ((HEAD + "As\0ha,a@x.example\n" + GOOD).encode(), 0, "2 new"),
    "a cell that is a formula": ((HEAD + "=cmd|' /C calc'!A0,a@x.example\n" + GOOD).encode(), 0, "2 new"),
    "ESC": ((HEAD + "\x1b[31mAsha,a@x.example\n" + GOOD).encode(), 0, "2 new"),
    "a day that does not exist": (b"Name,Email,Birthday\nMia Iyer,mia@x.example,2026-02-31\n", 0, "1 new"),
    "a row without anything": ((HEAD + "-,\n" + GOOD).encode(), 0, "new"),
    "a card cut in the middle": ((CARD + "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ash").encode(), 5, "rejected"),
    "base64 cut off": (
        (CARD + CARD.replace("Mia Iyer", "Asha").replace("EMAIL:", "PHOTO;ENCODING=b:AAA")).encode(), 0, "2 new",
    ),
    "2,000 cards begun": ((CARD + "BEGIN:VCARD\r\n" * 2_000).encode(), 5, "rejected"),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_the_rest_goes_in(crm, tmp_path, name):
    data, code, words = FILES[name]
    path = tmp_path / "people.csv"
    path.write_bytes(data)

    done = crm("import", str(path))

    assert done.code == code, done.err
    assert words in done.err
    assert "\x1b" not in done.err
    assert "Mia Iyer" in [each["name"] for each in crm("list", "--json").json]


def test_a_heading_only_is_no_failure(crm, tmp_path):
    (tmp_path / "people.csv").write_text(HEAD)

    done = crm("import", str(tmp_path / "people.csv"))

    assert (done.code, "0 read, 0 new" in done.err) == (0, True)


def test_a_day_that_does_not_exist_is_kept_as_text(crm, tmp_path):
    (tmp_path / "people.csv").write_text("Name,Email,Birthday\nMia Iyer,mia@x.example,2026-02-31\n")

    crm("import", str(tmp_path / "people.csv"))

    card = crm("show", "mia", "--json").json
    assert card["birthday"] is None
    assert "2026-02-31" in card["custom"].values()


def test_a_formula_is_text_and_leaves_as_text(crm, tmp_path):
    (tmp_path / "people.csv").write_text(HEAD + "=cmd|' /C calc'!A0,a@x.example\n")
    crm("import", str(tmp_path / "people.csv"))

    assert crm("list", "--json").json[0]["name"] == "=cmd|' /C calc'!A0"
    assert "'=cmd" in crm("export", "--format", "csv").out


def test_many_rows_of_one_person_are_said_and_linear(crm, tmp_path):
    (tmp_path / "people.csv").write_text(HEAD + GOOD * 3_000)

    assert crm("import", str(tmp_path / "people.csv")).code == 0
    assert "0 new, 0 changed, 3000 same" in crm("import", str(tmp_path / "people.csv")).err
