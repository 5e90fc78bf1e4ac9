"""Where things lie, and what the system says where the user has said nothing."""

import json
import tomllib
from pathlib import Path

import platformdirs
import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from crm_cli import config
from crm_cli.errors import UsageError


@pytest.mark.parametrize("kind", ["data", "config", "state", "cache"])
@pytest.mark.parametrize("given", ["", "/x/y"])
def test_folders_are_those_of_platformdirs(surroundings, monkeypatch, kind, given):
    monkeypatch.setenv(config.XDG[kind][0], given)
    theirs = getattr(platformdirs, f"user_{kind}_path")("crm", appauthor=False)

    assert config.folder(kind) == theirs


def test_the_book_given_goes_before_the_environment_before_the_users_own(surroundings, monkeypatch):
    assert config.book_path("~/x.db") == Path.home() / "x.db"
    monkeypatch.setenv("CRM_BOOK", "~/y.db")
    assert config.book_path() == Path.home() / "y.db"
    monkeypatch.delenv("CRM_BOOK")
    assert config.book_path() == Path(surroundings["XDG_DATA_HOME"]) / "crm" / "crm.db"


@pytest.mark.parametrize(
    ("variable", "value", "region"),
    [
        ("LANG", "de_DE.UTF-8", "DE"), ("LANG", "C.UTF-8", ""), ("LANG", "en", ""), ("LC_ALL", "pt_BR", "BR"),
        ("LC_TELEPHONE", "fr_FR.UTF-8@euro", "FR"), ("LANG", "es_419.UTF-8", ""),
    ],
)  # fmt: skip
def test_the_region_of_the_locale(surroundings, monkeypatch, variable, value, region):
    monkeypatch.delenv("LANG")
    monkeypatch.setenv(variable, value)

    assert config.region(config.Config()) == region
    assert config.region(config.Config(region="jp")) == "JP"


@pytest.mark.parametrize(
    ("given", "zone"),
    [
        ("Europe/Berlin", "Europe/Berlin"), (":Asia/Tokyo", "Asia/Tokyo"), ("UTC", "UTC"),
        ("America/Argentina/Buenos_Aires", "America/Argentina/Buenos_Aires"),
        (":/usr/share/zoneinfo/Europe/Berlin", "Europe/Berlin"),
    ],
)  # fmt: skip
def test_the_zone_of_the_environment(surroundings, monkeypatch, given, zone):
    monkeypatch.setenv("TZ", given)

    assert config.zone_name(config.Config()) == zone
    assert config.zone_name(config.Config(zone="America/New_York")) == "America/New_York"


def test_the_zone_of_a_file_that_the_environment_names(surroundings, monkeypatch, tmp_path):
    """``TZ=:/etc/localtime`` is the zone of the system."""
    link = tmp_path / "localtime"
    link.symlink_to("/usr/share/zoneinfo/Asia/Kolkata")
    monkeypatch.setenv("TZ", f":{link}")
    assert config.zone_name(config.Config()) == "Asia/Kolkata"

    monkeypatch.delenv("TZ")
    of_system = config.zone_name(config.Config())
    monkeypatch.setenv("TZ", ":/etc/localtime")
    assert config.zone_name(config.Config()) == of_system


@pytest.mark.parametrize("rule", ["CET-1CEST", "CET-1CEST,M3.5.0,M10.5.0/3"])
def test_a_rule_in_the_environment_that_names_no_zone_is_refused(surroundings, monkeypatch, rule):
    monkeypatch.setenv("TZ", rule)

    with pytest.raises(UsageError, match="not the name of a time zone"):
        config.zone_name(config.Config())


def test_without_a_file_all_is_the_systems(surroundings):
    assert config.load() == config.Config()


@pytest.mark.parametrize(
    ("environment", "region", "found"),
    [
        ({"LANG": "de_DE.UTF-8"}, "", "de_DE"),
        ({"LANG": "de_DE.UTF-8", "LC_MONETARY": "en_IN.UTF-8"}, "", "en_IN"),
        ({"LANG": "de_DE.UTF-8", "LC_ALL": "fr_FR@euro"}, "", "fr_FR"),
        ({"LANG": "C.UTF-8"}, "in", "en_IN"),
        ({"LC_ALL": "POSIX"}, "", "en"),
        ({}, "", "en"),
    ],
)
def test_amounts_are_written_in_the_locale_of_money(monkeypatch, environment, region, found):
    for name in ("LC_ALL", "LC_MONETARY", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    assert config.locale(config.Config(region=region)) == found


@drawn(
    st.lists(st.tuples(st.sampled_from(["zone", "name", "editor", "x"]), st.text(max_size=8)), max_size=4),
    st.sampled_from(["{} = {}\n", "{}={}\n", " {} = {} # note\n", "{} = {}\r\n"]),
)
def test_the_plain_form_is_read_as_any_toml(pairs: list[tuple[str, str]], form: str) -> None:
    """What is read without the TOML library is what the library reads."""
    text = "".join(form.format(key, json.dumps(value, ensure_ascii=False)) for key, value in pairs).encode(
        errors="replace"
    )

    found = config._plain(text)

    if found is not None:
        assert found == tomllib.loads(text.decode())
