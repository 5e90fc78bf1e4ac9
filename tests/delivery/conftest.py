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
