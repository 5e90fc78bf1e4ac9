"""``config`` and ``init`` through the front door."""

import os
import pwd

import pytest

from crm_cli import config

HOME = pwd.getpwuid(os.getuid()).pw_dir


def test_the_list_says_where_each_setting_comes_from(crm):
    crm("config", "set", "name", "Asha Verma")

    assert crm("config", "list").lines[:7] == [
        "region\tIN\tsystem", "zone\tAsia/Kolkata\tsystem", "currency\t\tnot set", "name\tAsha Verma\tconfig",
        "email\t\tnot set", "editor\t\tnot set", "theme\t\tnot set",
    ]  # fmt: skip
    assert crm("config", "list", "--json").json[3] == {
        "setting": "name", "value": "Asha Verma", "from": "config", "overrides": None,
    }  # fmt: skip


def test_set_get_and_unset(crm):
    assert crm("config", "set", "region", "de").code == 0
    assert crm("config", "get", "region").out == "DE\n"
    assert crm("config", "unset", "region").code == 0
    assert crm("config", "get", "region").out == "IN\n"
    assert crm("config", "get", "currency").code == 3


@pytest.mark.conv("C52")
def test_comments_and_unknown_keys_in_the_file_stay(crm):
    path = config.config_path()
    path.parent.mkdir(parents=True)
    path.write_text('# mine\nregion = "IN" # here\nfuture = 1\n')
    crm("config", "set", "zone", "Europe/Berlin")

    assert path.read_text() == '# mine\nregion = "IN" # here\nfuture = 1\nzone = "Europe/Berlin"\n'


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["regoin", "IN"], "did you mean region?"),
        (["region", "Indai"], "did you mean India?"),
        (["region", "XX"], '"XX" is not a country'),
        (["region", "united"], "did you mean United Arab Emirates or United Kingdom or United States?"),
        (["zone", "CST"], '"CST" is several time zones (one of: America/Chicago, America/Havana'),
        (["zone", "USA"], "one of: "),
        (["zone", "Kolkatta"], "did you mean Asia/Kolkata?"),
        (["currency", "RUPEE"], "three letters"),
        (["currency", "EUX"], "did you mean"),
        (["zone", "Mars/Phobos"], "there is no time zone"),
        (["zone", "../../etc/passwd"], "there is no time zone"),
        (["email", "asha"], "not an e-mail address"),
        (["smtp_password", "x"], "secrets are not kept"),
        (["remind_routes", "dekstop"], "did you mean desktop?"),
        (["quiet_hours", "9pm to 7am"], "as in 21:00-07:30"),
        (["quiet_hours", "25:00-07:00"], "not a range of times"),
        (["quiet_hours", "07:00-07:00"], "not a range of times"),
        (["working_days", "mon-fry"], "as in mon-fri"),
        (["notify_command", "ntfy 'x"], "no closing quotation"),
        (["mail_to", "asha"], "not an e-mail address"),
        (["mail_to", "a@x.in, b@x.in"], "not an e-mail address"),
        (["mail_from", "a@x.in\nBcc: b@x.in"], "not an e-mail address"),
        (["smtp_host", "https://x.in"], "not the name of a mail server"),
        (["smtp_host", "smtp.x.in:587"], "see smtp_port"),
        (["smtp_port", "0"], "from 1 to 65535"),
        (["smtp_security", "ssl"], "one of: starttls, tls, none"),
        (["smtp_password_env", "my password"], "not the name of an environment variable"),
        (["delivery_timeout", "0"], "at most 600"),
    ],
)
def test_a_setting_that_cannot_be_is_refused(crm, words, message):
    found = crm("config", "set", *words)

    assert (found.code, len(found.err.splitlines())) == (2, 1)
    assert message in found.err
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


def test_a_number_in_the_file_may_be_written_as_one(crm):
    config.config_path().parent.mkdir(parents=True)
    config.config_path().write_text("smtp_port = 2525\n")

    assert crm("config", "get", "smtp_port").out == "2525\n"


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
    assert crm("init", "--region", "Indai").code == 2
    assert not book_path.exists()


@pytest.mark.parametrize(
    ("key", "typed", "kept"),
    [
        ("region", "India", "IN"),
        ("region", "uk", "GB"),
        ("region", "côte d’ivoire", "CI"),
        ("region", "Turkey", "TR"),
        ("zone", "kolkata", "Asia/Kolkata"),
        ("zone", "New York", "America/New_York"),
        ("zone", "new_york", "America/New_York"),
        ("zone", "asia/kolkata", "Asia/Kolkata"),
        ("zone", "India", "Asia/Kolkata"),
        ("zone", "IST", "Asia/Kolkata"),
        ("zone", "JST", "Asia/Tokyo"),
        ("zone", "utc", "UTC"),
        ("currency", "inr", "INR"),
        ("currency", "India", "INR"),
        ("theme", "light", "light"),
    ],
)
def test_a_place_is_understood_as_people_name_it(crm, key, typed, kept):
    assert crm("config", "set", key, typed).err.startswith(f"{key} = {kept}, in ")
    assert crm("config", "get", key).out == f"{kept}\n"


def test_an_abbreviation_is_that_of_the_region_given(crm):
    found = crm("init", "--region", "Ireland", "--zone", "IST", "--json")

    assert found.json["settings"] == {"region": "IE", "zone": "Europe/Dublin"}


