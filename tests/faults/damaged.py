"""A book with something in every table, and ways to damage its file."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support import Run

PEOPLE = 60

COMMANDS = [
    ["field", "add", "renewal", "--type", "date"],
    ["deal", "add", "Tea tins", "--with", "1", "amount=99.95 EUR", "close=2027-01-20", "notes=first order"],
    ["deal", "add", "Shelves", "--with", "2", "amount=5000 INR"],
    ["deal", "move", "d1", "proposal"],
    ["segment", "save", "pune", "city:pune"],
    ["edit", "3", "renewal=2027-03-31", "notes=met at the fair", "birthday=1990-04-12", "street=1 MG Road"],
    ["edit", "4", "anniversary=2010-05-01", "im.matrix=@a:x.in", "nickname=Ash", "title=CTO"],
    ["log", "call", "5", "-m", "agreed on the price", "--next", "fri 3pm: send the quote"],
    ["todo", "water the plants", "--with", "6", "--due", "fri 3pm", "--remind", "-1d"],
    ["log", "meeting", "7", "8", "-m", "tasted the new blend"],
    ["note", "9", "-m", "prefers green tea, and long letters " * 200],
    ["done", "a3"],
    ["tag", "10", "11", "+vip"],
    ["rm", "12", "--yes"],
]


def make(crm: Callable[..., Run], folder: Path, people: int = PEOPLE) -> None:
    """Fill the book of the test."""
    leads = folder / "leads.csv"
    rows = [
        f"Person {n} Sharma,p{n}@mail{n % 7}.example,+9198{n:08d},Company {n % 9},Pune,fair,note {n} "
        + "tea " * (n % 40)
        for n in range(people)
    ]
    leads.write_text("\n".join(["Name,Email,Phone,Company,City,Tags,Notes", *rows]) + "\n", encoding="utf-8")
    for command in (["import", str(leads)], *COMMANDS):
        assert crm(*command).code == 0, command


def flip(data: bytearray, chance: random.Random) -> None:
    """Change 1 to 16 bytes somewhere."""
    for _ in range(chance.randint(1, 16)):
        data[chance.randrange(len(data))] ^= chance.randint(1, 255)


def truncate(data: bytearray, chance: random.Random) -> None:
    """Cut the file off."""
    del data[chance.randrange(1, len(data)) :]


def zero(data: bytearray, chance: random.Random) -> None:
    """Empty a page."""
    at = chance.randrange(len(data) // 4096) * 4096
    data[at : at + 4096] = bytes(4096)


KINDS: dict[str, Callable[[bytearray, random.Random], None]] = {"flip": flip, "truncate": truncate, "zero": zero}
