"""The settings of delivery as typed values."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_cli.core import delivery
from crm_cli.errors import UsageError


@pytest.mark.parametrize(
    ("text", "hours"),
    [("21:00-07:30", (1260, 450)), ("21-7", (1260, 420)), ("0:00 - 6:05", (0, 365)), ("23:59-0:00", (1439, 0))],
)
def test_quiet_hours(text, hours):
    assert delivery.quiet_hours(text) == hours


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("mon-fri", {0, 1, 2, 3, 4}), ("Sun-Thu", {6, 0, 1, 2, 3}), ("mon, wed,friday", {0, 2, 4}), ("tue", {1}),
        ("mon - wed sat", {0, 1, 2, 5}), ("mon-sun", set(range(7))), ("fri-mon", {4, 5, 6, 0}),
    ],
)  # fmt: skip
def test_working_days(text, days):
    assert delivery.working_days(text) == days


def test_routes_keep_their_order():
    assert delivery.routes("mail, Desktop mail print") == ("mail", "desktop", "print")


def test_an_address_with_a_name():
    assert delivery.mailbox("Asha Rao <asha@rao.in>", "mail_to") == ("asha@rao.in", "Asha Rao")


READERS = (
    delivery.routes, delivery.quiet_hours, delivery.working_days, delivery.port, delivery.timeout, delivery.security,
    lambda value: delivery.mailbox(value, "mail_to"),
)  # fmt: skip


@settings(max_examples=30)
@given(st.text(max_size=12))
def test_any_text_is_a_value_or_a_usage_error(text):
    for read in READERS:
        with suppress(UsageError):
            assert read(text) is not None
