"""The ranked search over the index: the candidates, level by level, and their order.

What decides is where the words stand: the name as it is shown, its words, the beginnings of its words, a number, the
company, any text. Each level is gathered before the next, so that the cap on what is ranked hides nothing better than
it lets through. What only sounds like the words comes after everything else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crm_cli.book.search import CAP, KINDS, NAMED, SOUND, doc_id
from crm_cli.core.text import fts_phrase, one_edit_apart, segment, words

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Iterator, Sequence

CHUNK = 500
ALIKE = 50
"""How many words of another spelling are tried for one that was typed."""
END = "\U0010ffff"

WHOLE, WORDS, ALSO_NAMED, BEGINS, PREFIX, NUMBER, COMPANY, PARTLY, TEXT = range(9)
"""How well a document fits: the shown name itself; every word one of it; one of a nickname or another name; the name
begins so; every word begins one; a number; the name of a company somebody works for; one word in the name and the
others elsewhere; any text."""

Variants = list[list[str]]
"""The words asked for, each with the other spellings that do as well."""


class Found(NamedTuple):
    """The ranked documents of a search, best first; ``capped`` when more than CAP fitted.

    ``typo`` when a word was corrected to one the book knows; ``corrected`` is then the text that was searched for.
    ``alike`` are words that sound like those asked for.
    """

    docs: list[int]
    capped: bool
    typo: bool = False
    corrected: str = ""
    alike: tuple[str, ...] = ()


def find(db: sqlite3.Connection, text: str, *, scan: bool = True, numbers: Sequence[int] = ()) -> Found:
    """Search everything for ``text``: names first, then any text; a word without a hit is tried with one typo.

    Where nothing begins so, every name is looked into. Without that ``scan``, which takes more time than there is
    between two keys, the first letter of a further word finds whole names that go on so, before it finds any text.
    ``numbers`` are documents with a phone that the text is a part of.
    """
    asked = words(text)
    if not asked:
        return Found(list(numbers), capped=len(numbers) >= CAP)
    found = _spelt(db, asked, scan, numbers)
    return found if found.capped else _with_alike(db, asked, found, scan)


def _spelt(db: sqlite3.Connection, asked: list[str], scan: bool, numbers: Sequence[int]) -> Found:
    """Search for the words as they are spelt, give or take a typo."""
    variants = [[word] for word in asked]
    docs = {} if scan else dict.fromkeys(_begun(db, asked), TEXT)
    docs = docs or _candidates(db, variants, numbers)
    if docs:
        return Found(_ranked(db, docs, variants), capped=len(docs) >= CAP)
    near = [_near(db, word) for word in asked]
    docs = _candidates(db, near) if all(near) else {}
    if docs:
        ranked = _ranked(db, docs, near)
        return Found(ranked, capped=len(docs) >= CAP, typo=True, corrected=_said(db, ranked[0], near))
    docs = dict.fromkeys(_containing(db, asked), TEXT) if scan else {}
    return Found(_ranked(db, docs, variants), capped=len(docs) >= CAP)


def _with_alike(db: sqlite3.Connection, asked: list[str], found: Found, scan: bool) -> Found:
    """Add what is spelt another way, in another script above all, and sounds the same."""
    variants = [[word, *_alike(db, word, scan)] for word in asked]
    if all(len(spellings) == 1 for spellings in variants):
        return found
    known = set(found.docs)
    more = [doc for doc in _ranked(db, _candidates(db, variants), variants) if doc not in known]
    docs = found.docs + more
    alike = tuple(word for spellings in variants for word in spellings[1:])
    return found._replace(docs=docs[:CAP], capped=len(docs) >= CAP, alike=alike)


def _alike(db: sqlite3.Connection, word: str, scan: bool) -> list[str]:
    """List the words of names that sound like ``word`` and are written in another script.

    Words in Latin have no sound in the index: for one in another script those with its first letter are read, which
    are too many to be read between two keys.
    """
    from crm_cli.core.sounds import initials, skeletons

    sounds = skeletons(word)
    found: list[str] = []
    for sound in sounds:
        start = f"{SOUND}{sound} "
        rows = db.execute(
            "SELECT term FROM search_term WHERE term >= ? AND term < ? LIMIT ?", (start, start + END, ALIKE)
        )
        found += [term[len(start) :] for (term,) in rows]
    if scan and not word.isascii():
        wanted = set(sounds)
        for letter in sorted({letter for sound in sounds for letter in initials(sound)}):
            rows = db.execute("SELECT term FROM search_term WHERE term >= ? AND term < ?", (letter, letter + END))
            found += [term for (term,) in rows if term.isascii() and not wanted.isdisjoint(skeletons(term))]
    return [term for term in dict.fromkeys(found) if term != word][:ALIKE]


def _said(db: sqlite3.Connection, best: int, variants: Variants) -> str:
    """Return the words that were searched for instead: the variants that stand in the best document."""
    names, body = db.execute("SELECT names, body FROM search_doc WHERE id = ?", (best,)).fetchone()
    text = f" {names} {body}"
    return " ".join(next((word for word in found if f" {segment(word)}" in text), found[0]) for found in variants)


def _candidates(db: sqlite3.Connection, variants: Variants, numbers: Sequence[int] = ()) -> dict[int, int]:
    """Return up to CAP documents in which each word, in one of its variants, begins some word, the best levels first.

    Each has the level of what found it; for names that is TEXT, as `_score` knows better.
    """
    phrase = " ".join(found[0] for found in variants)
    docs: dict[int, int] = {}
    levels: tuple[tuple[int, Callable[[], Iterable[int]]], ...] = (
        (TEXT, lambda: _named(db, phrase, whole=True)),
        (TEXT, lambda: _named(db, phrase + " ")),
        (TEXT, lambda: _in_names(db, variants, whole=True)),
        (TEXT, lambda: _named(db, phrase)),
        (TEXT, lambda: _in_names(db, variants)),
        (NUMBER, lambda: numbers),
        (COMPANY, lambda: _staff(db, docs)),
        (TEXT, lambda: _matching(db, f"({_either(variants)}) AND {_each(variants)}") if len(variants) > 1 else ()),
        (TEXT, lambda: _matching(db, f"{{names body}} : ({_each(variants)})")),
    )
    for level, gather in levels:
        for doc in gather():
            docs.setdefault(doc, level)
        if len(docs) >= CAP:
            break
    return dict(list(docs.items())[:CAP])


def _each(variants: Variants, *, whole: bool = False) -> str:
    """Write the full-text query for all the words, or the beginnings of them."""
    star = "" if whole else "*"
    return " AND ".join(
        "(" + " OR ".join(fts_phrase(word).removesuffix("*") + star for word in found) + ")" for found in variants
    )


def _either(variants: Variants) -> str:
    """Write the full-text query for one of the words in the names."""
    return "{names} : (" + " OR ".join(fts_phrase(word) for found in variants for word in found) + ")"


def _matching(db: sqlite3.Connection, query: str) -> list[int]:
    rows = db.execute("SELECT rowid FROM search_fts WHERE search_fts MATCH ? LIMIT ?", (query, CAP))
    return [row[0] for row in rows]


def _in_names(db: sqlite3.Connection, variants: Variants, *, whole: bool = False) -> list[int]:
    """Return the documents in whose names every word stands, ``whole`` or as the beginning of one."""
    if len(variants) > 1:
        return _matching(db, f"{{names}} : ({_each(variants, whole=whole)})")
    test = "word = ?" if whole else "word >= ? AND word < ?"
    sql = f"SELECT doc FROM search_word WHERE {test} LIMIT ?"
    values = [((word,) if whole else (word, word + END)) for word in variants[0]]
    return [row[0] for bounds in values for row in db.execute(sql, (*bounds, CAP))]


def _named(db: sqlite3.Connection, phrase: str, *, whole: bool = False) -> Iterator[int]:
    """Yield the records whose shown name begins with the phrase, or is it, in the order of names."""
    test = "{0} = ?" if whole else "{0} >= ? AND {0} < ?"
    bounds = (phrase,) if whole else (phrase, phrase + END)
    for kind, key in NAMED.items():
        sql = f"SELECT id FROM {kind} WHERE {test.format(key)} ORDER BY {key}, id LIMIT ?"
        yield from (doc_id(kind, row[0]) for row in db.execute(sql, (*bounds, CAP)))


def _staff(db: sqlite3.Connection, docs: Iterable[int]) -> list[int]:
    """Return the people who work or worked for the companies found."""
    found = [doc // 4 for doc in docs if KINDS[doc % 4] == "company"]
    rows = db.execute(
        f"SELECT contact_id FROM employment WHERE company_id IN ({_marks(found)}) LIMIT ?", (*found, CAP)
    )
    return [doc_id("contact", row[0]) for row in rows]


def _begun(db: sqlite3.Connection, asked: list[str]) -> list[int]:
    """Return whole names that begin with the words, of which the last has just been begun.

    A letter alone stands in no index of the full text: to join it with another word takes a look at half the book.
    """
    return list(_named(db, " ".join(asked)))[:CAP] if len(asked) > 1 and len(asked[-1]) == 1 else []


def _near(db: sqlite3.Connection, word: str) -> list[str]:
    """Return ``word`` itself if some text begins a word with it, else the known words one typo away."""
    if db.execute("SELECT 1 FROM search_fts WHERE search_fts MATCH ? LIMIT 1", (fts_phrase(word),)).fetchone():
        return [word]
    half = (len(word) - 1) // 2
    if half < 1:
        return []
    head, tail = word[:half], word[::-1][:half]
    rows = db.execute(
        "SELECT term FROM search_term WHERE term >= ? AND term < ? UNION"
        " SELECT term FROM search_term WHERE backward >= ? AND backward < ?",
        (head, head + END, tail, tail + END),
    )
    return sorted(term for (term,) in rows if abs(len(term) - len(word)) <= 1 and one_edit_apart(term, word))


def _containing(db: sqlite3.Connection, asked: list[str]) -> list[int]:
    """Return documents whose names contain every word anywhere: the last resort, a scan."""
    where = " AND ".join("names LIKE ? ESCAPE '\\'" for _ in asked)
    patterns = [
        "%" + segment(word).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%" for word in asked
    ]
    rows = db.execute(f"SELECT id FROM search_doc WHERE names <> '' AND {where} LIMIT ?", [*patterns, CAP])
    return [row[0] for row in rows]


_SHOWN = (
    "SELECT d.id, d.names, coalesce(p.name_key, o.name_key, t.title_key, '') FROM search_doc d"
    " LEFT JOIN contact p ON d.id % 4 = 0 AND p.id = d.id / 4 LEFT JOIN company o ON d.id % 4 = 1 AND o.id = d.id / 4"
    " LEFT JOIN deal t ON d.id % 4 = 3 AND t.id = d.id / 4 WHERE d.id IN ({marks})"
)


def _ranked(db: sqlite3.Connection, docs: dict[int, int], variants: Variants) -> list[int]:
    """Order documents: how well they fit, then the kind, then the name; activities last, newest first."""
    asked = [[segment(word) for word in found] for found in variants]
    said = KINDS.index("activity")
    scored = [(TEXT, said, "", -doc) for doc in docs if doc % 4 == said]
    named = sorted(doc for doc in docs if doc % 4 != said)
    for start in range(0, len(named), CHUNK):
        chunk = named[start : start + CHUNK]
        for doc, names, key in db.execute(_SHOWN.format(marks=_marks(chunk)), chunk):
            shown = key if key.isascii() else segment(key)
            scored.append((min(_score(names, shown, asked), docs[doc]), doc % 4, names, doc))
    return [abs(last) for *_, last in sorted(scored)]


def _score(names: str, shown: str, asked: Variants) -> int:
    """Return the level of a document by its folded names, of which ``shown`` is the one that is displayed."""
    phrase = " ".join(found[0] for found in asked)
    if shown == phrase:
        return WHOLE
    padded, first = f" {names} ", f" {shown} "
    tests = {
        WORDS: all(any(f" {word} " in first for word in found) for found in asked),
        ALSO_NAMED: all(any(f" {word} " in padded for word in found) for found in asked),
        BEGINS: shown.startswith(phrase),
        PREFIX: all(any(f" {word}" in padded for word in found) for found in asked),
        PARTLY: any(f" {word}" in padded for found in asked for word in found),
    }
    return next((level for level, holds in tests.items() if holds), TEXT)


def _marks(values: Sequence[object]) -> str:
    return ",".join("?" * len(values))
