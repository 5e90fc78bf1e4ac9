"""Relationships between people."""

from __future__ import annotations

from sqlalchemy import Index
from sqlmodel import SQLModel

from crm_cli.models.columns import TABLE, blank, check, key, points_at, words


class Relationship(SQLModel, table=True):
    """The person ``other_id`` is the ``kind`` of ``contact_id``; without ``other_id``, a person called ``name`` is."""

    __tablename__ = "relationship"
    __table_args__ = (
        check("contact_id <> other_id"),
        Index("relationship_contact", "contact_id"),
        Index("relationship_other", "other_id", "contact_id"),
        TABLE,
    )

    id: int | None = key()
    contact_id: int = points_at("contact", required=True)
    kind: str = words()
    other_id: int | None = points_at("contact")
    name: str = words()
    name_key: str = words()
    uri: str = blank()
    property: str = blank()
