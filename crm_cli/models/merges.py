"""Records that were merged or that must not be, and what remains of people who were erased."""

from __future__ import annotations

from sqlalchemy import Index, Integer, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from crm_cli.models.columns import ONE_OWNER, TABLE, blank, check, key, maybe, one_of, points_at, words


class Merge(SQLModel, table=True):
    """A record that was merged into the one that ``contact_id`` or ``company_id`` refers to.

    ``name`` was its name; ``choices`` are the fields in which a value of its own was kept (JSON).
    """

    __tablename__ = "merge"
    __table_args__ = (
        check(ONE_OWNER),
        Index("merge_contact", "contact_id", sqlite_where=text("contact_id IS NOT NULL")),
        Index("merge_company", "company_id", sqlite_where=text("company_id IS NOT NULL")),
        Index("merge_loser", "loser_id"),
        Index("merge_uid", "loser_uid"),
        TABLE,
    )

    id: int | None = key()
    at_utc: str = words()
    contact_id: int | None = points_at("contact")
    company_id: int | None = points_at("company")
    loser_id: int = Field(sa_type=Integer)
    loser_uid: str = words()
    name: str = words()
    choices: str = blank()


class MergeRow(SQLModel, table=True):
    """A row that a merge wrote, before and after it."""

    __tablename__ = "merge_row"
    __table_args__ = (Index("merge_row_merge", "merge_id"), TABLE)

    id: int | None = key()
    merge_id: int = points_at("merge", required=True)
    tbl: str = words()
    row_key: str = words()
    before: str | None = maybe()
    after: str | None = maybe()


class DistinctPair(SQLModel, table=True):
    """Two people or companies that are not the same."""

    __tablename__ = "distinct_pair"
    __table_args__ = (
        one_of("kind", "contact", "company"),
        UniqueConstraint("kind", "low_id", "high_id"),
        check("low_id < high_id"),
        Index("distinct_pair_high", "kind", "high_id"),
        TABLE,
    )

    id: int | None = key()
    kind: str = words()
    low_id: int = Field(sa_type=Integer)
    high_id: int = Field(sa_type=Integer)
    at_utc: str = words()


class Erasure(SQLModel, table=True):
    """A salted hash of an identifier of a person who was erased."""

    __tablename__ = "erasure"
    __table_args__ = TABLE

    id: int | None = key()
    at_utc: str = words()
    salt: str = words()
    hash: str = words()


class PendingErasure(SQLModel, table=True):
    """An erasure that was begun and is not finished."""

    __tablename__ = "pending_erasure"
    __table_args__ = (one_of("redact", 0, 1), one_of("backups", 0, 1), {"sqlite_strict": True})

    contact_id: int = Field(primary_key=True, sa_type=Integer)
    at_utc: str = words()
    redact: int = Field(sa_type=Integer)
    backups: int = Field(sa_type=Integer)
