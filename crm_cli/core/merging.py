"""Three-way merge of a newer import file into the book: apply what changed in the file, keep what the user changed.

``base`` is the record as the last import of the file had it, ``theirs`` as the file has it now, ``ours`` as the book
has it. Without a base, the merge only fills empty fields and adds missing items. Pure; every rule of it is a property
test.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from crm_cli.core import names
from crm_cli.core.consent import STOPPED
from crm_cli.core.patches import NOTHING, SCALARS, Items
from crm_cli.core.records import Address, Consent, Draft, Employment, NameParts, Point, Property
from crm_cli.core.text.folding import fold, nfc, sort_key

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Sequence

T = TypeVar("T")

COMPANY_SCALARS = ("name", "notes", "source")


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field that both sides changed differently; the user's value is kept."""

    field: str
    ours: str
    theirs: str


@dataclass(frozen=True, slots=True)
class Job:
    """The changes to a person's employments.

    The employment with the id ``leave`` becomes a former one, the one with the id ``change`` gets these texts, and
    ``add`` adds a new one with them.
    """

    leave: int | None = None
    change: int | None = None
    company: str = ""
    title: str = ""
    department: str = ""
    add: bool = False

    def __bool__(self) -> bool:
        """Is there anything to do?"""
        return self.add or self.leave is not None or self.change is not None


@dataclass(slots=True)
class Merge:
    """All changes that an import makes to one record."""

    scalars: dict[str, str | None] = field(default_factory=dict)
    parts: NameParts | None = None
    points: Items[Point] = NOTHING
    addresses: Items[Address] = NOTHING
    tags: Items[str] = NOTHING
    properties: Items[Property] = NOTHING
    consents: Items[Consent] = NOTHING
    custom: dict[str, str] = field(default_factory=dict)
    job: Job = Job()
    conflicts: list[Conflict] = field(default_factory=list)

    def __bool__(self) -> bool:
        """Is there anything to do?"""
        lists = (self.points, self.addresses, self.tags, self.properties, self.consents, self.job)
        return bool(self.scalars or self.parts or self.custom or any(lists))


def merge(base: Draft | None, theirs: Draft, ours: Draft, jobs: Sequence[Employment] = ()) -> Merge:
    """Return the changes that merge ``theirs`` into ``ours``.

    The contact points of all three must have their ``norm``; ``jobs`` are the person's employments in the book.
    """
    result = Merge()
    fields = SCALARS if theirs.kind == "person" else COMPANY_SCALARS
    _merge_scalars(result, fields, base, theirs, ours)
    old = base or _NOTHING
    result.points = items(old.points, theirs.points, ours.points, key=_point_key, content=_point_content)
    result.addresses = items(old.addresses, theirs.addresses, ours.addresses, key=_place_key, content=_place_content)
    result.addresses = _without_contained(result.addresses, set(map(_place_key, old.addresses)), ours.addresses)
    result.tags = items(old.tags, theirs.tags, ours.tags, key=fold, content=fold)
    result.properties = items(old.properties, theirs.properties, ours.properties, key=_same, content=_same)
    _merge_custom(result, dict(old.custom), dict(theirs.custom), dict(ours.custom), known=base is not None)
    if theirs.kind == "person":
        result.job = _job(result, base, theirs, jobs)
        result.consents = _consents(result, old, theirs, ours)
    return result


_NOTHING = Draft()


def completed(draft: Draft) -> Draft:
    """Return a draft with its name and name parts as the book would store them."""
    name = nfc(draft.name).strip() or names.display(draft.parts)
    parts = draft.parts
    if draft.kind == "person" and not any((parts.given, parts.family, parts.additional)):
        parts = names.split(name)
    return draft if (name, parts) == (draft.name, draft.parts) else draft._replace(name=name, parts=parts)


def keeping(base: Draft, theirs: Draft) -> Draft:
    """Return the newer draft, completed with everything that only the older one has.

    For a record that was not matched by its key: it may come from a different file, so a missing value does not mean
    that it was removed.
    """
    kept: dict[str, Any] = {name: getattr(theirs, name) or getattr(base, name) for name in SCALARS}
    if not _has_job(theirs):
        kept.update(_texts(base))
    for name, key in (
        ("points", _point_key),
        ("addresses", _place_key),
        ("tags", fold),
        ("properties", _same),
        ("consents", _channel),
    ):
        new = getattr(theirs, name)
        have = _keyed(new, key)
        kept[name] = (*new, *(item for place, item in _keyed(getattr(base, name), key).items() if place not in have))
    kept["custom"] = tuple({**dict(base.custom), **dict(theirs.custom)}.items())
    return theirs._replace(**kept)


