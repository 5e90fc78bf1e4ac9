"""Made-up people, companies and what was done with them: the same for the same seed, chunk by chunk."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from itertools import accumulate
from random import Random
from typing import NamedTuple, TypeVar

import words

T = TypeVar("T")

CHUNK = 5000
DAYS = 3 * 365
"""How far back the history goes."""


class Phone(NamedTuple):
    """A phone as somebody wrote it, its E.164 form and its label."""

    written: str
    e164: str
    label: str


class Person(NamedTuple):
    """A made-up person; ``company`` is the number of a company, 0 for none."""

    id: int
    given: str
    family: str
    name: str
    company: int
    title: str
    emails: tuple[str, ...]
    phones: tuple[Phone, ...]
    street: str
    city: tuple[str, str, str, str]
    birthday: str | None
    tags: tuple[str, ...]
    notes: str
    created: str


class Activity(NamedTuple):
    """A made-up activity: done at ``at``, or open and due on ``due`` at ``time``."""

    kind: str
    direction: str
    outcome: str
    subject: str
    body: str
    at: datetime | None
    due: datetime | None
    time: str | None
    people: tuple[int, ...]


@dataclass(frozen=True)
class Plan:
    """How large a book, how much is done with each person, from which seed, and what day it is."""

    people: int
    activities: int
    seed: int
    now: datetime

    @cached_property
    def companies(self) -> int:
        """How many companies there are."""
        return max(1, self.people // 8)

    def chunks(self) -> Iterator[range]:
        """Yield the ids of the people, some thousand at a time."""
        for first in range(1, self.people + 1, CHUNK):
            yield range(first, min(first + CHUNK, self.people + 1))

    def random(self, what: str, number: int = 0) -> Random:
        """Return the numbers of chance of one part, so that one part's do not move another's."""
        return Random(f"{self.seed}/{what}/{number}")


def companies(plan: Plan) -> Iterator[str]:
    """Yield the names of the companies, the largest first; a name comes once."""
    chance, seen = plan.random("companies"), set()
    for number in range(1, plan.companies + 1):
        script = chance.choices((words.LATIN, words.ACCENTED, words.DEVANAGARI), (88, 10, 2))[0]
        name = f"{_family(script, chance)} {chance.choice(words.TRADES)} {chance.choice(words.FORMS)}"
        if name in seen:
            name = f"{name} {number}"
        seen.add(name)
        yield name


def people(plan: Plan, ids: range) -> list[Person]:
    """Make the people of a chunk."""
    chance = plan.random("people", ids.start)
    weights = list(accumulate(script.share for script in words.SCRIPTS))
    scripts = chance.choices(words.SCRIPTS, cum_weights=weights, k=len(ids))
    return [_person(plan, number, script, chance) for number, script in zip(ids, scripts, strict=True)]


def _person(plan: Plan, number: int, script: words.Script, chance: Random) -> Person:
    given, family = chance.choice(script.given), _family(script, chance)
    name = family + given if script is words.CHINESE else f"{given}{script.joint}{family}"
    company = _sized(plan.companies, chance) if chance.random() < 0.8 else 0
    return Person(
        number, given, family, name, company,
        title=chance.choice(words.TITLES) if company else "",
        emails=_emails(number, given, family, company, chance),
        phones=_phones(number, chance),
        street=f"{chance.randint(1, 220)} {chance.choice(words.STREETS)}",
        city=_sloping(words.CITIES, chance),
        birthday=_birthday(chance),
        tags=_tags(chance),
        notes=chance.choice(words.BODIES) if chance.random() < 0.15 else "",
        created=_stamp(plan.now - timedelta(days=chance.randint(1, DAYS + 365), seconds=chance.randint(0, 40_000))),
    )  # fmt: skip


def _family(script: words.Script, chance: Random) -> str:
    """Take a common family name, or put a rare one together."""
    if chance.random() < 0.5:
        return _sloping(script.family, chance)
    stem, ending = chance.choice(script.stems), chance.choice(script.endings)
    middle = chance.choice(("", "", "a", "e", "o")) if script is words.LATIN else ""
    return f"{stem}{middle}{ending}"


def _sloping(table: Sequence[T], chance: Random) -> T:
    """Choose from a table whose first entries are the common ones."""
    return table[int(len(table) * chance.random() ** 1.7)]


def _sized(companies_: int, chance: Random) -> int:
    """Choose a company: the first ones are large, most have a handful of people."""
    return 1 + int(companies_ * chance.random() ** 2)


def _emails(number: int, given: str, family: str, company: int, chance: Random) -> tuple[str, ...]:
    if chance.random() < 0.12:
        return ()
    local = f"{given}.{family}".lower() if given.isascii() and family.isascii() else f"user{number}"
    domain = f"company{company}.example" if company else chance.choice(("post.example", "mail.example"))
    first = f"{local}{number % 1000}@{domain}"
    return (first,) if chance.random() < 0.85 else (first, f"{local}.{number}@home.example")


def _phones(number: int, chance: Random) -> tuple[Phone, ...]:
    if chance.random() < 0.1:
        return ()
    digits = f"98{(number * 7919 + 20_012_345) % 100_000_000:08d}"
    spelling = chance.choice(("+91 {0} {1}", "0{0} {1}", "+91-{0}-{1}", "+91{0}{1}", "0091 {0} {1}"))
    mobile = Phone(spelling.format(digits[:5], digits[5:]), f"+91{digits}", "mobile")
    if chance.random() < 0.75:
        return (mobile,)
    office = f"22{(number * 104_729) % 1_000_000 + 25_000_000:08d}"
    return (mobile, Phone(f"+91 {office[:2]} {office[2:6]} {office[6:]}", f"+91{office}", "work"))


def _birthday(chance: Random) -> str | None:
    drawn = chance.random()
    if drawn > 0.3:
        return None
    day = f"{chance.randint(1, 12):02d}-{chance.randint(1, 28):02d}"
    return f"--{day}" if drawn < 0.06 else f"{chance.randint(1945, 2003)}-{day}"


def _tags(chance: Random) -> tuple[str, ...]:
    count = chance.choices((0, 1, 2, 3), (30, 45, 20, 5))[0]
    return tuple(dict.fromkeys(_sloping(words.TAGS, chance) for _ in range(count)))


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def activities(plan: Plan, ids: range) -> Iterator[Activity]:
    """Make what was done, and what is still to do, with the people of a chunk."""
    chance = plan.random("activities", ids.start)
    kinds = [row[1:] for row in words.DONE]
    weights = list(accumulate(row[0] for row in words.DONE))
    today = plan.now.replace(hour=0, minute=0, second=0, microsecond=0)
    for number in ids:
        for row in chance.choices(kinds, cum_weights=weights, k=plan.activities):
            others = (chance.choice(ids),) if chance.random() < 0.05 else ()
            who = tuple(dict.fromkeys((number, *others)))
            if chance.random() < 0.015:
                yield _open(today, who, chance)
            else:
                yield _done(today, row, who, chance)


def _open(today: datetime, who: tuple[int, ...], chance: Random) -> Activity:
    due = today + timedelta(days=round(chance.gauss(6, 20)))
    time = f"{chance.randint(9, 17):02d}:{chance.choice((0, 15, 30, 45)):02d}" if chance.random() < 0.4 else None
    subject = chance.choice(words.OPEN).format(chance.choice(words.THINGS))
    kind = chance.choice(("task", "task", "call", "meeting"))
    return Activity(kind, "", "", subject, "", None, due, time, who)


def _done(
    today: datetime, row: tuple[str, str, str, tuple[str, ...]], who: tuple[int, ...], chance: Random
) -> Activity:
    kind, direction, outcome, subjects = row
    at = today - timedelta(days=1 + int(DAYS * chance.random()), seconds=-chance.randint(9 * 3600, 17 * 3600))
    subject = chance.choice(subjects).format(chance.choice(words.THINGS))
    body = chance.choice(words.BODIES) if chance.random() < 0.2 else ""
    return Activity(kind, direction, outcome, subject, body, at, None, None, who)
