"""The lines of today's list and of the pipeline."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crm_cli.render.spans import Span

if TYPE_CHECKING:
    from crm_cli.core.deals import Board
    from crm_cli.render.board import View
    from crm_cli.render.spans import Role


class Item(NamedTuple):
    """A line of the list. ``ref`` is the printed id of an activity (``a31``), a deal (``d7``), or a person (``12``).

    ``kind`` is in `glyphs.GLYPHS`. ``person`` is the id of the person it is about, if there is one; ``first`` is the
    first name in ``who``; ``mark`` is ``!`` for a high priority, ``↻`` if it repeats; ``role`` is that of
    ``when``. A line without a ``ref`` has only a ``title``, in its ``role``.
    """

    section: str = ""
    ref: str = ""
    when: str = ""
    kind: str = ""
    what: str = ""
    who: str = ""
    mark: str = ""
    person: int | None = None
    title: str = ""
    role: Role = "muted"
    first: str = ""

    @property
    def deal(self) -> int | None:
        """The deal's number."""
        return int(self.ref[1:]) if self.ref.startswith("d") else None

    @property
    def activity(self) -> int | None:
        """The activity's number."""
        return int(self.ref[1:]) if self.ref.startswith("a") else None


class DealItem(NamedTuple):
    """A line of the pipeline: a deal, or (without an ``id``) a heading or a total, as the ``role`` of its title says.

    In a heading or total, ``who`` is less important text. ``mark`` is ``!`` if there is no next step.
    """

    id: int | None = None
    title: str = ""
    who: str = ""
    amount: str = ""
    close: Span = Span("")
    mark: str = ""
    stage: str = ""
    role: Role = "value"


class Pipeline(NamedTuple):
    """The board as lines and as it was read, the view to draw it for, and in order the stages deals can move to."""

    items: list[DealItem]
    stages: tuple[str, ...]
    board: Board
    view: View
    closed: bool = False
    """Are the last lanes those of the won and the lost deals?"""
