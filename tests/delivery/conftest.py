"""Mail servers, programs on PATH, and a message to deliver."""

from __future__ import annotations

from contextlib import ExitStack
from functools import cache
from typing import TYPE_CHECKING

import mail_server
import pytest
import trustme
from mail_server import Mailbox

from crm_cli.config import Config
from crm_cli.delivery.message import Message

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture
def message() -> Message:
    """A message to deliver."""
    return Message("digest:2026-11-22:asha@rao.example", "2 due today", "Call Priya\nSend the quote\n")


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    """The authority whose certificates only these tests trust."""
    return trustme.CA()


@pytest.fixture(scope="session")
def trusted(authority: trustme.CA, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The certificate of the authority, for ``smtp_trust_file``."""
    path = tmp_path_factory.mktemp("authority") / "ca.pem"
    authority.cert_pem.write_to_path(str(path))
    return path


@pytest.fixture(scope="session")
def servers(authority: trustme.CA) -> Iterator[Callable[..., tuple[Mailbox, int]]]:
    """Return the mailbox and the port of a server; each kind is started once."""
    with ExitStack() as stack:

        @cache
        def start(security: str, name: str, offers: bool) -> tuple[Mailbox, int]:
            mailbox = Mailbox()
            started = mail_server.start(mailbox, authority, security, name=name, offers=offers)
            stack.callback(started.stop)
            return mailbox, started.port

        yield start


@pytest.fixture
def server(servers: Callable[..., tuple[Mailbox, int]], trusted: Path, surroundings: object) -> object:
    """Return an empty mailbox on a mail server, and the settings that send to it."""

    def get(
        security: str = "tls", *, name: str = "127.0.0.1", offers: bool = True, **answers: str
    ) -> tuple[Mailbox, Config]:
        mailbox, port = servers(security, name, offers)
        mailbox.reset(answers)
        return mailbox, Config(
            mail_to="asha@rao.example", smtp_host="127.0.0.1", smtp_port=str(port), smtp_security=security,
            smtp_trust_file=str(trusted), delivery_timeout="5",
        )  # fmt: skip

    return get


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], Path]:
    """Put a program of shell lines on PATH; return the folder in which it runs and may write."""

    def make(name: str, lines: str) -> Path:
        path = tmp_path / "bin" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"#!/bin/sh\ncd {tmp_path}\n{lines}\n")
        path.chmod(0o755)
        monkeypatch.setenv("PATH", f"{path.parent}:/usr/bin:/bin")
        return tmp_path

    return make


@pytest.fixture
def settled(server, monkeypatch):
    """Start a mail server and set it in the settings."""

    def settle(**answers):
        mailbox, config = server(**answers)
        for key, value in config._asdict().items():
            if value:
                monkeypatch.setenv(f"CRM_{key.upper()}", value)
        return mailbox

    return settle


@pytest.fixture
def at(monkeypatch):
    """Set the clock to a time of 22 November 2026, or to a day and a time."""

    def set_clock(time, zone="+05:30"):
        monkeypatch.setenv("CRM_NOW", f"{time if 'T' in time else f'2026-11-22T{time}'}:00{zone}")

    return set_clock


@pytest.fixture
def reminded(crm, monkeypatch, at):
    """A book that is delivered here since 8:00, with reminders at 9:30 and 9:50 of a call at 10:00."""
    monkeypatch.setenv("CRM_REMIND_ROUTES", "print")
    at("08:00")
    crm("add", "Asha Verma", "company=Acme")
    crm("remind")
    crm("todo", "Call Asha", "--with", "asha", "--due", "today 10:00", "--remind", "-30m", "--remind", "-10m")
    return crm
