"""What is delivered, by which machine, and what is reported only once in a while. Neither journaled nor undone."""

from sqlalchemy import Index, Integer, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from crm_cli.models.columns import LINK, TABLE, blank, check, key, maybe, number, one_of, words


class Outbox(SQLModel, table=True):
    """A delivery, written before it is sent and marked after; ``key`` says what is delivered."""

    __tablename__ = "outbox"
    __table_args__ = (
        one_of("state", "sending", "sent", "failed", "waiting", "passed"),
        UniqueConstraint("key", "route", "address"),
        Index("outbox_open", "state", "next_utc", sqlite_where=text("state <> 'sent' AND state <> 'passed'")),
        TABLE,
    )

    id: int | None = key()
    key: str = words()
    route: str = words()
    address: str = blank()
    state: str = words()
    tries: int = number(0)
    held_until: str | None = maybe()
    next_utc: str | None = maybe()
    error: str = blank()
    created_utc: str = words()
    updated_utc: str = words()


class Deliverer(SQLModel, table=True):
    """The machine and the path of the book that deliver, and up to which instant they have."""

    __tablename__ = "deliverer"
    __table_args__ = (check("id = 1"), {"sqlite_strict": True})

    id: int = Field(primary_key=True, sa_type=Integer)
    machine: str = words()
    path: str = words()
    since_utc: str = words()
    done_until: str = words()


class Reported(SQLModel, table=True):
    """When something was reported that is reported only once in a while."""

    __tablename__ = "told"
    __table_args__ = LINK

    key: str = words(primary_key=True)
    at_utc: str = words()
