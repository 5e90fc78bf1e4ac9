"""Split the text of a file into cards, however its writers nested or concatenated them.

Every line of a file ends up in an accepted card, in a rejected one, or in a report of text outside any card.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import repeat
from operator import contains

from crm_cli.core.records import Problem
from crm_cli.formats.decoding import MAX_LINE
from crm_cli.formats.vcard.lines import MAX_HELD, Card

MAX_OPEN = 16
"""Maximum nesting of cards: beyond it, the oldest is unterminated; more BEGINs without an END are one bad card."""
MAX_AGENTS = 3
WAITING = 1 << 20
"""Maximum characters that wait for an END; beyond it, they are processed line by line."""
MAX_STRAY = 1000
"""Maximum number of lines outside any card that one report covers."""

CUT_OFF = "no END:VCARD; the card is cut off"
UNENDED = "no END:VCARD; the card was closed where the next began"

_BEGIN, _END = "BEGIN:VCARD\n", "\nEND:VCARD\n"
_EDGE = re.compile(r"((?:BEGIN|END)[ \t]*:[ \t]*VCARD)", re.IGNORECASE)
_LAST_BEGIN = re.compile(r"BEGIN[ \t]*:[ \t]*VCARD[ \t]*\Z", re.IGNORECASE)
_LAST_END = re.compile(r"END[ \t]*:[ \t]*VCARD\Z", re.IGNORECASE)
_FOLDED = frozenset(" \t")
_SEPARATORS = " \t;,"
_VISIBLE = re.compile("[^\\s\x00-\x1f\x7f-\xa0\xad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]")
_CONTENT = re.compile(r"\s*(?!https?:|(?:BEGIN|END)\s*:\s*VCARD)[A-Z0-9][\w.-]*(?:;[^:]*)?:", re.IGNORECASE | re.ASCII)


def cards(texts: Iterable[str]) -> Iterator[Card | Problem]:
    """Group lines into cards; AGENT cards go into their parent, other nested cards become separate cards.

    ``texts`` are chunks of the file with LF line endings, split at any point.
    """
    splitter = _Splitter()
    for text in texts:
        yield from splitter.feed(text)
    yield from splitter.close()


class _Splitter:
    """The stack of open cards while the text is read; ``rest`` is the text after the last END.

    ``begun`` counts the BEGINs since the last END, ``owed`` the ENDs of repeated BEGINs that were read as one.
    ``torn``: the last line ends with a BEGIN, so one file may have been cut off there and another one appended.
    """

    def __init__(self) -> None:
        self.number = 0
        self.open: list[Card] = []
        self.begun = 0
        self.owed = 0
        self.torn = False
        self.stray: list[str] = []
        self.stray_at = 0
        self.rest = ""

    def feed(self, text: str) -> Iterator[Card | Problem]:
        """Yield the cards that are simple from BEGIN to END; process everything else line by line."""
        if len(self.rest) > MAX_LINE and "\n" not in text:
            return
        text = self.rest + text
        *ended, self.rest = text.split(_END)
        is_plain = _are_plain(ended, text.removesuffix(self.rest))
        for block in ended:
            card = _plain_card(block, self.number + 1, is_plain=is_plain) if self.takes_card() else None
            if card:
                if self.stray:
                    yield from self.report_stray()
                if self.open:
                    self.open[-1].inner = True
                self.begun = self.owed = 0
                self.number += len(card.lines) + 2
                yield card
            else:
                yield from self.walk(block)
                self.number += 1
                yield from self.end()
        if len(self.rest) > WAITING and "\n" in self.rest:
            block, _, self.rest = self.rest.rpartition("\n")
            yield from self.walk(block)

    def takes_card(self) -> bool:
        """Can a whole card follow here? Inside another card, only if that one has content and begins no AGENT."""
        if not self.open:
            return True
        card = self.open[-1]
        return not card.problem and not card.empty and not _is_agent(card.lines[-1])

    def walk(self, block: str) -> Iterator[Card | Problem]:
        """Process lines; those that may begin or end a card are examined more closely."""
        marks = block.encode("utf-8", "surrogatepass").upper().count(b"VCARD")
        for line in block.split("\n"):
            self.number += 1
            if line == "BEGIN:VCARD":
                marks -= 1
                yield from self.begin()
            elif marks and ":" in line and (pieces := _EDGE.split(line))[1:]:
                yield from self.edges(line, pieces)
            elif self.open:
                if self.torn:
                    yield from self.tear(line)
                self.content(self.open[-1], line)
            else:
                yield from self.outside(line)

    def edges(self, line: str, pieces: list[str]) -> Iterator[Card | Problem]:
        """Process a line that contains BEGIN or END; ``pieces`` alternate text and those marks."""
        if self.open and not _is_edge(pieces):
            yield from self.inside(line)
            return
        for place, text in enumerate(pieces):
            if place % 2:
                yield from self.begin() if text[:1] in "Bb" else self.end()
            elif not self.open:
                yield from self.outside(text)
            elif _VISIBLE.search(text):
                self.content(self.open[-1], text.lstrip(_SEPARATORS) if place else text)

    def inside(self, line: str) -> Iterator[Card | Problem]:
        """Process a content line with BEGIN or END in its value: an AGENT that begins there, or plain text."""
        head, _, value = line.partition(":")
        if head[:5].upper() == "AGENT" and _EDGE.fullmatch(value.strip()):
            self.content(self.open[-1], f"{head}:")
            yield from self.begin()
        else:
            self.torn = bool(_LAST_BEGIN.search(value, max(len(value) - 40, 0)))
            self.content(self.open[-1], line)

    def tear(self, line: str) -> Iterator[Card | Problem]:
        """Treat a BEGIN at the end of a line as one if VERSION follows; the card before it was cut off."""
        self.torn = False
        if line[:8].upper() == "VERSION:":
            card = self.open.pop()
            card.lines[-1:] = [_LAST_BEGIN.sub("", each) for each in card.lines[-1:]]
            card.problem = card.problem or CUT_OFF
            yield card
            yield from self.begin()

    def content(self, card: Card, line: str) -> None:
        """Add a line to the open card."""
        card.size += len(line)
        card.resumed = card.resumed or (card.inner and bool(line.strip()))
        if card.size <= MAX_HELD:
            card.lines.append(line)
        if card.empty and line.strip() and line[:8].upper() != "VERSION:":
            card.empty = False
        if ":" not in line or line[0] in _FOLDED or line[-1] == "=":
            card.plain = False

    def begin(self) -> Iterator[Card | Problem]:
        """Open a card inside or after the current one."""
        yield from self.report_stray()
        if self.open and self.open[-1].ended:
            yield self.open.pop()
        self.owed, self.begun = 0, self.begun + 1
        parent = self.open[-1] if self.open else None
        if parent is None:
            self.open.append(Card(self.number))
        elif parent.depth:
            parent.depth += 1
            self.content(parent, "BEGIN:VCARD")
        elif parent.empty:
            parent.begins, parent.lines, parent.line = parent.begins + 1, [], self.number
        else:
            yield from self.nest(parent)
        if self.begun > MAX_OPEN and not self.open[-1].depth:
            self.flatten()
        elif len(self.open) > MAX_OPEN:
            yield from _unended(self.open.pop(0))

    def nest(self, parent: Card) -> Iterator[Card | Problem]:
        """Open a card inside one that has content: its AGENT, or a card whose BEGIN follows a missing or glued END."""
        agent = _is_agent(parent.lines[-1])
        if not agent:
            if _cut_end(parent):
                yield from self.closed(self.open.pop())
                self.begun = 1
            parent.inner = True
        self.open.append(Card(self.number, agent=agent))

    def flatten(self) -> None:
        """Merge all cards that began without an END between them into one rejected card."""
        whole = Card(0, problem=f"more than {MAX_OPEN} BEGIN:VCARD without an END:VCARD between them", plain=False)
        nested: list[Card] = []
        while self.open and whole.depth + sum(each.begins for each in nested) < self.begun:
            nested.append(self.open.pop())
        for each in reversed(nested):
            whole.line = whole.line or each.line
            whole.depth += each.begins
            whole.size += each.size
            whole.lines += [*["BEGIN:VCARD"] * each.begins, *each.lines]
        if self.open:
            self.open[-1].inner = True
        self.open.append(whole)

    def end(self) -> Iterator[Card | Problem]:
        """Close the innermost card."""
        self.begun = 0
        if not self.open:
            if self.owed:
                self.owed -= 1
            else:
                yield from self.outside("END:VCARD")
            return
        card = self.open[-1]
        if card.depth > 1:
            card.depth, card.ended = card.depth - 1, True
            self.content(card, "END:VCARD")
            return
        yield from self.closed(self.open.pop())

    def closed(self, card: Card) -> Iterator[Card | Problem]:
        """Yield a card that has its END, or add an AGENT card to its parent."""
        self.owed = card.begins - 1
        if card.begins > 1:
            card.warning = f"BEGIN:VCARD {card.begins} times; taken as one"
        if card.resumed and not card.depth:
            card.warning = "nested card; imported as a separate card"
        if card.plain:
            card.text = "\n".join(card.lines)
        if card.agent and self.open:
            _adopt(self.open[-1], card, depth=sum(each.agent for each in self.open))
        else:
            yield card

    def outside(self, line: str) -> Iterator[Problem]:
        """Collect a line outside any card; it is reported together with those that follow."""
        if not _VISIBLE.search(line):
            return
        if not self.stray:
            self.stray_at = self.number
        self.stray.append(line)
        if len(self.stray) >= MAX_STRAY or len(line) > WAITING:
            yield from self.report_stray()

    def report_stray(self) -> Iterator[Problem]:
        """Report the lines outside any card; they count as rejected if one of them looks like a content line."""
        lines, self.stray = tuple(self.stray), []
        if not lines:
            return
        what = "1 line" if len(lines) == 1 else f"{len(lines)} lines"
        if any(map(_CONTENT.match, lines)):
            yield Problem(self.stray_at, f"{what} outside any card", rejected=True, raw=lines)
        else:
            yield Problem(self.stray_at, f"{what} of text outside any card skipped", raw=lines)

    def close(self) -> Iterator[Card | Problem]:
        """Process what remains at the end of the file."""
        if self.rest:
            yield from self.feed("\n")
        if self.rest.removesuffix("\n"):
            yield from self.walk(self.rest.removesuffix("\n"))
        yield from self.report_stray()
        while self.open:
            yield from self.left_open(self.open.pop(0))

    def left_open(self, card: Card) -> Iterator[Card | Problem]:
        """Accept a card that is open at the end of the file if another one began after it; otherwise it was cut off."""
        if _cut_end(card):
            yield from self.closed(card)
        elif card.inner and not card.resumed:
            yield from _unended(card)
        else:
            card.problem = card.problem or CUT_OFF
            yield card


def _plain_card(block: str, number: int, *, is_plain: bool) -> Card | None:
    """Return the text before an END as a card if it is a single card without folded or continued lines.

    ``is_plain``: it is known to be such a card, except for lines without a colon. Without this function, the row "parse
    100,000 vCards" of benchmarks/run.py takes 10 % longer.
    """
    if not block.startswith(_BEGIN) or not (is_plain or _is_plain(block + "\n", 1)):
        return None
    text = block[len(_BEGIN) :]
    lines = text.split("\n")
    return Card(number, lines, text=text, size=len(text)) if all(map(contains, lines, repeat(":"))) else None


def _are_plain(blocks: list[str], text: str) -> bool:
    """Is each block of a text the beginning of a card up to its END, without other marks, folded or continued lines?"""
    return all(block.startswith(_BEGIN) for block in blocks) and _is_plain(text, 2 * len(blocks))


def _is_plain(text: str, marks: int) -> bool:
    """Has a text no folded or continued lines, and no more BEGINs and ENDs than expected?"""
    if "\n " in text or "\t" in text or "=\n" in text:
        return False
    return text.encode("utf-8", "surrogatepass").upper().count(b"VCARD") == marks


def _is_edge(pieces: list[str]) -> bool:
    """Does a line inside a card begin or end one? Only punctuation may precede it, or a content line before both."""
    before, edge, between = pieces[:3]
    if ":" not in before:
        return before[:1] not in _FOLDED and not any(map(str.isalnum, before))
    glued = len(pieces) > 3 and edge[:1] in "Ee" and pieces[3][:1] in "Bb"
    return glued and not any(map(str.isalnum, between))


def _is_agent(line: str) -> bool:
    return line[:5].upper() == "AGENT" and line.rstrip()[-1:] == ":"


def _cut_end(card: Card) -> bool:
    """Strip an END glued to the last line of a card; return whether there was one."""
    while card.lines and not card.lines[-1].strip():
        card.lines.pop()
    last = card.lines[-1].rstrip() if card.lines and not card.problem and not card.inner else ""
    found = _LAST_END.search(last, max(len(last) - 40, 0))
    if found is None or _EDGE.search(last, 0, found.start()):
        return False
    card.lines[-1] = last[: found.start()]
    return True


def _unended(card: Card) -> Iterator[Card | Problem]:
    """Accept a card without END as far as it goes: the next one began on its own line, so nothing was cut off."""
    card.warning = UNENDED
    yield card


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
