"""What a merge did, or would do, and what taking it apart did: lines, sentences, and JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm_cli.core.kinds import BY_NAME
from crm_cli.render.clean import clean
from crm_cli.render.spans import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from crm_cli.core.combining import Choice, Loser, Merged, Unmerged
    from crm_cli.render.spans import Line

TABLES = {
    "contact_point": ("points", "contact point", "contact points"),
    "postal_address": ("addresses", "address", "addresses"),
    "source_property": ("properties", "line of a vCard", "lines of a vCard"),
    "employment": ("jobs", "job", "jobs"),
    "contact_tag": ("tags", "tag", "tags"),
    "company_tag": ("tags", "tag", "tags"),
    "contact_custom": ("custom", "custom field", "custom fields"),
    "company_custom": ("custom", "custom field", "custom fields"),
    "consent": ("consents", "consent", "consents"),
    "cadence": ("cadences", "cadence", "cadences"),
    "relationship": ("relationships", "relationship", "relationships"),
    "activity_participant": ("activities", "activity", "activities"),
    "activity": ("activities", "activity", "activities"),
    "deal_participant": ("deals", "deal", "deals"),
    "deal": ("deals", "deal", "deals"),
    "external_ref": ("external_refs", "key of an import", "keys of imports"),
    "pending_link": ("pending", "waiting link", "waiting links"),
    "merge": ("merges", "earlier merge", "earlier merges"),
    "distinct_pair": ("distinct_pairs", "pair that is not the same", "pairs that are not the same"),
    "contact": ("fields", "field", "fields"),
    "company": ("fields", "field", "fields"),
}
"""Table -> its key in JSON, and what one and several of its rows are called."""


def counted(counts: Mapping[str, int]) -> str:
    """Return ``2 contact points, 3 activities``."""
    return ", ".join(f"{number} {TABLES[table][1 + (number != 1)]}" for table, number in counts.items() if number)


def sums(counts: Mapping[str, int]) -> dict[str, int]:
    """Return counts by the keys of JSON."""
    found: dict[str, int] = {}
    for table, number in counts.items():
        key = TABLES[table][0]
        found[key] = found.get(key, 0) + number
    return found


def preview(done: Merged, name: str) -> Iterator[Line]:
    """Yield what a merge does, field by field: what is kept, and where the other value goes."""
    kind = BY_NAME[done.kind]
    yield (Span(f"{kind.printed(done.survivor)} {clean(name)}", "title"),)
    for loser in done.losers:
        ref = kind.printed(loser.id)
        yield (Span(f"  + {ref} {clean(loser.name)}", "heading"),)
        for each in loser.choices:
            yield (Span(f"      {each.field}: ", "label"), Span(clean(_choice(each, ref))))
    for word, counts in (("moved", done.moved), ("the same", done.same)):
        if text := counted(counts):
            yield (Span(f"  {word}: ", "label"), Span(text))


def _choice(each: Choice, ref: str) -> str:
    kept = f"{_short(each.kept)} (from {ref})" if each.from_loser else _short(each.kept)
    return f"{kept}; {_short(each.other)} becomes a {each.to}" if each.other and each.to != "notes" else (
        f"{kept}; {_short(each.other)} goes to the notes" if each.other else kept
    )  # fmt: skip


def _short(value: str) -> str:
    line = " ".join(value.split())
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"


LONGEST = 60
"""How many characters of a value a preview shows."""


def merged(done: Merged, name: str) -> str:
    """Return ``Merged 45 Asha V into 12 Asha Verma``."""
    kind = BY_NAME[done.kind]
    losers = ", ".join(f"{kind.printed(loser.id)} {loser.name}" for loser in done.losers)
    return f"Merged {losers} into {kind.printed(done.survivor)} {name}"


def card(done: Merged, survivor: Mapping[str, Any], change: str) -> dict[str, Any]:
    """Return the JSON of a merge; ``survivor`` is the card of the record that remains."""
    return {
        "survivor": survivor,
        "merged": [_loser(done, loser) for loser in done.losers],
        "moved": sums(done.moved),
        "same": sums(done.same),
        "change": change or None,
    }


def _loser(done: Merged, loser: Loser) -> dict[str, Any]:
    fields = [
        {
            "field": each.field, "kept": each.kept, "kept_from": _printed(done, loser.id if each.from_loser else None),
            "other": each.other, "other_to": each.to or None,
        }
        for each in loser.choices
    ]  # fmt: skip
    return {"id": _printed(done, loser.id), "uid": loser.uid, "name": loser.name, "fields": fields}


def _printed(done: Merged | Unmerged, ref: int | None) -> int | str:
    """Return an id as the cards have it: a number for people, text for companies."""
    found = done.survivor if ref is None else ref
    return found if done.kind == "contact" else BY_NAME[done.kind].printed(found)


def unmerged(done: Unmerged, name: str) -> str:
    """Return ``Took 45 Asha V out of 12 Asha Verma``."""
    kind = BY_NAME[done.kind]
    return f"Took {kind.printed(done.record)} {done.name} out of {kind.printed(done.survivor)} {name}"


def unmerged_notes(done: Unmerged) -> Iterator[str]:
    """Yield a line for what was edited since and stays with the survivor, and one for what could not come back."""
    ref = BY_NAME[done.kind].printed(done.survivor)
    if text := counted(done.edited):
        yield f"edited or removed since the merge, left as it is at {ref}: {text}"
    if text := counted(done.lost):
        yield f"could not come back, as what it belongs to is no longer in the book: {text}"


def unmerged_card(
    done: Unmerged, survivor: Mapping[str, Any], record: Mapping[str, Any], change: str
) -> dict[str, Any]:
    """Return the JSON of a merge that was taken apart, with the cards of both records."""
    return {
        "survivor": survivor,
        "record": record,
        "edited": sums(done.edited),
        "lost": sums(done.lost),
        "change": change or None,
    }
