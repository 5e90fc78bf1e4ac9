"""Mail by SMTP, to servers that accept, refuse, hang and break off."""

from __future__ import annotations

import os
import socket
import sys
from types import ModuleType

import pytest
from mail_server import PASSWORD, USER

from crm_cli.config import Config
from crm_cli.delivery import mail
from crm_cli.errors import DeliveryError, TryLaterError, UsageError


@pytest.mark.parametrize("security", ["starttls", "tls", "none"])
def test_a_message_arrives(server, message, security):
    mailbox, config = server(security)
    mail.send(message, config)

    (envelope,) = mailbox.envelopes
    assert (envelope.mail_from, envelope.rcpt_tos) == ("asha@rao.example", ["asha@rao.example"])
    assert mailbox.mails[0].get_content().splitlines() == ["Call Priya", "Send the quote"]


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_certificate_for_another_name_is_refused(server, message, security):
    mailbox, config = server(security, name="mail.example.org")

    with pytest.raises(DeliveryError, match="its certificate is not valid") as caught:
        mail.send(message, config)
    assert not isinstance(caught.value, TryLaterError)
    assert mailbox.envelopes == []


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_certificate_of_an_unknown_authority_is_refused(server, message, security):
    mailbox, config = server(security)

    with pytest.raises(DeliveryError, match="certificate is not valid: unable to get local issuer"):
        mail.send(message, config._replace(smtp_trust_file=""))
    assert mailbox.envelopes == []


def test_without_starttls_nothing_is_sent(server, message):
    mailbox, config = server("starttls", offers=False)

    with pytest.raises(DeliveryError, match="STARTTLS"):
        mail.send(message, config)
    assert mailbox.envelopes == []


def test_tls_to_a_server_that_speaks_plain_text(server, message):
    _, config = server("none")

    with pytest.raises(DeliveryError, match="no encryption") as caught:
        mail.send(message, config._replace(smtp_security="tls"))
    assert caught.value.exit_code == 1


@pytest.mark.parametrize(
    ("answers", "kind", "words"),
    [
        ({"MAIL": "421 4.3.2 closing"}, TryLaterError, "421"),
        ({"RCPT": "451 4.7.1 greylisted"}, TryLaterError, "451 4.7.1 greylisted"),
        ({"DATA": "452 4.2.2 mailbox full"}, TryLaterError, "452"),
        ({"RCPT": "550 5.1.1 no such user"}, DeliveryError, "550 5.1.1 no such user"),
        ({"DATA": "554 5.7.1 spam\x1b[31m"}, DeliveryError, "554"),
        ({"DATA": "drop"}, TryLaterError, "closed the connection"),
    ],
)
def test_what_a_server_refuses(server, message, answers, kind, words):
    _, config = server(**answers)

    with pytest.raises(DeliveryError) as caught:
        mail.send(message, config)
    assert type(caught.value) is kind
    assert caught.value.exit_code == (75 if kind is TryLaterError else 1)
    assert words in str(caught.value)
    assert str(caught.value).isprintable()


def test_a_repetition_has_the_same_message_id(server, message):
    mailbox, config = server(DATA="drop")
    for _ in range(2):
        with pytest.raises(TryLaterError):
            mail.send(message, config)

    first, second = mailbox.mails
    assert first["Message-ID"] == second["Message-ID"]


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_server_that_hangs(message, surroundings, security):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        config = Config(
            mail_to="a@x.in", smtp_host="127.0.0.1", smtp_port=str(silent.getsockname()[1]), smtp_security=security,
            delivery_timeout="0.2",
        )  # fmt: skip
        with pytest.raises(TryLaterError, match=r"127\.0\.0\.1 does not respond"):
            mail.send(message, config)


def test_a_server_that_is_not_there(message, surroundings):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]

    with pytest.raises(TryLaterError, match="Connection refused"):
        mail.send(message, Config(mail_to="a@x.in", smtp_host="127.0.0.1", smtp_port=str(port)))


