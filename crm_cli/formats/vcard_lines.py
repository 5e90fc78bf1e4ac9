"""From physical lines to cards and to content lines: BEGIN and END, folding, soft line breaks (RFC 6350 section 3.2).

A card whose lines need no joining is ``plain`` and is not touched again; only the others pay for ``unfold``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import repeat
from operator import contains

from crm_cli.core.records import Problem
from crm_cli.formats.decoding import MAX_LINE

MAX_CARD = 2_000_000
"""Characters of one card, its pictures, sounds and keys not counted."""
MAX_HELD = 24_000_000
"""Characters of one card held in memory, with its pictures."""
MAX_PROPERTIES = 2_000
MAX_OPEN = 16
"""Cards open inside one another, before the oldest is taken as one that never ended."""
MAX_AGENTS = 3
WAITING = 1 << 20
"""Characters that wait for an END; more of them are gone through line by line."""

_EDGE_LETTERS = frozenset("BbEe\ufeff")
_JOINED = frozenset(" \t")
_COLONS = repeat(":")
_BEGIN, _END = "BEGIN:VCARD\n", "\nEND:VCARD\n"
_BINARY = ("PHOTO", "LOGO", "SOUND", "KEY")


@dataclass(slots=True)
class Card:
    """The physical lines of one card. ``problem`` is why it must stay out.

    ``plain``: each line is a content line already, and ``text`` are all of them; ``ascii``: it is known that they are
    ASCII.
    """

    line: int
    lines: list[str] = field(default_factory=list)
    plain: bool = True
    ascii: bool = False
    text: str = ""
    agent: bool = False
    size: int = 0
    problem: str = ""
    warning: str = ""


def cards(texts: Iterable[str]) -> Iterator[Card | Problem]:
    """Group lines into cards: one that lacks END ends with its parent or the file; AGENT cards go into their parent.

    ``texts`` are the pieces of a file, their line ends LF, cut anywhere.
    """
    splitter = _Splitter()
    for text in texts:
        yield from splitter.feed(text)
    yield from splitter.close()


class _Splitter:
    """The stack of open cards while the text goes by; ``rest`` is what follows the last END."""

    def __init__(self) -> None:
        self.number = 0
        self.open: list[Card] = []
        self.stray = False
        self.rest = ""

    def feed(self, text: str) -> Iterator[Card | Problem]:
        """Take the cards out that are plain from BEGIN to END; go through everything else line by line."""
        if len(self.rest) > MAX_LINE and "\n" not in text:
            return
        *ended, self.rest = (self.rest + text).split(_END)
        for block in ended:
            card = None if self.open else _plain_card(block, self.number + 1)
            if card:
                self.stray = False
                self.number += len(card.lines) + 2
                yield card
            else:
                yield from self.walk([*block.split("\n"), "END:VCARD"])
        if len(self.rest) > WAITING:
            *lines, self.rest = self.rest.split("\n")
            yield from self.walk(lines)

    def walk(self, batch: list[str]) -> Iterator[Card | Problem]:
        card = self.open[-1] if self.open else None
        for line in batch:
            self.number += 1
            first = line[:1]
            if first in _EDGE_LETTERS and (edge := _edge(line)):
                yield from self.begin() if edge == "BEGIN" else self.end()
                card = self.open[-1] if self.open else None
            elif card is None:
                yield from self.outside(line)
            else:
                card.size += len(line)
                if card.size <= MAX_HELD:
                    card.lines.append(line)
                if ":" not in line or first in _JOINED or line[-1] == "=":
                    card.plain = False

    def begin(self) -> Iterator[Card | Problem]:
        self.stray = False
        parent = self.open[-1] if self.open else None
        agent = parent is not None and bool(parent.lines) and _is_agent(parent.lines[-1])
        self.open.append(Card(self.number, agent=agent))
        if len(self.open) > MAX_OPEN:
            yield from _unended(self.open.pop(0))

    def end(self) -> Iterator[Card | Problem]:
        if not self.open:
            yield from self.outside("END:VCARD")
            return
        card = self.open.pop()
        if card.plain:
            card.text = "\n".join(card.lines)
        if card.agent and self.open:
            _adopt(self.open[-1], card, depth=sum(each.agent for each in self.open))
        else:
            yield card

    def outside(self, line: str) -> Iterator[Problem]:
        if not self.stray and line.strip():
            self.stray = True
            yield Problem(self.number, "text outside any card skipped", raw=(line[:1000],))

    def close(self) -> Iterator[Card | Problem]:
        """Take what the end of the file leaves."""
        if self.rest:
            yield from self.feed("\n")
        if self.rest:
            yield from self.walk(self.rest.removesuffix("\n").split("\n"))
        while self.open:
            yield from _unended(self.open.pop(0))


def _plain_card(block: str, number: int) -> Card | None:
    """Return what stands before an END as a card if it is one alone, and nothing in it is over several lines."""
    text = block[len(_BEGIN) :]
    if (
        not block.startswith(_BEGIN)
        or text[:1] in _JOINED
        or text[-1:] == "="
        or "\n " in text
        or "\t" in text
        or "=\n" in text
        or b"VCARD" in text.encode("utf-8", "surrogatepass").upper()
    ):
        return None
    lines = text.split("\n")
    return (
        Card(number, lines, ascii=text.isascii(), text=text, size=len(text))
        if all(map(contains, lines, _COLONS))
        else None
    )


def _edge(line: str) -> str:
    """Return BEGIN or END if the line is BEGIN:VCARD or END:VCARD, in any case and spacing."""
    if line in ("BEGIN:VCARD", "END:VCARD"):
        return line.partition(":")[0]
    if len(line) > 40:
        return ""
    name, colon, value = line.upper().lstrip("\ufeff").partition(":")
    name = name.strip()
    return name if colon and value.strip() == "VCARD" and name in ("BEGIN", "END") else ""


def _is_agent(line: str) -> bool:
    return line[:5].upper() == "AGENT" and line.rstrip()[-1:] == ":"


def _unended(card: Card) -> Iterator[Card | Problem]:
    """Take a card without END as far as it goes; a BEGIN with nothing after it is only reported."""
    if any(map(str.strip, card.lines)):
        card.warning = "no END:VCARD; the card was closed where the next began"
        yield card
    else:
        yield Problem(card.line, "BEGIN:VCARD without a card", rejected=True, raw=("BEGIN:VCARD",))


def _adopt(parent: Card, agent: Card, depth: int) -> None:
    """Write a nested AGENT card into its parent as one escaped text value (RFC 2426 section 3.5.4)."""
    if depth >= MAX_AGENTS:
        parent.problem = f"AGENT cards nested deeper than {MAX_AGENTS}"
        return
    text = "\n".join(["BEGIN:VCARD", *agent.lines, "END:VCARD"])
    escaped = text.replace("\\", "\\\\").replace("\n", "\\n").replace(",", "\\,").replace(";", "\\;")
    parent.lines[-1] = parent.lines[-1].rstrip() + escaped
    parent.size += len(escaped)
    parent.problem = parent.problem or agent.problem


def unfold(card: Card) -> tuple[list[str], list[int]]:
    """Join the physical lines of a card to content lines; the second list holds the line each began at."""
    pieces: list[list[str]] = []
    numbers: list[int] = []
    mode = ""
    for number, line in enumerate(card.lines, card.line + 1):
        mode = _place(pieces, line, mode)
        if len(pieces) > len(numbers):
            numbers.append(number)
    return ["".join(each) for each in pieces], numbers


def _place(pieces: list[list[str]], line: str, mode: str) -> str:
    """Put one physical line where it belongs and return what the next must be read as: ``qp``, ``base64`` or ``""``."""
    if mode == "qp" and pieces:
        pieces[-1][-1] = pieces[-1][-1][:-1]
        pieces[-1].append(line)
        return "qp" if line.endswith("=") else ""
    if line[:1] in _JOINED and line and pieces:
        pieces[-1].append(line[1:])
        return "qp" if line.endswith("=") and _encoding(pieces[-1][0]) == "qp" else mode
    if not line.strip():
        return "" if mode == "base64" else mode
    if mode == "base64" and ":" not in line:
        pieces[-1].append(line.strip())
        return mode
    pieces.append([line])
    encoding = _encoding(line)
    return encoding if encoding != "qp" or line.endswith("=") else ""


def _encoding(line: str) -> str:
    """Return which of the two encodings that run over several lines the head of this line names."""
    head = line[:2000].partition(":")[0].upper()
    if "QUOTED-PRINTABLE" in head or "ENCODING=Q" in head:
        return "qp"
    return "base64" if "BASE64" in head or "ENCODING=B" in head else ""


def refusal(card: Card, lines: list[str]) -> str:
    """Why this card is not safe to take, or ``""``: its size, the number or the length of its lines."""
    if card.problem:
        return card.problem
    if card.size > MAX_HELD:
        return f"the card is larger than {MAX_HELD // 1_000_000} MB"
    if len(lines) > MAX_PROPERTIES:
        return f"more than {MAX_PROPERTIES:,} properties in one card"
    if card.size <= MAX_CARD:
        return ""
    if any(len(line) > MAX_LINE for line in lines):
        return f"a line longer than {MAX_LINE // 1_000_000} MB"
    text = sum(len(line) for line in lines if not _is_binary(line))
    return f"the card is larger than {MAX_CARD // 1_000_000} MB without its pictures" if text > MAX_CARD else ""


def _is_binary(line: str) -> bool:
    name = line[:200].partition(":")[0].partition(";")[0].upper()
    return name.rpartition(".")[2] in _BINARY
