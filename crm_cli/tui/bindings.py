"""The table of actions as Textual's bindings: all keys run their action through ``action_do``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.binding import Binding

from crm_cli.tui import actions

if TYPE_CHECKING:
    from textual.binding import BindingType


def bindings(where: str) -> list[BindingType]:
    """Return the bindings of a place."""
    return [
        Binding(one.keys, f"do('{one.id}')", one.label or one.means, show=bool(one.label)) for one in actions.of(where)
    ]
