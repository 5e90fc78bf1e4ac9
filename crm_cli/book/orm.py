"""A SQLModel session on the book's connection. Imported only where something is written through SQLModel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import create_engine
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.pool import StaticPool
from sqlmodel import Session

if TYPE_CHECKING:
    import sqlite3


class BookDialect(SQLiteDialect_pysqlite):
    """SQLite dialect that leaves transactions to the book: SQLAlchemy's own probe of a connection would end them."""

    supports_statement_cache = True

    def do_begin(self, dbapi_connection: Any) -> None:
        """Leave the transaction to the book."""

    def do_commit(self, dbapi_connection: Any) -> None:
        """Leave the transaction to the book."""

    def do_rollback(self, dbapi_connection: Any) -> None:
        """Leave the transaction to the book."""

    def do_close(self, dbapi_connection: Any) -> None:
        """Leave the connection to the book."""


registry.register("sqlite.book", __name__, "BookDialect")


def session_on(db: sqlite3.Connection) -> Session:
    """Return a session on ``db`` that flushes, but never begins, commits or rolls back."""
    engine = create_engine("sqlite+book://", creator=lambda: db, poolclass=StaticPool, hide_parameters=True)
    return Session(engine)
