"""The studio's deals: a dozen across the stages, in rupees, euros and yen, most of them with a next step."""

from __future__ import annotations

from typing import NamedTuple


class Offer(NamedTuple):
    """A deal begun ``days`` working days ago with ``who`` (names, separated by semicolons).

    ``went`` lists the stages it entered and how many working days ago, ``close`` is the working day from today on
    which it is expected to close, ``step`` is the working day and the text of the next step. ``end`` is won or lost,
    ``ended`` how many working days ago, and ``reason`` why.
    """

    days: int
    title: str
    who: str
    amount: str
    went: tuple[tuple[str, int], ...] = ()
    close: int | None = None
    probability: str = ""
    source: str = ""
    step: tuple[int, str] | None = None
    end: str = ""
    ended: int = 0
    reason: str = ""


DEALS = (
    Offer(64, "Autumn boxes", "Hannah Clarke", "8400 EUR", (("Proposal", 58), ("Negotiation", 49)), -40,
          end="won", ended=41, reason="same as last year, early"),
    Offer(47, "Diwali boxes", "अंजलि शर्मा;सुरेश कुमार", "385000 INR", (("Proposal", 40),), -20,
          end="won", ended=19, reason="the lighter red"),
    Offer(33, "Perfume boxes", "فاطمة الزهراء بناني", "6500 EUR", (("Qualified", 25),), -6, source="fair",
          end="lost", ended=5, reason="wants them in three weeks"),
    Offer(29, "Paper bags, yearly contract", "Jürgen Grünwald", "24000 EUR",
          (("Qualified", 27), ("Proposal", 15), ("Negotiation", 6)), 9, step=(4, "call about the discount")),
    Offer(24, "Ramadan gift boxes", "ليلى الخطيب", "11250.50 EUR", (("Qualified", 20), ("Proposal", 12)), 18,
          step=(6, "send the first design")),
    Offer(22, "Standing pouches, January", "Asha Verma;Ravi Deshpande", "640000 INR",
          (("Qualified", 18), ("Proposal", 10), ("Negotiation", 3)), 5, "90", step=(3, "trial on the line")),
    Offer(17, "Tea caddy labels", "林雅婷", "78000 INR", (("Qualified", 12),), 12, step=(2, "send the quote")),
    Offer(14, "Sari boxes with gold foil", "Prakash Shah", "215000 INR", (("Qualified", 13), ("Proposal", 9)), -3,
          step=(1, "second price for the foil")),
    Offer(13, "Wine labels", "Lucía Fernández Ortega", "1900 EUR", (("Proposal", 11),), -6),
    Offer(12, "Valve bags, matt black", "Łukasz Wójcik", "3200 EUR", (), None, source="fair"),
    Offer(9, "Tins for tea and spices", "Priya Nair", "150000 INR", (("Qualified", 2),), 25, source="fair",
          step=(1, "ask what she thinks of the samples")),
    Offer(8, "Gift boxes, Copenhagen", "Mette Sørensen", "", (), None, source="fair", step=(2, "gift box sizes")),
    Offer(6, "Drawer boxes for a shop in Kyoto", "Camille Lefèvre", "950000 JPY", (("Proposal", 1),), 30, "20", "fair"),
)  # fmt: skip
