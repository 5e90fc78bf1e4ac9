"""What help says of arguments and options, and what is said of words that are none."""

import re

import pytest

from crm_cli.cli.commands import COMMANDS
from crm_cli.cli.loading import load_command

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
