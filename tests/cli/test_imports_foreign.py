"""``crm import`` of files that are something else, whatever their name says: one line that says what they are."""

from __future__ import annotations

import io
import tarfile

import pytest

MBOX = (
    "From asha@x.example Mon Nov 30 10:00:00 2026\nFrom: Asha <asha@x.example>\nTo: ravi@x.example\n"
    "Subject: Hello, again\n\nDear Ravi,\nbye\n"
)
MAIL = (
    "Return-Path: <asha@x.example>\nReceived: from a, by b;\n\tMon, 30 Nov 2026\nFrom: Asha <asha@x.example>\n"
    "Subject: Hi\n\nx\n"
)


def tar():
    kept = io.BytesIO()
    with tarfile.open(fileobj=kept, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("a.csv"))
    return kept.getvalue()


FILES = {
    "nothing": (b"", "is empty; nothing to import"),
    "blanks": (b" \r\n\t\n" * 9, "is empty; nothing to import"),
    "NULs": (b"\0" * 9000, "is empty; nothing to import"),
    "a PNG": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "is an image"),
    "a JPEG": (b"\xff\xd8\xff\xe0\0\x10JFIF", "is an image"),
    "a film": (b"\0\0\0\x20ftypisom" + b"\0" * 99, "is a media file"),
    "a PDF": (b"%PDF-1.7\n", "is a PDF"),
    "a tar archive": (tar(), "is a tar archive, not an address book; unpack it first"),
    "7-Zip": (b"7z\xbc\xaf'\x1c\0", "is a 7-Zip archive"),
    "an Outlook data file": (b"!BDN" + b"\0" * 99, "is an Outlook data file, not an address book; export it"),
    "SQLite": (b"SQLite format 3\0" + b"\0" * 99, "is an SQLite database"),
    "RTF": (b"{\\rtf1\\ansi Hello}", "is an RTF document"),
    "a mailbox": (MBOX.encode(), "is a mailbox (mbox), not an address book"),
    "a message": (MAIL.encode(), "is an e-mail message, not an address book"),
    "a message with CRLF": (MAIL.replace("\n", "\r\n").encode(), "is an e-mail message, not an address book"),
    "HTML": (b"\n<!DOCTYPE html>\n<table><tr><td>Name<td>Email", "is a web page"),
    "XML": (b'<?xml version="1.0"?><contacts/>', "is XML"),
    "a calendar": (b"BEGIN:VCALENDAR\nEND:VCALENDAR\n", "is a calendar"),
    "SQL": (b"-- a dump\n/* of, all */;\n\nINSERT INTO people (name, email) VALUES ('a', 'b');\n", "is SQL"),
    "SQL of SQLite": (b"PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\nCREATE TABLE a (name, email);\n", "is SQL"),
    "TOML": (b'# settings, mine\n[project.name]\nname = "x"\nemail = "a@x, b@x"\n', "is a file of settings"),
    "INI": (b"; mine\n[mail]\nfrom = a@x.example\n", "is a file of settings"),
    "a script": (b"#!/bin/sh\ncut -d, -f name,email people.csv\n", "is a script, not an address book"),
    "Python": (
        b"# by me\nimport csv, sys\n\nrows = [('Name', 'Email'),\n        ('Asha', 'a@x.in')]\ndef main():\n",
        "is a program's",
    ),
    "Python with a docstring": (
        b'"""Names, phones,\n\nand e-mails."""\n\nimport csv\n\nNAME, PHONE = 1, 2\n',
        "is a program's",
    ),
    "JavaScript": (b"const fields = ['name', 'email'];\n", "is a program's source"),
    "JSON": (b'{"name": "x", "email": "y"}', "is JSON, but not"),
    "prose": (b"Dear all, this is a letter; it goes on.\nBye.\n", "no address book in"),
    "a picture of an old Office file": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 999, "is an old Office file"),
}


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("ending", ["csv", "vcf"])
def test_it_is_named_in_one_line(crm, tmp_path, book_path, name, ending):
    data, words = FILES[name]
    path = tmp_path / f"people.{ending}"
    path.write_bytes(data)

    done = crm("import", str(path))

    assert done.code == 1
    assert done.out == ""
    assert len(done.err.splitlines()) == 1
    assert f"people.{ending}" in done.err
    assert words in done.err
    assert not book_path.exists()


@pytest.mark.parametrize(
    "text",
    [
        "Date,Name,Email\n2026,Asha,a@x.example\n",
        "Name;E-Mail\nAsha;a@x.example\n",
        "# exported by me\nName,Email\nAsha,a@x.example\n",
    ],
)
def test_a_table_that_looks_a_little_like_them_is_read(crm, tmp_path, text):
    (tmp_path / "people.csv").write_text(text)

    done = crm("import", str(tmp_path / "people.csv"))

    assert "1 read, 1 new" in done.err


@pytest.mark.parametrize(
    "start", ["#", "-- ", "/*", ";", "From: x\n ", "[a]\n", "# ***\n#", "version: 1\n", "dn: x\n#"]
)
def test_a_long_beginning_costs_no_time(crm, tmp_path, start):
    (tmp_path / "x.csv").write_text((start + "\n \n") * 20_000)

    assert crm("import", str(tmp_path / "x.csv")).code in {0, 1, 5}
