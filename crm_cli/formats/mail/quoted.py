"""The history that replies quote below their text, recognised by the lines that mail programs write before it."""

from __future__ import annotations

import re

_WROTE = re.compile(
    r"(?:On|Am|Le|El|Em|Il|Op|Den|På|W dniu|Dne|В|在)\b.{4,300}?"
    r"(?:wrote|schrieb|a écrit|escribió|escreveu|ha scritto|schreef|skrev|napisał\(?a?\)?|napsal\(?a?\)?"
    r"|пишет|написал\(?а?\)?|写道)[^\n]{0,120}?\s?[:：]\s*",
    re.IGNORECASE,
)
_DASHED = re.compile(
    r"\s*-{2,}\s*(?:Original Message|Original-Nachricht|Ursprüngliche Nachricht|Message d'origine|Mensaje original|"
    r"Mensagem original|Messaggio originale|Oorspronkelijk bericht)\s*-{2,}\s*",
    re.IGNORECASE,
)
_RULE = re.compile(r"\s*_{20,}\s*")
_FROM = re.compile(r"\s*\*?(?:From|Von|De|Da|Van|Från|Od|От)\*?\s*:", re.IGNORECASE)
_SENT = re.compile(
    r"\s*\*?(?:Sent|Date|Gesendet|Datum|Envoyé|Enviado|Fecha|Data|Inviato|Verzonden|Skickat|To|An|À|Para|A|Aan)\*?\s*:",
    re.IGNORECASE,
)
_FORWARDED = re.compile(r"\s*(?:fwd?|wg|tr|rv|enc|i|doorst|vs)\s*:", re.IGNORECASE)
_LONGEST = 400
"""Longer lines do not introduce a quotation."""


def is_forwarded(subject: str) -> bool:
    """Does a subject say that the message is forwarded? What it quotes is then its content."""
    return _FORWARDED.match(subject) is not None


def cut(text: str) -> tuple[str, int]:
    """Return a reply without its quoted history, and how many lines were cut.

    If answers are written between the quoted lines, these are kept: they show what is answered.
    """
    lines = text.split("\n")
    for at in range(len(lines)):
        length = _introduction(lines, at)
        if length:
            return _without(lines, at, at + length)
    return _without_tail(lines)


def _introduction(lines: list[str], at: int) -> int:
    """Return how many lines introduce a quotation at this place, 0 if none does."""
    line = lines[at].strip()
    if not line or len(line) > _LONGEST:
        return 0
    if _DASHED.fullmatch(line):
        return 1
    following = [each.strip()[:_LONGEST] for each in lines[at + 1 : at + 3]]
    for length in range(1, 4):
        if _WROTE.fullmatch(" ".join([line, *following[: length - 1]])):
            return length
    is_after_blank = at > 0 and not lines[at - 1].strip()
    return int(bool(following) and _is_header(line, following[0], is_after_blank=is_after_blank))


def _is_header(line: str, following: str, *, is_after_blank: bool) -> bool:
    """Does Outlook's header of a quoted message begin here: below a rule, or after a blank line?"""
    if _RULE.fullmatch(line):
        return _FROM.match(following) is not None
    return is_after_blank and bool(_FROM.match(line) and _SENT.match(following))


def _is_quoted(line: str) -> bool:
    return line.lstrip().startswith(">")


def _without(lines: list[str], begin: int, end: int) -> tuple[str, int]:
    """Cut a quotation: its marked lines, or everything to the end if none are marked."""
    after = end
    while after < len(lines) and not lines[after].strip():
        after += 1
    if after == len(lines) or not _is_quoted(lines[after]):
        after = len(lines)
    while after < len(lines) and (_is_quoted(lines[after]) or _is_blank_inside(lines, after)):
        after += 1
    kept = _joined(lines[:begin], lines[after:])
    if not kept or any(map(_is_quoted, lines[after:])):
        return "\n".join(lines), 0
    return kept, after - begin


def _is_blank_inside(lines: list[str], at: int) -> bool:
    """Is this a blank line between two quoted ones?"""
    return not lines[at].strip() and at + 1 < len(lines) and _is_quoted(lines[at + 1])


def _without_tail(lines: list[str]) -> tuple[str, int]:
    """Cut the quoted lines at the end, if none are above."""
    end = len(lines)
    while end and (_is_quoted(lines[end - 1]) or not lines[end - 1].strip()):
        end -= 1
    tail = sum(map(_is_quoted, lines[end:]))
    if not tail or not end or any(map(_is_quoted, lines[:end])):
        return "\n".join(lines), 0
    return _joined(lines[:end], []), tail


def _joined(before: list[str], after: list[str]) -> str:
    parts = ("\n".join(part).strip("\n").rstrip() for part in (before, after))
    return "\n\n".join(part for part in parts if part)
