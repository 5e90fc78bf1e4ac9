"""``crm digest --to``: one mail a day for each address, whatever happens."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from small_book import SmallBook
from support import NOW

from crm_cli.cli.digest import send_once
from crm_cli.config import Config
from crm_cli.delivery import mail
from crm_cli.session import Session

TO = ("digest", "--to", "me@x.example")


@pytest.fixture
def due(book_path):
    """A book with something due today."""
    made = SmallBook(book_path)
    made.todo("Call <Priya> & Ravi", "2026-11-22")
    made.save()
    return book_path


@pytest.mark.conv("D05")
def test_a_digest_is_sent_once_a_day(due, crm, settled, monkeypatch):
    mailbox = settled()

    assert crm(*TO).err == "Sent the digest to me@x.example\n"
    again = crm(*TO)
    assert (again.code, again.err) == (0, "The digest was already sent to me@x.example today\n")
    monkeypatch.setenv("CRM_NOW", "2026-11-23T09:00:00+05:30")
    assert crm(*TO).code == 0

    first, second = mailbox.mails
    assert (first["To"], first["Subject"]) == ("me@x.example", "Sun 22 Nov 2026: 1 due today")
    assert "crm done a1" in first.get_body(("plain",)).get_content()
    assert "Call &lt;Priya&gt; &amp; Ravi" in first.get_body(("html",)).get_content()
    assert first["Message-ID"] != second["Message-ID"]


def test_nothing_is_sent_on_a_quiet_day(book, crm, settled):
    mailbox = settled()
    book.db.commit()
    found = crm(*TO)

    assert (found.code, found.out, found.err) == (0, "", "")
    assert mailbox.envelopes == []


def test_a_server_that_refuses_for_now_is_tried_again(due, crm, settled, monkeypatch):
    mailbox = settled(RCPT="451 4.7.1 greylisted")
    assert crm(*TO).code == 75
    early = crm(*TO)
    assert (early.code, "greylisted" in early.err) == (75, True)

    mailbox.reset({})
    monkeypatch.setenv("CRM_NOW", "2026-11-22T10:00:00+05:30")

    assert crm(*TO).code == 0
    assert len(mailbox.mails) == 1


def test_a_refusal_that_lasts_is_a_failure(due, crm, settled):
    settled(RCPT="550 5.1.1 no such user")
    found = crm(*TO)

    assert (found.code, found.err) == (1, "crm: 127.0.0.1 refused: 550 5.1.1 no such user\n")


def test_a_run_that_was_killed_before_it_marked_sends_at_most_one_repetition(due, crm, settled, monkeypatch):
    mailbox = settled()
    with monkeypatch.context() as patch:
        patch.setattr("crm_cli.services.outbox.sent", _killed)
        with pytest.raises(SystemError):
            send_directly(due)
    send_directly(due, minutes=5)
    send_directly(due, minutes=20)
    send_directly(due, minutes=60)

    first, second = mailbox.mails
    assert first["Message-ID"] == second["Message-ID"]


def _killed(*_):
    raise SystemError


def send_directly(path, minutes=0):
    from crm_cli import config
    from crm_cli.delivery.message import Message

    here = Session(path, clock=lambda: datetime.fromisoformat(NOW) + timedelta(minutes=minutes))
    message = Message("digest:2026-11-22:me@x.example", "due", "due\n")
    return send_once(here, message, "me@x.example", config.load()._replace(mail_to="me@x.example"))


def test_eight_digests_at_once_send_one_mail_a_day(due, surroundings, monkeypatch):
    from crm_cli.delivery.message import Message

    sent = []
    monkeypatch.setattr(mail, "send", lambda message, config: sent.append(message.key))

    def run(day):
        here = Session(due, clock=lambda: datetime.fromisoformat(NOW) + timedelta(days=day))
        return send_once(here, Message(f"digest:{day}", "due", "due\n"), "me@x.example", Config())

    with ThreadPoolExecutor(8) as pool:
        said = list(pool.map(run, [day for day in range(20) for _ in range(8)]))

    assert len(sent) == len(set(sent)) == 20
    assert said.count("Sent the digest to me@x.example") == 20


@pytest.mark.parametrize("address", ["me", "a@x.in, b@x.in", "a@x.in\nBcc: b@x.in"])
def test_an_address_that_is_not_one(due, crm, settled, address):
    mailbox = settled()

    assert crm("digest", "--to", address).code == 2
    assert mailbox.envelopes == []


def test_a_dry_run_prints_and_sends_nothing(due, crm, settled):
    mailbox = settled()

    assert "crm done a1" in crm(*TO, "-n").out
    assert mailbox.envelopes == []


def test_html_max_and_only(due, crm):
    assert "<code>crm done a1</code>" in crm("digest", "--format", "html").out
    assert crm("digest", "--only", "overdue").out == ""
    assert crm("digest", "--only", "undated").code == 2
    crm("todo", "another", "--due", "2026-11-19")

    assert crm("digest", "--max", "1").lines[2:] == [
        "Overdue", "  crm done a2    3 days late  another", "", "Today",
        "  crm done a1    today        Call <Priya> & Ravi",
    ]  # fmt: skip
    crm("todo", "a third", "--due", "2026-11-20")
    assert crm("digest", "--max", "1", "--only", "overdue").lines[-1] == "  and 1 more: crm agenda --only overdue"


def test_what_was_not_delivered_is_in_the_next_digest(book_path, crm, settled, monkeypatch):
    """Even on a day on which nothing else is due."""
    made = SmallBook(book_path)
    made.todo("Call", "2026-11-22")
    made.save()
    settled(RCPT="550 5.1.1 no such user")
    crm(*TO)
    crm("done", "a1")
    monkeypatch.setenv("CRM_NOW", "2026-11-23T09:00:00+05:30")

    assert crm("digest").lines == [
        "Mon 23 Nov 2026: 1 not delivered", "", "Not delivered",
        "  crm remind --test mail    given up  127.0.0.1 refused: 550 5.1.1 no such us…",
    ]  # fmt: skip
    assert "## Not delivered" in crm("digest", "--format", "markdown").out
    assert "<h2" in crm("digest", "--format", "html").out


def _plain(mail):
    return mail.get_body(("plain",)).get_content()


def test_a_deal_to_attend_to_is_sent_once_a_week_and_always_printed(book_path, crm, settled, monkeypatch):
    made = SmallBook(book_path)
    made.deal("Forgotten")
    made.deal("Late", close_on="2026-11-20")
    closing = made.deal("Closing", close_on="2026-11-25")
    made.todo("ask", "2026-12-30", deal_id=closing)
    made.save()
    mailbox = settled()

    for day in range(22, 30):
        monkeypatch.setenv("CRM_NOW", f"2026-11-{day}T07:{30 - day % 2}:00+05:30")
        crm("todo", f"day {day}", "--due", f"2026-11-{day}")
        assert crm(*TO).code == 0
        assert "Forgotten" in crm("digest").out
        if day == 23:
            assert "Forgotten" in crm("digest", "--to", "other@x.example", "-n").out

    sent = [{title for title in ("Forgotten", "Late", "Closing") if title in _plain(mail)} for mail in mailbox.mails]
    assert sent == [
        {"Forgotten", "Late", "Closing"}, *[{"Closing"}] * 3, *[set()] * 3, {"Forgotten", "Late"},
    ]  # fmt: skip


def test_a_digest_that_was_not_sent_does_not_count_as_a_mention(due, crm, settled, monkeypatch):
    mailbox = settled(RCPT="451 4.7.1 greylisted")
    crm("deal", "add", "Forgotten")
    crm(*TO)

    mailbox.reset({})
    monkeypatch.setenv("CRM_NOW", "2026-11-22T10:00:00+05:30")
    crm(*TO)

    assert "Forgotten" in _plain(mailbox.mails[0])


def test_since_last_sends_only_what_is_new(book_path, crm, settled, monkeypatch):
    made = SmallBook(book_path)
    made.todo("old", "2026-11-18")
    made.todo("tomorrow", "2026-11-23")
    made.save()
    mailbox = settled()
    last = (*TO, "--since", "last")

    crm(*last)
    monkeypatch.setenv("CRM_NOW", "2026-11-23T07:30:00+05:30")
    crm(*last)
    monkeypatch.setenv("CRM_NOW", "2026-11-24T07:30:00+05:30")
    crm(*last)
    monkeypatch.setenv("CRM_NOW", "2026-11-25T07:30:00+05:30")
    quiet = crm(*last)

    assert [[text in _plain(mail) for text in ("old", "tomorrow")] for mail in mailbox.mails] == [
        [True, True], [False, True], [False, True],
    ]  # fmt: skip
    assert (quiet.code, quiet.out, quiet.err) == (0, "", "")


def test_since_last_repeats_a_deal_once_a_week_and_on_its_day(book_path, crm, settled, monkeypatch):
    made = SmallBook(book_path)
    made.deal("Forgotten")
    made.todo("ask", "2026-12-30", deal_id=made.deal("Closing", close_on="2026-11-25"))
    made.save()
    mailbox = settled()

    for day in (22, 23, 25, 29):
        monkeypatch.setenv("CRM_NOW", f"2026-11-{day}T07:30:00+05:30")
        crm("todo", "now", "--due", f"2026-11-{day}")
        crm(*TO, "--since", "last")

    assert [[title in _plain(mail) for title in ("Forgotten", "Closing")] for mail in mailbox.mails] == [
        [True, True], [False, False], [False, True], [True, False],
    ]  # fmt: skip


def test_the_next_try_is_said_in_the_user_s_zone(due, crm, settled):
    settled(RCPT="451 4.7.1 greylisted")
    crm(*TO)

    assert "the next try is due today 09:05" in crm(*TO).err


def test_a_digest_that_failed_is_reported_until_a_later_one_was_sent(due, crm, settled, monkeypatch):
    mailbox = settled(RCPT="550 5.1.1 no such user")
    crm(*TO)
    assert "again today 09:05" in crm("today", "--format", "table").out

    mailbox.reset({})
    monkeypatch.setenv("CRM_NOW", "2026-11-23T09:00:00+05:30")
    crm(*TO)

    assert "Not delivered" in _plain(mailbox.mails[0])
    assert "Not delivered" not in crm("digest").out
