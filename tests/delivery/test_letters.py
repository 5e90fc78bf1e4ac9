"""A message as mail: its headers and parts, whatever the texts contain."""

from __future__ import annotations

from datetime import datetime
from email import message_from_bytes
from email.policy import default

import pytest
from support import HOSTILE, NOW, steering

from crm_cli.config import Config
from crm_cli.delivery import mail, mime
from crm_cli.delivery.message import Message
from crm_cli.errors import DeliveryError, TryLaterError, UsageError

ASHA = Config(mail_to="Asha Rao <asha@rao.example>")
HEADERS = ["From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version"]


def parsed(message, config=ASHA):
    return message_from_bytes(mime.letter(message, config).content, policy=default)


def test_the_headers(message, surroundings):
    found = parsed(message)

    assert found["Date"].datetime == datetime.fromisoformat(NOW)
    assert dict(found.items()) == {
        "From": "crm <asha@rao.example>", "To": "Asha Rao <asha@rao.example>", "Subject": "2 due today",
        "Date": found["Date"], "Message-ID": mime.message_id(message.key, "asha@rao.example"),
        "Auto-Submitted": "auto-generated",
        "Content-Type": 'text/plain; charset="utf-8"', "Content-Transfer-Encoding": "7bit", "MIME-Version": "1.0",
    }  # fmt: skip


def test_text_comes_before_html(message, surroundings):
    found = parsed(message._replace(html="<p>Call Priya</p>"))

    assert found.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in found.iter_parts()] == ["text/plain", "text/html"]


def test_the_message_id_depends_on_the_key_alone(message, surroundings):
    first, again = parsed(message), parsed(message._replace(subject="other", text="other"))
    other = parsed(message._replace(key="digest:2026-11-23:asha@rao.example"))

    assert first["Message-ID"] == again["Message-ID"] != other["Message-ID"]
    assert first["Message-ID"].endswith(".crm@rao.example>")


TEXTS = (*HOSTILE, "x\r\nBcc: eve@x.example\r\n\r\nbody", "\udcff", "プリヤ 🎉 Zoë " * 30)


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_no_text_adds_a_header_or_controls_a_terminal(surroundings, text):
    found = parsed(Message(text, text, text, f"<p>{text}</p>"), Config(mail_to="asha@rao.example", mail_from="b@x.in"))

    assert [name for name in found if not name.startswith("Content-")] == HEADERS
    assert steering(found["Subject"]) == []
    assert len(found["Subject"]) <= mime.LONGEST_SUBJECT
    assert steering(found.get_body(("plain",)).get_content().replace("\r\n", "\n")) == []
    assert max(map(len, mime.letter(Message("k", text, text), ASHA).content.split(b"\r\n"))) <= 998


@pytest.mark.parametrize("subject", ["Straße nach Zürich", "プリヤさんに電話", "🎉 birthday: Zoë"])
def test_other_scripts_arrive(message, surroundings, subject):
    found = parsed(message._replace(subject=subject, text=f"{subject}\n"))

    assert found["Subject"] == subject
    assert found.get_content().splitlines() == [subject]
    assert mime.letter(message._replace(subject=subject, text=subject), ASHA).content.isascii()


@pytest.mark.parametrize(
    "address", ["asha", "a@x.in\nBcc: b@x.in", "a@x.in, b@x.in", "-oQ/tmp@x.in", "a b@x.in", "a@", "@x.in", "a@x@y"]
)
def test_an_address_that_is_not_one(message, surroundings, address):
    for config in (Config(mail_to=address), ASHA._replace(mail_from=address)):
        with pytest.raises(UsageError, match="is not an e-mail address"):
            mime.letter(message, config)


def test_without_an_address(message, surroundings):
    with pytest.raises(DeliveryError) as caught:
        mime.letter(message, Config())
    assert caught.value.hint.code == "set-mail-to"
    assert mime.letter(message, Config(email="me@x.in")).recipient == "me@x.in"


def test_sendmail_reads_the_message(message, surroundings, program):
    folder = program("sendmail", 'echo "$@" > args; cat > mail')
    mail.send(message, ASHA)

    assert (folder / "args").read_text() == "-t -i\n"
    assert b"\r" not in (folder / "mail").read_bytes()
    assert message_from_bytes((folder / "mail").read_bytes(), policy=default)["To"] == "Asha Rao <asha@rao.example>"


def test_another_program_for_mail(message, surroundings, program):
    folder = program("msmtp", 'echo "$@" > args; cat > /dev/null')
    mail.send(message, ASHA._replace(sendmail="msmtp -t -a 'my account'"))

    assert (folder / "args").read_text() == "-t -a my account\n"


@pytest.mark.parametrize(("code", "kind"), [(75, TryLaterError), (67, DeliveryError)])
def test_a_sendmail_that_fails(message, surroundings, program, code, kind):
    program("sendmail", f"echo 'no \033[31mroute' >&2; exit {code}")

    with pytest.raises(DeliveryError) as caught:
        mail.send(message, ASHA)
    assert type(caught.value) is kind
    assert str(caught.value) == "sendmail failed: no [31mroute"


def test_without_any_way_to_send_mail(message, surroundings, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(mail, "FOLDERS", str(tmp_path))

    with pytest.raises(DeliveryError, match="no way to send mail") as caught:
        mail.send(message, ASHA)
    assert caught.value.hint.code == "set-mail"
