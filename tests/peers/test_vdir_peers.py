"""The folder of vCards and the programs that use it: khard reads it, Radicale serves it, vdirsyncer synchronises it."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
import time
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from support import Run

    Crm = Callable[..., Run]

BIN = Path(sys.executable).parent
PEOPLE = 200
SERVE = """
import sys
from radicale import config, server
settings = config.load()
settings.update({"server": {"hosts": f"127.0.0.1:{sys.argv[1]}"}, "auth": {"type": "none"}}, "test")
# Without fsync: the disk of a test machine is not what is tested.
storage = {"filesystem_folder": sys.argv[2], "_filesystem_fsync": "False"}
settings.update({"storage": storage}, "test", privileged=True)
server.serve(settings)
"""
COLLECTION = "/nina/people/"


def card(number: int) -> str:
    return (
        f"BEGIN:VCARD\nVERSION:3.0\nUID:person-{number}\nFN:Person {number} Müller\nN:Müller;Person {number};;;\n"
        f"EMAIL;TYPE=work:person{number}@example.org\nTEL;TYPE=cell:+49 30 {number:06}\n"
        f"BDAY:1980-01-{number % 28 + 1:02}\n"
        f"X-CUSTOM;X-P=a:kept {number}\nEND:VCARD\n"
    )


@pytest.fixture
def book(crm: Crm, tmp_path: Path) -> Crm:
    """A book of ``PEOPLE`` people, in the order of their numbers from 1."""
    (tmp_path / "in.vcf").write_text("".join(card(number) for number in range(1, PEOPLE + 1)))
    assert crm("import", str(tmp_path / "in.vcf")).code == 0
    return crm


class Server:
    """A running Radicale and its address book."""

    def __init__(self, port: int, storage: Path) -> None:
        self.port, self.folder = port, storage / "collection-root" / "nina" / "people"

    def ask(self, method: str, path: str, body: str = "", **headers: str) -> tuple[int, str]:
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=30)) as connection:
            connection.request(method, path, body.encode(), {"Content-Type": "text/vcard; charset=utf-8", **headers})
            answer = connection.getresponse()
            return answer.status, answer.read().decode()

    def items(self) -> list[str]:
        status, found = self.ask("PROPFIND", COLLECTION, Depth="1")
        assert status == 207, found
        return list(dict.fromkeys(re.findall(rf"<href>({COLLECTION}[^<]+\.vcf)</href>", found)))

    def cards(self) -> dict[str, str]:
        """Return the cards of the address book by their paths."""
        return {href: self.ask("GET", href)[1].replace("\r\n", "\n").replace("\n ", "") for href in self.items()}


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    storage = tmp_path / "radicale"
    found = Server(port, storage)
    found.folder.mkdir(parents=True)
    (found.folder / ".Radicale.props").write_text('{"tag": "VADDRESSBOOK"}')
    with subprocess.Popen(
        [sys.executable, "-c", SERVE, str(port), str(storage)],
        stdout=subprocess.DEVNULL, stderr=(tmp_path / "radicale.log").open("w"),
    ) as process:  # fmt: skip
        until = time.monotonic() + 30
        while time.monotonic() < until and process.poll() is None:
            try:
                found.ask("GET", "/")
                break
            except OSError:
                time.sleep(0.05)
        yield found
        process.terminate()


def export(crm: Crm, folder: Path, code: int = 0) -> str:
    done = crm("export", "--format", "vcf", "-o", f"{folder}/")
    assert done.code == code, done.err
    return done.err


def run(command: list[str], folder: Path) -> str:
    done = subprocess.run(
        command, input="y\n", capture_output=True, text=True, timeout=60, cwd=folder,
        env={"HOME": str(folder), "LANG": "C.UTF-8", "EDITOR": "true"},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def khard(folder: Path, *words: str) -> list[str]:
    config = folder.parent / "khard.conf"
    config.write_text(f"[addressbooks]\n[[crm]]\npath = {folder}\n[general]\ndefault_action = list\n")
    return run([str(BIN / "khard"), "-c", str(config), *words], folder.parent).splitlines()


def tabled(lines: list[str]) -> list[str]:
    """Return the lines of a listing, without what is said about it."""
    return [line for line in lines if "\t" in line]


def test_khard_reads_names_addresses_numbers_and_birthdays(crm: Crm, tmp_path: Path) -> None:
    crm(
        "add", "Asha Verma", "email.work=asha@acme.in", "phone.mobile=+91 98200 12345", "birthday=1988-11-25",
        "company=Acme", "+client", "notes=A, b; c\nnext line", "city.home=Pune",
    )  # fmt: skip
    crm("add", "李小龍", "phone.work=+86 10 6552 9988")
    crm("add", "Zoë Müller", "email=zoe@müller.example", "birthday=--04-12")
    export(crm, tmp_path / "cards")

    folder = tmp_path / "cards"
    assert tabled(khard(folder, "email", "-p")) == [
        "asha@acme.in\tAsha Verma\twork",
        "zoe@müller.example\tZoë Müller\tinternet",
    ]
    assert sorted(tabled(khard(folder, "phone", "-p"))) == [
        "+86 10 6552 9988\t李小龍\twork",
        "+91 98200 12345\tAsha Verma\tcell",
    ]
    assert [line for line in khard(folder, "birthdays", "-p") if "Asha" in line] == ["1988.11.25\tAsha Verma"]
    shown = "\n".join(khard(folder, "show", "asha"))
    assert all(text in shown for text in ("Acme", "A, b; c", "next line", "Pune", "client"))


def test_a_change_made_with_khard_is_imported(crm: Crm, tmp_path: Path) -> None:
    crm("add", "Asha Verma", "email=asha@acme.in")
    folder = tmp_path / "cards"
    export(crm, folder)

    fields = tmp_path / "asha.yaml"
    fields.write_text("First name: Asha\nLast name: Verma\nEmail:\n  home: asha@home.in\nNote: From khard\n")
    khard(folder, "edit", "-i", str(fields), "asha")
    crm("edit", "1", "city=Pune")
    brought = crm("import", *map(str, folder.glob("*.vcf")))
    assert "1 changed" in brought.err
    card = crm("show", "1", "--json").json
    assert [each["value"] for each in card["emails"]] == ["asha@home.in"]
    assert card["notes"] == "From khard"
    assert card["addresses"][0]["locality"] == "Pune"
    assert "1 written" in export(crm, folder)


def test_radicale_serves_the_folder_as_it_is(book: Crm, server: Server) -> None:
    export(book, server.folder)

    found = server.cards()
    assert len(found) == PEOPLE
    text = found[f"{COLLECTION}person-7.vcf"]
    assert "FN:Person 7 Müller" in text
    assert "X-CUSTOM;X-P=a:kept 7" in text


def test_a_round_of_vdirsyncer_with_changes_on_both_sides_loses_nothing(
    book: Crm, server: Server, tmp_path: Path
) -> None:
    folder = tmp_path / "cards"
    export(book, folder)
    config = tmp_path / "vdirsyncer"
    config.write_text(
        f'[general]\nstatus_path = "{tmp_path}/status/"\n'
        '[pair both]\na = "ours"\nb = "theirs"\ncollections = null\n'
        f'[storage ours]\ntype = "filesystem"\npath = "{folder}"\nfileext = ".vcf"\n'
        f'[storage theirs]\ntype = "carddav"\nurl = "http://127.0.0.1:{server.port}{COLLECTION}"\n'
        'username = "nina"\npassword = "x"\n'
    )

    def sync() -> None:
        run([str(BIN / "vdirsyncer"), "-c", str(config), "sync"], tmp_path)

    run([str(BIN / "vdirsyncer"), "-c", str(config), "discover"], tmp_path)
    sync()
    hrefs = {re.search(r"^UID:(.*)$", text, re.MULTILINE)[1]: href for href, text in server.cards().items()}  # type: ignore[index]
    assert len(hrefs) == PEOPLE
    assert "0 written, 200 unchanged" in export(book, folder)

    for number in range(1, 21):  # changed here
        book("edit", str(number), f"city=Town{number}")
    for number in range(11, 31):  # changed there, half of them the same people
        text = server.ask("GET", hrefs[f"person-{number}"])[1]
        changed = text.replace(f"+49 30 {number:06}", f"+49 40 {number:06}")
        assert server.ask("PUT", hrefs[f"person-{number}"], changed)[0] in (200, 201, 204)
    book("add", "New Here", "email=here@example.org")
    assert server.ask("PUT", f"{COLLECTION}new.vcf", card(999))[0] == 201
    assert server.ask("DELETE", hrefs["person-40"])[0] in (200, 204)
    book("rm", "50")

    sync()  # what was changed there arrives in the folder
    export(book, folder, code=5)  # people changed there wait for their import; person 40 is reported
    assert book("import", *map(str, sorted(folder.glob("*.vcf")))).code == 0
    assert "1 file was deleted" in export(book, folder, code=5)
    sync()

    assert "0 written" in export(book, folder, code=5)
    people = book("list", "--sort", "id", "--limit", "0", "--json").json
    by_name = {each["name"]: each for each in people}
    assert len(people) == PEOPLE + 1  # one removed, two added
    assert "Person 40 Müller" in by_name
    assert by_name["Person 999 Müller"]["emails"][0]["value"] == "person999@example.org"
    on_server = server.cards()
    assert len(on_server) == PEOPLE  # without 40 and 50, with the two new ones
    texts = {re.search(r"^FN:(.*)$", text, re.MULTILINE)[1]: text for text in on_server.values()}  # type: ignore[index]
    assert "New Here" in texts
    for number in range(1, 31):
        here, there = by_name[f"Person {number} Müller"], texts[f"Person {number} Müller"]
        area = "+49 40" if number > 10 else "+49 30"
        assert [each["value"] for each in here["phones"]] == [f"{area} {number:06}"]
        assert f"{area} {number:06}" in there
        assert f"X-CUSTOM;X-P=a:kept {number}" in there
        if number <= 20:
            assert here["addresses"][0]["locality"] == f"Town{number}"
            assert f"Town{number}" in there
