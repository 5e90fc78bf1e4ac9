"""Deals, the pipeline and its stages, participants, and saved queries."""

from sqlalchemy import Index, Integer, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from crm_cli.models.columns import LINK, TABLE, blank, check, key, maybe, number, one_of, points_at, words

PER_CENT = "probability >= 0 AND probability <= 100"


class Pipeline(SQLModel, table=True):
    """A sequence of stages."""

    __tablename__ = "pipeline"
    __table_args__ = TABLE

    id: int | None = key()
    name: str = words()
    name_key: str = words(unique=True)


class Stage(SQLModel, table=True):
    """A step of a pipeline; ``place`` is its position, ``probability`` is in per cent."""

    __tablename__ = "stage"
    __table_args__ = (
        check(PER_CENT),
        one_of("archived", 0, 1),
        UniqueConstraint("pipeline_id", "name_key"),
        TABLE,
    )

    id: int | None = key()
    pipeline_id: int = points_at("pipeline", required=True)
    name: str = words()
    name_key: str = words()
    place: int = Field(sa_type=Integer)
    probability: int | None = Field(default=None, sa_type=Integer, nullable=True)
    archived: int = number(0)


class Deal(SQLModel, table=True):
    """An opportunity; ``amount`` is in minor units of ``currency``; without ``probability`` its stage's applies."""

    __tablename__ = "deal"
    __table_args__ = (
        one_of("status", "open", "won", "lost"),
        check("amount >= 0"),
        check(PER_CENT),
        check("(amount IS NULL) = (currency IS NULL)"),
        check("(status = 'open') = (closed_utc IS NULL)"),
        Index("deal_title", "title_key", "id"),
        Index("deal_open", "close_on", "id", sqlite_where=text("status = 'open'")),
        Index("deal_closed", "closed_utc", sqlite_where=text("closed_utc IS NOT NULL")),
        Index("deal_stage", "stage_id", "status"),
        Index("deal_company", "company_id", sqlite_where=text("company_id IS NOT NULL")),
        TABLE,
    )

    id: int | None = key()
    uid: str = words(unique=True)
    title: str = words()
    title_key: str = words()
    amount: int | None = Field(default=None, sa_type=Integer, nullable=True)
    currency: str | None = maybe()
    stage_id: int = points_at("stage", required=True)
    probability: int | None = Field(default=None, sa_type=Integer, nullable=True)
    close_on: str | None = maybe()
    company_id: int | None = points_at("company")
    source: str | None = maybe()
    notes: str = blank()
    status: str = blank("open")
    reason: str = blank()
    closed_utc: str | None = maybe()
    created_utc: str = words()
    updated_utc: str = words()
    revision: int = number(1)


class DealParticipant(SQLModel, table=True):
    """A person of a deal."""

    __tablename__ = "deal_participant"
    __table_args__ = (Index("deal_participant_contact", "contact_id", "deal_id"), LINK)

    deal_id: int = points_at("deal", primary=True)
    contact_id: int = points_at("contact", primary=True)


class DealTag(SQLModel, table=True):
    """A deal's tag."""

    __tablename__ = "deal_tag"
    __table_args__ = (Index("deal_tag_tag", "tag_id", "deal_id"), LINK)

    deal_id: int = points_at("deal", primary=True)
    tag_id: int = points_at("tag", primary=True)


class DealCustom(SQLModel, table=True):
    """A deal's value of a custom field."""

    __tablename__ = "deal_custom"
    __table_args__ = (Index("deal_custom_field", "field_id", "value"), LINK)

    deal_id: int = points_at("deal", primary=True)
    field_id: int = points_at("custom_field", primary=True)
    value: str = words()


class StageChange(SQLModel, table=True):
    """When a deal entered a stage, or was won, lost or reopened there."""

    __tablename__ = "stage_change"
    __table_args__ = (
        one_of("status", "open", "won", "lost"),
        Index("stage_change_deal", "deal_id", "id"),
        Index("stage_change_stage", "stage_id"),
        TABLE,
    )

    id: int | None = key()
    deal_id: int = points_at("deal", required=True)
    stage_id: int = points_at("stage", required=True)
    status: str = words()
    reason: str = blank()
    at_utc: str = words()


class Segment(SQLModel, table=True):
    """A saved query, used as ``@name``."""

    __tablename__ = "segment"
    __table_args__ = TABLE

    id: int | None = key()
    name: str = words()
    name_key: str = words(unique=True)
    query: str = words()
