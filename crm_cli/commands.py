"""The one list of commands: help, completion, documentation and tests are made from it or held to it."""

from __future__ import annotations

from crm_cli.core.consent import WORDS as CHANNELS
from crm_cli.core.relationships import KINDS


class Command:
    """A command: the module of ``crm_cli.cli`` it lives in, its line in the help, and its section there.

    ``takes``    the kinds of its first argument, for completion: ref, activity, tag, company, query, file, …
    ``further``  the kinds of the arguments after the first, if they differ
    ``words``    what completion offers for the kind "word"
    ``parts``    its sub-commands, for a noun

    An ordinary class, because completion looks commands up before `typing` is imported.
    """

    def __init__(
        self,
        name: str,
        module: str,
        summary: str,
        section: str,
        takes: tuple[str, ...] = (),
        *,
        further: tuple[str, ...] = (),
        words: tuple[str, ...] = (),
        parts: tuple[str, ...] = (),
    ) -> None:
        self.name, self.module, self.summary, self.section = name, module, summary, section
        self.takes, self.further, self.words, self.parts = takes, further, words, parts


PEOPLE, DEALS, DONE, DAY, IN_OUT, BOOK = (
    "People and companies",
    "Deals",
    "Activities",
    "The day",
    "Import and export",
    "The book and its settings",
)
GROUPS = {"people": PEOPLE, "deals": DEALS, "activities": DONE, "day": DAY, "files": IN_OUT, "book": BOOK}
"""What ``crm help GROUP`` calls a section of the help."""

EVERYDAY = ("add", "find", "list", "show", "edit", "called", "todo", "done", "today", "deal", "import", "undo")
"""The commands on the first screen of the help; the others are listed by group."""

REF, ACTIVITY, FILE, QUERY = ("ref",), ("activity",), ("file",), ("query", "tag", "segment")
"""Kinds of arguments that several commands take."""

