"""``--set field=value``: default values for the records of a file that have none of their own."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from crm_cli.core.records import Address, Draft
from crm_cli.core.text.folding import fold, nfc, similar
from crm_cli.errors import UsageError
from crm_cli.formats.base import without_card

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

TEXTS = ("company", "title", "department", "nickname", "notes")
COMPANY_TEXTS = ("notes",)
"""Those that a company has."""
PLACES = {"city": "locality", "street": "street", "region": "region", "code": "code", "country": "country"}
"""Field -> its part of an address."""
ROWS = ("status", "source")
"""Fields that only a new record gets."""


@dataclass(frozen=True, slots=True)
class Sets:
    """The values to set; ``custom`` are custom fields."""

    texts: dict[str, str] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    custom: dict[str, str] = field(default_factory=dict)
    status: str | None = None
    source: str | None = None

    def fill(self, draft: Draft) -> Draft:
        """Return the draft with its missing values filled in."""
        fields = COMPANY_TEXTS if draft.kind == "company" else TEXTS
        given: dict[str, Any] = _missing(draft, {name: self.texts[name] for name in fields if name in self.texts})
        if self.places:
            given["addresses"] = _placed(draft.addresses, self.places)
        have = {fold(column) for column, _ in draft.custom}
        if custom := tuple((name, value) for name, value in self.custom.items() if fold(name) not in have):
            given["custom"] = (*draft.custom, *custom)
        return without_card(draft)._replace(**given) if given else draft


def _missing(record: Draft | Address, values: dict[str, str]) -> dict[str, str]:
    """Return the values of the fields that are empty in the record."""
    return {name: value for name, value in values.items() if not getattr(record, name)}


def _placed(addresses: Sequence[Address], places: dict[str, str]) -> tuple[Address, ...]:
    first, *others = addresses or (Address(),)
    given: dict[str, Any] = _missing(first, places)
    return (first._replace(**given), *others)


def parse(words: Iterable[str], custom: Sequence[str]) -> Sets | None:
    """Parse ``field=value`` words; ``custom`` are the custom fields. Raises UsageError."""
    texts: dict[str, str] = {}
    places: dict[str, str] = {}
    own: dict[str, str] = {}
    rows: dict[str, str] = {}
    homes = {**dict.fromkeys(TEXTS, texts), **dict.fromkeys(PLACES, places), **dict.fromkeys(ROWS, rows)}
    for word in words:
        name, sign, value = word.partition("=")
        name, value = fold(name).strip(), nfc(value).strip()
        if not sign or not value:
            raise UsageError(f"--set takes field=value, not {word}")
        home = homes.get(name, own if name in custom else None)
        if home is None:
            raise _unknown(name, [*homes, *custom])
        home[PLACES.get(name, name)] = value
    if not (texts or places or own or rows):
        return None
    return Sets(texts, places, own, rows.get("status"), rows.get("source"))


def _unknown(name: str, known: Sequence[str]) -> UsageError:
    near = similar(name, known)
    hint = f"did you mean {near[0]}?" if near else "fields: " + ", ".join(known)
    return UsageError(f"--set knows no field {name}", hint=hint)
