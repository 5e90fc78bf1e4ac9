"""The table of the dashboard's actions, from which keys, footers, help, palette, guide and tests are generated."""

from __future__ import annotations

from typing import NamedTuple


class Action(NamedTuple):
    """An action of the dashboard: the method that does it is ``do_`` + ``id``; ``keys`` are Textual's names of keys.

    ``label`` is shown in the footer (``""``: only in the help), ``means`` in help and palette; the more important
    actions of a place come first, as a footer shows as many as fit. ``twin`` is the equivalent command line. ``where``
    is a key of `PLACES` or `ZONES`. An action that ``writes`` is refused in a read-only book.
    """

    id: str
    keys: str
    label: str
    means: str
    twin: str
    where: str
    writes: bool = False


EVERYWHERE, TODAY, PEOPLE, COMPANIES, PIPELINE = "everywhere", "today", "people", "companies", "pipeline"
READ, HISTORY, DUPLICATES = "read", "history", "duplicates"
SCREENS = {TODAY: "Today", PEOPLE: "People", COMPANIES: "Companies", PIPELINE: "Pipeline"}
PLACES = {**SCREENS, HISTORY: "A history", DUPLICATES: "Duplicates", READ: "An activity", EVERYWHERE: "Everywhere"}
"""place -> its displayed name; the screens come in the order of their tabs."""
CARD, FIELD, LANES = "card", "field", "lanes"
ZONES = {LANES: "The stages", CARD: "A card", FIELD: "A search field"}
"""A part of a screen with keys of its own while it has the focus -> its displayed name."""
NAMES = {**PLACES, **ZONES}
ALWAYS = ("undo", "keys", "quit")
"""The actions that every footer shows, at its end."""