def test_the_password_of_a_command(server, message, program):
    program("pass", f"echo '{PASSWORD}'; echo 'second line'")
    mailbox, config = server("starttls")
    mail.send(message, config._replace(smtp_user=USER, smtp_password_command="pass show mail"))

    assert mailbox.users == [USER]
    assert len(mailbox.mails) == 1


@pytest.mark.parametrize("named", ["", "MY_PASSWORD"])
def test_the_password_of_a_variable(server, message, monkeypatch, named):
    monkeypatch.setenv(named or "CRM_SMTP_PASSWORD", PASSWORD)
    mailbox, config = server()
    mail.send(message, config._replace(smtp_user=USER, smtp_password_env=named))

    assert mailbox.users == [USER]


@pytest.mark.conv("D14")
def test_the_password_of_the_keyring(server, message, monkeypatch):
    entries = {("127.0.0.1", USER): PASSWORD}
    keyring, errors = ModuleType("keyring"), ModuleType("keyring.errors")
    keyring.get_password = lambda service, user: entries.get((service, user))
    errors.KeyringLocked = errors.KeyringError = RuntimeError
    monkeypatch.setitem(sys.modules, "keyring", keyring)
    monkeypatch.setitem(sys.modules, "keyring.errors", errors)
    mailbox, config = server()
    mail.send(message, config._replace(smtp_user=USER))

    assert mailbox.users == [USER]


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ("echo oops-secret >&2; exit 3", "exit code 3"),
        ("true", "printed nothing"),
        ("sleep 9", "did not end within 0.2 s"),
    ],
)
def test_a_password_command_that_fails(server, message, program, lines, words):
    program("pass", lines)
    _, config = server()

    with pytest.raises(DeliveryError, match=words) as caught:
        mail.send(message, config._replace(smtp_user=USER, smtp_password_command="pass", delivery_timeout="0.2"))
    assert "secret" not in str(caught.value)


def test_without_a_password(server, message, monkeypatch):
    monkeypatch.setitem(sys.modules, "keyring", None)
    _, config = server()

    with pytest.raises(DeliveryError, match="there is no password for asha") as caught:
        mail.send(message, config._replace(smtp_user=USER))
    assert caught.value.hint.code == "set-password"


@pytest.mark.parametrize("password", ["wrong", "wröng"])
def test_a_wrong_password_is_in_no_error(server, message, monkeypatch, password):
    monkeypatch.setenv("CRM_SMTP_PASSWORD", password)
    _, config = server(AUTH=f"535 5.7.8 {password} is wrong")

    with pytest.raises(DeliveryError, match="refused: 535") as caught:
        mail.send(message, config._replace(smtp_user=USER))
    assert password not in f"{caught.value} {caught.value.__cause__} {caught.value.hint}"


def test_no_password_without_encryption(message, monkeypatch):
    monkeypatch.setenv("CRM_SMTP_PASSWORD", PASSWORD)

    with pytest.raises(UsageError, match="not sent without encryption"):
        mail.send(message, Config(mail_to="a@x.in", smtp_host="mail.example", smtp_user="a", smtp_security="none"))


def test_an_address_that_is_not_ascii_needs_a_server_for_it(server, message):
    mailbox, config = server()
    mail.send(message, config._replace(mail_to="jürgen@müller.example"))
    mail.send(message, config)

    assert mailbox.envelopes[0].rcpt_tos == ["jürgen@xn--mller-kva.example"]
    assert [each.smtp_utf8 for each in mailbox.envelopes] == [True, False]


def test_a_trust_file_that_is_not_there(server, message):
    _, config = server()

    with pytest.raises(UsageError, match=r"smtp_trust_file: /nowhere\.pem: No such file"):
        mail.send(message, config._replace(smtp_trust_file="/nowhere.pem"))


def test_the_password_is_not_passed_to_programs_as_an_argument(server, message, program):
    folder = program("pass", f'echo "$@" > args; echo {PASSWORD}')
    _, config = server()
    mail.send(message, config._replace(smtp_user=USER, smtp_password_command="pass 'two words' $HOME"))

    assert (folder / "args").read_text() == "two words $HOME\n"
    assert PASSWORD not in os.environ.values()
