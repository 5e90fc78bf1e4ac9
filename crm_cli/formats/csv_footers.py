"""Rows of a table that are no records: what reports print below it, and a heading that comes again on each page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from crm_cli.core.records import Problem
from crm_cli.formats.csv_records import Record

HELD = 12
"""How many rows of one cell may be what a report prints below its table; more are records."""
_SHOWN = 3
_MOST_CELLS = 3
_LONGEST = 300
"""Characters of the longest line that is taken for a footer."""
_COUNTED = (
    "records? rows? contacts? results? entries items people persons members customers leads lines"
    " datensätze einträge kontakte personen zeilen registros contactos resultados enregistrements lignes résultats"
    " contatti righe risultati contatos linhas rader poster wierszy"
)
_SUMS = (
    "(?:grand |sub-?)?totals?|total general|totaux|totale|totaal|sum(?:me|a|ma)?|gesamt(?:summe|zahl)?|insgesamt|anzahl"
    "|count|record count|(?:total |number of )+[a-z]+|итого|всего|合计|合計|总计"
)
_WORDS = "|".join(_COUNTED.split())
_SUM = re.compile(
    rf"\W*(?:(?:{_SUMS})(?:\s+[a-z]+)?\s*[:=]?\s*\d[\d.,'\s%€$£-]*|(?:{_SUMS})\s*:|grand totals?"
    rf"|(?:page|seite|página|pagina|pág\.?|strona|sida|side|страница)\s*\d+(?:\s*(?:of|/|von|de|di|van|av|z|из)\s*\d+)?"
    rf"|(?:showing |total[: ]+)?[\d.,]+\s+(?:(?:of|von|de)\s+[\d.,]+\s+)?(?:{_WORDS})(?:\s+(?:found|total|affected|in total))?"
    rf"|(?:{_WORDS})\s*[:=]\s*[\d.,]+"
    rf"|showing [\d.,]+ (?:to|-) [\d.,]+ of [\d.,]+(?: \w+)?"
    rf"|end of (?:report|file|list|data|export)|ende (?:der liste|des berichts)|fin (?:du rapport|del informe))\W*",
    re.IGNORECASE,
)
"""The whole of a line that counts or numbers what is above it."""
_NOTICE = re.compile(
    r"\W*(?:copyright\b|©|\(c\) |confidential\b|vertraulich\b|confidentiel\b|confidencial\b"
    r"|(?:report |list |file )?(?:generated|exported|printed|created|downloaded|run) (?:by|on|at|from|with)\b"
    r"|(?:erstellt|exportiert|gedruckt) (?:am|von|mit)\b|(?:généré|exporté|imprimé) (?:le|par)\b"
    r"|(?:generado|exportado|impreso) (?:el|por)\b|all rights reserved|do not distribute|(?:as of|stand)[ :]+\d)",
    re.IGNORECASE,
)
"""How a line begins that says whose a report is, and of when."""
_TITLE = re.compile(
    r"totals?$|(?<!\w)(?:reports?|lists?|exports?|directory|address book|overview|summary|bericht|liste|kontaktliste|kundenliste"
    r"|adressliste|übersicht|rapport|informe|listado|lista|relatório|elenco|rapporto)(?!\w)",
    re.IGNORECASE,
)
"""Words of a report's name."""


def is_footer(cells: Sequence[str]) -> bool:
    """Does a row count or close a table, rather than being a record of it?"""
    filled = [cell.strip() for cell in cells if cell.strip()]
    if not filled or len(filled) > _MOST_CELLS:
        return False
    text = " ".join(filled)
    return "@" not in text and len(text) <= _LONGEST and bool(_SUM.fullmatch(text) or (len(filled) == 1 and _NOTICE.match(text)))


def quoted(texts: Iterable[str]) -> str:
    """Return the first of some texts, each cut and in quotes."""
    return ", ".join(f"“{text.strip()[:40]}”" for text in islice(filter(str.strip, texts), _SHOWN))


def skipped(count: int, where: str, texts: Iterable[str]) -> str:
    """Report how many lines are not records, and the first of them."""
    lines = "1 line" if count == 1 else f"{count} lines"
    return f"skipped {lines} {where}: {quoted(texts)}{', …' if count > _SHOWN else ''}"


class _Held(NamedTuple):
    """A row of which only those below it tell whether it is a record."""

    record: Record
    text: str
    footer: bool
    after_blank: bool


class Table:
    """Tells the records of a table from what a report prints between and below them."""

    def __init__(self, header: Sequence[str], titles: Sequence[str]) -> None:
        self.header = [cell.strip() for cell in header]
        self.titles = frozenset(titles)
        self.held: list[_Held] = []
        self.blank = False
        self.count = self.line = 0
        self.texts: list[str] = []

    def rows(self, records: Iterable[Record]) -> Iterator[Record | Problem]:
        """Yield the records; in the end, a problem that counts what was skipped."""
        width = len(self.header)
        for record in records:
            cells = [cell.strip() for cell in record.cells]
            filled = sum(map(bool, cells))
            if not filled and not record.problem:
                self.blank = True
            elif filled <= _MOST_CELLS and (filled < width or width < _MOST_CELLS) and self.holds(record, cells):
                continue
            elif cells == self.header:
                self.skip(record.line, " ".join(cells))
            else:
                yield from self.released(below=False)
                yield record
        yield from self.released(below=True)
        if self.count:
            yield Problem(self.line, skipped(self.count, "outside the table", self.texts))

    def holds(self, record: Record, cells: Sequence[str]) -> bool:
        """Hold back a row that may be no record."""
        text = " ".join(filter(None, cells))
        footer = is_footer(cells)
        alone = len(self.header) > 1 and cells[0] == text and len(text) <= _LONGEST
        if record.problem or not (footer or alone) or len(self.held) == HELD:
            return False
        self.held.append(_Held(record, text, footer, self.blank))
        return True

    def released(self, *, below: bool) -> Iterator[Record]:
        """Yield what was held back and is a record after all; ``below``: nothing else comes."""
        held, self.held, self.blank = self.held, [], False
        notice = next((at for at, each in enumerate(held) if below and _NOTICE.match(each.text)), len(held))
        for at, each in enumerate(held):
            beside = each.after_blank or any(near.footer for near in held[max(at - 1, 0) : at + 2])
            is_title = below and beside and (each.text in self.titles or bool(_TITLE.search(each.text)))
            if each.footer or is_title or at > notice or (each.after_blank and at == notice - 1):
                self.skip(each.record.line, each.text)
            else:
                yield each.record

    def skip(self, line: int, text: str) -> None:
        """Count a row that is no record; the first are shown."""
        self.count += 1
        self.line = self.line or line
        if len(self.texts) < _SHOWN:
            self.texts.append(text)
