"""``config`` and ``init`` through the front door."""

import pytest

from crm_cli import config


def test_the_list_says_where_each_setting_comes_from(crm):
    crm("config", "set", "name", "Asha Verma")

    assert crm("config", "list").lines == [
        "region\tIN\tsystem", "zone\tAsia/Kolkata\tsystem", "currency\t\tnot set", "name\tAsha Verma\tconfig",
        "email\t\tnot set", "editor\t\tnot set", "theme\t\tnot set",
    ]  # fmt: skip
    assert crm("config", "list", "--json").json[3] == {"setting": "name", "value": "Asha Verma", "from": "config"}


def test_set_get_and_unset(crm):
    assert crm("config", "set", "region", "de").code == 0
    assert crm("config", "get", "region").out == "DE\n"
    assert crm("config", "unset", "region").code == 0
    assert crm("config", "get", "region").out == "IN\n"
    assert crm("config", "get", "currency").code == 3


def test_comments_and_unknown_keys_in_the_file_stay(crm):
    path = config.config_path()
    path.parent.mkdir(parents=True)
    path.write_text('# mine\nregion = "IN" # here\nfuture = 1\n')
    crm("config", "set", "zone", "Europe/Berlin")

    assert path.read_text() == '# mine\nregion = "IN" # here\nfuture = 1\nzone = "Europe/Berlin"\n'


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["regoin", "IN"], "did you mean region?"),
        (["region", "India"], "two letters"),
        (["currency", "RUPEE"], "three letters"),
        (["currency", "EUX"], "did you mean"),
        (["zone", "Mars/Phobos"], "there is no time zone"),
        (["zone", "../../etc/passwd"], "there is no time zone"),
        (["email", "asha"], "no e-mail address"),
        (["smtp_password", "x"], "secrets are not kept"),
    ],
)
def test_a_setting_that_cannot_be_is_refused(crm, words, said):
    found = crm("config", "set", *words)

    assert (found.code, len(found.err.splitlines())) == (2, 1)
    assert said in found.err
    assert not config.config_path().exists()


@pytest.mark.parametrize("text", ["region = ", "region = 1", "\udcff", "[region"])
def test_a_file_that_cannot_be_read_is_named(crm, text):
    path = config.config_path()
    path.parent.mkdir(parents=True)
    path.write_bytes(text.encode(errors="surrogateescape"))

    for command in (["config", "list"], ["add", "Asha", "phone=1234567"], ["config", "set", "zone", "UTC"]):
        found = crm(*command)
        if command[1] != "set" or text != "region = 1":
            assert (found.code, len(found.err.splitlines())) == (2, 1)
            assert str(path) in found.err


def test_a_look_that_needs_no_setting_does_not_read_them(crm, book_path):
    crm("add", "Asha")
    config.config_path().parent.mkdir(parents=True)
    config.config_path().write_text("broken = ")

    assert crm("undo", "ch1", "--json").code in {0, 2}
    assert crm("--version").code == 0


def test_the_region_decides_how_a_phone_is_read(crm):
    crm("config", "set", "region", "DE")
    assert crm("add", "Jürgen", "phone=030 901820", "--json").json["phones"][0]["e164"] == "+4930901820"


def test_the_zone_decides_what_tomorrow_is(crm):
    crm("config", "set", "zone", "America/Los_Angeles")
    assert crm("todo", "x", "--due", "tomorrow").err == "Planned a1 x → Sun 22 Nov 2026 [ch1]\n"


def test_init_settles_and_makes_the_book(crm, book_path):
    found = crm(
        "init", "--region", "in", "--zone", "Asia/Kolkata", "--currency", "inr", "--name", "Asha", "--email", "a@x.in"
    )

    assert found.code == 0
    assert book_path.exists()
    assert config.load() == config.Config("IN", "Asia/Kolkata", "INR", "Asha", "a@x.in", "")


def test_init_off_a_terminal_asks_nothing(crm, book_path):
    assert crm("init").code == 0
    assert config.load().zone == "Asia/Kolkata"


def test_init_refuses_before_it_writes(crm, book_path):
    assert crm("init", "--region", "India").code == 2
    assert not book_path.exists()


def test_path_says_where_things_are(crm, book_path):
    assert crm("config", "path").lines == [f"config\t{config.config_path()}", f"book\t{book_path}"]
