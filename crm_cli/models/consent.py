"""By which channels a person may be reached."""

from __future__ import annotations

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import SQLModel

from crm_cli.models.columns import TABLE, blank, key, one_of, points_at, words


class Consent(SQLModel, table=True):
    """A person's word on a channel, since the day ``on_date``."""

    __tablename__ = "consent"
    __table_args__ = (
        one_of("channel", "email", "phone"),
        one_of("state", "stopped", "allowed"),
        UniqueConstraint("contact_id", "channel"),
        Index("consent_stopped", "channel", "contact_id", sqlite_where=text("state = 'stopped'")),
        TABLE,
    )

    id: int | None = key()
    contact_id: int = points_at("contact", required=True)
    channel: str = words()
    state: str = words()
    on_date: str = words()
    source: str = blank()