@pytest.mark.conv("C51")
def test_a_variable_overrides_the_file_and_is_named(crm, monkeypatch):
    crm("config", "set", "currency", "INR")
    monkeypatch.setenv("CRM_CURRENCY", "eur")

    got, listed = crm("config", "get", "currency"), crm("config", "list")

    assert got.out == "EUR\n"
    assert got.err == f"CRM_CURRENCY overrides currency = INR of {config.config_path()}\n"
    assert "currency\tEUR\tCRM_CURRENCY" in listed.lines
    assert listed.err == got.err
    assert crm("config", "get", "currency", "--json").json == {
        "setting": "currency", "value": "EUR", "from": "CRM_CURRENCY", "overrides": "INR",
    }  # fmt: skip
    assert crm("config", "set", "currency", "USD").err.endswith("CRM_CURRENCY overrides it here\n")


def test_every_setting_has_its_variable(crm, monkeypatch):
    values = {"region": "DE", "zone": "Europe/Berlin", "currency": "EUR", "name": "A", "email": "a@x.in",
              "editor": "ed", "theme": "none", "remind_routes": "desktop, mail", "quiet_hours": "21:00-07:30",
              "working_days": "mon-fri", "notify_command": "ntfy publish me", "mail_to": "A <a@x.in>",
              "mail_from": "b@x.in", "smtp_host": "smtp.x.in", "smtp_port": "587", "smtp_security": "tls",
              "smtp_trust_file": "/ca.pem", "smtp_user": "a", "smtp_password_command": "pass show mail",
              "smtp_password_env": "MAIL_PASSWORD", "sendmail": "msmtp -t", "delivery_timeout": "20"}  # fmt: skip
    for key, value in values.items():
        monkeypatch.setenv(f"CRM_{key.upper()}", value)

    assert set(values) == set(config.KEYS)
    assert crm("config", "list").lines == [f"{key}\t{value}\tCRM_{key.upper()}" for key, value in values.items()]
    assert crm("add", "Jo", "phone=030 901820", "--json").json["phones"][0]["e164"] == "+4930901820"


def test_a_value_from_the_system_says_so(crm):
    found = crm("config", "get", "zone")

    assert (found.out, found.err) == ("Asia/Kolkata\n", "zone comes from the system\n")


@pytest.mark.parametrize("given", [{"CRM_CURRENCY": "rupees"}, {"CRM_THEME": "pink"}])
def test_a_variable_that_is_not_valid_is_one_line(crm, monkeypatch, given):
    for variable, value in given.items():
        monkeypatch.setenv(variable, value)
    found = crm("config", "list")

    assert (found.code, len(found.err.splitlines())) == (2, 1)
    assert next(iter(given)) in found.err


@pytest.mark.conv("C52")
def test_an_unknown_key_of_the_file_is_named_with_the_nearest(crm):
    config.config_path().parent.mkdir(parents=True)
    config.config_path().write_text('regoin = "DE"\n')

    for words in (["config", "list"], ["config", "get", "region"], ["add", "Jo", "phone=030 901820"]):
        assert f'crm: {config.config_path()}: "regoin" is not a setting (did you mean region?)\n' in crm(*words).err
    assert "regoin" not in crm("-q", "config", "list").err


def test_dry_run_and_json_of_what_writes_settings(crm, book_path):
    words = (["config", "set", "region", "DE"], ["config", "unset", "region"], ["init", "--region", "DE"])
    for each in words:
        assert "dry run" in crm(*each, "-n").err
    assert not config.config_path().exists()
    assert not book_path.exists()

    assert crm(*words[0], "--json").json == {"setting": "region", "value": "DE", "file": str(config.config_path())}
    assert crm(*words[2], "--json").json == {
        "settings": {"region": "DE", "zone": "Asia/Kolkata"}, "config": str(config.config_path()),
        "book": str(book_path), "made": True, "dry_run": False,
    }  # fmt: skip


@pytest.mark.parametrize("home", ["", None])
def test_an_empty_home_is_that_of_the_users_list(crm_process, monkeypatch, home):
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(name)
    if home is None:
        monkeypatch.delenv("HOME")
    else:
        monkeypatch.setenv("HOME", home)
    found = crm_process("config", "path")

    assert found.code == 0
    assert found.out == f"config\t{HOME}/.config/crm/config.toml\nbook\t{HOME}/.local/share/crm/crm.db\n"


def test_without_any_home_one_line_says_so(crm, monkeypatch):
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "HOME"):
        monkeypatch.delenv(name)
    monkeypatch.setattr(pwd, "getpwuid", {}.__getitem__)
    found = crm("config", "path")

    assert (found.code, found.err) == (1, "crm: cannot tell where your home folder is (set HOME)\n")


def test_path_says_where_things_are(crm, book_path):
    assert crm("config", "path").lines == [f"config\t{config.config_path()}", f"book\t{book_path}"]


def test_settings_with_a_byte_order_mark_are_read_and_kept(crm):
    path = config.config_path()
    path.parent.mkdir(parents=True)
    path.write_bytes(b'\xef\xbb\xbfregion = "DE"\r\n')

    assert crm("config", "get", "region").out == "DE\n"
    crm("config", "set", "name", "Asha")
    assert crm("config", "get", "name").out == "Asha\n"
    assert crm("config", "get", "region").out == "DE\n"


@pytest.mark.parametrize(
    ("tz", "shown"), [("EST5EDT", "30 Nov 2026 19:00"), ("Japan", "1 Dec 2026 09:00"), ("<+03>-3", "1 Dec 2026 03:00")]
)
def test_a_time_zone_in_tz_without_a_slash(crm, monkeypatch, tz, shown):
    monkeypatch.delenv("CRM_ZONE", raising=False)
    monkeypatch.setenv("TZ", tz)

    assert shown in crm("todo", "x", "--due", "2026-12-01T00:00Z").err


def test_a_rule_in_tz_that_names_no_zone_is_refused(crm, monkeypatch):
    monkeypatch.delenv("CRM_ZONE", raising=False)
    monkeypatch.setenv("TZ", "CET-1CEST")

    assert "TZ=CET-1CEST is not the name of a time zone" in crm("todo", "x").err
