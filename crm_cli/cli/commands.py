"""The one list of commands: help, completion, documentation and tests are made from it or held to it."""

from __future__ import annotations

from typing import NamedTuple


class Command(NamedTuple):
    """A command: the module of ``crm_cli.cli`` it lives in, its line in the help, the section it stands under.

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
    "What was done and what comes next",
    "The day",
    "In and out",
    "The book",
)

COMMANDS = (
    Command("add", "contacts", "Add a person.", PEOPLE, "field"),
    Command("find", "search", "Search everything, best first; survives a typo.", PEOPLE),
    Command("list", "search", "List people by a query.", PEOPLE, "field"),
    Command("show", "contacts", "All one needs before a call.", PEOPLE, "ref"),
    Command("edit", "contacts", "Change a person or a company, by words or in your editor.", PEOPLE, "ref"),
    Command("rm", "contacts", "Remove people, companies, activities or deals; undo brings them back.", PEOPLE, "ref"),
    Command("tag", "tags", "Tag people and companies, or take tags off; alone: list the tags.", PEOPLE, "ref"),
    Command("job", "jobs", "A person changes employer.", PEOPLE, "ref"),
    Command(
        "company",
        "companies",
        "Companies: add, list, show, edit, rm.",
        PEOPLE,
        "company",
        ("add", "list", "show", "edit", "rm"),
    ),
    Command("field", "fields", "Your own fields: add, list, rm.", PEOPLE, "field", ("add", "list", "rm")),
    Command("segment", "segments", "Saved queries: save, list, rm.", PEOPLE, "segment", ("save", "list", "rm")),
    Command(
        "deal",
        "deals",
        "Deals: add, list, show, edit, move, win, lose, reopen, board.",
        DEALS,
        "deal",
        ("add", "list", "show", "edit", "move", "win", "lose", "reopen", "board"),
    ),
    Command(
        "stage",
        "stages",
        "Stages of the pipeline: list, add, rename, move, archive.",
        DEALS,
        "stage",
        ("list", "add", "rename", "move", "archive"),
    ),
    Command("log", "activities", "Log something done with somebody.", DONE, "ref"),
    Command("called", "activities", "Log a call.", DONE, "ref"),
    Command("met", "activities", "Log a meeting.", DONE, "ref"),
    Command("wrote", "activities", "Log an e-mail you sent.", DONE, "ref"),
    Command("note", "activities", "Write a note about somebody.", DONE, "ref"),
    Command("todo", "activities", "Promise what comes next.", DONE),
    Command("done", "activities", "Complete an activity.", DONE, "activity"),
    Command("move", "activities", "Move an activity to another time.", DONE, "activity"),
    Command("snooze", "activities", "Hide it from today's list until later; the due time stays.", DONE, "activity"),
    Command("cancel", "activities", "Cancel an activity.", DONE, "activity"),
    Command("tui", "tui", "The dashboard: today, people, pipeline; crm alone opens it, too.", DAY),
    Command("today", "agenda", "What is overdue, due and coming, deals that want attention, birthdays.", DAY),
    Command("agenda", "agenda", "What is to be done, by a query.", DAY, "field"),
    Command("history", "agenda", "What was done, with somebody or by a query.", DAY, "ref"),
    Command("digest", "agenda", "The day's list for cron and mail; silent when nothing is due.", DAY),
    Command("import", "imports", "Bring in vCard, CSV or a book in JSON.", IN_OUT, "file"),
    Command("imports", "imports", "What was imported before.", IN_OUT),
    Command("export", "exports", "Write people as CSV, vCard or JSON.", IN_OUT, "field"),
    Command("email", "lookups", "Look up e-mail addresses (neomutt, aerc).", IN_OUT),
    Command("phone", "lookups", "Look up phone numbers.", IN_OUT),
    Command("changes", "changes", "What was changed, and by which change.", BOOK, "ref"),
    Command("undo", "changes", "Take a change back.", BOOK),
    Command("redo", "changes", "Bring an undone change again.", BOOK),
    Command("backup", "backups", "Copy the book to a safe place, verified.", BOOK, "file"),
    Command("restore", "backups", "Put a backup in the book's place.", BOOK, "file"),
    Command("check", "backups", "Check the book for damage.", BOOK),
    Command("init", "init", "Settle region, time zone, currency and who you are.", BOOK),
    Command(
        "config",
        "settings",
        "Settings: list, get, set, unset, path.",
        BOOK,
        "",
        ("list", "get", "set", "unset", "path"),
    ),
    Command("help", "helping", "Show help for a command, also by its name in other programs.", BOOK, "verb"),
    Command("demo", "demo", "Make a book to play with and show its day.", BOOK, "file"),
)

BY_NAME = {command.name: command for command in COMMANDS}
