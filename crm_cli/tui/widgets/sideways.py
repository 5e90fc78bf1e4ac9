"""A list of stages: keys move from one to the next."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from crm_cli.tui import actions
from crm_cli.tui.bindings import bindings
from crm_cli.tui.widgets.rows import RowList

if TYPE_CHECKING:
    from textual.binding import BindingType


class Sideways(RowList):
    """Rows in stages."""

    zone = actions.LANES
    BINDINGS: ClassVar[list[BindingType]] = bindings(actions.LANES)

    def side(self, step: int) -> None:
        """Go to another stage."""
        raise NotImplementedError

    def action_do(self, name: str) -> None:
        """Run an action of the table."""
        getattr(self, f"do_{name}")()

    def do_stage_on(self) -> None:
        """Go to the next stage."""
        self.side(1)

    def do_stage_back(self) -> None:
        """Go to the stage before."""
        self.side(-1)
