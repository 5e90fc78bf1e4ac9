"""How often to keep in touch, and each person's rhythm, which is derived from it."""

from sqlalchemy import ForeignKey, Index, Integer, text
from sqlmodel import Field, SQLModel

from crm_cli.models.columns import TABLE, blank, check, key, maybe, number, one_of


def _only(table: str) -> ForeignKey:
    return ForeignKey(f"{table}.id", deferrable=True, initially="DEFERRED")


class Cadence(SQLModel, table=True):
    """The cadence of a person, or of everyone with a tag: a span ``6w``, empty if the row only pauses."""

    __tablename__ = "cadence"
    __table_args__ = (one_of("paused", 0, 1), check("(contact_id IS NULL) <> (tag_id IS NULL)"), TABLE)

    id: int | None = key()
    contact_id: int | None = Field(
        default=None, sa_type=Integer, nullable=True, unique=True, sa_column_args=(_only("contact"),)
    )
    tag_id: int | None = Field(
        default=None, sa_type=Integer, nullable=True, unique=True, sa_column_args=(_only("tag"),)
    )
    every: str = blank()
    paused: int = number(0)
    paused_until: str | None = maybe()
    from_on: str | None = maybe()


class Rhythm(SQLModel, table=True):
    """When the next reach of a person is due, and the days within which nine of ten reaches followed the one before."""

    __tablename__ = "rhythm"
    __table_args__ = (
        Index("rhythm_next", "next_on", sqlite_where=text("next_on IS NOT NULL")),
        Index(
            "rhythm_silent",
            "silent_on",
            "contact_id",
            "usual_days",
            "last_reach_utc",
            sqlite_where=text("silent_on IS NOT NULL"),
        ),
        {"sqlite_strict": True},
    )

    contact_id: int = Field(primary_key=True, sa_type=Integer)
    every: str = blank()
    next_on: str | None = maybe()
    last_reach_utc: str | None = maybe()
    last_attempt_utc: str | None = maybe()
    reaches: int = number(0)
    usual_days: int | None = Field(default=None, sa_type=Integer, nullable=True)
    silent_on: str | None = maybe()
