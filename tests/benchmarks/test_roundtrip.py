"""The benchmark that brings cards in, out and in again sees what is lost, and only that."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

PATH = Path(__file__).resolve().parents[2] / "benchmarks" / "roundtrip.py"
spec = importlib.util.spec_from_file_location("roundtrip", PATH)
roundtrip = importlib.util.module_from_spec(spec)
sys.modules["roundtrip"] = roundtrip
spec.loader.exec_module(roundtrip)

OLD = """BEGIN:VCARD
VERSION:2.1
N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BCller;J=C3=B6=
rg
TEL;WORK;PREF:+49 30 1
PHOTO;JPEG;BASE64:
 /9j/4AAQ
 AA==

END:VCARD
"""
NEW = """BEGIN:VCARD
VERSION:4.0
FN:Acme
KIND:org
item1.EMAIL;PREF=1:info@acme.example
item1.X-ABLabel:Office
BDAY:19800322
X-A/B;X-P="a;b":c\\, d
END:VCARD
BEGIN:VCARD
NOTE:nobody
END:VCARD
"""


def test_every_card_of_a_folder_is_compared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "old.vcf").write_text(OLD)
    (tmp_path / "deep" / "new.vcf").write_text(NEW)
    (tmp_path / "people.csv").write_text("Name,Email\nAsha,a@b.example\n")
    monkeypatch.setattr(sys, "argv", ["roundtrip.py", str(tmp_path)])

    code = roundtrip.main()

    assert capsys.readouterr().out == "2 of 2 cards came out as they went in: 100.0 % (1 more were rejected)\n"
    assert code == 0


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("TEL;TYPE=work,pref:1", "TEL;TYPE=WORK;PREF=1:1"),
        ("BDAY:1980-03-22", "BDAY:19800322"),
        ("X-ANNIVERSARY:2001-02-03", "ANNIVERSARY:20010203"),
        ("PHOTO;ENCODING=b;TYPE=JPEG:AAAA", "PHOTO:data:image/jpeg;base64,AAAA"),
        ("NICKNAME:a,b", "NICKNAME:b\nNICKNAME:a"),
        ("NOTE;ENCODING=QUOTED-PRINTABLE:a=0Ab", "NOTE:a\\nb"),
    ],
)
def test_what_says_the_same_is_no_loss(before: str, after: str) -> None:
    assert roundtrip.lost(before, after) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("TEL:1", "TEL:2"),
        ("TEL:1\nTEL:1", "TEL:1"),
        ("TEL;TYPE=x:1", "TEL:1"),
        ("g1.TEL:1", "TEL:1"),
        ("X-A:1", ""),
        ("BDAY:1980-03-22", "BDAY:1980-03-23"),
        ("PHOTO;ENCODING=b:AAAA", "PHOTO;ENCODING=b:AAAB"),
    ],
)
def test_what_is_lost_is_told(before: str, after: str) -> None:
    assert len(roundtrip.lost(before, after)) == 1


def test_books_that_differ_are_told() -> None:
    before = {"id": 1, "uid": "a", "name": "x", "tags": ["b", "a"], "phones": [{"id": 7, "value": "1"}]}

    assert roundtrip.changed(before, {**before, "id": 2, "uid": "b", "tags": ["a", "b"]}) == []
    assert len(roundtrip.changed(before, {**before, "phones": []})) == 1
