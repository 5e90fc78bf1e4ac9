"""The arguments of each verb, for completion. Plain data: importing the tables of fields would take too long.

Tests compare it with `crm_cli.core.fields` and the commands' own options.
"""

from __future__ import annotations

from crm_cli.commands import ACTIVITY, COMMANDS, FILE, QUERY, REF
from crm_cli.core.query.field_table import TABLE
from crm_cli.core.sections import SECTIONS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

Takes = tuple[str, ...]

VERBS: dict[str, Takes] = {command.name: command.takes for command in COMMANDS}
"""verb -> the kinds of its first argument."""

FURTHER: dict[str, Takes] = {
    **{command.name: command.further for command in COMMANDS if command.further},
    "company edit": ("field", "tag"), "company add": ("field", "tag"), "company list": QUERY,
    "config get": ("setting",), "config set": ("setting",), "config unset": ("setting",), "field add": (),
    "deal add": ("deal-field",), "deal list": ("deal-query", "tag", "segment"), "deal edit": ("deal-field",),
    "deal board": ("deal-query", "tag", "segment"), "deal move": ("stage",), "stage list": (), "stage add": (),
    "stage rename": (), "stage move": ("place", "stage"), "segment save": QUERY, "segment list": (), "segment rm": (),
    "schedule digest": (), "schedule remind": (), "schedule list": (),
}  # fmt: skip
"""verb, or noun and subcommand -> the kinds of the arguments after the first, if they differ."""

EDITED: dict[str, Takes] = {"a": ("activity-field",), "d": ("deal-field",)}
"""first letter of the id being edited -> what can be assigned."""

PARTS: dict[str, Takes] = {command.name: command.parts for command in COMMANDS if command.parts}
"""noun -> its sub-commands."""

WORDS: dict[str, Takes] = {command.name: command.words for command in COMMANDS if command.words}
"""verb -> fixed words after the first argument."""

FLAGS = frozenset(
    {
        "-q", "--quiet", "--json", "--dry-run", "-n", "--yes", "-y", "--in", "--out", "--count", "--no-header",
        "-e", "--edit", "--debug", "--owe", "--await", "--help", "-h", "--all", "-a", "--apply", "--back",
        "--accept", "--csv-raw", "--ok-rejects", "--read-only", "--repair", "--salvage", "--version", "--list",
        "--systemd", "--remove", "--overwrite", "--bom", "--add", "--known", "--whole", "--explain", "--redact",
        "--backups", "--review",
    }
)  # fmt: skip
"""Options that take no value."""

VALUES: dict[str, Takes] = {
    "--with": REF, "-w": REF, "--closes": ACTIVITY, "--tag": ("tag-name",), "--book": FILE, "--deal": ("deal",),
    "--before": ("stage",), "--every": ("rule",), "--only": ("section",), "--test": ("route",),
    "--for": ("product",), "--kind": ("dupes-kind",),
    "--since": ("since",),
}  # fmt: skip
"""Options whose values are completed here."""

LISTS = frozenset({"--only"})
"""Options whose values are comma-separated lists."""

KINDS = ("call", "meeting", "email", "message", "letter", "note", "task")
RULES = (
    "daily", "weekday", "weekly", "fortnightly", "monthly", "quarterly", "yearly", "monday", "tuesday", "wednesday",
    "thursday", "friday", "saturday", "sunday",
)  # fmt: skip
SETTINGS = (
    "region", "zone", "currency", "name", "email", "editor", "theme", "remind_routes", "quiet_hours", "working_days",
    "notify_command", "mail_to", "mail_from", "smtp_host", "smtp_port", "smtp_security", "smtp_trust_file", "smtp_user",
    "smtp_password_command", "smtp_password_env", "sendmail", "delivery_timeout",
)  # fmt: skip

PRODUCTS = (
    "apple", "google", "hubspot", "khard", "outlook", "pipedrive", "salesforce", "thunderbird", "zoho",
)  # fmt: skip
ROUTES = ("print", "desktop", "mail", "command")