COMMANDS = (
    Command("add", "contacts", "Add a person.", PEOPLE, ("field", "tag")),
    Command("find", "search", "Search everything, best match first; one typo is fine.", PEOPLE, REF),
    Command("list", "search", "List people who match a query.", PEOPLE, QUERY),
    Command("show", "contacts", "Show everything you need before a call.", PEOPLE, REF),
    Command(
        "edit", "contacts", "Edit records, with field=value or in your editor.", PEOPLE, REF, further=("field", "tag")
    ),
    Command("rm", "contacts", "Remove records; undo restores them.", PEOPLE, REF),
    Command("dupes", "duplicates", "Find people and companies that are in the book twice.", PEOPLE, QUERY),
    Command("tag", "tags", "Add or remove tags; without arguments, list the tags.", PEOPLE, ("ref", "tag")),
    Command(
        "relate",
        "relationships",
        "Record a relationship: spouse, manager, referred-by and others.",
        PEOPLE,
        REF,
        further=("word", "ref"),
        words=KINDS,
    ),
    Command("unrelate", "relationships", "Remove a relationship.", PEOPLE, REF, further=("word", "ref"), words=KINDS),
    Command("stop", "consents", "Do not call or mail a person.", PEOPLE, REF, further=("word",), words=CHANNELS),
    Command("allow", "consents", "A person may be called or mailed.", PEOPLE, REF, further=("word",), words=CHANNELS),
    Command("merge", "merges", "Merge people or companies that are the same.", PEOPLE, REF),
    Command("unmerge", "merges", "Take a merge apart.", PEOPLE, REF),
    Command("photo", "photos", "Write, set or remove the photo of a person or the logo of a company.", PEOPLE, REF),
    Command("job", "jobs", "Move a person to another employer.", PEOPLE, REF, further=("company", "field")),
    Command(
        "company",
        "companies",
        "Add, list, show, edit and remove companies.",
        PEOPLE,
        ("company",),
        parts=("add", "list", "show", "edit", "rm"),
    ),
    Command(
        "field",
        "fields",
        "Add, list, change and remove custom fields.",
        PEOPLE,
        ("own-field",),
        parts=("add", "edit", "list", "rm"),
    ),
    Command(
        "segment", "segments", "Save, list and remove queries.", PEOPLE, ("segment-name",), parts=("save", "list", "rm")
    ),
    Command(
        "deal",
        "deals",
        "Add, list, show, edit, move, win and lose deals; draw the board.",
        DEALS,
        ("deal",),
        parts=("add", "list", "show", "edit", "move", "win", "lose", "reopen", "board"),
    ),
    Command(
        "stage",
        "stages",
        "List, add, rename, move and archive the stages of the pipeline.",
        DEALS,
        ("stage",),
        parts=("list", "add", "rename", "move", "archive"),
    ),
    Command(
        "cadence",
        "cadences",
        "Say how often to keep in touch; list who is due.",
        DAY,
        ("ref", "tag-term"),
        parts=("set", "list", "pause", "resume", "rm", "spread", "suggest"),
    ),
    Command("log", "activities", "Log a call, meeting, email, message, letter or note.", DONE, ("kind",), further=REF),
    Command("called", "activities", "Log a call.", DONE, REF),
    Command("met", "activities", "Log a meeting.", DONE, REF),
    Command("wrote", "activities", "Log an email you sent.", DONE, REF),
    Command("note", "activities", "Write a note about a person or a company.", DONE, REF),
    Command("todo", "plans", "Plan what comes next.", DONE),
    Command("done", "plans", "Complete activities.", DONE, ACTIVITY),
    Command("move", "plans", "Move activities to another time.", DONE, ACTIVITY),
    Command("skip", "plans", "Skip one of an activity that repeats.", DONE, ACTIVITY),
    Command("snooze", "plans", "Hide activities until later; the due time stays.", DONE, ACTIVITY),
    Command("cancel", "plans", "Cancel activities.", DONE, ACTIVITY),
    Command("tui", "tui", "Open the dashboard: today, people, pipeline (same as crm alone).", DAY),
    Command("today", "agenda", "Show what is overdue, due today and coming up, and birthdays.", DAY),
    Command("agenda", "agenda", "List open activities, all or those that match a query.", DAY, QUERY),
    Command("history", "agenda", "List what was done, by person, company, deal or query.", DAY, ("ref", *QUERY)),
    Command("digest", "digest", "Print the day's list for cron and mail; silent when nothing is due.", DAY),
    Command("remind", "remind", "Deliver the reminders that have come due, once each; for cron.", DAY),
    Command(
        "schedule",
        "schedule",
        "Let cron or systemd run the digest and the reminders.",
        DAY,
        ("word",),
        words=("digest", "remind"),
        parts=("digest", "remind", "list", "remove"),
    ),
    Command("import", "imports", "Import vCard, CSV or a book exported as JSON.", IN_OUT, FILE),
    Command("imports", "imports", "List what was imported before.", IN_OUT),
    Command("export", "exports", "Export people as CSV, vCard or JSON.", IN_OUT, QUERY),
    Command("capture", "capture", "Record mail in the history.", IN_OUT, ("file", "tag")),
    Command("email", "addresses", "Look up email addresses, for neomutt and aerc.", IN_OUT, REF),
    Command("phone", "addresses", "Look up phone numbers.", IN_OUT, REF),
    Command("changes", "changes", "List changes, or what a change did.", BOOK, REF),
    Command("quality", "quality", "Count the records that need care, and say how to mend them.", PEOPLE),
    Command("disclose", "disclose", "Write all that is known about a person to a folder.", BOOK, REF),
    Command("erase", "erase", "Forget people for ever; undo cannot restore them.", BOOK, REF),
    Command("undo", "changes", "Undo a change.", BOOK),
    Command("redo", "changes", "Redo an undone change.", BOOK),
    Command("backup", "backups", "Back up the book; the copy is verified.", BOOK, FILE),
    Command("restore", "backups", "Restore the book from a backup.", BOOK, FILE),
    Command("check", "backups", "Check the book for damage.", BOOK),
    Command("init", "init", "Set region, time zone, currency and your name.", BOOK),
    Command(
        "config", "settings", "List, get, set and unset settings.", BOOK, parts=("list", "get", "set", "unset", "path")
    ),
    Command("help", "help", "Show help for a command, a group or a topic.", BOOK, ("verb",)),
    Command("demo", "demo", "Make a sample book to try things out.", BOOK, FILE),
)

BY_NAME = {command.name: command for command in COMMANDS}
