"""``crm photo``: the picture of a person in and out, and what is said of it."""

from __future__ import annotations

import base64
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from support import dump

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support import Run

    Crm = Callable[..., Run]

JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(range(256)) * 90
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 3
CARD = "BEGIN:VCARD\nVERSION:3.0\nUID:asha-1\nFN:Asha Verma\nN:Verma;Asha;;;\n{}\nEND:VCARD\n"


@pytest.fixture
def card(crm: Crm, tmp_path: Path) -> Callable[[str], None]:
    """Import a person with these further lines."""

    def bring(lines: str) -> None:
        path = tmp_path / "asha.vcf"
        path.write_text(CARD.format(lines))
        assert crm("import", str(path)).code == 0

    return bring


def photo(book: Path, *words: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """Run ``crm photo`` as a process, whose output are bytes."""
    return subprocess.run(
        [sys.executable, "-m", "crm_cli", "--book", str(book), "photo", *words], input=stdin, capture_output=True
    )


def change_of(message: str) -> str:
    return message.rpartition("[")[2].partition("]")[0]


@pytest.mark.parametrize(
    "line",
    [
        "PHOTO;ENCODING=b;TYPE=JPEG:{}",
        "PHOTO;JPEG;BASE64:{}",
        "PHOTO;ENCODING=BASE64:{}",
        "PHOTO:data:image/jpeg;base64,{}",
        "PHOTO;VALUE=uri:data:image/jpeg\\;base64\\,{}",
        "LOGO;ENCODING=b:{}",
    ],
)
def test_a_photo_of_a_card_comes_out_byte_by_byte(crm: Crm, card, book_path: Path, line: str) -> None:
    card(line.format(base64.b64encode(JPEG).decode()))

    assert photo(book_path, "asha").stdout == JPEG
    assert "photo         JPEG, 23 kB" in crm("show", "asha", "--format", "text").out


def test_o_writes_a_file_and_asks_before_it_replaces_one(crm: Crm, card, tmp_path: Path) -> None:
    card("PHOTO;ENCODING=b;TYPE=PNG:" + base64.b64encode(PNG).decode())
    target = tmp_path / "asha.png"

    assert "PNG, 776 bytes" in crm("photo", "asha", "-o", str(target)).err
    assert target.read_bytes() == PNG
    target.write_bytes(b"mine")
    refused = crm("photo", "asha", "-o", str(target))
    assert refused.code == 2
    assert "--yes" in refused.err
    assert target.read_bytes() == b"mine"
    assert crm("photo", "asha", "-o", str(target), "--yes").code == 0
    assert target.read_bytes() == PNG


def test_a_dry_run_writes_nothing(crm: Crm, card, tmp_path: Path) -> None:
    card("PHOTO;ENCODING=b:" + base64.b64encode(PNG).decode())

    assert crm("photo", "asha", "-o", str(tmp_path / "x.png"), "--dry-run").code == 0
    assert not (tmp_path / "x.png").exists()


def test_the_book_is_not_overwritten(crm: Crm, card, book_path: Path) -> None:
    card("PHOTO;ENCODING=b:" + base64.b64encode(PNG).decode())
    before = dump(book_path)

    assert crm("photo", "asha", "-o", str(book_path), "--yes").code == 2
    assert dump(book_path) == before


def test_a_link_is_named_and_not_downloaded(crm: Crm, card) -> None:
    card("PHOTO;VALUE=uri:https://pictures.example/asha.jpg")

    found = crm("photo", "asha")
    assert found.code == 1
    assert "https://pictures.example/asha.jpg" in found.err
    assert "link to https://pictures.example/asha.jpg" in crm("show", "asha", "--format", "text").out


def test_a_picture_in_the_card_is_preferred_to_a_link(crm: Crm, card, book_path: Path) -> None:
    picture = base64.b64encode(PNG).decode()
    card(f"PHOTO;VALUE=uri:https://pictures.example/asha.jpg\nPHOTO;ENCODING=b:{picture}")

    assert photo(book_path, "asha").stdout == PNG


def test_a_person_without_a_photo_is_an_error(crm: Crm, card) -> None:
    card("NOTE:x")

    assert crm("photo", "asha").code == 3
    assert "photo" not in crm("show", "asha", "--format", "text").out


@pytest.mark.parametrize("value", ["AAA", "/9j/4A", "!!!", "=", "/9j/4AAQSkZJRgABAQ"])
def test_base64_that_was_cut_off_is_no_failure(crm: Crm, card, book_path: Path, value: str) -> None:
    card(f"PHOTO;ENCODING=b;TYPE=JPEG:{value}")

    found = photo(book_path, "asha")
    assert b"Traceback" not in found.stderr
    assert crm("show", "asha").code == 0


def test_a_photo_is_set_replaced_and_removed_and_each_can_be_undone(crm: Crm, book_path: Path, tmp_path: Path) -> None:
    crm("add", "Asha Verma")
    file = tmp_path / "asha.jpg"
    file.write_bytes(JPEG)

    assert "1 Asha Verma: photo JPEG, 23 kB [ch2]" in crm("photo", "asha", "--set", str(file)).err
    assert "nothing changed" in crm("photo", "asha", "--set", str(file)).err
    replaced = photo(book_path, "asha", "--set", "-", stdin=PNG).stderr.decode()
    assert "PNG, 776 bytes" in replaced
    assert photo(book_path, "asha").stdout == PNG
    removed = crm("photo", "asha", "--remove").err
    assert "photo removed" in removed
    assert crm("photo", "asha").code == 3
    crm("undo", change_of(removed))
    assert photo(book_path, "asha").stdout == PNG
    crm("undo", change_of(replaced))
    assert photo(book_path, "asha").stdout == JPEG


@pytest.mark.parametrize("version", ["3.0", "4.0"])
def test_a_photo_set_here_is_in_the_vcard_and_comes_back(
    crm: Crm, book_path: Path, tmp_path: Path, version: str
) -> None:
    crm("add", "Asha Verma")
    photo(book_path, "asha", "--set", "-", stdin=PNG)
    crm("export", "--format", "vcf", "--vcard", version, "-o", str(tmp_path / "out.vcf"))
    other = tmp_path / "other.db"

    crm("import", str(tmp_path / "out.vcf"), "--book", str(other))
    assert photo(other, "asha").stdout == PNG


@pytest.mark.parametrize("what", [b"", b"hello", b"%PDF-1.7", b"<svg onload='x'/>"])
def test_only_pictures_are_set(crm: Crm, book_path: Path, what: bytes) -> None:
    crm("add", "Asha Verma")

    found = photo(book_path, "asha", "--set", "-", stdin=what)
    assert found.returncode == 2
    assert b"not a JPEG, PNG, GIF or WebP" in found.stderr


def test_a_picture_that_is_too_large_is_refused(crm: Crm, book_path: Path) -> None:
    crm("add", "Asha Verma")

    found = photo(book_path, "asha", "--set", "-", stdin=JPEG + bytes(10_000_000))
    assert found.returncode == 2
    assert b"10 MB" in found.stderr


def test_a_company_has_a_logo(crm: Crm, book_path: Path, tmp_path: Path) -> None:
    crm("company", "add", "Acme")
    photo(book_path, "c1", "--set", "-", stdin=PNG)

    assert photo(book_path, "c1").stdout == PNG
    assert "PNG, 776 bytes" in crm("show", "c1", "--format", "text").out


def test_a_terminal_never_gets_the_bytes(crm: Crm, card, book_path: Path) -> None:
    import pty

    card("PHOTO;ENCODING=b:" + base64.b64encode(PNG).decode())
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "crm_cli", "--book", str(book_path), "photo", "asha"]
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=subprocess.PIPE) as process:
        os.close(theirs)
        _, err = process.communicate(timeout=60)
    os.close(ours)

    assert process.returncode == 2
    assert b"PNG, 776 bytes (-o FILE)" in err
