"""Column types shared by the tables, for STRICT SQLite tables."""

from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Integer, Text, text
from sqlmodel import Field

TABLE: dict[str, Any] = {"sqlite_strict": True, "sqlite_autoincrement": True}
"""Options of a table whose ids people type: strict, and ids are never reused."""

LINK: dict[str, Any] = {"sqlite_strict": True, "sqlite_with_rowid": False}
"""Options of a link table: WITHOUT ROWID, keyed by its own columns."""

ONE_OWNER = "(contact_id IS NULL) <> (company_id IS NULL)"


def key() -> Any:
    """Return an id that the database assigns."""
    return Field(default=None, primary_key=True, sa_type=Integer)


def words(**more: Any) -> Any:
    """Return a required text."""
    return Field(sa_type=Text, **more)


def blank(default: str = "") -> Any:
    """Return a text that may be empty (or has another default) and is never null."""
    return Field(default=default, sa_type=Text, sa_column_kwargs={"server_default": text(f"'{default}'")})


def maybe() -> Any:
    """Return a nullable text."""
    return Field(default=None, sa_type=Text, nullable=True)


def number(default: int) -> Any:
    """Return an integer with a default."""
    return Field(default=default, sa_type=Integer, sa_column_kwargs={"server_default": text(str(default))})


def points_at(table: str, *, required: bool = False, primary: bool = False) -> Any:
    """Return a reference to a row of ``table``, checked at commit."""
    foreign = ForeignKey(f"{table}.id", deferrable=True, initially="DEFERRED")
    if required or primary:
        return Field(sa_type=Integer, primary_key=primary, sa_column_args=(foreign,))
    return Field(default=None, sa_type=Integer, nullable=True, sa_column_args=(foreign,))


def check(rule: str) -> CheckConstraint:
    """Return a constraint that every row must satisfy."""
    return CheckConstraint(rule)


def one_of(column: str, *values: str | int) -> CheckConstraint:
    """Return the constraint that a column holds one of ``values``."""
    return CheckConstraint(" OR ".join(f"{column} = {value!r}" for value in values))
