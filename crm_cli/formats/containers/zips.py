"""The members of a zip archive (APPNOTE 6.3.10), of any size and any number, and what kind of archive it is."""

from __future__ import annotations

import lzma
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from typing import BinaryIO

from crm_cli.errors import FormatError, NoAddressesError
from crm_cli.formats.containers.entries import HEAD, Budget, Entry, Found, Unread, cleaned, readable, spooled

FAILURES = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, RuntimeError, ValueError, struct.error,
)  # fmt: skip
"""What zipfile raises for a damaged archive, or for a method that Python cannot unpack (NotImplementedError)."""
_DIRECTORY = 16 << 20
"""The largest list of members that is read, in bytes: about 200,000 members."""
_END, _END_SIZE = b"PK\x05\x06", 22
_ENCRYPTED = 0x1
_UTF8 = 0x800

WORKBOOKS = ("xl/workbook.xml", "xl/workbook.bin")
_OFFICE = {
    "word/document.xml": "a Word document",
    "ppt/presentation.xml": "a PowerPoint presentation",
    "index/document.iwa": "a Numbers or Pages document",
    "androidmanifest.xml": "an Android app",
}
"""Members that show what a zip archive is, if it is not an archive of files."""


def opened(stream: BinaryIO, name: str) -> zipfile.ZipFile:
    """Open an archive. Raises FormatError if it is damaged, or lists too many members."""
    if _directory_size(stream) > _DIRECTORY:
        raise FormatError(f"{name} is a zip archive with too many members to read; unpack it first")
    with readable(f"{name} is a zip archive, but", FAILURES):
        return zipfile.ZipFile(stream)


def _directory_size(stream: BinaryIO) -> int:
    """Return the size of the list of members in bytes, by the record at the end of the archive; 0 without one."""
    size = stream.seek(0, 2)
    stream.seek(max(0, size - _END_SIZE - 0xFFFF))
    tail = stream.read()
    at = tail.rfind(_END)
    found = tail[at : at + _END_SIZE] if at >= 0 else b""
    return int(struct.unpack("<L", found[12:16])[0]) if len(found) == _END_SIZE else 0


def is_workbook(archive: zipfile.ZipFile) -> bool:
    """Is this archive a workbook of Excel or LibreOffice?"""
    names = archive.NameToInfo
    return any(name in names for name in WORKBOOKS) or ("content.xml" in names and "mimetype" in names)


def refuse_document(archive: zipfile.ZipFile, name: str) -> None:
    """Raise NoAddressesError for an archive that is the file of another program."""
    names = {each.lower() for each in archive.NameToInfo}
    for member, what in _OFFICE.items():
        if member in names:
            raise NoAddressesError(f"{name} is {what}, not an address book; export the contacts as vCard or CSV")


def entries(archive: zipfile.ZipFile, name: str, budget: Budget) -> Iterator[Found]:
    """Yield the files of an archive. Raises FormatError if they are all encrypted."""
    found = [each for each in archive.infolist() if not each.is_dir()]
    locked = sum(each.flag_bits & _ENCRYPTED for each in found)
    if locked and locked == len(found):
        raise FormatError(f"{name} is password-protected; unpack it first, then import its files")
    open_one = partial(_open, archive, budget)
    here = {each.filename.lower(): each for each in found}
    for each in found:
        path = cleaned(_named(each))
        inside = f"{name}/{path}"
        if stat.S_ISLNK(each.external_attr >> 16):
            yield Unread(path, "a link")
            continue
        yield Entry(
            path,
            partial(_head, archive, each, inside),
            partial(open_one, each, inside),
            partial(_beside, open_one, here, each.filename.rpartition("/")[0]),
        )


def _named(info: zipfile.ZipInfo) -> str:
    """Return the name of a member. Some programs write UTF-8 without saying so; zipfile reads that as cp437."""
    if info.flag_bits & _UTF8:
        return info.filename
    try:
        return info.filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return info.filename


def _head(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> bytes:
    _check(info, name)
    with readable(name, FAILURES), archive.open(info) as member:
        return member.read(HEAD)


def _open(archive: zipfile.ZipFile, budget: Budget, info: zipfile.ZipInfo, name: str) -> BinaryIO:
    _check(info, name)
    with readable(name, FAILURES), archive.open(info) as member:
        return spooled(member, budget, name)


def _check(info: zipfile.ZipInfo, name: str) -> None:
    if info.flag_bits & _ENCRYPTED:
        raise FormatError(f"{name} is password-protected; unpack it first")


def _beside(
    open_one: Callable[[zipfile.ZipInfo, str], BinaryIO], known: dict[str, zipfile.ZipInfo], folder: str, wanted: str
) -> BinaryIO | None:
    """Open a member of the same folder by its name in any case."""
    found = known.get((f"{folder}/{wanted}" if folder else wanted).lower())
    return open_one(found, wanted) if found else None
