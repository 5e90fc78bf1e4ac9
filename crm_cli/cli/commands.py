"""The one list of commands: help, completion, documentation and tests are made from it or held to it."""

from __future__ import annotations

from typing import NamedTuple


class Command(NamedTuple):
    """A command: the module of ``crm_cli.cli`` it lives in, its line in the help, and its section there.

    ``takes`` says what TAB offers for its arguments: ref, activity, tag, company, field, file, deal, stage,
    segment, verb, or nothing.
    ``parts`` are its sub-commands, for a noun.
    """

    name: str
    module: str
    summary: str
    section: str
    takes: str = ""
    parts: tuple[str, ...] = ()


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

COMMANDS = (
    Command("add", "contacts", "Add a person.", PEOPLE, "field"),
    Command("find", "search", "Search everything, best first; survives a typo.", PEOPLE),
    Command("list", "search", "List people by a query.", PEOPLE, "field"),
    Command("show", "contacts", "Show all you need before a call.", PEOPLE, "ref"),
    Command("edit", "contacts", "Change records, in words or in your editor.", PEOPLE, "ref"),
    Command("rm", "contacts", "Remove records; undo restores them.", PEOPLE, "ref"),
    Command("tag", "tags", "Tag people and companies, or take tags off; alone: list the tags.", PEOPLE, "ref"),
    Command("job", "jobs", "Move a person to another employer.", PEOPLE, "ref"),
    Command(
        "company",
        "companies",
        "Add, list, show, edit and remove companies.",
        PEOPLE,
        "company",
        ("add", "list", "show", "edit", "rm"),
    ),
    Command("field", "fields", "Add, list and remove fields of your own.", PEOPLE, "field", ("add", "list", "rm")),
    Command("segment", "segments", "Save, list and remove queries.", PEOPLE, "segment", ("save", "list", "rm")),
    Command(
        "deal",
        "deals",
        "Add, list, show, edit, move, win and lose deals; draw the board.",
        DEALS,
        "deal",
        ("add", "list", "show", "edit", "move", "win", "lose", "reopen", "board"),
    ),
    Command(
        "stage",
        "stages",
        "List, add, rename, move and archive the stages of the pipeline.",
        DEALS,
        "stage",
        ("list", "add", "rename", "move", "archive"),
    ),
    Command("log", "activities", "Log a call, meeting, email, message, letter or note.", DONE, "ref"),
    Command("called", "activities", "Log a call.", DONE, "ref"),
    Command("met", "activities", "Log a meeting.", DONE, "ref"),
    Command("wrote", "activities", "Log an email you sent.", DONE, "ref"),
    Command("note", "activities", "Write a note about a person or a company.", DONE, "ref"),
    Command("todo", "activities", "Plan what comes next.", DONE),
    Command("done", "activities", "Complete activities.", DONE, "activity"),
    Command("move", "activities", "Move activities to another time.", DONE, "activity"),
    Command("snooze", "activities", "Hide activities until later; the due time stays.", DONE, "activity"),
    Command("cancel", "activities", "Cancel activities.", DONE, "activity"),
    Command("tui", "tui", "Open the dashboard: today, people, pipeline. crm alone does, too.", DAY),
    Command("today", "agenda", "Show what is overdue, due and coming, and birthdays.", DAY),
    Command("agenda", "agenda", "List open activities, by a query.", DAY, "field"),
    Command("history", "agenda", "List what was done, by person, company, deal or query.", DAY, "ref"),
    Command("digest", "agenda", "Print the day's list for cron and mail; silent when nothing is due.", DAY),
    Command("import", "imports", "Import vCard, CSV or a book in JSON.", IN_OUT, "file"),
    Command("imports", "imports", "List what was imported before.", IN_OUT),
    Command("export", "exports", "Export people as CSV, vCard or JSON.", IN_OUT, "field"),
    Command("email", "addresses", "Look up email addresses, for neomutt and aerc.", IN_OUT),
    Command("phone", "addresses", "Look up phone numbers.", IN_OUT),
    Command("changes", "changes", "List changes, or what a change did.", BOOK, "ref"),
    Command("undo", "changes", "Undo a change.", BOOK),
    Command("redo", "changes", "Redo an undone change.", BOOK),
    Command("backup", "backups", "Back up the book; the copy is verified.", BOOK, "file"),
    Command("restore", "backups", "Restore the book from a backup.", BOOK, "file"),
    Command("check", "backups", "Check the book for damage.", BOOK),
    Command("init", "init", "Set region, time zone, currency and your name.", BOOK),
    Command(
        "config",
        "settings",
        "List, get, set and unset settings.",
        BOOK,
        "",
        ("list", "get", "set", "unset", "path"),
    ),
    Command("help", "help", "Show help for a command, a group or a topic.", BOOK, "verb"),
    Command("demo", "demo", "Make a sample book to try things on.", BOOK, "file"),
)

BY_NAME = {command.name: command for command in COMMANDS}
