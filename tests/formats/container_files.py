"""Containers made by tests: zip archives, workbooks, dBase tables."""

from __future__ import annotations

import io
import struct
import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

CSV = "Name,Email\n{0},{1}@x.example\n"


def row(name: str) -> str:
    """A CSV of one person."""
    return CSV.format(name, name.lower().replace(" ", "."))


def card(name: str) -> str:
    """A vCard of one person."""
    return f"BEGIN:VCARD\r\nVERSION:3.0\r\nUID:uid-{name}\r\nFN:{name}\r\nEND:VCARD\r\n"


def zipped(members: Mapping[str, str | bytes] | Iterable[tuple[str | zipfile.ZipInfo, str | bytes]]) -> bytes:
    """A zip archive of these members."""
    kept = io.BytesIO()
    pairs = members.items() if hasattr(members, "items") else members
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in pairs:
            archive.writestr(name, data)
    return kept.getvalue()


_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)
_RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def cell(value: object) -> str:
    """A cell of a sheet as XML: text, a number, a boolean, or XML as it is."""
    if isinstance(value, str):
        return value if value.startswith("<c") else f'<c t="inlineStr"><is><t>{value}</t></is></c>'
    if isinstance(value, bool):
        return f'<c t="b"><v>{int(value)}</v></c>'
    return f"<c><v>{value}</v></c>"


def xlsx(sheets: Mapping[str, Sequence[Sequence[object]]], hidden: Sequence[str] = ()) -> bytes:
    """An Excel workbook; style 1 is a date, 2 a date and a time."""
    listed, related, parts = "", "", {}
    for number, (name, rows) in enumerate(sheets.items(), 1):
        state = ' state="hidden"' if name in hidden else ""
        listed += f'<sheet name="{name}" sheetId="{number}" r:id="r{number}"{state}/>'
        related += f'<Relationship Id="r{number}" Type="{_OFFICE}/worksheet" Target="worksheets/s{number}.xml"/>'
        body = "".join(f"<row>{''.join(map(cell, each))}</row>" for each in rows)
        parts[f"xl/worksheets/s{number}.xml"] = f'<worksheet xmlns="{_MAIN}"><sheetData>{body}</sheetData></worksheet>'
    related += f'<Relationship Id="s" Type="{_OFFICE}/styles" Target="styles.xml"/>'
    styles = f'<styleSheet xmlns="{_MAIN}"><cellXfs><xf/><xf numFmtId="14"/><xf numFmtId="22"/></cellXfs></styleSheet>'
    root = f'<Relationship Id="r" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
    return zipped(
        {
            "[Content_Types].xml": _TYPES,
            "_rels/.rels": f'<Relationships xmlns="{_RELS}">{root}</Relationships>',
            "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{listed}</sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_RELS}">{related}</Relationships>',
            "xl/styles.xml": styles,
            **parts,
        }
    )


def ods(sheets: Mapping[str, Sequence[Sequence[str]]]) -> bytes:
    """A LibreOffice workbook; a cell may be XML as it is."""
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    tables = ""
    for name, rows in sheets.items():
        lines = ""
        for each in rows:
            cells = (
                value
                if value.startswith("<table")
                else f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'
                for value in each
            )
            lines += f"<table:table-row>{''.join(cells)}</table:table-row>"
        tables += f'<table:table table:name="{name}">{lines}</table:table>'
    content = (
        f'<office:document-content {spaces} office:version="1.2"><office:body><office:spreadsheet>{tables}'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    manifest = '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    return zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": content,
            "META-INF/manifest.xml": manifest,
        }
    )


def dbf(
    fields: Sequence[tuple[str, str, int]],
    rows: Sequence[Sequence[bytes]],
    *,
    version: int = 0x03,
    deleted: Sequence[int] = (),
    driver: int = 0x03,
    records: int | None = None,
) -> bytes:
    """A dBase table; ``rows`` hold raw values, ``deleted`` are numbers of rows."""
    width = 1 + sum(size for _, _, size in fields)
    start = 32 + 32 * len(fields) + 1
    count = len(rows) if records is None else records
    head = struct.pack("<BBBBLHH17xB2x", version, 98, 3, 14, count, start, width, driver)
    for name, kind, size in fields:
        head += struct.pack("<11sc4xBB14x", name.encode(), kind.encode(), size, 0)
    body = b""
    for number, each in enumerate(rows):
        body += b"*" if number in deleted else b" "
        for (_, kind, size), value in zip(fields, each, strict=True):
            body += value.ljust(size, b" ") if kind in "CDLM" else value.rjust(size, b" ")
    return head + b"\r" + body + b"\x1a"
