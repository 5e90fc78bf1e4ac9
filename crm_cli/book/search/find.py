"""The ranked search over the index: gathers candidates level by level, and sorts them.

The level depends on where the words match: the shown name, its words, prefixes of its words, a number, the company, any
text. Each level is gathered before the next, so that the cap on ranked candidates never drops a better match for a
worse one. Words that only sound like the query come last.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Self

from crm_cli.book.search.index import SOUND
from crm_cli.book.search.points import CAP
from crm_cli.core.kinds import SEARCHED, SPREAD, document, document_sql, number, record
from crm_cli.core.text.folding import fts_phrase, one_edit_apart, segment, words

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection, Iterable, Iterator, Sequence

NAMED = [kind for kind in SEARCHED if kind.key]
"""The kinds that have names; the others are found only by their texts."""
ALIKE = 50
"""The maximum number of alternative spellings tried for one typed word."""
END = "\U0010ffff"
FEW, SCREENFUL = 100, 40

WHOLE, WORDS, ALSO_NAMED, BEGINS, PREFIX, NUMBER, COMPANY, PARTLY, TEXT = range(9)
"""How well a document matches: the shown name itself; all words are words of it; some are words of a nickname or other
name; the name starts with the query; every word starts a word of it; a number; the name of a company the person works
for; some words in the name and the others elsewhere; any text."""

Variants = list[list[str]]
"""The words of the query, each followed by its accepted other spellings."""


class Found(NamedTuple):
    """The ranked documents of a search, best first; ``capped`` is true if CAP or more matched.

    ``corrected`` is the text that was searched for instead, if a word had a typo.
    ``alike`` are words that sound like those of the query.
    """

    docs: list[int]
    capped: bool
    corrected: str = ""
    alike: tuple[str, ...] = ()


def find(db: sqlite3.Connection, text: str, *, scan: bool = True, numbers: Sequence[int] = ()) -> Found:
    """Search everything for ``text``: names first, then any text; a word without a match is retried with one typo.

    If no word starts with the query, names are scanned for it. Without ``scan``, which is too slow to run between two
    keystrokes, the first letter of a further word matches only whole names that start with the query, before any text,
    and those that match partly are not gathered separately behind a screenful of names.
    ``numbers`` are documents with a phone number that contains the text.
    """
    asked = words(text)
    if not asked:
        return Found(list(numbers), capped=len(numbers) >= CAP)
    found = _spelt(db, asked, scan, numbers)
    return found if found.capped else _with_alike(db, asked, found, scan)


def _spelt(db: sqlite3.Connection, asked: list[str], scan: bool, numbers: Sequence[int]) -> Found:
    """Search for the words as they are spelled, allowing for a typo."""
    variants = [[word] for word in asked]
    docs = {} if scan else dict.fromkeys(_begun(db, asked), TEXT)
    docs = docs or _candidates(db, variants, numbers, scan=scan)
    if docs:
        return Found(_ranked(db, docs, variants), capped=len(docs) >= CAP)
    near = [_near(db, word) for word in asked]
    docs = _candidates(db, near) if all(near) else {}
    if docs:
        ranked = _ranked(db, docs, near)
        return Found(ranked, capped=len(docs) >= CAP, corrected=_corrected(db, ranked[0], near))
    docs = dict.fromkeys(_containing(db, asked), TEXT) if scan else {}
    return Found(_ranked(db, docs, variants), capped=len(docs) >= CAP)


def _with_alike(db: sqlite3.Connection, asked: list[str], found: Found, scan: bool) -> Found:
    """Add documents with words that sound the same but are spelled differently, in another script."""
    if any(len(word) == 1 for word in asked):
        return found
    variants = [[word, *_alike(db, word, scan)] for word in asked]
    if all(len(spellings) == 1 for spellings in variants):
        return found
    known = set(found.docs)
    more = [doc for doc in _ranked(db, _candidates(db, variants), variants) if doc not in known]
    docs = found.docs + more
    alike = tuple(word for spellings in variants for word in spellings[1:])
    return found._replace(docs=docs[:CAP], capped=len(docs) >= CAP, alike=alike)


def _alike(db: sqlite3.Connection, word: str, scan: bool) -> list[str]:
    """List the words of names that sound like ``word`` but are written in another script.

    The index has no sounds of Latin words: for a word in another script, the Latin words are searched, with ``scan``.
    """
    from crm_cli.core.text.sounds import skeletons

    sounds = skeletons(word)
    found: list[str] = []
    for sound in sounds:
        start = f"{SOUND}{sound} "
        rows = db.execute(
            "SELECT term FROM search_term WHERE term >= ? AND term < ? LIMIT ?", (start, start + END, ALIKE)
        )
        found += [term[len(start) :] for (term,) in rows]
    if scan and not word.isascii():
        found += [term for sound in sounds for term in _latin(db, sound)]
    return [term for term in dict.fromkeys(found) if term != word][:ALIKE]


def _latin(db: sqlite3.Connection, sound: str) -> list[str]:
    """List the words of names that have this sound and are written in Latin script."""
    from crm_cli.core.text.sounds import initials, pattern, skeletons

    sql = "SELECT term FROM search_term WHERE term >= ? AND term < ? AND term GLOB ?"
    terms = [row[0] for one in initials(sound) for row in db.execute(sql, (one, one + "~", one + pattern(sound)))]
    return [term for term in terms if term.isascii() and sound in skeletons(term)]


def _corrected(db: sqlite3.Connection, best: int, variants: Variants) -> str:
    """Return the words that were searched for instead: the variants that occur in the best document."""
    names, body = db.execute("SELECT names, body FROM search_doc WHERE id = ?", (best,)).fetchone()
    text = f" {names} {body}"
    return " ".join(next((word for word in found if f" {segment(word)}" in text), found[0]) for found in variants)


def _candidates(
    db: sqlite3.Connection, variants: Variants, numbers: Sequence[int] = (), *, scan: bool = True
) -> dict[int, int]:
    """Return up to CAP documents in which each word, in one of its variants, starts some word, the best levels first.

    Each maps to the level that found it; for names that is TEXT, as `_score` computes it more precisely. A level is
    gathered separately only if a broader one that includes it is full.
    """
    is_single = len(variants) == 1
    texts = [] if is_single else _in_texts(db, variants)
    docs = dict.fromkeys(_by_name(db, variants, texts), TEXT)
    if len(docs) < CAP:
        docs = _joined(docs, numbers, NUMBER)
        docs = _joined(docs, _staff(db, _firms(db, docs, variants)), COMPANY)
    if len(docs) < CAP:
        is_partial = len(texts) == CAP and (scan or len(docs) < SCREENFUL)
        partly = _partly(db, variants) if is_partial else []
        docs = _joined(docs, [*partly, *(_in_texts(db, variants) if is_single else texts)], TEXT)
    return dict(list(docs.items())[:CAP])


def _joined(docs: dict[int, int], more: Iterable[int], level: int) -> dict[int, int]:
    """Return ``docs`` followed by the further documents of a level."""
    return dict.fromkeys((*docs, *more), level) | docs


def _by_name(db: sqlite3.Connection, variants: Variants, texts: list[int]) -> list[int]:
    """Return the documents whose names contain every word; all of ``texts``, the matches in any text, if complete."""
    names = texts if len(variants) > 1 and len(texts) < CAP else _in_names(db, variants)
    return names if len(names) < CAP else _best_names(db, variants, names)


def _firms(db: sqlite3.Connection, docs: Iterable[int], variants: Variants) -> list[int]:
    """Return the companies among ``docs`` that match by name, and not only by some other text."""
    company = number("company")
    firms = [doc for doc in docs if doc % SPREAD == company]
    if not firms or len(variants) == 1:
        return firms
    return [doc for doc in _in_names(db, variants) if doc in firms]


def _best_names(db: sqlite3.Connection, variants: Variants, names: list[int]) -> list[int]:
    """Return the documents with the best matching names: the whole name, its start, its words, and then ``names``."""
    phrase = " ".join(found[0] for found in variants)
    begun = [*_named(db, phrase, whole=True), *_named(db, phrase + " ")]
    return [*begun, *_in_names(db, variants, whole=True), *_named(db, phrase), *names]


def _each(variants: Variants, *, whole: bool = False) -> str:
    """Return the full-text query for all the words, as prefixes or ``whole``."""
    star = "" if whole else "*"
    return " AND ".join(
        "(" + " OR ".join(fts_phrase(word).removesuffix("*") + star for word in found) + ")" for found in variants
    )


def _partly(db: sqlite3.Connection, variants: Variants) -> list[int]:
    """Return the documents with one of the words in their names, and the others anywhere."""
    either = " OR ".join(fts_phrase(word) for found in variants for word in found)
    return _matching(db, f"{{names}} : ({either}) AND {_each(variants)}")


def _in_texts(db: sqlite3.Connection, variants: Variants) -> list[int]:
    """Return the documents in which every word starts some word."""
    return _matching(db, _each(variants))


def _matching(db: sqlite3.Connection, query: str) -> list[int]:
    rows = db.execute("SELECT rowid FROM search_fts WHERE search_fts MATCH ? LIMIT ?", (query, CAP))
    return [row[0] for row in rows]


def _in_names(db: sqlite3.Connection, variants: Variants, *, whole: bool = False) -> list[int]:
    """Return the documents whose names contain every word, as a ``whole`` word or as the start of one."""
    if len(variants) > 1:
        return _matching(db, f"{{names}} : ({_each(variants, whole=whole)})")
    test = "word = ?" if whole else "word >= ? AND word < ?"
    sql = f"SELECT doc FROM search_word WHERE {test} LIMIT ?"
    values = [((word,) if whole else (word, word + END)) for word in variants[0]]
    return [row[0] for bounds in values for row in db.execute(sql, (*bounds, CAP))]


def _named(db: sqlite3.Connection, phrase: str, *, whole: bool = False) -> dict[int, str]:
    """Return the documents whose shown name starts with the phrase, or equals it, with that name folded, in its order.

    Only the index of names is read.
    """
    test = "{0} = ?" if whole else "{0} >= ? AND {0} < ?"
    bounds = (phrase,) if whole else (phrase, phrase + END)
    found: dict[int, str] = {}
    for kind in NAMED:
        shown = f"SELECT {document_sql(kind.name, 'id')}, {kind.key} FROM {kind.table}"
        sql = f"{shown} WHERE {test.format(kind.key)} ORDER BY {kind.key}, id LIMIT ?"
        found |= db.execute(sql, (*bounds, CAP)).fetchall()
    return found


def _staff(db: sqlite3.Connection, firms: Sequence[int]) -> list[int]:
    """Return the people who work or worked for these companies."""
    if not firms:
        return []
    found = [record(doc)[1] for doc in firms]
    rows = db.execute(f"SELECT contact_id FROM employment WHERE company_id IN ({_marks(found)}) LIMIT ?", (*found, CAP))
    return [document("contact", row[0]) for row in rows]


def _begun(db: sqlite3.Connection, asked: list[str]) -> list[int]:
    """Return documents with names that start with the query, if only one letter of its last word has been typed.

    The full-text index has no entry for a single letter: joining it with another word would read half the book.
    """
    return list(_named(db, " ".join(asked)))[:CAP] if len(asked) > 1 and len(asked[-1]) == 1 else []


def _near(db: sqlite3.Connection, word: str) -> list[str]:
    """Return ``word`` itself if some text has a word that starts with it, else the known words one typo away."""
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


def _ranked(db: sqlite3.Connection, docs: dict[int, int], variants: Variants) -> list[int]:
    """Sort documents, at most CAP, by how well they match, then by kind and name; activities last, newest first."""
    activity = number("activity")
    known = _known_by_name(db, docs, variants)
    scored = [(TEXT, activity, "", -doc) for doc in docs if doc % SPREAD == activity]
    scored += [(level, doc % SPREAD, name, doc) for doc, (level, name) in known.items()]
    others = {doc: level for doc, level in docs.items() if doc % SPREAD != activity and doc not in known}
    scored += [(level, doc % SPREAD, names, doc) for doc, level, names in _scored(db, others, variants)]
    scored.sort()
    return [abs(last) for *_, last in scored]


def _known_by_name(db: sqlite3.Connection, docs: Collection[int], variants: Variants) -> dict[int, tuple[int, str]]:
    """Return those of ``docs`` whose level the index of names shows, with level and name.

    For one word it shows most of them; each of the others costs the read of a page at each key. A `FEW` cost less than
    the look into the index.
    """
    if len(variants) > 1 or len(docs) <= FEW:
        return {}
    word = variants[0][0]
    whole = _in_names(db, variants, whole=True)
    elsewhere = set(whole) if len(whole) < CAP else docs
    known: dict[int, tuple[int, str]] = {}
    for doc, name in _named(db, word).items():
        if name == word:
            known[doc] = (WHOLE, name)
        elif name.startswith(word + " "):
            known[doc] = (WORDS, name)
        elif doc not in elsewhere:
            known[doc] = (BEGINS, name)
    return {doc: known[doc] for doc in known.keys() & docs}


class _Asked(NamedTuple):
    """A query as it is looked for in names: the phrase, and each word with its other spellings.

    ``whole`` has them between spaces, ``begun`` after a space.
    """

    phrase: str
    whole: Variants
    begun: Variants

    @classmethod
    def of(cls, variants: Variants) -> Self:
        """Return the query of typed words."""
        asked = [[segment(word) for word in found] for found in variants]
        return cls(
            " ".join(found[0] for found in asked),
            [[f" {word} " for word in found] for found in asked],
            [[f" {word}" for word in found] for found in asked],
        )


def _scored(db: sqlite3.Connection, docs: dict[int, int], variants: Variants) -> Iterator[tuple[int, int, str]]:
    """Yield each document with its level and its names."""
    if not docs:
        return
    asked = _Asked.of(variants)
    sql = f"SELECT id, names FROM search_doc WHERE id IN ({_marks(docs)})"
    rows = db.execute(sql, sorted(docs)).fetchall()
    levels = {doc: min(_score(names, asked), docs[doc]) for doc, names in rows}
    levels |= _as_shown(db, [doc for doc in levels if levels[doc] == WORDS], asked)
    yield from ((doc, levels[doc], names) for doc, names in rows)


def _score(names: str, asked: _Asked) -> int:
    """Return the level of a document by its folded names, of which the shown one is first."""
    if names == asked.phrase:
        return WHOLE
    padded = f" {names} "
    if _has_all(padded, asked.whole):
        return WORDS
    if names.startswith(asked.phrase):
        return BEGINS
    if _has_all(padded, asked.begun):
        return PREFIX
    return PARTLY if any(word in padded for found in asked.begun for word in found) else TEXT


def _has_all(padded: str, asked: Variants) -> bool:
    """Does the text have each word, in one of its spellings? Written as loops: it runs 1,000 times at each key."""
    for found in asked:
        for word in found:
            if word in padded:
                break
        else:
            return False
    return True


def _as_shown(db: sqlite3.Connection, docs: list[int], asked: _Asked) -> dict[int, int]:
    """Return the levels of people whose shown name equals the query, or lacks some of its words."""
    people = [ref for kind, ref in map(record, docs) if kind == "contact"]
    levels: dict[int, int] = {}
    if not people:
        return levels
    for ref, key in db.execute(f"SELECT id, name_key FROM contact WHERE id IN ({_marks(people)})", people):
        shown = key if key.isascii() else segment(key)
        if shown == asked.phrase:
            levels[document("contact", ref)] = WHOLE
        elif not _has_all(f" {shown} ", asked.whole):
            levels[document("contact", ref)] = ALSO_NAMED
    return levels


def _marks(values: Collection[object]) -> str:
    return ",".join("?" * len(values))
