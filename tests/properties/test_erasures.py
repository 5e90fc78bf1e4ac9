"""Random erasures in books with history, imports, undo and backups, some killed in the middle: no needle is left."""

from __future__ import annotations

import base64
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest


class Needles:
    """A person with twelve unique marks, and the commands that put them into a book."""

    def __init__(self, number: int, chance: random.Random) -> None:
        tag = f"{chance.randrange(16**6):06x}q{number}"
        self.given, self.family = f"Zg{tag}", f"Zf{tag}"
        self.email, self.former = f"mail{tag}@x.example", f"old{tag}@x.example"
        self.phone = f"98{chance.randrange(10**8):08}"
        self.street, self.note, self.call = f"Street{tag}", f"Note{tag}", f"Call{tag}"
        self.uid, self.picture = f"uid-{tag}", b"\xff\xd8\xff\xe0" + chance.randbytes(300)

    @property
    def name(self) -> str:
        return f"{self.given} {self.family}"

    @property
    def all(self) -> list[bytes]:
        words = [
            self.given,
            self.family,
            self.email,
            self.former,
            self.phone,
            self.street,
            self.note,
            self.call,
            self.uid,
        ]
        folded = [word.lower() for word in (self.given, self.family)]
        return [word.encode() for word in (*words, *folded)] + [base64.b64encode(self.picture)[60:100]]

    def card(self) -> str:
        return (
            f"BEGIN:VCARD\r\nVERSION:3.0\r\nUID:{self.uid}\r\nFN:{self.name}\r\nEMAIL:{self.email}\r\n"
            f"TEL:+91{self.phone}\r\nNOTE:{self.note}\r\nEND:VCARD\r\n"
        )


def operations(chance: random.Random, people: list[Needles], place: Path):
    """Yield commands about people, who are known by number, and what is piped into them."""
    for _ in range(chance.randint(8, 25)):
        ref = chance.randrange(len(people))
        one, other = people[ref], chance.choice(people)
        mine, theirs = str(ref + 1), str(people.index(other) + 1)
        yield chance.choice(
            [
                (["edit", mine, f"email+={one.former}"], b""),
                (["edit", mine, f"email-={one.former}"], b""),
                (["edit", mine, f"street={one.street}"], b""),
                (["edit", mine, "street=elsewhere", "+client"], b""),
                (["edit", mine, f"+{one.given}-{one.family}"], b""),
                (["called", mine, "-m", one.call], b""),
                (["note", theirs, "-m", f"{one.name} says hello"], b""),
                (["log", "meeting", mine, theirs, "-m", "together"], b""),
                (["todo", f"{one.call} again", "--with", mine, "--due", "fri", "--remind", "-1d"], b""),
                (["deal", "add", f"Deal with {one.name}", "--with", mine], b""),
                (["relate", mine, "friend", theirs], b""),
                (["photo", mine, "--set", "-"], one.picture),
                (["segment", "save", f"{one.given}-{one.family}", f'"{one.name}"'], b""),
                (["undo", f"ch{chance.randint(2, 20)}"], b""),
                (["redo", f"ch{chance.randint(2, 20)}"], b""),
                (["rm", f"a{chance.randint(1, 5)}"], b""),
                (["import", str(place / "cards.vcf")], b""),
                (["backup"], b""),
                (["merge", mine, theirs, "--yes"], b""),
                (["unmerge", mine], b""),
            ]
        )


def left(folder: Path, needles: Needles) -> list[tuple[str, bytes]]:
    return [
        (str(path.relative_to(folder)), needle)
        for path in folder.rglob("*")
        if path.is_file() and path.suffix != ".vcf"
        for needle in needles.all
        if needle in path.read_bytes()
    ]


def erase_randomly(crm, tmp_path: Path, seed: int, *, killed: bool) -> None:
    chance = random.Random(seed)
    people = [Needles(number, chance) for number in range(4)]
    (tmp_path / "cards.vcf").write_text("".join(each.card() for each in people), encoding="utf-8")
    crm("import", str(tmp_path / "cards.vcf"))
    for words, given in operations(chance, people, tmp_path):
        crm(*words, given=given)
    ref = chance.randrange(4)
    command = ["erase", str(ref + 1), "--yes", "--redact", "--backups"]
    if killed:
        kill(command, chance.uniform(0.1, 1.5))
    else:
        assert crm(*command).code == 0
    listed = crm("list", "--json")
    if killed and crm("show", people[ref].email).code == 0:
        return  # killed before it began: nothing was promised

    assert left(tmp_path, people[ref]) == [], seed
    assert crm("check").code == 0, seed
    others = {each.name for each in people if each is not people[ref]}
    assert {row["name"] for row in listed.json} <= others, seed


def kill(command: list[str], after: float) -> None:
    """Run a command in a process of its own, and kill it after some seconds."""
    process = subprocess.Popen([sys.executable, "-m", "crm_cli", *command], stderr=subprocess.DEVNULL, env=os.environ)
    time.sleep(after)
    process.send_signal(signal.SIGKILL)
    process.wait()


@pytest.mark.parametrize("seed", range(3))
def test_no_needle_is_left(crm, tmp_path, seed):
    erase_randomly(crm, tmp_path, seed, killed=False)


def test_no_needle_is_left_by_one_that_was_killed(crm, tmp_path):
    erase_randomly(crm, tmp_path, 1000, killed=True)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(200))
def test_no_needle_is_left_two_hundred_times(crm, tmp_path, seed):
    erase_randomly(crm, tmp_path, seed + 10_000, killed=seed % 7 == 0)