ACTIONS = (
    Action("open", "enter,o", "open", "Go to the person or the deal", "crm show", TODAY),
    Action("done", "d", "done", "Mark the activity as done", "crm done", TODAY, writes=True),
    Action("move", "m", "move", "Move the activity to another time", "crm move", TODAY, writes=True),
    Action("snooze", "s", "snooze", "Hide the activity until later", "crm snooze", TODAY, writes=True),
    Action("log", "l", "log", "Log a call, a meeting or a message", "crm log", TODAY, writes=True),
    Action("todo", "p", "todo", "Plan something to do", "crm todo", TODAY, writes=True),
    Action("cancel", "x", "cancel", "Cancel an activity; it stays in the book", "crm cancel", TODAY, writes=True),
    Action("skip", "S", "skip", "Skip this one of an activity that repeats", "crm skip", TODAY, writes=True),
    Action("search", "slash", "search", "Search people", "crm find", TODAY),
    Action("card", "v", "card", "Show or hide the card beside the list", "crm show", TODAY),
    Action("history", "h", "history", "Search, change and remove activities", "crm history", TODAY),
    Action("leave", "escape", "", "Back from the card to the list", "crm today", TODAY),
    Action("add", "c", "add", "Add a person", "crm add", TODAY, writes=True),
    Action("copy", "y", "copy", "Copy the line", "crm today", TODAY),
    Action("search", "slash", "search", "Search: words, a phone or a query", "crm find", PEOPLE),
    Action("open", "enter,o", "open", "Read the whole card", "crm show", PEOPLE),
    Action("log", "l", "log", "Log a call, a meeting or a message", "crm log", PEOPLE, writes=True),
    Action("todo", "p", "todo", "Plan something to do", "crm todo", PEOPLE, writes=True),
    Action("tag", "t", "tag", "Add or remove tags", "crm tag", PEOPLE, writes=True),
    Action("relate", "R", "relate", "Record or remove a relationship", "crm relate", PEOPLE, writes=True),
    Action("edit", "e", "edit", "Change the person", "crm edit", PEOPLE, writes=True),
    Action("add", "c", "add", "Add a person", "crm add", PEOPLE, writes=True),
    Action("note", "i", "note", "Write a note in your editor", "crm note", PEOPLE, writes=True),
    Action("edit_card", "E", "edit all", "Change the whole card in your editor", "crm edit", PEOPLE, writes=True),
    Action("remove", "D,delete", "remove", "Remove people (undo restores)", "crm rm", PEOPLE, writes=True),
    Action("select", "space", "select", "Toggle selection (shift+arrow: a range)", "crm list", PEOPLE),
    Action("select_all", "a", "all", "Select all that are listed", "crm list", PEOPLE),
    Action("leave", "escape", "", "Back: clear the selection, then the search", "crm list", PEOPLE),
    Action("card", "v", "card", "Show or hide the card beside the list", "crm show", PEOPLE),
    Action("history", "h", "history", "Search, change and remove activities", "crm history", PEOPLE),
    Action("sort", "S", "sort", "Sort by the next column", "crm list", PEOPLE),
    Action("reverse", "r", "reverse", "Reverse the order", "crm list", PEOPLE),
    Action("copy", "y", "copy", "Copy the e-mail address, or the name", "crm email", PEOPLE),
    Action("copy_phone", "Y", "copy phone", "Copy the phone number", "crm phone", PEOPLE),
    Action("merge", "M", "merge", "Merge the selected people into one", "crm merge", PEOPLE, writes=True),
    Action("unmerge", "U", "unmerge", "Take the last merge into the person apart", "crm unmerge", PEOPLE, writes=True),
    Action("duplicates", "equals_sign", "duplicates", "List likely duplicates", "crm dupes", PEOPLE),
    Action("search", "slash", "search", "Search companies: words, a phone or a query", "crm company list", COMPANIES),
    Action("open", "enter,o", "people", "List the people of the company", "crm list", COMPANIES),
    Action("log", "l", "log", "Log a call, a meeting or a message", "crm log", COMPANIES, writes=True),
    Action("todo", "p", "todo", "Plan something to do", "crm todo", COMPANIES, writes=True),
    Action("tag", "t", "tag", "Add or remove tags", "crm tag", COMPANIES, writes=True),
    Action("edit", "e", "edit", "Change the company", "crm company edit", COMPANIES, writes=True),
    Action("add", "c", "add", "Add a company", "crm company add", COMPANIES, writes=True),
    Action("sort", "S", "sort", "Sort by the next column", "crm company list", COMPANIES),
    Action("reverse", "r", "reverse", "Reverse the order", "crm company list", COMPANIES),
    Action("note", "i", "note", "Write a note in your editor", "crm note", COMPANIES, writes=True),
    Action(
        "edit_card", "E", "edit all", "Change the whole card in your editor", "crm company edit", COMPANIES, writes=True
    ),
    Action(
        "remove",
        "D,delete",
        "remove",
        "Remove companies (undo restores)",
        "crm company rm",
        COMPANIES,
        writes=True,
    ),
    Action("select", "space", "select", "Toggle selection (shift+arrow: a range)", "crm company list", COMPANIES),
    Action("select_all", "a", "all", "Select all that are listed", "crm company list", COMPANIES),
    Action("leave", "escape", "", "Back: clear the selection, then the search", "crm company list", COMPANIES),
    Action("card", "v", "card", "Show or hide the card beside the list", "crm company show", COMPANIES),
    Action("history", "h", "history", "Search, change and remove activities", "crm history", COMPANIES),
    Action("copy", "y", "copy", "Copy the e-mail address, or the name", "crm company show", COMPANIES),
    Action("copy_phone", "Y", "copy phone", "Copy the phone number", "crm company show", COMPANIES),
    Action("merge", "M", "merge", "Merge the selected companies into one", "crm merge", COMPANIES, writes=True),
    Action("unmerge", "U", "unmerge", "Take the last merge into it apart", "crm unmerge", COMPANIES, writes=True),
    Action("duplicates", "equals_sign", "duplicates", "List likely duplicates", "crm dupes", COMPANIES),
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
    Action("back", "less_than_sign", "earlier", "Move the deal one stage back", "crm deal move", PIPELINE, writes=True),
    Action("win", "w", "win", "Win the deal: say why", "crm deal win", PIPELINE, writes=True),
    Action("lose", "x", "lose", "Lose the deal: say why", "crm deal lose", PIPELINE, writes=True),
    Action("closed", "W", "won/lost", "Show or hide won and lost deals", "crm deal list", PIPELINE),
    Action("copy", "y", "copy", "Copy the title of the deal", "crm deal show", PIPELINE),
    Action("reopen", "O", "reopen", "Reopen a won or lost deal", "crm deal reopen", PIPELINE, writes=True),
    Action("add", "c", "add", "Add a deal", "crm deal add", PIPELINE, writes=True),
    Action("edit", "e", "edit", "Change the deal", "crm deal edit", PIPELINE, writes=True),
    Action("log", "l", "log", "Log a call, a meeting or a message", "crm log", PIPELINE, writes=True),
    Action("todo", "p", "todo", "Plan the next step of the deal", "crm todo", PIPELINE, writes=True),
    Action("search", "slash", "search", "Search people", "crm find", PIPELINE),
    Action("card", "v", "card", "Show or hide the card beside the board", "crm deal show", PIPELINE),
    Action("history", "h", "history", "Search, change and remove activities", "crm history", PIPELINE),
    Action("leave", "escape", "", "Back from the card to the board", "crm deal board", PIPELINE),
    Action("open", "enter,o", "read", "Read the whole text", "crm show", HISTORY),
    Action("search", "slash", "search", "Search this history", "crm history", HISTORY),
    Action("edit", "e", "edit", "Change the activity: text, time, outcome", "crm edit", HISTORY, writes=True),
    Action("remove", "D,delete", "remove", "Remove the activity (undo restores it)", "crm rm", HISTORY, writes=True),
    Action("skip", "S", "skip", "Skip this one of an activity that repeats", "crm skip", HISTORY, writes=True),
    Action("copy", "y", "copy", "Copy the text", "crm show", HISTORY),
    Action("leave", "escape", "close", "Back from the card, then the search; then close it", "crm today", HISTORY),
    Action("card", "v", "card", "Show or hide the card beside the list", "crm show", HISTORY),
    Action("edit", "e", "edit", "Change the activity: text, time, outcome", "crm edit", READ, writes=True),
    Action("remove", "D,delete", "remove", "Remove the activity (undo restores it)", "crm rm", READ, writes=True),
    Action("skip", "S", "skip", "Skip this one of an activity that repeats", "crm skip", READ, writes=True),
    Action("copy", "y", "copy", "Copy the text", "crm show", READ),
    Action("leave", "escape", "close", "Close it", "crm today", READ),
    Action("open", "enter,o", "read", "Read both records side by side", "crm show", DUPLICATES),
    Action("merge", "M", "merge", "Merge the two: choose what is kept", "crm merge", DUPLICATES, writes=True),
    Action("distinct", "x", "not the same", "They are two: do not list them", "crm dupes not", DUPLICATES, writes=True),
    Action("card", "v", "card", "Show or hide the records beside the list", "crm show", DUPLICATES),
    Action("leave", "escape", "close", "Back from the records, then close the list", "crm list", DUPLICATES),
    Action("stage_on", "right,L", "stage", "The next stage", "crm deal board", LANES),
    Action("stage_back", "left,H", "", "The stage before", "crm deal board", LANES),
    Action("follow", "enter,o", "follow", "Go to the company, person, deal or activity", "crm show", CARD),
    Action("copy", "y", "copy", "Copy the link under the cursor", "crm show", CARD),
    Action("leave", "escape", "list", "Back to the list", "crm list", CARD),
    Action("submit", "enter,down,tab", "list", "To the list", "crm find", FIELD),
    Action("clear", "escape", "clear", "Clear it; if it is empty, to the list", "crm find", FIELD),
    Action("previous", "backspace", "back", "Go back to the place before", "crm show", EVERYWHERE),
    Action("today", "1", "", "Go to Today: what is to be done", "crm today", EVERYWHERE),
    Action("people", "2", "", "Go to People", "crm list", EVERYWHERE),
    Action("companies", "f2", "", "Go to Companies, or back to People", "crm company list", EVERYWHERE),
    Action("pipeline", "3", "", "Go to the Pipeline: deals by stage", "crm deal board", EVERYWHERE),
    Action("undo", "u", "undo", "Undo the last change, also of other programs", "crm undo", EVERYWHERE, writes=True),
    Action("redo", "ctrl+r", "redo", "Redo the change that was last undone", "crm redo", EVERYWHERE, writes=True),
    Action("import", "I", "", "Import a file: vCard, CSV or JSON", "crm import", EVERYWHERE, writes=True),
    Action("demo", "X", "", "Fill an empty book with examples", "crm demo", EVERYWHERE, writes=True),
    Action("theme", "T", "theme", "Switch the theme: dark, light, no colours", "crm config set theme", EVERYWHERE),
    Action("palette", "ctrl+p,colon", "palette", "Find an action or a record by name", "crm find", EVERYWHERE),
    Action("keys", "question_mark,f1", "help", "Show all keys of this screen", "crm --help", EVERYWHERE),
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

LINKS = (
    ("j,down", "step(1)", "Next link in sight; without one, a line on"),
    ("k,up", "step(-1)", "Previous link in sight; without one, a line back"),
    ("n", "jump(1)", "Next link"),
    ("N", "jump(-1)", "Previous link"),
)
"""Keys that move within a card: keys, the card's action, what it does."""

SHOWN = {
    "slash": "/", "greater_than_sign": ">", "less_than_sign": "<", "equals_sign": "=",
    "f1": "F1", "f2": "F2", "colon": ":",
    "question_mark": "?", "escape": "esc", "space": "space", "enter": "⏎", "delete": "del",
    "backspace": "⌫",
    "ctrl+d": "^d", "ctrl+g": "^g", "ctrl+l": "^l", "ctrl+n": "^n", "ctrl+p": "^p", "ctrl+r": "^r", "ctrl+t": "^t",
    "ctrl+u": "^u",
    "pagedown": "PgDn", "pageup": "PgUp", "down": "↓", "up": "↑", "left": "←", "right": "→",
}  # fmt: skip
"""Textual's name of a key -> how it is displayed, if that differs."""


def of(where: str) -> list[Action]:
    """Return the actions of a place."""
    return [action for action in ACTIONS if action.where == where]


def footer(place: str, zone: str) -> tuple[list[Action], list[Action]]:
    """Return what the footer of a place shows while a zone of it has the focus: as many as fit, and those at its end.

    In a text field, a letter is typed: only its own keys and those with Ctrl work.
    """
    everywhere = [one for one in of(EVERYWHERE) if one.label]
    if zone == FIELD:
        return [*of(zone), *(one for one in everywhere if one.keys.startswith("ctrl+"))], []
    always = [one for one in everywhere if one.id in ALWAYS]
    return [*_of_zone(place, zone), *(one for one in everywhere if one not in always)], always


def _of_zone(place: str, zone: str) -> list[Action]:
    """Return the actions of a zone, and those of its place that it leaves; each key means one thing."""
    here = [one for one in of(place) if one.label]
    own = [one for one in of(zone) if one.label and (place != READ or one.id != "leave")]
    taken = ",".join(one.keys for one in own).split(",")
    return [*own, *(one for one in here if not set(taken).intersection(one.keys.split(",")))]


def find(where: str, name: str) -> Action | None:
    """Return the action ``name`` of a place, or the one that is available everywhere."""
    return next((one for one in (*of(where), *of(EVERYWHERE)) if one.id == name), None)


def key_words(keys: str) -> list[str]:
    """Return the keys as they are displayed."""
    return [SHOWN.get(key, key) for key in keys.split(",")]
