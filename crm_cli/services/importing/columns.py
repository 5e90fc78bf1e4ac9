"""The columns of a CSV: a newer file does not remove values that it has no column for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from crm_cli.core.records import Draft, NameParts
from crm_cli.formats.csv.columns import SINGLES
from crm_cli.formats.csv.headings import PLACES

if TYPE_CHECKING:
    from collections.abc import Iterable

_PLAIN = SINGLES & set(Draft._fields)
"""Fields with a column of their own and one value."""


@dataclass(frozen=True, slots=True)
class Columns:
    """The fields that a file has columns for, and the names of its custom fields."""

    fields: frozenset[str]
    custom: frozenset[str]

    @classmethod
    def of(cls, mapping: Iterable[tuple[str, str]]) -> Columns:
        """Return the columns of a source (``reading.Source.mapping``)."""
        shown = [field.partition(":") for _, field in mapping]
        fields = {field.partition(".")[0] for field, _, _ in shown}
        return cls(
            frozenset("birthday" if field == "birth" else field for field in fields),
            frozenset(label for field, _, label in shown if field == "custom"),
        )

    def completed(self, base: Draft, theirs: Draft) -> Draft:
        """Return the draft, completed with the values of an earlier file in columns that this one does not have."""
        kept: dict[str, Any] = {field: getattr(base, field) for field in _PLAIN - self.fields - {"uid", "name"}}
        points = (point for point in base.points if point.kind not in self.fields)
        kept["points"] = (*theirs.points, *points)
        if not self.fields & PLACES:
            kept["addresses"] = base.addresses
        if "tags" not in self.fields:
            kept["tags"] = base.tags
        custom = (each for each in base.custom if each[0] not in self.custom)
        kept["custom"] = (*theirs.custom, *custom)
        return theirs._replace(**kept, **self._named(base, theirs))

    def _named(self, base: Draft, theirs: Draft) -> dict[str, Any]:
        """Return the name; if it is built from its parts, a part without a column keeps its earlier value."""
        if not self.fields & {"name", "given", "family"}:
            return {"name": base.name, "parts": base.parts}
        if "name" in self.fields or theirs.kind == "company":
            return {}
        parts = NameParts(
            *(getattr((theirs if part in self.fields else base).parts, part) for part in NameParts._fields)
        )
        return {"name": " ".join(filter(None, parts)) or theirs.name, "parts": parts}
