"""The outbox: one message is sent once, whoever tries, and again only after a failure or a dead run."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from support import NOW

from crm_cli.book.book import Book
from crm_cli.queries import outbox as queries
from crm_cli.services import outbox

if TYPE_CHECKING:
    from pathlib import Path

START = datetime.fromisoformat(NOW)
KEY = "digest:2026-11-22:me@x.in"


def after(**more: float) -> datetime:
    """Return a moment after the start."""
    return START + timedelta(**more)


def test_a_message_is_claimed_once_and_marked_sent(book: Book) -> None:
    claim = outbox.claim(book, KEY, "mail", "me@x.in", now=START)
    assert claim is not None
    outbox.sent(book, claim, START)

    assert outbox.claim(book, KEY, "mail", "me@x.in", now=after(days=9)) is None
    assert outbox.claim(book, KEY, "mail", "you@x.in", now=START) is not None


def test_another_run_takes_it_over_only_after_the_hold(book: Book) -> None:
    outbox.claim(book, KEY, "mail", now=START)

    assert outbox.claim(book, KEY, "mail", now=after(minutes=14)) is None
    assert [one.key for one in queries.due(book.db, after(minutes=15))] == [KEY]
    again = outbox.claim(book, KEY, "mail", now=after(minutes=15))
    assert again is not None
    assert again.tries == 2


def test_a_failure_is_tried_again_with_growing_waits_and_given_up_in_the_end(book: Book) -> None:
    now, waits = START, []
    while claim := outbox.claim(book, KEY, "mail", now=now):
        again = outbox.failed(book, claim, "refused", now)
        if again is None:
            break
        waits.append(again - now)
        assert outbox.claim(book, KEY, "mail", now=again - timedelta(seconds=1)) is None
        now = again

    assert waits == [timedelta(minutes=minutes) for minutes in (5, 15, 60, *[240] * 8)]
    assert [(one.state, one.tries, one.next_utc) for one in queries.failures(book.db, now)] == [("failed", 12, None)]
    assert queries.failures(book.db, now + timedelta(days=8)) == []


def test_what_another_run_has_taken_over_is_not_marked_failed(book: Book) -> None:
    first = outbox.claim(book, KEY, "mail", now=START)
    second = outbox.claim(book, KEY, "mail", now=after(hours=1))
    assert first
    assert second

    outbox.failed(book, first, "late", after(hours=1))
    outbox.sent(book, second, after(hours=1))

    assert queries.failures(book.db, after(hours=2)) == []
    assert outbox.claim(book, KEY, "mail", now=after(hours=2)) is None


def test_eight_runs_at_once_send_each_message_once(book_path: Path) -> None:
    Book.write(book_path).close()
    sent: list[str] = []

    def run() -> None:
        with Book.write(book_path) as mine:
            for number in range(4):
                if claim := outbox.claim(mine, f"digest:{number}", "mail", now=START):
                    sent.append(claim.key)
                    outbox.sent(mine, claim, START)

    threads = [threading.Thread(target=run) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(sent) == sorted(f"digest:{number}" for number in range(4))
