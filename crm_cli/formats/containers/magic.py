"""The first bytes of containers. The modules that unpack them are only imported for a file that begins like this."""

from __future__ import annotations

from crm_cli.formats.containers import dbase

ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
GZIP, BZIP2, XZ = b"\x1f\x8b", b"BZh", b"\xfd7zXZ\0"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""An old Office file ([MS-CFB] section 2.2): xls, doc, msg, and any Office file with a password."""


def is_container(head: bytes) -> bool:
    """Do these first bytes begin an archive, a packed file, a workbook or a dBase table?"""
    return head.startswith((*ZIP, GZIP, BZIP2, XZ, OLE)) or dbase.is_table(head)
