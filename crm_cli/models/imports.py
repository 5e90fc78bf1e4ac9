"""Where a record came from, and data of its source that has no field here."""

from sqlalchemy import Index, Integer, text
from sqlmodel import Field, SQLModel

from crm_cli.models.columns import ONE_OWNER, TABLE, blank, check, key, points_at, words


class ExternalRef(SQLModel, table=True):
    """A record's key in another product or file; ``base`` holds its values at the last import (JSON)."""

    __tablename__ = "external_ref"
    __table_args__ = (
        check(ONE_OWNER),
        Index("external_ref_key", "source", "key", unique=True),
        Index("external_ref_contact", "contact_id", sqlite_where=text("contact_id IS NOT NULL")),
        Index("external_ref_company", "company_id", sqlite_where=text("company_id IS NOT NULL")),
        TABLE,
    )

    id: int | None = key()
    contact_id: int | None = points_at("contact")
    company_id: int | None = points_at("company")
    source: str = words()
    key: str = words()
    base: str = blank()


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
