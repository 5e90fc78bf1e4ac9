"""What help says of arguments and options, and what is said of words that are none."""

import re
import shlex

import pytest

from crm_cli.cli import help_topics
from crm_cli.cli.loading import TOPICS, load_command
from crm_cli.commands import COMMANDS, GROUPS
from crm_cli.completion import verbs
from crm_cli.errors import Exit

PAGES = [[command.name, *part] for command in COMMANDS for part in ([[one] for one in command.parts] or [[]])]


@pytest.mark.parametrize("words", PAGES, ids=" ".join)
def test_help_names_things_plainly_and_once(crm, words):
    text = crm(*words, "--help").out

    assert not re.search(r"<\w+( \w+)?>|x>=|<=x|\{|default:|\[required\]", text), text
    assert all(len(line) <= 80 for line in text.splitlines()), text


@pytest.mark.parametrize("words", PAGES, ids=" ".join)
def test_every_argument_and_option_says_what_it_is(words):
    command = load_command(words[0])
    command = command.commands[words[1]] if words[1:] else command

    assert [param.name for param in command.params if not param.help] == []


def test_a_note_has_no_outcome_no_minutes_and_no_direction(crm):
    text = crm("note", "--help").out

    assert "--closes" in text
    assert not any(option in text for option in ("--outcome", "--minutes", "--in ", "--out "))


def test_a_command_that_logs_a_kind_lists_the_outcomes_of_that_kind(crm):
    assert ("voicemail" in crm("called", "--help").out, "bounced" in crm("called", "--help").out) == (True, False)
    assert ("voicemail" in crm("wrote", "--help").out, "bounced" in crm("wrote", "--help").out) == (False, True)


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        (["lst"], "did you mean list?"),
        (["company", "lsit"], "did you mean list?"),
        (["list", "--colums", "id"], "did you mean --columns?"),
        (["find", "x", "--bok", "y"], "did you mean --book?"),
        (["called", "x", "--outcom", "y"], "did you mean --outcome?"),
        (["company", "wibble"], "try: crm company --help"),
        (["list", "--limit", "-1"], "-1 is not between 0 and"),
        (["list", "--limit", "x"], "'x' is not a whole number"),
        (["today", "--days", "9999"], "9999 is not between 0 and 3660"),
    ],
    ids=str,
)
def test_a_mistyped_word_is_answered_with_the_nearest(crm, words, meant):
    found = crm(*words)

    assert found.code == 2
    assert meant in found.err


def test_the_first_screen_has_the_everyday_commands_and_names_all_others(crm):
    text = crm("--help").out

    assert all(re.search(rf"\b{command.name}\b", text) for command in COMMANDS)
    assert len(text.splitlines()) < 50


@pytest.mark.parametrize("group", GROUPS)
def test_help_of_a_group_lists_its_commands(crm, group):
    found = crm("help", group)

    assert found.code == 0
    assert re.findall(r"^  (\w+)", found.out, re.MULTILINE) == [
        one.name for one in COMMANDS if one.section == GROUPS[group]
    ]


def test_help_all_lists_every_command(crm):
    listed = re.findall(r"^  (\w+)", crm("help", "--all").out, re.MULTILINE)

    assert sorted(listed) == sorted(command.name for command in COMMANDS)


@pytest.mark.parametrize("topic", TOPICS)
def test_help_of_a_topic(crm, topic):
    found = crm("help", topic)

    assert found.code == 0
    assert len(found.out.splitlines()) > 5
    assert all(len(line) <= 80 for line in found.out.splitlines())


def test_help_of_exit_codes_has_them_all(crm):
    assert re.findall(r"^  (\d+)  ", crm("help", "exit-codes").out, re.MULTILINE) == [str(int(code)) for code in Exit]


def test_every_query_that_the_help_shows_is_one(crm):
    crm("segment", "save", "neglected", "quiet:60d")
    examples = re.findall(r"^  (crm .*?)(?:  |$)", help_topics.RULES, re.MULTILINE)

    assert [line for line in examples if crm(*shlex.split(line)[1:]).code] == []
    assert len(examples) > 10


@pytest.mark.parametrize("word", re.findall(r"(?<=^  )\w.*", help_topics.DATES, re.MULTILINE))
def test_every_date_that_the_help_shows_is_one(crm, word):
    for text in re.split(r" {2}", re.split(r" {3,}", word)[0]):
        assert crm("todo", "x", "--due", text).code == 0, text


@pytest.mark.parametrize("word", re.findall(r"(?<=^  )\w.*", help_topics.REPEATS, re.MULTILINE))
def test_every_rule_that_the_help_shows_is_one(crm, word):
    for text in re.split(r" {2}", re.split(r" {3,}", word)[0]):
        assert crm("todo", "x", "--every", text).code == 0, text


def test_tab_offers_every_page_of_the_help():
    assert (*GROUPS, *TOPICS) == verbs.HELP_PAGES
