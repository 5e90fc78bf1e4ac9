"""What deals come to: unknown is never zero, and each figure is worked out by hand."""

import pytest

from crm_cli.core.daily import Deal, Money
from crm_cli.core.deals import check_probability, total
from crm_cli.errors import UsageError


def deal(minor=None, currency="INR", probability=None):
    amount = None if minor is None else Money(minor, currency)
    return Deal(1, "u", "t", "open", "Lead", 1, amount=amount, probability=probability)


def test_a_total_keeps_currencies_and_what_is_unknown_apart():
    """Five deals. Rupees: 1,000.00 at 50 % and 500.00 at an unknown probability come to 1,500.00, weighted
    1,000.00 x 50 % = 500.00 of one. Yen: 5,000 at 10 % come to 5,000, weighted 500. One has no amount (its 25 % weighs
    nothing), one has neither; so two are without an amount, and two without a probability.
    """
    found = total(
        [
            deal(100_000, probability=50),
            deal(50_000),
            deal(5000, "JPY", 10),
            deal(probability=25),
            deal(),
        ]
    )

    assert (found.deals, found.without_amount, found.without_probability) == (5, 2, 2)
    assert [(each.amount, each.deals, each.weighted, each.weighted_deals) for each in found.sums] == [
        (Money(150_000, "INR"), 2, Money(50_000, "INR"), 1),
        (Money(5000, "JPY"), 1, Money(500, "JPY"), 1),
    ]


def test_a_weighted_total_is_rounded_once():
    """Three deals of 0.01 at 50 %: each alone is half a paisa; together 1.5, which rounds to 2 and not to 3 or 0."""
    assert total([deal(1, probability=50)] * 3).sums[0].weighted == Money(2, "INR")


def test_a_probability_of_nothing_is_known():
    """0 % is known: 1,000.00 at 0 % weighs 0.00 of one, and none is without a probability."""
    found = total([deal(100_000, probability=0)])

    assert (found.sums[0].weighted, found.sums[0].weighted_deals, found.without_probability) == (Money(0, "INR"), 1, 0)


def test_what_is_won_is_certain_and_what_is_lost_weighs_nothing():
    """1,000.00 won at 10 % weigh 1,000.00; 500.00 lost at 90 % weigh 0: 1,500.00, weighted 1,000.00 of two."""
    won, lost = (
        deal(100_000, probability=10)._replace(status="won"),
        deal(50_000, probability=90)._replace(status="lost"),
    )
    found = total([won, lost]).sums[0]

    assert (found.amount, found.weighted, found.weighted_deals) == (Money(150_000, "INR"), Money(100_000, "INR"), 2)


def test_no_deals_come_to_nothing():
    assert total([]) == (0, (), 0, 0)


@pytest.mark.parametrize(("text", "found"), [("60", 60), ("60%", 60), (" 0 % ", 0), ("१००", 100), ("", None)])
def test_a_probability_is_per_cent(text, found):
    assert check_probability(text) == found


@pytest.mark.parametrize("text", ["101", "-1", "0.5", "half", "1e1", "1000"])
def test_what_is_no_probability_is_refused(text):
    with pytest.raises(UsageError, match="not a probability"):
        check_probability(text)
