"""The values of a deal, from the cells of its row."""

from __future__ import annotations

from crm_cli.core import money
from crm_cli.errors import UsageError
from crm_cli.formats.csv.item_cells import EMPTY, TRUE, Row, Table, letters
from crm_cli.formats.csv.item_columns import which, words_of

_ENDINGS = ("won", "lost")


def values(row: Row, table: Table) -> dict[str, str]:
    """Return the values of a deal."""
    single = row.single
    stage, state = single.get("stage", ""), single.get("status", "")
    status = _ending(row, stage, state)
    if state and status == "open" and letters(state) not in words_of("words", "open"):
        row.spare("status")
    values = {name: single.get(name, "") for name in ("title", "stage", "source", "reason", "notes", "created")}
    values["title"] = " ".join(values["title"].split())
    values |= _amount(row, table) | {
        "status": status,
        "probability": _probability(row),
        "close": single.get("close", "")[:10],
    }
    if status != "open":
        values["closed"] = single.get("closed") or single.get("close", "")
    elif "closed" in single:
        row.spare("closed")
    return values


def _ending(row: Row, stage: str, state: str) -> str:
    """Return open, won or lost: by flags, by the status, by the stage, by the day it was won or lost."""
    for ending in _ENDINGS:
        if _is_set(row, ending):
            return ending
    if ending := which(letters(state), _ENDINGS) or which(letters(stage), _ENDINGS):
        return ending
    if _is_set(row, "ended"):
        return "lost"
    dated = letters(row.headings.get("closed", "")) if "closed" in row.single else ""
    return next((ending for ending in _ENDINGS if ending in dated), "open")


def _is_set(row: Row, flag: str) -> bool:
    return letters(row.single.get(flag, "")) in TRUE


def _amount(row: Row, table: Table) -> dict[str, str]:
    """Return amount and currency; an amount that cannot be read is kept as a custom field, and said."""
    text = row.single.get("amount", "")
    if not text or text.casefold() in EMPTY:
        return {}
    code = row.single.get("currency", "")
    try:
        spelling = table.spelling._replace(currency=money.check_currency(code)) if code else table.spelling
    except UsageError:
        row.spare("currency")
        spelling = table.spelling
    try:
        amount = money.parse(text, spelling)
    except UsageError as error:
        row.doubts.append(f"{row.headings['amount']}: {error}; kept as a custom field")
        row.spare("amount")
        return {}
    return {"amount": str(amount.minor), "currency": amount.currency}


def _probability(row: Row) -> str:
    """Return a probability in whole per cent; one of at most 1 with decimals is a fraction (HubSpot)."""
    text = row.single.get("probability", "").rstrip("% ").replace(",", ".")
    try:
        number = float(text) if text else -1.0
    except ValueError:
        number = -1.0
    if "." in text and 0 < number <= 1:
        number *= 100
    if not 0 <= number <= 100:
        row.spare("probability")
        return ""
    return str(round(number))
