"""Random merges, edits, calls, mail, imports, deals, unmerges and undos leave what a plain model of them says.

The mix: of 100 operations 12 add a person, 5 import a new one, 22 edit (addresses, tags, birthdays), 10 log calls, 6
meetings, 6 capture mail, 6 add deals, 8 import a newer file, 14 merge, 8 take a merge apart and 3 undo the last change.

The model keeps, for each thing that a person has, the people it came from. A merged person is a frozen copy; taking the
merge apart brings the copy back, and leaves the survivor what came from others too.
"""

from __future__ import annotations

import copy
import random
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from support import Run

    Crm = Callable[..., Run]

POOL = [f"shared{number}@x.example" for number in range(6)]
TAGS = ["red", "green", "blue"]


@dataclass
class Person:
    """A person of the model.

    ``items`` maps what they have to the people it came from, the one whose row it is first. ``own`` has birthdays that
    were set by hand, ``parts`` the people who were merged into this one, as they were then; ``files`` what each vCard
    had at its last import.
    """

    id: int
    items: dict[str, list[int]] = field(default_factory=dict)
    own: dict[str, str] = field(default_factory=dict)
    parts: list[Person] = field(default_factory=list)
    files: dict[str, list[str]] = field(default_factory=dict)

    def family(self) -> Iterator[Person]:
        yield self
        for part in self.parts:
            yield from part.family()

    def birthday(self) -> str:
        if "birthday" in self.own:
            return self.own["birthday"]
        return next((found for part in self.parts if (found := part.birthday())), "")

    def strip(self, gone: set[int]) -> None:
        """Forget what came only from these people."""
        self.items = {
            item: rest for item, ids in self.items.items() if (rest := [one for one in ids if one not in gone])
        }
        for part in self.parts:
            part.strip(gone)


class Model:
    """The people who are in the book, and how many files, activities and deals there are."""

    def __init__(self) -> None:
        self.people: dict[int, Person] = {}
        self.last = 0
        self.fresh = 0

    def new(self) -> int:
        self.fresh += 1
        return self.fresh

    def merge(self, survivor: int, loser: int) -> None:
        mine, theirs = self.people[survivor], self.people.pop(loser)
        for item, ids in theirs.items.items():
            mine.items.setdefault(item, []).extend(ids)
        mine.files |= theirs.files
        mine.parts.append(copy.deepcopy(theirs))

    def unmerge(self, loser: int) -> None:
        for top in self.people.values():
            for holder in top.family():
                for part in holder.parts:
                    if part.id == loser:
                        holder.parts.remove(part)
                        gone = {one.id for one in part.family()}
                        top.strip(gone)
                        for one in top.family():
                            for file in part.files:
                                one.files.pop(file, None)
                        self.people[loser] = part
                        return

    def merged(self) -> list[int]:
        return [one.id for top in self.people.values() for one in top.family() if one is not top]

    def came(self, person: Person, item: str, whose: int) -> None:
        """A thing came to a person by an address of theirs that was brought by one of the merged."""
        if whose == person.id:
            person.items[item] = [person.id]
            return
        for one in person.family():
            if whose in {each.id for each in one.family()}:
                one.items[item] = [whose]

    def state(self) -> dict[int, Any]:
        return {
            one.id: (sorted(one.items), one.birthday()) for one in sorted(self.people.values(), key=lambda one: one.id)
        }


