"""Operations on a book, drawn at random: the same table serves Hypothesis and the long seeded run."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol, TypeVar

from support import NOW_UTC, import_source

from crm_cli.cli.assignments import parse
from crm_cli.core.edits import Edit
from crm_cli.core.money import Spelling
from crm_cli.core.reading import Reading
from crm_cli.core.records import Consent
from crm_cli.core.relationships import KINDS
from crm_cli.core.when import When
from crm_cli.errors import NotFoundError
from crm_cli.formats.open import open_source
from crm_cli.queries import relationships as of_relationships
from crm_cli.queries import stages as of_stages
from crm_cli.services import (
    activities,
    activity_edits,
    cadences,
    companies,
    consents,
    contacts,
    deals,
    fields,
    jobs,
    relationships,
    segments,
    stages,
    tags,
)
from crm_cli.services.relationships import Other
from crm_cli.services.reminders import Remind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crm_cli.book.book import Book, Change

T = TypeVar("T")

ZONE = "Asia/Kolkata"
NAMES = (
    "Asha Verma",
    "Ravi Kumar",
    "李小龍",
    "Dr. Zoë O'Brien",
    "Asha Verma",
    "Núria",
    "कुमार",
    "x",
    "[bold]",
    "A\x1bB",
)
FIRMS = ("Acme", "Globex Ltd", "Čez", "acme", "株式会社")
TAGS = ("client", "vip", "lead", "fair2026", "café")
TEXTS = ("", "Agreed", "Two\nlines", "nul\0 and \x1b", "“quotes” 'n' \\", "emoji 👩‍👩‍👧‍👦")
WORDS = (
    "email=a@x.in", "email.work+=b@acme.in", "email-=a@x.in", "email=", "phone.mobile=098200 12345",
    "phone+=+91 20 2553 1234",
    "phone-=+919820012345", "mobile=9820012345", "url=https://x.in", "linkedin=asha", "im.matrix=@a:x.in",
    "city=Pune", "city=",
    "street.work=1 MG Road", "country=India", "birthday=--04-12", "birthday=1990-04-12", "birthday=",
    "anniversary=2010-05-01",
    "nickname=Ash", "company=Acme", "company=Globex", "company=", "title=CTO", "title=", "department=Sales",
    "status=lead",
    "status=", "source=fair", "zone=Asia/Kolkata", "notes=first", "notes+=more", "notes=", "name=Renamed Person",
    "given=New",
    "family=", "prefix=Dr.", "+vip", "-vip", "+new one", "renewal=2027-03-31", "renewal=", "size=m", "score=12.5",
    "score=x",
)  # fmt: skip
COMPANY_WORDS = (
    "email=i@acme.in",
    "url=https://acme.in",
    "city=Pune",
    "notes+=supplier",
    "name=Acme Two",
    "+supplier",
    "-supplier",
    "renewal=2027-01-01",
    "source=web",
)
DUES = (
    When("2026-11-27", "15:00", ZONE),
    When("2026-11-23", None, ZONE),
    When("2026-12-01", "09:00", "Europe/Berlin"),
    None,
)
REMINDS = (Remind(at=When("2026-11-26", None, ZONE)), Remind(lead=60), Remind(lead=1440))
PLANNED = tuple(
    Edit(*words)
    for words in (
        ("due", "set", "2026-12-02 10:00"), ("due", "set", ""), ("text", "set", "Call again"), ("remind", "set", ""),
        ("remind", "set", "-2h"), ("remind", "add", "-1d"), ("remind", "add", "2026-11-26"),
        ("remind", "remove", "-1h"),
    )
)  # fmt: skip


class Draw(Protocol):
    """Where choices come from."""

    def pick(self, options: Sequence[T]) -> T:
        """Choose one of several."""

    def some(self, options: Sequence[T], most: int) -> list[T]:
        """Choose up to ``most``, perhaps none."""


def ids(book: Book, table: str, where: str = "1") -> list[int]:
    """Return the ids of a table."""
    return [row[0] for row in book.db.execute(f"SELECT id FROM {table} WHERE {where} ORDER BY id")]


def one(book: Book, draw: Draw, table: str, where: str = "1") -> int:
    """Choose a record, or refuse as the service would."""
    found = ids(book, table, where)
    if not found:
        raise NotFoundError(table)
    return draw.pick(found)


def any_links(book: Book, draw: Draw) -> activities.Links:
    """Choose people, perhaps a company, perhaps a deal."""
    people = draw.some(ids(book, "contact"), 3)
    firm, deal = draw.some(ids(book, "company"), 1), draw.some(ids(book, "deal"), 1)
    return activities.Links(tuple(people), firm[0] if firm else None, deal[0] if deal else None)


def add(book: Book, draw: Draw, _: Change) -> None:
    _, edits = parse(book.db, draw.some(WORDS, 4))
    contacts.add(book, draw.pick(NAMES), edits, now=NOW_UTC, region="IN")


def edit(book: Book, draw: Draw, _: Change) -> None:
    _, edits = parse(book.db, [*draw.some(WORDS, 3), draw.pick(WORDS)])
    contacts.edit(book, one(book, draw, "contact"), edits, now=NOW_UTC, region="IN")


def remove(book: Book, draw: Draw, _: Change) -> None:
    contacts.remove(book, one(book, draw, "contact"))


def add_company(book: Book, draw: Draw, _: Change) -> None:
    _, edits = parse(book.db, draw.some(COMPANY_WORDS, 3), company=True)
    companies.add(book, draw.pick(FIRMS), edits, now=NOW_UTC, region="IN")


def edit_company(book: Book, draw: Draw, _: Change) -> None:
    _, edits = parse(book.db, [draw.pick(COMPANY_WORDS), draw.pick(COMPANY_WORDS)], company=True)
    companies.edit(book, one(book, draw, "company"), edits, now=NOW_UTC, region="IN")


def remove_company(book: Book, draw: Draw, _: Change) -> None:
    companies.remove(book, one(book, draw, "company"), now=NOW_UTC)


def tag(book: Book, draw: Draw, _: Change) -> None:
    targets = [("contact", ref) for ref in draw.some(ids(book, "contact"), 3)] + [
        ("company", ref) for ref in draw.some(ids(book, "company"), 1)
    ]
    tags.apply(book, targets, add=draw.some(TAGS, 2), remove=draw.some(TAGS, 1), now=NOW_UTC)


def log(book: Book, draw: Draw, _: Change) -> None:
    kind = draw.pick(("call", "meeting", "email", "note", "task"))
    outcome = {"call": ("", "no-answer", "voicemail"), "meeting": ("", "no-show"), "email": ("", "replied")}.get(
        kind, ("",)
    )
    follows = draw.some(ids(book, "activity"), 1)
    activities.log(
        book, kind, any_links(book, draw), text=draw.pick(TEXTS), at="2026-11-20T10:00:00Z", now=NOW_UTC,
        direction=draw.pick(("", "in", "out")), outcome=draw.pick(outcome), follows=follows[0] if follows else None,
    )  # fmt: skip


def plan(book: Book, draw: Draw, _: Change) -> None:
    due = draw.pick(DUES)
    activities.plan(
        book, draw.pick(TEXTS) or "Call back", any_links(book, draw), now=NOW_UTC, due=due,
        remind=draw.some(REMINDS, 2) if due else draw.some(REMINDS[:1], 1),
        priority=draw.pick(("", "high", "low")), promise=draw.pick(("", "owe", "await")),
    )  # fmt: skip


def complete(book: Book, draw: Draw, _: Change) -> None:
    ref = one(book, draw, "activity", "status = 'open'")
    activities.complete(book, ref, at=NOW_UTC, now=NOW_UTC, zone=ZONE, text=draw.pick(TEXTS))


def move(book: Book, draw: Draw, _: Change) -> None:
    activities.move(book, one(book, draw, "activity", "status = 'open'"), draw.pick(DUES[:3]), now=NOW_UTC)


def snooze(book: Book, draw: Draw, _: Change) -> None:
    activities.snooze(book, one(book, draw, "activity", "status = 'open'"), draw.pick(DUES[:3]), now=NOW_UTC)


def cancel(book: Book, draw: Draw, _: Change) -> None:
    activities.cancel(book, one(book, draw, "activity", "status = 'open'"), now=NOW_UTC)


def edit_activity(book: Book, draw: Draw, _: Change) -> None:
    ref = one(book, draw, "activity", "status = 'open'")
    edits = [draw.pick(PLANNED), draw.pick(PLANNED)]
    activity_edits.edit(book, ref, edits, now=NOW_UTC, reading=READING)


def remove_activity(book: Book, draw: Draw, _: Change) -> None:
    activities.remove(book, one(book, draw, "activity"))


def job(book: Book, draw: Draw, _: Change) -> None:
    _, edits = parse(book.db, draw.some(("title=CEO", "email.work=n@globex.in", "phone.work+=020 1234567"), 2))
    jobs.change_employer(
        book, one(book, draw, "contact"), draw.pick(FIRMS), edits, since="2026-11-01", now=NOW_UTC, region="IN"
    )


def add_field(book: Book, draw: Draw, _: Change) -> None:
    name, type_ = draw.pick((("renewal", "date"), ("size", "choice"), ("score", "number"), ("motto", "text")))
    fields.add(book, name, type_=type_, choices=("s", "m") if type_ == "choice" else ())


def remove_field(book: Book, draw: Draw, _: Change) -> None:
    fields.remove(book, draw.pick(("renewal", "size", "score", "motto")))


def import_csv(book: Book, draw: Draw, change: Change) -> None:
    rows = [
        f"{draw.pick(NAMES[:8])},{draw.pick(('a@x.in', 'n@y.in', ''))},{draw.pick(FIRMS)},{draw.pick(('Pune', ''))}"
        for _ in range(draw.pick((1, 2, 5)))
    ]
    _import(book, change, "Name,Email,Company,City\n" + "\n".join(rows) + "\n")


def import_vcard(book: Book, draw: Draw, change: Change) -> None:
    cards = [
        f"BEGIN:VCARD\r\nVERSION:3.0\r\nUID:{draw.pick('abcd')}\r\n"
        f"FN:{draw.pick(NAMES[:8])}\r\nEMAIL;TYPE=WORK:{draw.pick('pq')}@z.in\r\n"
        f"TEL:+91 98200 1234{draw.pick('567')}\r\nX-ODD;X=1:kept\r\n"
        f"ORG:{draw.pick(FIRMS)}\r\nCATEGORIES:{draw.pick(TAGS)}\r\nEND:VCARD\r\n"
        for _ in range(draw.pick((1, 2, 4)))
    ]
    _import(book, change, "".join(cards))


def _import(book: Book, change: Change, text: str) -> None:
    source = open_source(io.BytesIO(text.encode()), name="file")
    import_source(book, source, change, now=NOW_UTC, file="file")


READING = Reading(datetime(2026, 11, 22, 3, 30, tzinfo=UTC), ZONE, Spelling("INR"))
DEAL_EDITS = (
    Edit("title", "set", "Another title"), Edit("amount", "set", "99.95 EUR"), Edit("amount", "set", "₹1,00,000"),
    Edit("amount", "set", "5000 JPY"), Edit("amount", "set", ""), Edit("stage", "set", "prop"),
    Edit("stage", "set", "nosuch"), Edit("probability", "set", "60%"), Edit("probability", "set", ""),
    Edit("close", "set", "fri"), Edit("close", "set", ""), Edit("company", "set", "Acme"), Edit("company", "set", ""),
    Edit("source", "set", "fair"), Edit("notes", "add", "more"), Edit("notes", "set", ""), Edit("with", "add", "1"),
    Edit("with", "remove", "2"), Edit("with", "set", ""),
)  # fmt: skip


def add_deal(book: Book, draw: Draw, _: Change) -> None:
    links = any_links(book, draw)._replace(deal=None)
    deals.add(book, draw.pick(NAMES), draw.some(DEAL_EDITS, 4), links, now=NOW_UTC, reading=READING)


def edit_deal(book: Book, draw: Draw, _: Change) -> None:
    edits = [*draw.some(DEAL_EDITS, 3), draw.pick(DEAL_EDITS)]
    deals.edit(book, one(book, draw, "deal"), edits, now=NOW_UTC, reading=READING)


def move_deal(book: Book, draw: Draw, _: Change) -> None:
    deals.move(book, one(book, draw, "deal"), draw.pick(("lead", "qual", "prop", "nego", "samples")), now=NOW_UTC)


def end_deal(book: Book, draw: Draw, _: Change) -> None:
    end = draw.pick((deals.win, deals.lose))
    end(book, one(book, draw, "deal"), now=NOW_UTC, reason=draw.pick(TEXTS))


def reopen_deal(book: Book, draw: Draw, _: Change) -> None:
    deals.reopen(book, one(book, draw, "deal"), now=NOW_UTC)


def remove_deal(book: Book, draw: Draw, _: Change) -> None:
    deals.remove(book, one(book, draw, "deal"))


def change_stages(book: Book, draw: Draw, _: Change) -> None:
    what = draw.pick(("add", "rename", "move", "archive", "probability"))
    stage = of_stages.find(book.db, draw.pick(("lead", "prop", "samples", "quote")), archived=True)
    if what == "add":
        stages.add(book, "Samples", probability=draw.pick((None, 40)), place=draw.pick((None, 1, 3)))
    elif what == "rename":
        stages.rename(book, stage, draw.pick(("Quote", "Proposal", "मसौदा")))
    elif what == "move":
        stages.move(book, stage, draw.pick((1, 2, 9)))
    elif what == "archive":
        draw.pick((stages.archive, stages.bring_back))(book, stage)
    else:
        stages.set_probability(book, stage, draw.pick((None, 0, 100)))


def change_segments(book: Book, draw: Draw, _: Change) -> None:
    name = draw.pick(("big", "कुल"))
    if draw.pick((True, False)):
        segments.save(book, name, draw.pick(("tag:client", "city:pune quiet:60d")))
    else:
        segments.remove(book, name)


def relate(book: Book, draw: Draw, _: Change) -> None:
    person, kind = one(book, draw, "contact"), draw.pick(KINDS)
    other = Other(draw.pick(NAMES), draw.pick([None, *ids(book, "contact")]))
    relationships.relate(book, person, kind, other, now=NOW_UTC)


def unrelate(book: Book, draw: Draw, _: Change) -> None:
    person = one(book, draw, "contact")
    known = of_relationships.load(book.db, [person])[person]
    if not known:
        raise NotFoundError("relationship")
    found = draw.pick(known)
    other = Other(found.name, found.person.id if found.person else None)
    relationships.unrelate(book, person, other, draw.pick(("", found.kind)), now=NOW_UTC)


def change_consent(book: Book, draw: Draw, _: Change) -> None:
    channels = draw.pick((("email",), ("phone",), ("email", "phone")))
    stated = [Consent(channel, draw.pick(("stopped", "allowed")), "2026-11-22") for channel in channels]
    consents.record(book, [one(book, draw, "contact")], stated, now=NOW_UTC)


def change_cadence(book: Book, draw: Draw, _: Change) -> None:
    kind = draw.pick(("contact", "tag"))
    owner = cadences.Owner(kind, one(book, draw, kind))
    match draw.pick(("set", "pause", "resume", "remove")):
        case "set":
            cadences.set_every(book, owner, draw.pick(("6w", "2m", "1y")), today="2026-11-22", now=NOW_UTC)
        case "pause":
            cadences.pause(book, owner, draw.pick((None, "2026-12-24")), today="2026-11-22", now=NOW_UTC)
        case "resume":
            cadences.resume(book, owner, now=NOW_UTC)
        case _:
            cadences.remove(book, owner, now=NOW_UTC)


Operation = "Callable[[Book, Draw, Change], None]"

WEIGHTS: dict[Operation, int] = {
    add: 12, edit: 20, remove: 4, add_company: 3, edit_company: 5, remove_company: 2, tag: 10, log: 12, plan: 10,
    complete: 5,
    move: 4, snooze: 3, cancel: 2, edit_activity: 3,
    remove_activity: 3, job: 5, add_field: 2, remove_field: 1, import_csv: 2,
    import_vcard: 2,
    add_deal: 8, edit_deal: 8, move_deal: 6, end_deal: 4, reopen_deal: 2, remove_deal: 2, change_stages: 3,
    change_segments: 2, relate: 6, unrelate: 2, change_consent: 4, change_cadence: 5,
}  # fmt: skip
"""Each operation, and how often it comes: the mix of the long run, in parts of their sum."""
