"""What a line of today's list is made of."""

from __future__ import annotations

from typing import NamedTuple


class Item(NamedTuple):
    """A line of the list. ``ref`` is the printed id of an activity (``a31``), or of a person without one (``12``).

    ``person`` is who it is about, as far as somebody is. A heading has a ``title`` and nothing else.
    """

    section: str = ""
    ref: str = ""
    when: str = ""
    kind: str = ""
    what: str = ""
    who: str = ""
    high: bool = False
    person: int | None = None
    title: str = ""

    @property
    def activity(self) -> int | None:
        """The activity's number."""
        return int(self.ref[1:]) if self.ref.startswith("a") else None
