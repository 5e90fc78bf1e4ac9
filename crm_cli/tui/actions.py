"""The table of the dashboard's actions, from which keys, footers, help, palette, guide and tests are generated."""

from __future__ import annotations

from typing import NamedTuple


class Action(NamedTuple):
    """An action of the dashboard: the method that does it is ``do_`` + ``id``; ``keys`` are Textual's names of keys.

    ``label`` is shown in the footer (``""``: only in the help), ``means`` in help and palette. ``twin`` is the
    equivalent command line. ``where`` is a key of `PLACES`. An action that ``writes`` is refused in a read-only book.
    """

    id: str
    keys: str
    label: str
    means: str
    twin: str
    where: str
    writes: bool = False


EVERYWHERE, TODAY, PEOPLE, COMPANIES, PIPELINE = "everywhere", "today", "people", "companies", "pipeline"
PLACES = {TODAY: "Today", PEOPLE: "People", COMPANIES: "Companies", PIPELINE: "Pipeline", EVERYWHERE: "Everywhere"}
"""place -> its displayed name; the screens come in the order of their tabs."""

ACTIONS = (
    Action("open", "enter,o", "open", "Go to the person or the deal", "crm show", TODAY),
    Action("done", "d", "done", "Mark as done, with outcome and next step", "crm done", TODAY, writes=True),
    Action("move", "m", "move", "Move to another time", "crm move", TODAY, writes=True),
    Action("snooze", "s", "snooze", "Hide until later", "crm snooze", TODAY, writes=True),
    Action("log", "l", "log", "Log a call, a meeting or a message", "crm log", TODAY, writes=True),
    Action("todo", "p", "todo", "Plan something to do", "crm todo", TODAY, writes=True),
    Action("cancel", "x", "cancel", "Cancel an activity; it stays in the book", "crm cancel", TODAY, writes=True),
    Action("search", "slash", "search", "Search people", "crm find", TODAY),
    Action("add", "c", "", "Add a person", "crm add", TODAY, writes=True),
    Action("copy", "y", "", "Copy the line", "crm today", TODAY),
    Action("search", "slash", "search", "Search: words, a phone or a query", "crm find", PEOPLE),
    Action("open", "enter,o", "open", "Read the whole card", "crm show", PEOPLE),
    Action("log", "l", "log", "Log a call, a meeting or a message", "crm log", PEOPLE, writes=True),
    Action("todo", "p", "todo", "Plan something to do", "crm todo", PEOPLE, writes=True),
    Action("tag", "t", "tag", "Add or remove tags", "crm tag", PEOPLE, writes=True),
    Action("relate", "R", "", "Record or remove a relationship", "crm relate", PEOPLE, writes=True),
    Action("edit", "e", "edit", "Change the person", "crm edit", PEOPLE, writes=True),
    Action("add", "c", "add", "Add a person", "crm add", PEOPLE, writes=True),
    Action("note", "i", "", "Write a note in your editor", "crm note", PEOPLE, writes=True),
    Action("edit_card", "E", "", "Change the whole card in your editor", "crm edit", PEOPLE, writes=True),
    Action("remove", "D,delete", "", "Remove (undo restores)", "crm rm", PEOPLE, writes=True),
    Action("select", "space", "", "Toggle selection (shift+arrow: a range)", "crm list", PEOPLE),
    Action("select_all", "a", "", "Select all that are listed", "crm list", PEOPLE),
    Action("leave", "escape", "", "Back: clear the selection, then the search", "crm list", PEOPLE),
    Action("sort", "S", "", "Sort by the next column", "crm list", PEOPLE),
    Action("reverse", "r", "", "Reverse the order", "crm list", PEOPLE),
    Action("copy", "y", "", "Copy the e-mail address, or the name", "crm email", PEOPLE),
    Action("copy_phone", "Y", "", "Copy the phone number", "crm phone", PEOPLE),
    Action("search", "slash", "search", "Search companies: words, a phone or a query", "crm company list", COMPANIES),
    Action("open", "enter,o", "people", "List the people of the company", "crm list", COMPANIES),
    Action("log", "l", "log", "Log a call, a meeting or a message", "crm log", COMPANIES, writes=True),
    Action("todo", "p", "todo", "Plan something to do", "crm todo", COMPANIES, writes=True),
    Action("tag", "t", "tag", "Add or remove tags", "crm tag", COMPANIES, writes=True),
    Action("edit", "e", "edit", "Change the company", "crm company edit", COMPANIES, writes=True),
    Action("add", "c", "add", "Add a company", "crm company add", COMPANIES, writes=True),
    Action("sort", "S", "sort", "Sort by the next column", "crm company list", COMPANIES),
    Action("reverse", "r", "", "Reverse the order", "crm company list", COMPANIES),
    Action("note", "i", "", "Write a note in your editor", "crm note", COMPANIES, writes=True),
    Action("edit_card", "E", "", "Change the whole card in your editor", "crm company edit", COMPANIES, writes=True),
    Action("remove", "D,delete", "", "Remove (undo restores)", "crm company rm", COMPANIES, writes=True),
    Action("select", "space", "", "Toggle selection (shift+arrow: a range)", "crm company list", COMPANIES),
    Action("select_all", "a", "", "Select all that are listed", "crm company list", COMPANIES),
    Action("leave", "escape", "", "Back: clear the selection, then the search", "crm company list", COMPANIES),
    Action("copy", "y", "", "Copy the e-mail address, or the name", "crm company show", COMPANIES),
    Action("copy_phone", "Y", "", "Copy the phone number", "crm company show", COMPANIES),
    Action("open", "enter,o", "open", "Read the deal", "crm deal show", PIPELINE),
    Action("move", "m", "move", "Move the deal to another stage", "crm deal move", PIPELINE, writes=True),
    Action(
        "further",
        "greater_than_sign",
        "next",
        "Move the deal one stage on",
        "crm deal move",
        PIPELINE,
        writes=True,
    ),
    Action("back", "less_than_sign", "", "Move the deal one stage back", "crm deal move", PIPELINE, writes=True),
    Action("win", "w", "win", "Win the deal: say why", "crm deal win", PIPELINE, writes=True),
    Action("lose", "x", "lose", "Lose the deal: say why", "crm deal lose", PIPELINE, writes=True),
    Action("closed", "W", "won/lost", "Show or hide won and lost deals", "crm deal list", PIPELINE),
    Action("copy", "y", "", "Copy the title of the deal", "crm deal show", PIPELINE),
    Action("reopen", "O", "", "Reopen a won or lost deal", "crm deal reopen", PIPELINE, writes=True),
    Action("add", "c", "add", "Add a deal", "crm deal add", PIPELINE, writes=True),
    Action("edit", "e", "edit", "Change the deal", "crm deal edit", PIPELINE, writes=True),
    Action("log", "l", "log", "Log a call, a meeting or a message", "crm log", PIPELINE, writes=True),
    Action("todo", "p", "todo", "Plan the next step of the deal", "crm todo", PIPELINE, writes=True),
    Action("search", "slash", "", "Search people", "crm find", PIPELINE),
    Action("card", "v", "", "Show or hide the card beside the list", "crm show", EVERYWHERE),
    Action("today", "1", "", "Go to Today: what is to be done", "crm today", EVERYWHERE),
    Action("people", "2", "", "Go to People", "crm list", EVERYWHERE),
    Action("companies", "f2", "", "Go to Companies, or back to People", "crm company list", EVERYWHERE),
    Action("pipeline", "3", "", "Go to the Pipeline: deals by stage", "crm deal board", EVERYWHERE),
    Action("undo", "u", "undo", "Undo the last change, also of other programs", "crm undo", EVERYWHERE, writes=True),
    Action("redo", "ctrl+r", "", "Redo the change that was last undone", "crm redo", EVERYWHERE, writes=True),
    Action("import", "I", "", "Import a file: vCard, CSV or JSON", "crm import", EVERYWHERE, writes=True),
    Action("demo", "X", "", "Fill an empty book with examples", "crm demo", EVERYWHERE, writes=True),
    Action("theme", "T", "", "Switch the theme: dark, light, no colours", "crm config set theme", EVERYWHERE),
    Action("palette", "ctrl+p", "", "Find an action or a record by name", "crm find", EVERYWHERE),
    Action("keys", "question_mark", "help", "Show all keys of this screen", "crm --help", EVERYWHERE),
    Action("redraw", "ctrl+l", "", "Draw the screen again", "crm tui", EVERYWHERE),
    Action("quit", "q", "quit", "Quit", "", EVERYWHERE),
)

