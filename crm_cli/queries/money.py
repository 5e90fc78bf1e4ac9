"""Amounts in any currency made comparable in SQL, in ten-thousandths of the currency unit."""

from __future__ import annotations

from crm_cli.core.currencies import DIGITS, PLACES


def _units() -> str:
    known = " ".join(f"WHEN '{code}' THEN {10 ** (PLACES - digits)}" for code, digits in DIGITS.items())
    return f"(CASE d.currency {known} ELSE {10 ** (PLACES - 2)} END)"


UNITS = _units()
"""SQL for the ten-thousandths in one minor unit of the currency of a deal (``d``)."""
