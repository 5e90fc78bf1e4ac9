"""The ordinary tables of the search index; ``book.search`` writes them and the full-text table."""

from sqlalchemy import Index, Integer
from sqlmodel import Field, SQLModel

from crm_cli.models.columns import LINK, words


class SearchDoc(SQLModel, table=True):
    """The folded text of a record."""

    __tablename__ = "search_doc"
    __table_args__ = {"sqlite_strict": True}

    id: int = Field(primary_key=True, sa_type=Integer)
    names: str = words()
    body: str = words()


class SearchWord(SQLModel, table=True):
    """A word of a record's names."""

    __tablename__ = "search_word"
    __table_args__ = (Index("search_word_word", "word", "doc"), LINK)

    doc: int = Field(sa_type=Integer, primary_key=True)
    word: str = words(primary_key=True)


class SearchTerm(SQLModel, table=True):
    """A word that occurs in any name, and its reverse."""

    __tablename__ = "search_term"
    __table_args__ = (Index("search_term_backward", "backward"), LINK)

    term: str = words(primary_key=True)
    backward: str = words()
