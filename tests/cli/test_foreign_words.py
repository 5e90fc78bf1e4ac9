"""Words of other programs are answered with the command of that meaning, and never run."""

import pytest
from support import dump

from crm_cli.cli import foreign_queries, foreign_words
from crm_cli.cli.loading import GLOBAL_OPTIONS, load_command
from crm_cli.commands import BY_NAME, COMMANDS

TYPED = [
    (["search", "asha"], "use: crm find WORDS"),
    (["new", "Asha"], "use: crm add NAME"),
    (["view", "1"], "use: crm show REF"),
    (["delete", "1"], "use: crm rm REF"),
    (["complete", "a1"], "use: crm done ID"),
    (["postpone", "a1"], "use: crm move ID WHEN"),
    (["tasks"], "use: crm today"),
    (["pipeline"], "use: crm deal board"),
    (["due"], "use: crm today"),
    (["contacts"], "use: crm list"),
    (["companies"], "use: crm company list"),
    (["deals"], "use: crm deal list"),
    (["appt", "Asha"], "use: crm todo TEXT --kind meeting --with REF --due WHEN"),
    (["remind", "x"], "use: crm todo TEXT --with REF --due WHEN --remind WHEN"),
    (["Delete", "1"], "use: crm rm REF"),
    (["--mutt-query", "asha"], "use: crm email WORDS"),
    (["company", "delete", "c1"], "use: crm company rm REF"),
    (["company", "search", "x"], "use: crm find WORDS"),
    (["company", "new", "x"], "use: crm company add NAME"),
    (["deal", "view", "d1"], "use: crm deal show REF"),
    (["deal", "delete", "d1"], "use: crm rm REF"),
    (["stage", "delete", "Lead"], "use: crm stage archive STAGE"),
    (["segment", "delete", "x"], "use: crm segment rm REF"),
    (["config", "show", "region"], "use: crm config get SETTING"),
    (["add", "Asha", "--email", "a@x.in"], "write email=VALUE"),
    (["add", "Asha", "--mobile", "1"], "write phone=VALUE"),
    (["edit", "1", "--tag", "x"], "write +TAG"),
    (["company", "add", "Acme", "--city", "Pune"], "write city=VALUE"),
    (["deal", "add", "Tins", "--amount", "5"], "write amount=VALUE"),
    (["list", "--city", "Pune"], "write city:VALUE"),
    (["todo", "x", "--date", "fri"], "use: --due"),
    (["called", "1", "--date", "fri"], "use: --when"),
    (["called", "1", "--comment", "x"], "use: --message"),
    (["called", "1", "-o", "busy"], "use: --outcome"),
    (["agenda", "-d", "9"], "use: --days"),
    (["rm", "1", "--force"], "use: --yes"),
    (["list", "--fields", "id"], "use: --columns"),
]


@pytest.mark.parametrize(("words", "answer"), TYPED, ids=str)
def test_a_word_of_another_program_is_answered_and_not_run(crm, book_path, words, answer):
    crm("add", "Asha Verma")
    before = dump(book_path)
    found = crm(*words)

    assert (found.code, found.out) == (2, "")
    assert found.err.endswith(f"({answer})\n")
    assert dump(book_path) == before


def answers():
    tables = (foreign_words._COMMANDS, foreign_words._MORE, foreign_words._OWN, foreign_words._TASKS)
    yield from (answer for table in tables for answer in table.values())
    commands = [answer for table in foreign_queries.LONE.values() for answer in table.values()]
    yield from (answer.removeprefix("crm ") for answer in (*commands, *foreign_queries.KINDS.values()))


@pytest.mark.parametrize("answer", sorted(set(answers())))
def test_every_answer_is_a_command_with_options_that_it_has(answer):
    first, *rest = answer.split()
    if first.startswith("--"):
        assert any(first in names for names, _ in GLOBAL_OPTIONS)
        return
    command = load_command(first)
    if BY_NAME[first].parts:
        command = command.commands[rest[0]]
    known = {name for param in command.params for name in param.opts}

    assert {option.rstrip(",") for option in rest if option.startswith("-") and option != "-TAG"} <= known


def test_there_are_sixty_words():
    assert len(foreign_words.words()) >= 60


def test_no_word_of_another_program_is_a_command_of_ours():
    assert not set(foreign_words.words()) & set(BY_NAME)


@pytest.mark.parametrize("word", ["wibble", "deel", "adx", "x"])
def test_only_a_word_that_is_near_is_suggested(crm, word):
    message = crm(word).err

    assert ("did you mean" in message) == (word in {"deel", "adx"})


@pytest.mark.parametrize("words", [["log"], ["company"], ["company", "add"], []], ids=str)
def test_help_shows_what_the_command_shows(crm, words):
    shown, same = crm("help", *words), crm(*words, "--help")

    assert (shown.code, shown.out, shown.err) == (0, same.out, "")


def test_help_knows_the_words_of_other_programs(crm):
    assert crm("help", "postpone").out == "postpone: crm move ID WHEN\n"
    assert crm("help", "wibble").code == 2


@pytest.mark.conv("C30")
def test_a_letter_means_one_thing_in_all_commands():
    meanings = {}
    for command in COMMANDS:
        loaded = load_command(command.name)
        for one in getattr(loaded, "commands", {"": loaded}).values():
            for param in one.params:
                long = {name for name in param.opts if name.startswith("--")}
                for letter in set(param.opts) - long:
                    meanings.setdefault(letter, set()).update(long)

    assert {letter: names for letter, names in meanings.items() if len(names) > 1} == {}
    assert meanings["-d"] == {"--due"}
    assert meanings["-o"] == {"--output"}
    assert meanings["-n"] == {"--dry-run"}


LOOKS = {
    "find", "list", "show", "company list", "company show", "field list", "segment list", "deal list", "deal show",
    "deal board", "stage list", "tui", "today", "agenda", "history", "imports", "email", "phone", "changes",
    "config list", "config get", "config path", "cadence list", "help", "schedule list", "quality",
}  # fmt: skip
"""Commands that write nothing."""


def tree():
    """Yield every command with the options that it has."""
    for command in COMMANDS:
        loaded = load_command(command.name)
        for part, one in getattr(loaded, "commands", {"": loaded}).items():
            yield f"{command.name} {part}".strip(), {name for param in one.params for name in param.opts}


@pytest.mark.conv("C31")
def test_whatever_writes_can_be_rehearsed():
    assert {name for name, options in tree() if not {"--dry-run", "-n"} <= options} == LOOKS


def test_whatever_answers_does_so_in_json():
    without = {name for name, options in tree() if "--json" not in options}

    assert without == {"export", "help", "photo", "tui"}
