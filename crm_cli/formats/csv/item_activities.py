"""The values of an activity, from the cells of its row."""

from __future__ import annotations

import re

from crm_cli.core.items import Link
from crm_cli.core.text.folding import sort_key
from crm_cli.formats.csv import moments
from crm_cli.formats.csv.item_cells import SEPARATORS, TRUE, Row, Table, letters
from crm_cli.formats.csv.item_columns import kind_named, words_of

_GOLDMINE = {
    "A": "meeting", "C": "call", "D": "task", "E": "meeting", "F": "note", "L": "letter", "M": "email", "O": "note",
    "S": "note", "T": "task",
}  # fmt: skip
"""GoldMine's record types of history and calendar (CONTHIST, CAL) -> the kind of an activity."""
_OUTCOMES = ("reached", "no-answer", "busy", "voicemail", "left-message", "wrong-number", "no-show")
_PRIORITIES = ("high", "low")
_LONGEST_SUBJECT = 200
_HOURS = re.compile(r"(?:(\d{1,3}):)?(\d{1,3}):(\d\d)")
_UNITS = re.compile(
    r"(\d+(?:[.,]\d+)?)\s*(h|hour|hours|std|stunde|stunden|heure|heures|hora|horas|ore|uur)?\s*(?:(\d+)?\s*(?:m|min|mins|minutes?|minuten|minuti|minutos)\.?)?"
)


def values(row: Row, table: Table) -> dict[str, str]:
    """Return the values of an activity."""
    single = row.single
    _take_parties(row, table)
    kind, direction = _kind(row, table)
    values = {
        "kind": kind,
        "status": _state(row),
        "subject": " ".join(single.get("subject", "").split()),
        "body": single.get("body", ""),
        "direction": direction,
        "outcome": _outcome(row, kind),
        "priority": _priority(row),
        "minutes": _minutes(row),
        "created": single.get("created", ""),
    }
    if len(values["subject"]) > _LONGEST_SUBJECT:
        values["body"] = "\n\n".join(filter(None, (values["subject"], values["body"])))
        values["subject"] = values["subject"][:_LONGEST_SUBJECT].rsplit(" ", 1)[0] + " …"
    return values | _times(row, values["status"])


def _kind(row: Row, table: Table) -> tuple[str, str]:
    """Return kind and direction; a type that names neither is kept as a custom field."""
    type_, given = row.single.get("kind", ""), letters(row.single.get("direction", ""))
    if letters(row.headings.get("kind", "")) == "rectype" and type_[:1] in _GOLDMINE:
        return _GOLDMINE[type_[0]], {"CI": "in", "CO": "out", "MI": "in", "MO": "out"}.get(type_[:2], "")
    kind = kind_named(type_) if type_ else ""
    direction = next((way for way in ("in", "out") if given and given in words_of("words", way)), "")
    if given and not direction:
        row.spare("direction")
    if type_ and not kind:
        way = next((way for way in ("in", "out") if letters(type_) in words_of("words", way)), "")
        direction = direction or way
        if not way:
            row.spare("kind")
    elif type_ and letters(type_) not in words_of("kinds", kind):
        row.spare("kind")
    return kind or table.kind or "note", direction


def _state(row: Row) -> str:
    """Return done, open or cancelled, or ``""`` if the row does not say it."""
    if (flag := letters(row.single.get("done", ""))) or "done" in row.cells:
        return "done" if flag in TRUE else "open"
    word = letters(row.single.get("status", ""))
    for state in ("cancelled", "done", "open"):
        if word and word in words_of("words", state):
            if word not in (letters(state), "completed", "notstarted", "planned", "held"):
                row.spare("status")
            return state
    row.spare("status")
    return "done" if "completed" in row.single else ""


def _outcome(row: Row, kind: str) -> str:
    """Return an outcome of crm's that the cell means; other words are kept as a custom field."""
    word = letters(row.single.get("outcome", ""))
    if not word:
        return ""
    found = next((name for name in _OUTCOMES if word in words_of("words", name)), "")
    found = "held" if found == "reached" and kind == "meeting" else found
    fits = kind in ("call", "meeting") and (kind == "call" or found in ("held", "no-show", "left-message"))
    if not found or not fits or word != letters(found):
        row.spare("outcome")
    return found if fits else ""


def _priority(row: Row) -> str:
    word = letters(row.single.get("priority", ""))
    found = next((level for level in _PRIORITIES if word and word in words_of("words", level)), "")
    if word and not found and word not in ("normal", "medium", "mittel", "none", "moyenne", "media", "2"):
        row.spare("priority")
    return found


def _minutes(row: Row) -> str:
    """Return a duration in whole minutes."""
    for name, divisor in (("seconds", 60), ("milliseconds", 60_000)):
        if (text := row.single.get(name, "")).isdecimal():
            return str(round(int(text) / divisor))
    text = row.single.get("minutes", "").strip().casefold()
    if not text:
        return ""
    if match := _HOURS.fullmatch(text):
        hours, minutes, last = match[1], int(match[2]), int(match[3])
        # Two numbers are minutes and seconds (Zoho, phones) unless they would be too long for a call.
        return str(int(hours) * 60 + minutes) if hours else str(minutes + (last >= 30))
    match = _UNITS.fullmatch(text)
    if match is None:
        row.spare("minutes")
        return ""
    number = float(match[1].replace(",", "."))
    return str(round(number * 60 + int(match[3] or 0)) if match[2] else round(number))


def _times(row: Row, state: str) -> dict[str, str]:
    """Return when it was done and when it is due; a day that is neither is kept as a custom field.

    ``when`` is for an activity whose state the row does not say: the moment decides whether it is done.
    """
    single = row.single
    if clock := moments.clock(single.get("time", "")):
        name = "due" if "due" in single else "at"
        if name in single and "T" not in single[name]:
            single[name] += f"T{clock}"
    order = {"done": ("completed", "at", "due", "end", "created"), "": ("at", "due", "end", "created")}.get(
        state, ("due", "at", "end")
    )
    chosen = next((name for name in order if name in single), "")
    found = {"at": single.get(chosen, "")} if state in ("done", "") else {"due": single.get(chosen, "")}
    for name in ("completed", "at", "due", "end"):
        if name != chosen and name in single and single[name][:10] != single.get(chosen, "")[:10]:
            row.spare(name)
    if not row.single.get("minutes") and {"at", "end"} <= single.keys():
        found["until"] = single["end"]
    return found


def _take_parties(row: Row, table: Table) -> None:
    """Link the people of a message: all but the user, who is named in each."""
    single = row.single
    sender = single.pop("from", "")
    direction = letters(single.get("direction", ""))
    mine = sort_key(table.mine)
    urls = {"from": single.pop("from_url", ""), "to": single.pop("to_url", "")}
    others = [(name, urls["to"]) for name in filter(None, SEPARATORS.split(single.pop("to", "")))]
    parties = [(sender, urls["from"])] if sender else []
    is_mine = sort_key(sender) == mine if mine and sender else direction in words_of("words", "out")
    if mine or direction:
        parties = [each for each in others if sort_key(each[0]) != mine or not mine] if is_mine else parties
        single.setdefault("direction", "out" if is_mine else "in")
    else:
        parties += others
    row.links.extend(Link("contact", url if len(parties) == 1 else "", name) for name, url in parties)
    for name in ("from_email", "to_email", "thread"):
        row.spare(name)
