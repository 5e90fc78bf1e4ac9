"""``crm export --for PRODUCT``: what each product imports, and the report of values that it has no column for."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crm_cli.cli.output import notify
from crm_cli.errors import UsageError
from crm_cli.render.words import counted
from crm_cli.services.exporting import LOST

if TYPE_CHECKING:
    from collections.abc import Mapping

    import typer


class Preset(NamedTuple):
    """The format that a product imports, ``""`` for no product; ``version`` is that of vCard."""

    name: str = ""
    form: str = ""
    version: str = ""


CARDS = {name: Preset(name, "vcf", "3.0") for name in ("apple", "khard")}
"""Products that import vCards better than anything else."""


def for_product(name: str) -> Preset:
    """Return what a product imports; without a name, nothing is preset. Raises UsageError for an unknown one."""
    if not name:
        return Preset()
    from crm_cli.formats.csv import products

    wanted = name.lower()
    every = {**CARDS, **{each: Preset(each, "csv") for each in products.known()}}
    if wanted not in every:
        raise UsageError(f"there is no product {name}", hint="--for " + ", ".join(sorted(every)))
    return every[wanted]


def say_left_out(ctx: typer.Context, counts: Mapping[str, int], product: str) -> None:
    """Say how many values the columns of a product have no place for."""
    lost = {kind.removeprefix(LOST): number for kind, number in counts.items() if kind.startswith(LOST)}
    if not any(lost.values()):
        return
    from crm_cli.formats.csv import products

    what = ", ".join(counted(*each) for each in products.left_out(lost))
    notify(ctx, f"not exported, because {product} has no column for more: {what}")