def of_merged(base: Draft, theirs: Draft, others: Sequence[Draft], notes: str) -> tuple[Draft, Draft]:
    """Return two versions of a record of a file that was merged with others, fit to be merged into the survivor.

    What the newer one lacks was not removed if ``others``, the same person's records in other files, still have it. A
    change of the notes is made within ``notes``, those of the survivor, if the earlier ones are a paragraph there.
    """
    base = base._replace(**_without_stated(base, theirs, others))
    if theirs.notes and theirs.notes != base.notes:
        merged = _noted(base.notes, theirs.notes, notes)
        if merged is not None:
            return base._replace(notes=notes), theirs._replace(notes=merged)
    return base, theirs


def _without_stated(base: Draft, theirs: Draft, others: Sequence[Draft]) -> dict[str, Any]:
    """Return the fields of ``base`` without what ``theirs`` lacks and ``others`` still state."""
    kept: dict[str, Any] = {}
    for name in SCALARS:
        if not getattr(theirs, name) and any(getattr(each, name) == getattr(base, name) for each in others):
            kept[name] = getattr(theirs, name)
    for name, key in _KEYS.items():
        stated = _item_keys(name, others) - _item_keys(name, [theirs])
        kept[name] = tuple(item for item in getattr(base, name) if key(item) not in stated)
    return kept


def _item_keys(name: str, drafts: Sequence[Draft]) -> set[Hashable]:
    """Return the keys of the items in a list of these drafts."""
    return {_KEYS[name](item) for draft in drafts for item in getattr(draft, name)}


def _noted(old: str, new: str, notes: str) -> str | None:
    """Return the survivor's notes with a file's changed notes; None if the earlier ones are not a paragraph there."""
    if not old:
        return f"{notes}\n\n{new}" if notes else new
    lines = f"\n{notes}\n"
    return lines.replace(f"\n{old}\n", f"\n{new}\n", 1)[1:-1] if lines.count(f"\n{old}\n") == 1 else None


def _channel(consent: Consent) -> Hashable:
    return consent.channel


def _merge_scalars(result: Merge, fields: Iterable[str], base: Draft | None, theirs: Draft, ours: Draft) -> None:
    for name in fields:
        old = getattr(base, name) if base else None
        new, have = getattr(theirs, name), getattr(ours, name)
        if _settle(result, name, old, new, have, known=base is not None):
            result.scalars[name] = new
    if base is not None and theirs.parts not in (base.parts, ours.parts) and "name" not in result.scalars:
        if ours.parts == base.parts:
            result.parts = theirs.parts
    elif "name" in result.scalars:
        result.parts = theirs.parts


def _settle(result: Merge, name: str, old: str | None, new: str | None, have: str | None, *, known: bool) -> bool:
    """Should the file's value be written to the book? Record a conflict when both sides changed it differently."""
    old, new, have = (value or "" for value in (old, new, have))
    if new == have or (known and new == old):
        return False
    if have == old if known else not have:
        return True
    if new or known:
        result.conflicts.append(Conflict(name, have, new))
    return False


def _merge_custom(
    result: Merge, old: dict[str, str], new: dict[str, str], have: dict[str, str], *, known: bool
) -> None:
    for name in dict.fromkeys((*new, *old)):
        if _settle(result, name, old.get(name), new.get(name), have.get(name), known=known):
            result.custom[name] = new.get(name, "")


def items(
    base: Sequence[T],
    theirs: Sequence[T],
    ours: Sequence[T],
    *,
    key: Callable[[T], Hashable],
    content: Callable[[T], Hashable],
) -> Items[T]:
    """Merge a list; ``key`` identifies an item, ``content`` returns everything that a file states about it.

    An item that the file added is added. One that it dropped is removed, and one that it changed is changed, unless the
    user changed that item. The user's own items are kept, and items that the user removed stay removed.
    """
    old, new, have = _keyed(base, key), _keyed(theirs, key), _keyed(ours, key)
    untouched = {place for place, item in old.items() if place in have and content(have[place]) == content(item)}
    return Items(
        add=_absent(new, old.keys() | have.keys()),
        remove=tuple(have[place] for place in old if place in untouched and place not in new),
        change=tuple(
            (have[place], item)
            for place, item in new.items()
            if place in untouched and content(item) != content(old[place])
        ),
    )


def _absent(found: dict[Hashable, T], known: set[Hashable]) -> tuple[T, ...]:
    return tuple(item for place, item in found.items() if place not in known)


def _keyed(found: Sequence[T], key: Callable[[T], Hashable]) -> dict[Hashable, T]:
    """Index items by key and running number, so that a second phone with the same number is a separate item."""
    keyed: dict[Hashable, T] = {}
    seen: dict[Hashable, int] = {}
    for item in found:
        place = key(item)
        seen[place] = seen.get(place, 0) + 1
        keyed[(place, seen[place])] = item
    return keyed


def _point_key(point: Point) -> Hashable:
    return (point.kind, point.norm or fold(point.value))


