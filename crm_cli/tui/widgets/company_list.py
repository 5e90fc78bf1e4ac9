"""The list of companies."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from crm_cli.tui.widgets.people_list import REACH, PeopleList, Shape

if TYPE_CHECKING:
    from collections.abc import Sequence


class CompanyList(PeopleList):
    """A sorted list of companies, with any number of them selected."""

    shapes: ClassVar[Sequence[Shape]] = (
        Shape("name", get=lambda row: row.name or "(no name)", look="", least=18, most=40, rank=1),
        Shape("people", get=lambda row: str(row.people or ""), look="muted", least=8, most=8, rank=0),
        Shape("deals", get=lambda row: str(row.deals or ""), look="muted", least=7, most=7, rank=0),
        Shape("city", get=lambda row: row.city, look="accent", least=10, most=20, rank=2),
        REACH,
        Shape("phone", get=lambda row: row.phone, look="muted", least=17, most=18, rank=0),
        Shape("tags", get=lambda row: " ".join(f"+{tag}" for tag in row.tags), look="tag", least=9, most=24, rank=3),
        Shape("email", get=lambda row: row.email, look="muted", least=22, most=34, rank=3),
    )
    sorts: ClassVar[Sequence[str]] = ("name", "-people", "-deals", "city", "-last-reach", "-created")
