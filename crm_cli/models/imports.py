"""Where a record came from, and data of its source that has no field here."""

from sqlalchemy import Index, Integer, text
from sqlmodel import Field, SQLModel

from crm_cli.models.columns import ONE_OWNER, TABLE, blank, check, key, one_of, points_at, words


def _one_of_owners(*kinds: str) -> str:
    """Return the rule that a row belongs to exactly one record."""
    return " + ".join(f"({kind}_id IS NOT NULL)" for kind in kinds) + " = 1"


class ExternalRef(SQLModel, table=True):
    """A record's key in another product or file; ``base`` holds its values at the last import (JSON)."""

    __tablename__ = "external_ref"
    __table_args__ = (
        check(_one_of_owners("contact", "company", "deal", "activity")),
        Index("external_ref_key", "source", "key", unique=True),
        Index("external_ref_contact", "contact_id", sqlite_where=text("contact_id IS NOT NULL")),
        Index("external_ref_company", "company_id", sqlite_where=text("company_id IS NOT NULL")),
        Index("external_ref_deal", "deal_id", sqlite_where=text("deal_id IS NOT NULL")),
        Index("external_ref_activity", "activity_id", sqlite_where=text("activity_id IS NOT NULL")),
        TABLE,
    )

    id: int | None = key()
    contact_id: int | None = points_at("contact")
    company_id: int | None = points_at("company")
    deal_id: int | None = points_at("deal")
    activity_id: int | None = points_at("activity")
    source: str = words()
    key: str = words()
    base: str = blank()


class PendingLink(SQLModel, table=True):
    """A link of an imported record to a record that is not in the book yet, by its key in the source or by name."""

    __tablename__ = "pending_link"
    __table_args__ = (
        one_of("target", "contact", "company", "deal", "any"),
        check(_one_of_owners("contact", "deal", "activity")),
        Index("pending_link_contact", "contact_id", sqlite_where=text("contact_id IS NOT NULL")),
        Index("pending_link_deal", "deal_id", sqlite_where=text("deal_id IS NOT NULL")),
        Index("pending_link_activity", "activity_id", sqlite_where=text("activity_id IS NOT NULL")),
        TABLE,
    )

    id: int | None = key()
    contact_id: int | None = points_at("contact")
    deal_id: int | None = points_at("deal")
    activity_id: int | None = points_at("activity")
    target: str = words()
    key: str = blank()
    name: str = blank()


class SourceProperty(SQLModel, table=True):
    """A vCard property that has no field here, as it was read."""

    __tablename__ = "source_property"
    __table_args__ = (
        check(ONE_OWNER),
        Index("source_property_contact", "contact_id", sqlite_where=text("contact_id IS NOT NULL")),
        Index("source_property_company", "company_id", sqlite_where=text("company_id IS NOT NULL")),
        TABLE,
    )

    id: int | None = key()
    contact_id: int | None = points_at("contact")
    company_id: int | None = points_at("company")
    grp: str = blank()
    name: str = words()
    params: str = blank()
    value: str = words()


class ImportRun(SQLModel, table=True):
    """One import: the file, the result for its records, where the rejected ones were stored."""

    __tablename__ = "import_run"
    __table_args__ = TABLE

    id: int | None = key()
    at_utc: str = words()
    file: str = words()
    format: str = words()
    read: int = Field(sa_type=Integer)
    new: int = Field(sa_type=Integer)
    changed: int = Field(sa_type=Integer)
    same: int = Field(sa_type=Integer)
    rejected: int = Field(sa_type=Integer)
    rejects: str = blank()
    change_id: int | None = Field(default=None, sa_type=Integer, nullable=True)
