"""Companies, and who works where."""

from sqlalchemy import Index
from sqlmodel import SQLModel

from crm_cli.models.columns import LINK, TABLE, blank, key, maybe, number, one_of, points_at, words


class Company(SQLModel, table=True):
    """An organisation."""

    __tablename__ = "company"
    __table_args__ = (
        Index("company_uid", "uid", unique=True),
        Index("company_name", "name_key", "id"),
        TABLE,
    )

    id: int | None = key()
    uid: str = words()
    name: str = words()
    name_key: str = words()
    notes: str = blank()
    source: str | None = maybe()
    created_utc: str = words()
    updated_utc: str = words()
    revision: int = number(1)


class Employment(SQLModel, table=True):
    """A person's job, in a company or with only a title; a former one if not ``current``."""

    __tablename__ = "employment"
    __table_args__ = (
        one_of("current", 0, 1),
        Index("employment_contact", "contact_id", "current"),
        Index("employment_company", "company_id", "current", "contact_id"),
        TABLE,
    )

    id: int | None = key()
    contact_id: int = points_at("contact", required=True)
    company_id: int | None = points_at("company")
    title: str = blank()
    department: str = blank()
    since: str | None = maybe()
    until: str | None = maybe()
    current: int = number(1)


class CompanyTag(SQLModel, table=True):
    """A company's tag."""

    __tablename__ = "company_tag"
    __table_args__ = (Index("company_tag_tag", "tag_id", "company_id"), LINK)

    company_id: int = points_at("company", primary=True)
    tag_id: int = points_at("tag", primary=True)


class CompanyCustom(SQLModel, table=True):
    """A company's value of a custom field."""

    __tablename__ = "company_custom"
    __table_args__ = (Index("company_custom_field", "field_id", "value"), LINK)

    company_id: int = points_at("company", primary=True)
    field_id: int = points_at("custom_field", primary=True)
    value: str = words()