class Runner:
    """Does each operation in a book and in the model."""

    def __init__(self, crm: Crm, folder: Path) -> None:
        self.folder = folder
        self.crm = lambda *words: crm("--book", str(folder / "book.db"), *words)
        self.model = Model()
        self.before: tuple[str, Model] | None = None
        self.done: dict[str, int] = {}

    def do(self, operation: str, one: int, other: int) -> None:
        earlier = copy.deepcopy(self.model)
        people = sorted(self.model.people)
        if operation == "undo":
            self._undo()
            return
        work = getattr(self, f"_{operation}")
        made = work(people, one, other) if people or operation in {"add", "arrive"} else None
        if made is not None:
            assert made.code == 0, made.err
            self.done[operation] = self.done.get(operation, 0) + 1
            change = made.err.rpartition("[")[2].partition("]")[0]
            self.before = (change, earlier) if change.startswith("ch") else None

    def _undo(self) -> None:
        if self.before is None:
            return
        change, earlier = self.before
        found = self.crm("undo", change)
        assert found.code == 0, found.err
        earlier.fresh, earlier.last = self.model.fresh, self.model.last
        self.model, self.before = earlier, None
        self.done["undo"] = self.done.get("undo", 0) + 1

    def _person(self, people: list[int], number: int) -> Person:
        return self.model.people[people[number % len(people)]]

    def _add(self, people: list[int], one: int, other: int) -> Run:
        self.model.last += 1
        new = Person(self.model.last)
        emails = {POOL[one % 6], POOL[other % 6]} if one % 4 else {f"own{self.model.new()}@x.example"}
        tags = {TAGS[one % 3], TAGS[other % 3]}
        new.items = {item: [new.id] for item in (*emails, *tags)}
        self.model.people[new.id] = new
        words = [f"email+={email}" for email in emails] + [f"+{tag}" for tag in tags]
        if other % 2:
            new.own["birthday"] = f"1980-01-{1 + self.model.new() % 28:02}"
            words.append(f"birthday={new.own['birthday']}")
        return self.crm("add", f"Person N{new.id}", *words)

    def _arrive(self, people: list[int], one: int, other: int) -> Run:
        self.model.last += 1
        new = Person(self.model.last)
        file = f"file{new.id}"
        new.files[file] = []
        self.model.people[new.id] = new
        return self._import(new, file)

    def _import(self, person: Person, file: str) -> Run:
        key = int(file.removeprefix("file"))
        content = [*getattr(self, "written", {}).get(file, []), f"new{self.model.new()}@x.example"]
        self.written = {**getattr(self, "written", {}), file: content}
        for email in content:
            if email not in person.files[file] and email not in person.items:
                person.items[email] = [person.id]
        person.files[file] = content
        path = self.folder / f"{file}.vcf"
        path.write_text(
            f"BEGIN:VCARD\nVERSION:4.0\nUID:key-{key}\nFN:Person N{key}\n"
            + "".join(f"EMAIL:{email}\n" for email in content) + "END:VCARD\n"
        )  # fmt: skip
        return self.crm("import", str(path))

    def _newer(self, people: list[int], one: int, other: int) -> Run | None:
        person = self._person(people, one)
        files = sorted(person.files)
        return self._import(person, files[other % len(files)]) if files else None

    def _edit(self, people: list[int], one: int, other: int) -> Run | None:
        person = self._person(people, one)
        emails = sorted(item for item in person.items if "@" in item)
        if other % 4 == 0 and emails:
            gone = emails[other // 4 % len(emails)]
            del person.items[gone]
            return self.crm("edit", str(person.id), f"email-={gone}")
        if other % 4 == 1:
            email = POOL[other // 4 % 6]
            if email in person.items:
                return None
            person.items[email] = [person.id]
            return self.crm("edit", str(person.id), f"email+={email}")
        if other % 4 == 2:
            tag = f"tag{self.model.new()}"
            person.items[tag] = [person.id]
            return self.crm("tag", str(person.id), f"+{tag}")
        person.own["birthday"] = f"19{81 + self.model.new() % 18}-{1 + one % 12:02}-{1 + other % 28:02}"
        return self.crm("edit", str(person.id), f"birthday={person.own['birthday']}")

    def _call(self, people: list[int], one: int, other: int) -> Run:
        person, text = self._person(people, one), f"call {self.model.new()}"
        person.items[text] = [person.id]
        return self.crm("called", str(person.id), "-m", text)

    def _meet(self, people: list[int], one: int, other: int) -> Run:
        text = f"meeting {self.model.new()}"
        both = {self._person(people, number).id for number in (one, other)}
        for ref in both:
            self.model.people[ref].items[text] = [ref]
        return self.crm("met", *map(str, both), "-m", text)

    def _deal(self, people: list[int], one: int, other: int) -> Run:
        title = f"deal {self.model.new()}"
        both = {self._person(people, number).id for number in (one, other)}
        for ref in both:
            self.model.people[ref].items[title] = [ref]
        return self.crm("deal", "add", title, *(word for ref in both for word in ("--with", str(ref))))

    def _mail(self, people: list[int], one: int, other: int) -> Run | None:
        person = self._person(people, one)
        emails = sorted(item for item in person.items if "@" in item)
        alone = [email for email in emails if sum(email in each.items for each in self.model.people.values()) == 1]
        if not alone:
            return None
        email, number = alone[other % len(alone)], self.model.new()
        path = self.folder / f"{number}.eml"
        path.write_text(
            f"From: {email}\nTo: me@me.example\nMessage-ID: <{number}@m>\nSubject: mail {number}\n"
            "Date: Sat, 21 Nov 2026 08:00:00 +0000\n\nHello\n"
        )
        self.model.came(person, f"mail {number}", person.items[email][0])
        return self.crm("capture", str(path))

    def _merge(self, people: list[int], one: int, other: int) -> Run | None:
        survivor, loser = (self._person(people, number).id for number in (one, other))
        if survivor == loser:
            return None
        self.model.merge(survivor, loser)
        return self.crm("merge", str(survivor), str(loser), "--yes")

    def _unmerge(self, people: list[int], one: int, other: int) -> Run | None:
        merged = sorted(self.model.merged())
        if not merged:
            return None
        loser = merged[one % len(merged)]
        self.model.unmerge(loser)
        return self.crm("unmerge", str(loser))

    def state(self) -> dict[int, Any]:
        found = {}
        for ref in sorted(self.model.people):
            card = self.crm("show", str(ref), "--all", "--json").json
            assert card["id"] == ref
            items = [
                *(each["value"] for each in card["emails"]), *card["tags"],
                *(each["subject"] for each in card["history"]), *(each["title"] for each in card["deals"]),
            ]  # fmt: skip
            found[ref] = (sorted(items), card["birthday"] or "")
        return found

    def check(self) -> None:
        assert self.state() == self.model.state()


MIX = {
    "add": 12, "arrive": 5, "edit": 22, "call": 10, "meet": 6, "mail": 6, "deal": 6, "newer": 8, "merge": 14,
    "unmerge": 8, "undo": 3,
}  # fmt: skip
OPERATIONS = [operation for operation, weight in MIX.items() for _ in range(weight)]
STEPS = st.lists(
    st.tuples(st.sampled_from(OPERATIONS), st.integers(0, 99), st.integers(0, 99)), min_size=20, max_size=30
)


@settings(max_examples=5, deadline=None, suppress_health_check=[*HealthCheck])
@given(STEPS)
def test_the_book_is_what_the_model_says(crm: Crm, tmp_path_factory: pytest.TempPathFactory, steps: Any) -> None:
    runner = Runner(crm, tmp_path_factory.mktemp("book"))
    for step in steps:
        runner.do(*step)
    runner.check()
    assert runner.crm("check").code == 0 or not runner.done


@pytest.mark.long
def test_a_thousand_operations(crm: Crm, tmp_path: Path) -> None:
    """The model is compared after each unmerge and undo; at the end all merges are taken apart."""
    drawn = random.Random(14)
    runner = Runner(crm, tmp_path)
    while sum(runner.done.values()) < 1000:
        operation = drawn.choice(OPERATIONS)
        runner.do(operation, drawn.randrange(100), drawn.randrange(100))
        if operation in {"unmerge", "undo"}:
            runner.check()
    while merged := runner.model.merged():
        runner.model.unmerge(merged[0])
        assert runner.crm("unmerge", str(merged[0])).code == 0
    runner.check()
    cards = [runner.crm("show", str(ref), "--json").json for ref in runner.model.people]
    assert [(card["name"], card["nickname"], card["notes"]) for card in cards] == [
        (f"Person N{card['id']}", "", "") for card in cards
    ]
    assert runner.crm("check").code == 0
    assert all(runner.done[operation] >= weight for operation, weight in MIX.items())
