"""The values of an activity, from the cells of its row."""

from __future__ import annotations

import re

from crm_cli.core.items import Link
from crm_cli.core.text.folding import sort_key
from crm_cli.formats.csv import moments
from crm_cli.formats.csv.item_cells import SEPARATORS, TRUE, Row, Table, letters
from crm_cli.formats.csv.item_columns import kind_named, which, words_of

_GOLDMINE = {
    "A": "meeting", "C": "call", "D": "task", "E": "meeting", "F": "note", "L": "letter", "M": "email", "O": "note",
    "S": "note", "T": "task",
}  # fmt: skip
"""GoldMine's record types of history and calendar (CONTHIST, CAL) -> the kind of an activity."""
_GOLDMINE_WAYS = {"CI": "in", "CO": "out", "MI": "in", "MO": "out"}
"""GoldMine's record types of calls and mail that say the direction."""
_WAYS = ("in", "out")
_STATES = ("cancelled", "done", "open")
_OUTCOMES = {
    "call": ("reached", "no-answer", "busy", "voicemail", "left-message", "wrong-number", "no-show"),
    "meeting": ("held", "left-message", "no-show"),
}
"""Kind of an activity -> the outcomes that it can have."""
_PRIORITIES = ("high", "low")
_MOMENTS = {
    "done": ("completed", "at", "due", "end", "created"),
    "": ("at", "due", "end", "created"),
    **dict.fromkeys(("open", "cancelled"), ("due", "at", "end")),
}
"""State -> the fields that say when it was done or is due, the first one that a row has."""
_LONGEST_SUBJECT = 200
_HOURS = re.compile(r"(?:(\d{1,3}):)?(\d{1,3}):(\d\d)")
_UNITS = re.compile(
    r"(\d+(?:[.,]\d+)?)\s*(h|hour|hours|std|stunde|stunden|heure|heures|hora|horas|ore|uur)?\s*(?:(\d+)?\s*(?:m|min|mins|minutes?|minuten|minuti|minutos)\.?)?"
)


def values(row: Row, table: Table) -> dict[str, str]:
    """Return the values of an activity."""
    single = row.single
    _take_parties(row, table)
    kind, direction = _kind(row)
    kind = kind or table.kind or "note"
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


def _kind(row: Row) -> tuple[str, str]:
    """Return kind and direction, ``""`` where the row does not say them; a type that says more is kept as well."""
    type_ = row.single.get("kind", "")
    if letters(row.headings.get("kind", "")) == "rectype" and type_[:1] in _GOLDMINE:
        return _GOLDMINE[type_[0]], _GOLDMINE_WAYS.get(type_[:2], "")
    direction = _direction(row)
    if not type_:
        return "", direction
    word = letters(type_)
    kind = kind_named(type_)
    way = "" if kind else which(word, _WAYS)
    says_no_more = word in words_of("kinds", kind) if kind else way
    if not says_no_more:
        row.spare("kind")
    return kind, direction or way


def _direction(row: Row) -> str:
    given = letters(row.single.get("direction", ""))
    direction = which(given, _WAYS)
    if given and not direction:
        row.spare("direction")
    return direction


def _state(row: Row) -> str:
    """Return done, open or cancelled, or ``""`` if the row does not say it."""
    if (flag := letters(row.single.get("done", ""))) or "done" in row.cells:
        return "done" if flag in TRUE else "open"
    word = letters(row.single.get("status", ""))
    if state := which(word, _STATES):
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
    found = which(word, _OUTCOMES["call"])
    if found == "reached" and kind == "meeting":
        found = "held"
    fits = found in _OUTCOMES.get(kind, ())
    if not fits or word != letters(found):
        row.spare("outcome")
    return found if fits else ""


def _priority(row: Row) -> str:
    text = row.single.get("priority", "")
    word = letters(text) or text.strip()
    found = which(word, _PRIORITIES)
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
        _add_clock(single, clock)
    chosen = next((name for name in _MOMENTS[state] if name in single), "")
    moment = single.get(chosen, "")
    found = {"at" if state in ("done", "") else "due": moment}
    for name in ("completed", "at", "due", "end"):
        if name in single and single[name][:10] != moment[:10]:
            row.spare(name)
    if not single.get("minutes") and {"at", "end"} <= single.keys():
        found["until"] = single["end"]
    return found


def _add_clock(single: dict[str, str], clock: str) -> None:
    """Add the time of a column of its own to the day that it belongs to."""
    name = "due" if "due" in single else "at"
    if name in single and "T" not in single[name]:
        single[name] += f"T{clock}"


def _take_parties(row: Row, table: Table) -> None:
    """Link the people of a message: all but the user, who is named in each."""
    single = row.single
    sender = single.pop("from", "")
    from_url, to_url = single.pop("from_url", ""), single.pop("to_url", "")
    senders = [(sender, from_url)] if sender else []
    recipients = [(name, to_url) for name in filter(None, SEPARATORS.split(single.pop("to", "")))]
    mine = sort_key(table.mine)
    direction = letters(single.get("direction", ""))
    if not (mine or direction):
        parties = senders + recipients
    elif _is_own(sender, direction, mine):
        parties = _all_but(mine, recipients)
        single.setdefault("direction", "out")
    else:
        parties = senders
        single.setdefault("direction", "in")
    row.links.extend(Link("contact", url if len(parties) == 1 else "", name) for name, url in parties)
    for name in ("from_email", "to_email", "thread"):
        row.spare(name)


def _all_but(mine: str, parties: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the people other than the user, whose name may be unknown (``""``)."""
    return [each for each in parties if sort_key(each[0]) != mine] if mine else parties


def _is_own(sender: str, direction: str, mine: str) -> bool:
    """Did the user send the message? Its sender shows it, or else its direction."""
    if mine and sender:
        return sort_key(sender) == mine
    return direction in words_of("words", "out")
