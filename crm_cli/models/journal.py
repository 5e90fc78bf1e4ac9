"""The journal's tables; ``book.journal`` writes them."""

from sqlalchemy import Index, Integer, LargeBinary, text
from sqlmodel import Field, SQLModel

from crm_cli.models.columns import LINK, TABLE, blank, key, maybe, one_of, points_at, words


class Change(SQLModel, table=True):
    """One undoable operation."""

    __tablename__ = "change"
    __table_args__ = (
        one_of("origin", "hand", "script", "cron", "tui"),
        one_of("state", "done", "undone", "dropped"),
        Index("change_undone", "undone_order", sqlite_where=text("state = 'undone'")),
        TABLE,
    )

    id: int | None = key()
    at_utc: str = words()
    origin: str = words()
    verb: str = words()
    state: str = blank("done")
    undone_order: int | None = Field(default=None, sa_type=Integer, nullable=True)
    schema_: int = Field(sa_type=Integer, sa_column_kwargs={"name": "schema"})


class ChangeSubject(SQLModel, table=True):
    """A record that a change affected."""

    __tablename__ = "change_subject"
    __table_args__ = (Index("change_subject_of", "kind", "subject_id", "change_id"), LINK)

    change_id: int = points_at("change", primary=True)
    kind: str = words(primary_key=True)
    subject_id: int = Field(sa_type=Integer, primary_key=True)


class ChangeRow(SQLModel, table=True):
    """A row before and after."""

    __tablename__ = "change_row"
    __table_args__ = (
        one_of("op", "insert", "update", "delete"),
        Index("change_row_change", "change_id"),
        Index("change_row_row", "tbl", "row_key"),
        TABLE,
    )

    id: int | None = key()
    change_id: int = points_at("change", required=True)
    tbl: str = words()
    row_key: str = words()
    op: str = words()
    before: str | None = maybe()
    after: str | None = maybe()


class ChangeRange(SQLModel, table=True):
    """The rows of a bulk insert."""

    __tablename__ = "change_range"
    __table_args__ = LINK

    change_id: int = points_at("change", primary=True)
    tbl: str = words(primary_key=True)
    col: str = words(primary_key=True)
    first: int = Field(sa_type=Integer, primary_key=True)
    last: int = Field(sa_type=Integer)


class RowSum(SQLModel, table=True):
    """The checksums of 128 rows of a table; ``book.sums`` writes them."""

    __tablename__ = "row_sum"
    __table_args__ = LINK

    block: int = Field(sa_type=Integer, primary_key=True)
    tbl: str = words(primary_key=True)
    sums: bytes = Field(sa_type=LargeBinary)