ADD_PERSON = next(one for one in ACTIONS if (one.where, one.id) == (PEOPLE, "add"))

MOVES = (
    ("j,down", "down", "Next line"),
    ("k,up", "up", "Previous line"),
    ("n", "down", "Next hit"),
    ("N", "up", "Previous hit"),
    ("ctrl+d,pagedown", "page_down", "A page down"),
    ("ctrl+u,pageup", "page_up", "A page up"),
    ("g,home", "first", "First line"),
    ("G,end", "last", "Last line"),
)
"""Keys that only move within a list: keys, the list's action, what it does. Tab moves from pane to pane."""

SIDEWAYS = (
    ("H,left", -1, "The stage before"),
    ("L,right", 1, "The next stage"),
)
"""Keys that move from stage to stage of the pipeline (``l`` is for logging): keys, steps, what it does."""

SHOWN = {
    "slash": "/", "greater_than_sign": ">", "less_than_sign": "<",
    "f2": "F2", "question_mark": "?", "escape": "esc", "space": "space", "enter": "⏎", "delete": "del",
    "ctrl+l": "^l", "ctrl+n": "^n", "ctrl+p": "^p", "ctrl+r": "^r", "ctrl+t": "^t", "ctrl+d": "^d", "ctrl+u": "^u",
    "pagedown": "PgDn", "pageup": "PgUp", "down": "↓", "up": "↑", "left": "←", "right": "→",
}  # fmt: skip
"""Textual's name of a key -> how it is displayed, if that differs."""


def of(where: str) -> list[Action]:
    """Return the actions of a place."""
    return [action for action in ACTIONS if action.where == where]


def find(where: str, name: str) -> Action | None:
    """Return the action ``name`` of a place, or the one that is available everywhere."""
    return next((one for one in (*of(where), *of(EVERYWHERE)) if one.id == name), None)


def key_words(keys: str) -> list[str]:
    """Return the keys as they are displayed."""
    return [SHOWN.get(key, key) for key in keys.split(",")]