def _point_content(point: Point) -> Hashable:
    return (point.value, point.label, point.preferred, point.service, point.state, point.params)


def _place_key(place: Address) -> Hashable:
    return (place.street, place.extended, place.po_box, place.locality, place.region, place.code, place.country)


def _without_contained(plan: Items[Address], old: set[Hashable], ours: Sequence[Address]) -> Items[Address]:
    """Skip new addresses whose parts all appear in an address of the record; the file's own addresses do not count.

    "Mumbai" adds nothing for a person whose street address is there.
    """
    known = [_place_parts(each) for each in ours if _place_key(each) not in old]
    add = tuple(each for each in plan.add if not any(_place_parts(each) <= have for have in known))
    return Items(add, plan.remove, plan.change)


def _place_parts(place: Address) -> set[tuple[str, str]]:
    return {(name, fold(part)) for name in _PLACE_FIELDS if (part := getattr(place, name))}


_PLACE_FIELDS = Address._fields[: Address._fields.index("label")]


def _place_content(place: Address) -> Hashable:
    return (place.label, place.preferred, place.params)


def _same(item: Property) -> Hashable:
    return item


_KEYS: dict[str, Callable[[Any], Hashable]] = {
    "points": _point_key,
    "addresses": _place_key,
    "tags": fold,
    "properties": _same,
    "consents": _channel,
}
"""list of a draft -> what makes two of its items the same."""


def _consents(result: Merge, base: Draft, theirs: Draft, ours: Draft) -> Items[Consent]:
    """Return the changes of consent. A stop is never lifted, unless the file lifts one of its own."""
    before = {each.channel: each.state for each in base.consents}
    have = {each.channel: each for each in ours.consents}
    add, change = [], []
    for new in theirs.consents:
        earlier, kept = before.get(new.channel), have.get(new.channel)
        if kept is None:
            if earlier is None:
                add.append(new)
        elif new.state in {kept.state, earlier}:
            continue
        elif new.state == STOPPED or kept.state == earlier:
            change.append((kept, new._replace(id=kept.id)))
        else:
            result.conflicts.append(Conflict(f"consent {new.channel}", kept.state, new.state))
    return Items(tuple(add), (), tuple(change))


def _job(result: Merge, base: Draft | None, theirs: Draft, jobs: Sequence[Employment]) -> Job:
    """Return the changes to the employment that the file describes."""
    if base is not None and _work(base) == _work(theirs):
        return Job()
    present = [job for job in jobs if job.current]
    same = _at(theirs.company, present)
    if same is not None:
        return _promoted(result, base, theirs, same)
    if base is None:
        return _first_job(result, theirs, present)
    left = _at(base.company, present)
    if left is None:
        return _job_after(result, base, theirs, present)
    if theirs.company and not left.company:
        return _promoted(result, base, theirs, left, company=True)
    return Job(leave=left.id, add=_has_job(theirs), **_texts(theirs))


def _at(company: str, jobs: Sequence[Employment]) -> Employment | None:
    """Return the first of the jobs at a company, or None."""
    key = sort_key(company)
    return next((job for job in jobs if sort_key(job.company) == key), None)


def _job_after(result: Merge, base: Draft, theirs: Draft, present: Sequence[Employment]) -> Job:
    """Return the new job of a person who does not have the file's earlier one; the user may have replaced that."""
    add = _has_job(theirs)
    if present and _has_job(base):
        if add:
            result.conflicts.append(Conflict("company", present[0].company, theirs.company))
        add = False
    return Job(add=add, **_texts(theirs))


def _work(draft: Draft) -> tuple[str, str, str]:
    return (sort_key(draft.company), draft.title, draft.department)


def _texts(draft: Draft) -> dict[str, Any]:
    return {"company": draft.company, "title": draft.title, "department": draft.department}


def _has_job(draft: Draft) -> bool:
    return bool(draft.company or draft.title or draft.department)


def _first_job(result: Merge, theirs: Draft, present: Sequence[Employment]) -> Job:
    """Return the new job of a person who is in the file for the first time; a job entered by the user is kept."""
    if not _has_job(theirs):
        return Job()
    if not present:
        return Job(add=True, **_texts(theirs))
    if theirs.company:
        result.conflicts.append(Conflict("company", present[0].company, theirs.company))
    return Job()


def _promoted(result: Merge, base: Draft | None, theirs: Draft, job: Employment, *, company: bool = False) -> Job:
    """Merge the title and department of a job at the same company, each three-way."""
    became: dict[str, Any] = {"title": job.title, "department": job.department}
    for name, have in list(became.items()):
        old = getattr(base, name) if base else None
        if _settle(result, name, old, getattr(theirs, name), have, known=base is not None):
            became[name] = getattr(theirs, name)
    if not company and became == {"title": job.title, "department": job.department}:
        return Job()
    return Job(change=job.id, company=theirs.company if company else job.company, **became)
