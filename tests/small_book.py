"""A small book made by SQL, and the command line run in this process; shared by tests of everything that reads."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from support import put_empty_book

from crm_cli.book import opening, rhythm, sums
from crm_cli.book.search import index as search
from crm_cli.core.phones import e164, reversed_digits
from crm_cli.core.text.folding import fold, sort_key
from crm_cli.core.when import due_utc
from crm_cli.entry import run

NOW = "2026-11-22T09:00:00+05:30"
"""A Sunday morning in India: every test's clock."""
ZONE = "Asia/Kolkata"
MADE = "2026-10-01T04:00:00Z"


class SmallBook:
    """A book in a temporary folder; ``save`` makes what was inserted findable."""

    def __init__(self, path: Path) -> None:
        put_empty_book(path)
        self.path = path
        self.db = opening.connect(path, readonly=False)
        self.db.execute("PRAGMA synchronous=OFF")  # a book of SQL need not survive a crash
        self.db.execute("PRAGMA journal_mode=MEMORY")
        self.uids = (f"u{number:07}" for number in count())

    def save(self) -> SmallBook:
        with self.db:
            self.db.execute("BEGIN")
            search.rebuild(self.db)
            rhythm.rebuild(self.db)
            sums.rebuild(self.db)
        return self

    def insert(self, table: str, **values: Any) -> int:
        names, marks = ", ".join(values), ", ".join("?" * len(values))
        row = self.db.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", list(values.values()))
        return int(row.lastrowid or 0)

    def company(self, name: str, *, email: str = "", tags: tuple[str, ...] = ()) -> int:
        known = self.db.execute("SELECT id FROM company WHERE name = ?", (name,)).fetchone()
        if known:
            return int(known[0])
        ref = self.insert(
            "company", uid=next(self.uids), name=name, name_key=sort_key(name), created_utc=MADE, updated_utc=MADE
        )
        self._shared("company", ref, email, "", "", tags)
        return ref

    def person(
        self,
        name: str,
        company: str = "",
        *,
        title: str = "",
        former: str = "",
        email: str = "",
        phone: str = "",
        city: str = "",
        tags: tuple[str, ...] = (),
        **columns: Any,
    ) -> int:
        ref = self.insert(
            "contact",
            uid=next(self.uids),
            name=name,
            name_key=sort_key(name),
            **{"created_utc": MADE, "updated_utc": MADE, **columns},
        )
        if company or title:
            at = self.company(company) if company else None
            self.insert("employment", contact_id=ref, company_id=at, title=title)
        if former:
            self.insert("employment", contact_id=ref, company_id=self.company(former), current=0)
        self._shared("contact", ref, email, phone, city, tags)
        return ref

    def _shared(self, owner: str, ref: int, email: str, phone: str, city: str, tags: tuple[str, ...]) -> None:
        link = {f"{owner}_id": ref}
        if email:
            self.insert("contact_point", **link, kind="email", value=email, label="work", norm=fold(email))
        if phone:
            norm = e164(phone, "IN")
            self.insert(
                "contact_point", **link, kind="phone", value=phone, label="mobile", norm=norm,
                reversed=reversed_digits(phone, norm),
            )  # fmt: skip
        if city:
            self.insert("postal_address", **link, locality=city)
        for tag in tags:
            self.db.execute("INSERT OR IGNORE INTO tag (name, name_key) VALUES (?, ?)", (tag, fold(tag)))
            found = self.db.execute("SELECT id FROM tag WHERE name_key = ?", (fold(tag),)).fetchone()[0]
            self.insert(f"{owner}_tag", **link, tag_id=found)

    def done(
        self, kind: str, at: str, *people: int, subject: str = "", body: str = "", reach: int = 0, **columns: Any
    ) -> int:
        return self._activity(
            people, kind=kind, status="done", at_utc=at, subject=subject, body=body, reach=reach, **columns
        )

    def todo(
        self, subject: str, due: str = "", *people: int, time: str | None = None, kind: str = "task", **columns: Any
    ) -> int:
        plan = {"due_date": due, "due_time": time, "zone": ZONE, "due_utc": due_utc(due, time, ZONE)} if due else {}
        return self._activity(people, kind=kind, status="open", subject=subject, **plan, **columns)

    def _activity(self, people: tuple[int, ...], **columns: Any) -> int:
        ref = self.insert("activity", uid=next(self.uids), created_utc=MADE, updated_utc=MADE, **columns)
        for person in people:
            self.insert(
                "activity_participant", activity_id=ref, contact_id=person, reach=columns.get("reach", 0),
                at_utc=columns.get("at_utc"),
            )  # fmt: skip
        return ref

    def deal(self, title: str, *people: int, stage: int = 1, **columns: Any) -> int:
        ref = self.insert(
            "deal", uid=next(self.uids), title=title, title_key=sort_key(title), stage_id=stage, created_utc=MADE,
            updated_utc=MADE, **columns,
        )  # fmt: skip
        for person in people:
            self.insert("deal_participant", deal_id=ref, contact_id=person)
        self.insert("stage_change", deal_id=ref, stage_id=stage, status=columns.get("status", "open"), at_utc=MADE)
        return ref

    def snooze(self, activity: int, until: str) -> None:
        self.db.execute("UPDATE activity SET hidden_until = ? WHERE id = ?", (until, activity))


@dataclass
class Answer:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    def column(self, place: int) -> list[str]:
        """One column of TSV."""
        return [line.split("\t")[place] for line in self.lines]


def settle(monkeypatch: Any, book: Path) -> None:
    """Fix the clock, the zone and the book."""
    for name, value in {"CRM_BOOK": str(book), "CRM_NOW": NOW, "TZ": ZONE, "LANG": "en_IN.UTF-8", "LC_ALL": ""}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(book.parent / "config"))
    monkeypatch.delenv("_CRM_COMPLETE", raising=False)


def ask(capsys: Any, *args: str) -> Answer:
    """Run ``crm`` in this process."""
    capsys.readouterr()
    code = run(list(args))
    shown = capsys.readouterr()
    return Answer(int(code), shown.out, shown.err)