FIELDS = (
    "name", "prefix", "given", "additional", "family", "suffix", "nickname", "company", "title", "department", "email",
    "phone", "url", "social", "im", "street", "city", "region", "code", "country", "birthday", "anniversary", "status",
    "source", "zone", "language", "notes", "tag",
)  # fmt: skip
QUERY_FIELDS = tuple(row[0] for row in TABLE)
DEAL_FIELDS = ("title", "amount", "stage", "probability", "close", "company", "with", "source", "notes")
ACTIVITY_FIELDS = (
    "text", "kind", "when", "due", "every", "remind", "outcome", "minutes", "direction", "priority", "promise", "with",
    "company", "deal",
)  # fmt: skip
DEAL_QUERY_FIELDS = (
    *(name.removeprefix("deal.") for name in QUERY_FIELDS if name.startswith("deal.")),
    *(name for name in QUERY_FIELDS if not name.startswith("deal")),
)

# Two spellings of each, so that a shell never takes a single candidate as complete and adds a space.
_ENDS = {
    "field": (FIELDS, ("=", "+=")), "query": (QUERY_FIELDS, (":", ":=")), "deal-field": (DEAL_FIELDS, ("=", "+=")),
    "activity-field": (ACTIVITY_FIELDS, ("=", "+=")), "deal-query": (DEAL_QUERY_FIELDS, (":", ":=")),
}  # fmt: skip
# Skipped, because the book's tags are offered along with ``tag:``.
_VALUED = frozenset({"tag:="})
HELP_PAGES = ("people", "deals", "activities", "day", "files", "book", "queries", "dates", "exit-codes")
"""Groups of commands and topics, for ``crm help``."""
_PLAIN = {
    "kind": KINDS,
    "rule": RULES,
    "setting": SETTINGS,
    "section": SECTIONS,
    "route": ROUTES,
    "product": PRODUCTS,
    "dupes-kind": ("person", "company"),
    "since": ("last", "yesterday"),
    "place": ("first", "last", "before", "after"),
    "verb": (*VERBS, *HELP_PAGES),
}
_OF_VERB = {"part": PARTS, "word": WORDS}


AT_ONCE = frozenset(
    {
        "company list", "config get", "config set", "config unset", "field add", "deal list", "deal board",
        "stage list", "stage add", "segment list", "schedule digest", "schedule remind", "schedule list",
    }
)  # fmt: skip
"""Entries of ``FURTHER`` whose first argument has the same kinds as the others."""
NAMING = frozenset({"company add", "deal add", "segment save"})
"""Verbs whose first argument is a new name."""


def verbs() -> Iterator[tuple[str, str]]:
    """Yield every verb."""
    return ((name, "") for name in VERBS)


def takes(places: list[str]) -> Takes:
    """Return the kinds of argument that can follow the words ``places``, of which the first is the verb."""
    verb, rest = places[0], places[1:]
    if verb in PARTS:
        return _takes_of_part(verb, rest) if rest else ("part",)
    first = VERBS.get(verb, ())
    if not rest:
        return first
    edited = _edited(rest[0]) if verb == "edit" else ()
    return edited or FURTHER.get(verb, first)


def _takes_of_part(noun: str, rest: list[str]) -> Takes:
    """Return the kinds of argument that can follow a noun and its subcommand, the first word of ``rest``."""
    key, first = f"{noun} {rest[0]}", VERBS[noun]
    if len(rest) > 1 or key in AT_ONCE:
        return FURTHER.get(key, first)
    return () if key in NAMING else first


def _edited(ref: str) -> Takes:
    """Return what can be assigned to the record with this printed id, if its kind has fields of its own."""
    return EDITED.get(ref[:1], ()) if ref[1:].isdigit() else ()


def words_of(kinds: Takes, places: list[str]) -> Iterator[tuple[str, str]]:
    """Yield the fixed words, which do not depend on the book, for these kinds of argument."""
    for kind in kinds:
        if kind in _ENDS:
            names, ends = _ENDS[kind]
            yield from ((name + end, "") for name in names for end in ends if name + end not in _VALUED)
        fixed = _OF_VERB[kind].get(places[0], ()) if kind in _OF_VERB else _PLAIN.get(kind, ())
        yield from ((word, "") for word in fixed)
