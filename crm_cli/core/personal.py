"""Which tables hold a person's data: what `crm disclose` shows and `crm erase` forgets, in one list.

A test derives from the schema that each table is either in `HELD`, with the way from a row to the person, or in
`IMPERSONAL`, with the reason why it holds nothing about a person. Texts of other records that name a person are found
in every text column of the schema (`queries/personal.py`), and need no list.
"""

from __future__ import annotations

from typing import NamedTuple

from crm_cli.core.kinds import ACTIVITY, DEAL, MERGE, PERSON

OWN, ACTIVITIES, DEALS, SERIES, TAGS, MERGES, DOCUMENTS, CHANGES = (
    "own", "activities", "deals", "series", "tags", "merges", "documents", "changes",
)  # fmt: skip
"""How a row is found: by the person's id, or that of one of their activities, deals, series, tags, merges (of records
into theirs), documents (of the search index) or changes."""


class Held(NamedTuple):
    """A table with a person's data; its rows about them are those whose ``column`` is one of the ids of ``through``."""

    table: str
    column: str
    through: str = OWN

    @property
    def is_derived(self) -> bool:
        """Is it made from other rows of the list (the search index, the journal), so that it holds nothing more?"""
        return self.through in {DOCUMENTS, CHANGES}


HELD = (
    Held(PERSON.table, "id"),
    *(Held(table, column) for table, column in PERSON.references),
    *(Held(table, PERSON.column) for table in ("rhythm", "pending_erasure")),
    Held("tag", "id", TAGS),
    Held(ACTIVITY.table, "id", ACTIVITIES),
    *(
        Held(table, ACTIVITY.column, ACTIVITIES)
        for table in (*ACTIVITY.owns, *ACTIVITY.links)
        if table not in PERSON.joins
    ),
    Held("series", "id", SERIES),
    Held(DEAL.table, "id", DEALS),
    *(Held(table, DEAL.column, DEALS) for table in (*DEAL.owns, *DEAL.links) if table not in PERSON.joins),
    *(Held(table, MERGE.column, MERGES) for table in MERGE.owns),
    Held("search_doc", "id", DOCUMENTS),
    Held("search_word", "doc", DOCUMENTS),
    Held("change", "id", CHANGES),
    Held("change_subject", "change_id", CHANGES),
    Held("change_row", "change_id", CHANGES),
    Held("import_run", "change_id", CHANGES),
)
"""The tables with personal data. A table is listed once for each way in which its rows belong to a person."""

IMPERSONAL = {
    "company": "an organisation; a person's employer is named in their employments",
    "company_custom": "of an organisation",
    "company_tag": "of an organisation",
    "custom_field": "the fields that the user has defined",
    "distinct_pair": "two numbers",
    "erasure": "salted hashes",
    "pipeline": "the user's pipelines",
    "stage": "the user's stages",
    "segment": "the user's saved queries; those that name a person are found as texts",
    "change_range": "numbers of rows",
    "row_sum": "checksums",
    "search_term": "words without their records; rebuilt by an erasure",
    "outbox": "messages to the user themselves, by number",
    "deliverer": "the user's machine",
    "told": "what the digest reported, by number",
}
"""table -> why it holds no personal data of its own."""
